"""No such page."""
