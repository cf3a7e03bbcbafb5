"""What happened becomes a score: of people, of accounts, explained to the event."""

from salescompass.scoring.configuration import DEFAULT, Config, Group, Rule

__all__ = ["DEFAULT", "Config", "Group", "Rule"]
