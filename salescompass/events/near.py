"""The same act told twice without a key: same subject, type and object within the type's window.

Such an event is kept, points to the first one, and counts nowhere, until somebody releases or merges it. What a person
did never repeats what a machine did before: a scanner that came first would take the person's act away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.events.catalog import EventType
from salescompass.events.staging import Row
from salescompass.vocabulary import COUNTED_VERDICTS


@dataclass(frozen=True, slots=True)
class _Act:
    """What makes two tellings one act."""

    by_person: bool
    subject: UUID
    type: str
    object_key: str
    object: str


_FOUND = (
    "SELECT DISTINCT c.place, event.id, event.occurred_at, event.verdict "
    "FROM unnest(CAST(:places AS int[]), CAST(:subjects AS uuid[]), CAST(:types AS text[]), CAST(:keys AS text[]), "
    "  CAST(:objects AS text[]), CAST(:lows AS timestamptz[]), CAST(:highs AS timestamptz[])) "
    "  AS c (place, subject, type, key, object, low, high) "
    "JOIN event ON {subject} AND event.occurred_at BETWEEN c.low AND c.high "
    "WHERE event.occurred_at BETWEEN :low AND :high AND event.type = c.type AND event.duplicate_of IS NULL "
    "AND event.merged_into IS NULL AND event.properties ->> c.key = c.object"
)
_BY_PERSON = text(_FOUND.format(subject="event.person_id = c.subject"))
_BY_ACCOUNT = text(_FOUND.format(subject="event.account_id = c.subject AND event.person_id IS NULL"))


def originals(session: Session, rows: Mapping[int, tuple[EventType, Row]]) -> dict[int, UUID]:
    """For each row that repeats an act: the event it repeats, from the ledger or from earlier in the batch."""
    acts: dict[int, _Act] = {}
    windows: dict[int, timedelta] = {}
    for place, (kind, row) in rows.items():
        act = _act(kind, row)
        if act is not None:
            acts[place], windows[place] = act, timedelta(seconds=kind.window or 0)
    if not acts:
        return {}
    told: dict[_Act, list[tuple[datetime, UUID, bool]]] = defaultdict(list)
    for by_person in (True, False):
        mine = {place: act for place, act in acts.items() if act.by_person is by_person}
        for place, event_id, at, verdict in _in_ledger(session, mine, rows, windows) if mine else ():
            told[acts[place]].append((at, event_id, verdict in COUNTED_VERDICTS))
    repeated = {}
    for place in sorted(acts, key=lambda place: (rows[place][1].occurred_at, place)):
        row, act = rows[place][1], acts[place]
        by_person = row.verdict in COUNTED_VERDICTS
        near = [(abs(at - row.occurred_at), first) for at, first, theirs in told[act] if theirs or not by_person]
        near = [(gap, first) for gap, first in near if gap <= windows[place]]
        if near:
            repeated[place] = min(near)[1]
        else:
            told[act].append((row.occurred_at, row.id, by_person))
    return repeated


def _act(kind: EventType, row: Row) -> _Act | None:
    subject = row.person_id or row.account_id
    if row.key is not None or not kind.window or not kind.object_key or subject is None:
        return None
    value = row.properties.get(kind.object_key)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        return None
    return _Act(row.person_id is not None, subject, kind.key, kind.object_key, str(value))


def _in_ledger(
    session: Session,
    acts: Mapping[int, _Act],
    rows: Mapping[int, tuple[EventType, Row]],
    windows: Mapping[int, timedelta],
) -> list[Any]:
    lows = [rows[place][1].occurred_at - windows[place] for place in acts]
    highs = [rows[place][1].occurred_at + windows[place] for place in acts]
    by_person = next(iter(acts.values())).by_person
    found = session.connection().execute(
        _BY_PERSON if by_person else _BY_ACCOUNT,
        {
            "places": list(acts),
            "subjects": [act.subject for act in acts.values()],
            "types": [act.type for act in acts.values()],
            "keys": [act.object_key for act in acts.values()],
            "objects": [act.object for act in acts.values()],
            "lows": lows,
            "highs": highs,
            "low": min(lows),
            "high": max(highs),
        },
    )
    return list(found)
