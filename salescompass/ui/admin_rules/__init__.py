"""Rules: what makes actions by itself, tried on the past before it is put in force."""
