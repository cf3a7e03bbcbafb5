"""What a row of events says: so many in a window, more than usual, the first ever, or that it has ended. Pure.

The engine and the dry run ask the same functions, so that one tells what the other does. Rows are in the order of time.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from salescompass.rules.definition import AbsenceTrigger, EventTrigger

USUAL_DAYS = 28
LEAST_PAUSES = 4
MOST_EVIDENCE = 5
RHYTHM_DAYS = 180
"""How far back a record's own pauses are looked at."""


class Beat(NamedTuple):
    """An event in a record's row."""

    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Pattern:
    """What was found in a row: its newest events as evidence, and numbers for the reason."""

    evidence: tuple[UUID, ...]
    count: int = 0
    days: int = 0
    usual_days: int = 0
    episode: str = ""


def counted(row: Sequence[Beat], at: Beat, trigger: EventTrigger) -> Pattern | None:
    """What an event completes, looking back from it; None when it completes nothing."""
    end = bisect_right(row, at)
    if trigger.first:
        return Pattern((at.id,), 1) if end == 1 else None
    window = timedelta(hours=trigger.within_hours)
    start = _from(row, at.at - window)
    count = end - start
    if count < trigger.at_least:
        return None
    if trigger.times_usual is not None:
        before = start - _from(row, at.at - window - timedelta(days=USUAL_DAYS))
        usual = before / (USUAL_DAYS * 24 / trigger.within_hours)
        if count < usual * trigger.times_usual:
            return None
    return Pattern(newest(row[start:end]), count)


def silent(row: Sequence[Beat], at: datetime, trigger: AbsenceTrigger) -> Pattern | None:
    """What the row's end says at a moment; None when it goes on, or ended too long ago."""
    end = bisect_right(row, at, key=lambda beat: beat.at)
    if not end:
        return None
    last = row[end - 1]
    since = at - last.at
    if not timedelta(days=trigger.days) <= since <= timedelta(days=trigger.until_days):
        return None
    usual = 0.0
    if trigger.rhythm:
        pauses = _pauses(row[_from(row, last.at - timedelta(days=RHYTHM_DAYS)) : end])
        if len(pauses) < LEAST_PAUSES:
            return None
        usual = ninth_of_ten(pauses)
        if since <= timedelta(seconds=usual):
            return None
    days = math.ceil(usual / 86400)
    recent = row[_from(row, at - timedelta(days=trigger.until_days)) : end]
    return Pattern(newest(recent), days=since.days, usual_days=days, episode=str(last.id))


def ninth_of_ten(pauses: Sequence[float]) -> float:
    """The pause that nine of ten do not exceed."""
    ordered = sorted(pauses)
    return ordered[max(0, math.ceil(0.9 * len(ordered)) - 1)]


def newest(row: Sequence[Beat]) -> tuple[UUID, ...]:
    """The newest events of a row, the last one first."""
    return tuple(beat.id for beat in reversed(row[-MOST_EVIDENCE:]))


def _pauses(row: Sequence[Beat]) -> list[float]:
    """How long it was from one day with events to the next, in seconds: what comes in a burst is one sign."""
    days: list[datetime] = []
    for beat in row:
        if not days or beat.at.date() != days[-1].date():
            days.append(beat.at)
        else:
            days[-1] = beat.at
    return [(later - earlier).total_seconds() for earlier, later in pairwise(days)]


def _from(row: Sequence[Beat], after: datetime) -> int:
    """The place of the first event later than a moment."""
    return bisect_right(row, after, key=lambda beat: beat.at)
