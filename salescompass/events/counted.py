"""Which events conditions count: each once, whoever told it; duplicates and what was merged away are left out."""

from __future__ import annotations

from typing import Any

from sqlmodel import col

from salescompass.conditions import AsOf, EventCount
from salescompass.models import Event
from salescompass.vocabulary import COUNTED_VERDICTS, Direction, Verdict

_VERDICTS = {
    "human": [verdict.value for verdict in COUNTED_VERDICTS],
    "machine": [verdict.value for verdict in Verdict if verdict not in COUNTED_VERDICTS],
}
COLUMNS = {"account": Event.account_id, "person": Event.person_id, "opportunity": Event.opportunity_id}


def told(object_type: str, as_of: AsOf, counted: EventCount) -> tuple[Any, list[Any]]:
    """The column that says whose an event is, and which events are counted."""
    subject: Any = col(COLUMNS[object_type])
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
