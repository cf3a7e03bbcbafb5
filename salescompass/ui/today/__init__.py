"""Today: where the day starts."""
