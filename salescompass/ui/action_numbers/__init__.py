"""Numbers of actions: how long they take and how many are done, honest about few."""
