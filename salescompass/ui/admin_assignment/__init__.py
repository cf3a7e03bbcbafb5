"""Who gets what is to be done."""
