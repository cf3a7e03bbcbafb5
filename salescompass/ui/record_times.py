"""The times that a timeline tells beside what happened: silences, a day to jump to, the bands of the past. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from salescompass.kit.pagination import Position
from salescompass.scoring import DayScore, bands_along
from salescompass.ui.components.event_rows import DayGroup
from salescompass.ui.event_groups import Line
from salescompass.ui.score_words import band_word

SILENT = 14
"""From so many days without a sign of theirs on a silence is told."""
_SIGNS = frozenset({"human", "unknown"})
_LAST = UUID(int=2**128 - 1)


@dataclass(frozen=True)
class RibbonPart:
    """A time spent in one band, and how much of the ribbon it takes."""

    band: str
    percent: float
    words: str


@dataclass(frozen=True)
class RibbonLook:
    """The bands of the last days as one strip, and in a sentence."""

    parts: list[RibbonPart] = field(default_factory=list)
    words: str = ""


def with_silences(days: Sequence[DayGroup], shown: Sequence[Line], today: date | None) -> list[DayGroup]:
    """The days, with how long nothing came from the customer after each; what we did ourselves breaks no silence.

    With `today` the silence that lasts until now is told too.
    """
    signs = sorted({line.day for line in shown if line.row.verdict_kind in _SIGNS}, reverse=True)
    told = {}
    for day, after in zip(signs, [today, *signs], strict=False):
        if after is not None and (after - day).days >= SILENT:
            told[day.isoformat()] = f"Silent {'for ' if after == today else ''}{(after - day).days} days"
    return [replace(group, silence=told[group.day]) if group.day in told else group for group in days]


def day_in(text: str) -> date | None:
    """The day that an address names, if it is one."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def cursor_at(day: date | None, zone: ZoneInfo) -> str | None:
    """The place in the timeline from which on this day and what was before it is told; None is the newest."""
    if day is None or day >= date.max - timedelta(days=2):
        return None
    return Position(datetime.combine(day + timedelta(days=1), time(), zone), UUID(int=0)).cursor()


def ribbon(days: Sequence[DayScore], edges: Sequence[float]) -> RibbonLook:
    """The bands at the end of each day, as one strip."""
    bands = zip(bands_along(edges, [day.value for day in days]), days, strict=True)
    parts = []
    for band, spent in groupby(bands, lambda one: one[0]):
        span = [day.day for _, day in spent]
        words = f"{band_word(band)} {_span(span[0], span[-1])}"
        parts.append(RibbonPart(band.value, 100 * len(span) / len(days), words))
    return RibbonLook(parts, "; ".join(one.words for one in parts))


def _span(first: date, last: date) -> str:
    if first == last:
        return f"on {first.day} {first:%b}"
    return f"from {first.day} {first:%b} to {last.day} {last:%b}"
