"""What arrival could not see: the same act told twice by two requests at once, or by one that came late.

Looked for afterwards by the same rule as on arrival (`near`): same subject, type and object within the type's window;
an event that came with a key repeats nothing. What somebody has released or merged stays as they said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.events.buckets import cell_of
from salescompass.events.corrections import tell_changed
from salescompass.events.registry import types
from salescompass.vocabulary import COUNTED_VERDICTS

LOOK_BACK = timedelta(days=3)
"""Events of so many days are looked at again: a pass that was missed, and a weekend, are made up for."""

# Rows that have another of their act near them, act by act.
_NEAR = text(
    "SELECT near.act, near.span, near.id, near.occurred_at, near.person_id, near.account_id, near.verdict "
    "FROM (SELECT event.id, event.occurred_at, event.person_id, event.account_id, event.verdict, t.span, "
    "    dense_rank() OVER (ORDER BY coalesce(event.person_id, event.account_id), event.type, "
    "      event.properties ->> t.key) AS act, "
    "    event.occurred_at - lag(event.occurred_at) OVER w AS since, "
    "    lead(event.occurred_at) OVER w - event.occurred_at AS until "
    "  FROM event JOIN unnest(CAST(:types AS text[]), CAST(:keys AS text[]), CAST(:spans AS interval[])) "
    "    AS t (type, key, span) ON t.type = event.type "
    "  WHERE event.occurred_at >= :low AND event.occurred_at <= :high AND event.duplicate_of IS NULL "
    "  AND event.merged_into IS NULL AND coalesce(event.person_id, event.account_id) IS NOT NULL "
    "  AND (jsonb_typeof(event.properties -> t.key) = 'string' AND event.properties ->> t.key <> '' "
    "    OR jsonb_typeof(event.properties -> t.key) = 'number' AND event.properties ->> t.key ~ '^-?[0-9]+$') "
    "  WINDOW w AS (PARTITION BY coalesce(event.person_id, event.account_id), event.type, "
    "    event.properties ->> t.key ORDER BY event.occurred_at, event.id)) near "
    "WHERE near.since <= near.span OR near.until <= near.span ORDER BY near.act, near.occurred_at, near.id"
)
# What is never folded, though others may repeat it: asked for few, since keys have no index by event.
_SETTLED = text(
    "SELECT k.event_id FROM event_key k WHERE k.event_id = ANY(:ids) UNION ALL "
    "SELECT m.survivor_id FROM event_merge m WHERE m.survivor_id = ANY(:ids) AND m.undone_at IS NULL UNION ALL "
    "SELECT l.object_id::uuid FROM audit_log l WHERE l.action = 'event.released' AND l.at >= :low"
)
_FOLD = text(
    "UPDATE event SET duplicate_of = f.first "
    "FROM unnest(CAST(:ids AS uuid[]), CAST(:times AS timestamptz[]), CAST(:firsts AS uuid[])) AS f (id, at, first) "
    "WHERE event.occurred_at = f.at AND event.id = f.id AND event.occurred_at >= :low AND event.occurred_at <= :high "
    "AND event.duplicate_of IS NULL AND event.merged_into IS NULL RETURNING event.id"
)
# What repeats one that now repeats another repeats that other: a fold leads to an event that counts.
_LEAD_ON = text(
    "UPDATE event SET duplicate_of = f.first "
    "FROM unnest(CAST(:ids AS uuid[]), CAST(:firsts AS uuid[])) AS f (id, first) "
    "WHERE event.duplicate_of = f.id AND event.occurred_at >= :low AND event.occurred_at <= :high"
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """An event that has another of its act near it."""

    span: timedelta
    id: UUID
    at: datetime
    person_id: UUID | None
    account_id: UUID | None
    by_person: bool
    settled: bool


def fold_repeats(session: Session, *, now: datetime) -> int:
    """Fold what repeats an earlier event of the last days; buckets and scores follow. Returns how many were folded."""
    windows = {kind.key: kind for kind in types(session).values() if kind.window and kind.object_key}
    low, high = now - LOOK_BACK, now + timedelta(days=1)
    given = {
        "types": list(windows),
        "keys": [kind.object_key for kind in windows.values()],
        "spans": [timedelta(seconds=kind.window or 0) for kind in windows.values()],
        "low": low,
        "high": high,
    }
    rows = session.connection().execute(_NEAR, given).all()
    if not rows:
        return 0
    settled = set(session.connection().execute(_SETTLED, {"ids": [row[2] for row in rows], "low": low}).scalars())
    repeats: dict[UUID, tuple[_Seen, UUID]] = {}
    for _, act in groupby(rows, key=lambda row: row[0]):
        seen = [_seen(row, settled) for row in act]
        repeats |= {one.id: (one, first) for one, first in _repeats(seen)}
    if not repeats:
        return 0
    folds = {
        "ids": list(repeats),
        "times": [one.at for one, _ in repeats.values()],
        "firsts": [first for _, first in repeats.values()],
        "low": low,
        "high": high,
    }
    done = [repeats[event_id][0] for event_id in session.connection().execute(_FOLD, folds).scalars()]
    session.connection().execute(_LEAD_ON, {**folds, "high": high + LOOK_BACK, "low": low - LOOK_BACK})
    tell_changed(session, [cell for one in done if (cell := cell_of(one.person_id, one.account_id, one.at))])
    return len(done)


def _seen(row: Any, settled: set[UUID]) -> _Seen:
    _, span, event_id, at, person_id, account_id, verdict = row
    return _Seen(span, event_id, at, person_id, account_id, verdict in COUNTED_VERDICTS, event_id in settled)


def _repeats(act: list[_Seen]) -> list[tuple[_Seen, UUID]]:
    """Those of one act, in the order of time, that repeat an earlier one, each with the nearest it repeats. What a
    person did never repeats what a machine did."""
    kept: list[_Seen] = []
    repeated = []
    for one in act:
        near = [
            (one.at - first.at, first.id)
            for first in kept
            if one.at - first.at <= one.span and (first.by_person or not one.by_person)
        ]
        if near and not one.settled:
            repeated.append((one, min(near)[1]))
        else:
            kept.append(one)
    return repeated
