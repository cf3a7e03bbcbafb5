"""What to do next, with whom, and why."""
