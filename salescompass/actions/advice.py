"""What to do with an action that lies about: keep it, give it to somebody else, or drop it, and why. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LYING = timedelta(days=14)
"""Overdue and untouched for so long is lying about."""
SNOOZES = 3
"""More often put off than this is, too."""
OLD_NEWS = timedelta(days=30)
LOADED = 40
"""Who has more than this to do will not come to it."""


class Advices(StrEnum):
    """What can be done with it."""

    KEEP = "keep"
    DELEGATE = "delegate"
    DROP = "drop"


@dataclass(frozen=True)
class Lying:
    """What is known of an action that lies about."""

    due_to: datetime | None
    snoozes: int
    deal_open: bool | None
    """Whether its deal is open; None without a deal."""
    money_open: bool
    """Whether an open deal of its account has an amount."""
    evident_since: datetime | None
    load: int
    """How many open actions its assignee has."""


@dataclass(frozen=True)
class Advice:
    """What to do, and why."""

    what: Advices
    why: str


def advise(lying: Lying, *, at: datetime) -> Advice:
    """The advice for one action."""
    if lying.deal_open is False:
        return Advice(Advices.DROP, "Its deal is closed")
    if not lying.deal_open and not lying.money_open:
        if lying.evident_since is None:
            return Advice(Advices.DROP, "No open deal hangs on it")
        if at - lying.evident_since > OLD_NEWS:
            return Advice(Advices.DROP, f"Its news is {(at - lying.evident_since).days} days old, and no deal is open")
    if lying.snoozes > SNOOZES:
        return Advice(Advices.DELEGATE, f"Put off {lying.snoozes} times, but there is something at stake")
    if lying.load > LOADED:
        return Advice(Advices.DELEGATE, f"{lying.load} open actions are more than one can do")
    return Advice(Advices.KEEP, "A deal is open" if lying.deal_open or lying.money_open else "Its news is recent")
