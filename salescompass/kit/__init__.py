"""Tools with no business words. They import nothing of ours but each other."""
