"""What was deleted and what was changed, and the way back."""
