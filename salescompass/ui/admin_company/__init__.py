"""The company: its name, its time zone and its currency."""
