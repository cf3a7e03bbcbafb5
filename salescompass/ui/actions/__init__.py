"""Actions: all that is to be done, by whom and when; and one of them, with why it is there."""
