"""Features and their switches."""
