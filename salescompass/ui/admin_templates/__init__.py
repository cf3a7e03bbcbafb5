"""Templates of actions: what to say and how long it takes, with variables, versions and how well they do."""
