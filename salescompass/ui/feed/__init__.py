"""The feed: what customers do, newest first, live."""
