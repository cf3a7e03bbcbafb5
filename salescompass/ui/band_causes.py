"""Which event made a score leave its band: one that had just come, was not old, and moved it that way. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from salescompass.events import FeedEntry
from salescompass.scoring import BANDS, CrossingView, Impact
from salescompass.vocabulary import SubjectKind

SOON = timedelta(minutes=2)
"""A band is left at most so long after the event that made it was told."""

FRESH = timedelta(minutes=15)
"""What happened longer before it was told, as in a file of last year's events, is not named as a cause."""


def in_time(crossing: CrossingView, entry: FeedEntry) -> bool:
    """Whether the event had just come, and just happened, when the band was left."""
    told, happened = crossing.at - entry.received_at, crossing.at - entry.occurred_at
    return crossing.cause == "events" and timedelta() <= told <= SOON and happened <= FRESH


def caused(crossing: CrossingView, entry: FeedEntry, impact: Impact | None) -> bool:
    """Whether this event can have made this subject leave its band."""
    own = entry.account_id if crossing.kind is SubjectKind.ACCOUNT else entry.person_id
    moved = _moved(crossing, impact)
    way = moved > 0 if _rises(crossing) else moved < 0
    return way and own == crossing.subject_id and in_time(crossing, entry)


def cause(crossing: CrossingView, entries: Iterable[FeedEntry], impacts: Mapping[UUID, Impact]) -> FeedEntry | None:
    """The event among these that moved the score most, or None if none of them did."""
    found = [entry for entry in entries if caused(crossing, entry, impacts.get(entry.id))]
    return max(found, key=lambda entry: abs(_moved(crossing, impacts[entry.id])), default=None)


def _moved(crossing: CrossingView, impact: Impact | None) -> float:
    if impact is None:
        return 0.0
    step = impact.account if crossing.kind is SubjectKind.ACCOUNT else impact.person
    return step.change if step else 0.0


def _rises(crossing: CrossingView) -> bool:
    order = [band.value for band in BANDS]
    return order.index(crossing.to_band) > order.index(crossing.from_band)
