"""Exports: the lists that one has written to files, how far they are, and the files."""
