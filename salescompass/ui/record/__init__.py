"""An account or a person: the score, why it is so, and everything that happened."""
