"""Imports: a file is uploaded, its columns are mapped, what would happen is shown, it is run and can be undone."""
