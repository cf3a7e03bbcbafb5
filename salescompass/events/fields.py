"""What conditions can look at in events: how many there were in a window of days, and when the last one was.

An event is counted once, whoever told it: duplicates and what was merged away are left out. Without a type, what
customers do is counted; what is named is counted whoever did it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from salescompass.conditions import AsOf, Beside, EventCount, Field, Kind
from salescompass.events import pauses
from salescompass.events.counted import COLUMNS, told
from salescompass.models import Event


def _count(object_type: str) -> Field:
    def rows(as_of: AsOf) -> Any:
        subject, conditions = told(object_type, as_of, as_of.counted or EventCount())
        return select(subject.label("id"), func.count().label("value")).where(*conditions).group_by(subject)

    return Field("events", "Events", Kind.EVENTS, Beside(rows, absent=0), whole=True)


def _last(object_type: str) -> Field:
    def rows(as_of: AsOf) -> Any:
        subject, conditions = told(object_type, as_of, EventCount())
        last = func.max(col(Event.occurred_at)).label("value")
        return select(subject.label("id"), last).where(*conditions).group_by(subject)

    return Field("last_event_at", "Last active", Kind.MOMENT, Beside(rows))


def _silent(object_type: str) -> Field:
    return Field("days_silent", "Days since last activity", Kind.AGE, _last(object_type).at)


FIELDS: dict[str, tuple[Field, ...]] = {
    object_type: (
        _count(object_type),
        _last(object_type),
        _silent(object_type),
        *(pauses.ACCOUNT if object_type == "account" else ()),
    )
    for object_type in COLUMNS
}
