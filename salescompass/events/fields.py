"""What conditions can look at in events: how many there were in a window of days, and when the last one was.

An event is counted once, whoever told it: duplicates and what was merged away are left out. Without a type, what
customers do is counted; what is named is counted whoever did it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from salescompass.conditions import AsOf, Beside, EventCount, Field, Kind
from salescompass.models import Event
from salescompass.vocabulary import COUNTED_VERDICTS, Direction, Verdict

_VERDICTS = {
    "human": [verdict.value for verdict in COUNTED_VERDICTS],
    "machine": [verdict.value for verdict in Verdict if verdict not in COUNTED_VERDICTS],
}
_COLUMNS = {"account": Event.account_id, "person": Event.person_id, "opportunity": Event.opportunity_id}


def _told(object_type: str, as_of: AsOf, counted: EventCount) -> tuple[Any, list[Any]]:
    """The column that says whose an event is, and which events are counted."""
    subject: Any = col(_COLUMNS[object_type])
    conditions: list[Any] = [
        subject.is_not(None),
        col(Event.duplicate_of).is_(None),
        col(Event.merged_into).is_(None),
        col(Event.occurred_at) <= as_of.now,
    ]
    if as_of.since is not None:
        conditions.append(col(Event.occurred_at) >= as_of.since)
    if counted.types:
        conditions.append(col(Event.type).in_(counted.types))
    else:
        conditions.append(col(Event.direction) == Direction.IN.value)
    if counted.who in _VERDICTS:
        conditions.append(col(Event.verdict).in_(_VERDICTS[counted.who]))
    return subject, conditions


def _count(object_type: str) -> Field:
    def rows(as_of: AsOf) -> Any:
        subject, conditions = _told(object_type, as_of, as_of.counted or EventCount())
        return select(subject.label("id"), func.count().label("value")).where(*conditions).group_by(subject)

    return Field("events", "Events", Kind.EVENTS, Beside(rows, absent=0), whole=True)


def _last(object_type: str) -> Field:
    def rows(as_of: AsOf) -> Any:
        subject, conditions = _told(object_type, as_of, EventCount())
        last = func.max(col(Event.occurred_at)).label("value")
        return select(subject.label("id"), last).where(*conditions).group_by(subject)

    return Field("last_event_at", "Last active", Kind.MOMENT, Beside(rows))


FIELDS: dict[str, tuple[Field, ...]] = {
    object_type: (_count(object_type), _last(object_type)) for object_type in _COLUMNS
}
