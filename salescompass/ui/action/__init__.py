"""One action: what to do and say, why it is there, and what became of it."""
