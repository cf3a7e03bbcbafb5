"""A believable company to look at and to measure with: made from a seed, brought in by the ordinary doors."""

from salescompass.demo.service import MOST_ACCOUNTS, DemoReport, bring_in, is_due
from salescompass.demo.world import MOST_AN_ACCOUNT, Chapter, Plan, chapters

__all__ = ["MOST_ACCOUNTS", "MOST_AN_ACCOUNT", "Chapter", "DemoReport", "Plan", "bring_in", "chapters", "is_due"]
