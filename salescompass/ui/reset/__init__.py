"""Reset a password."""
