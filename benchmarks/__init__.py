"""Figures of speed: limit and product measured in the same run, so that what is gated is a ratio."""
