"""Slips: what the house itself told a moment ago and takes back, because whoever did it has undone it.

Everything else in the ledger stays for ever; this is gone as if it had never been told.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.events.buckets import Cell, cell_of
from salescompass.events.corrections import tell_changed
from salescompass.kit import clock, live
from salescompass.vocabulary import Topic

PATIENCE = timedelta(hours=1)
_KEYS = text("SELECT key, event_id, occurred_at FROM event_key WHERE key = ANY(:keys)")
_GONE = text(
    "DELETE FROM event USING unnest(CAST(:ids AS uuid[]), CAST(:times AS timestamptz[])) AS told (id, at) "
    "WHERE event.occurred_at = told.at AND event.id = told.id AND event.occurred_at BETWEEN :low AND :high "
    "AND event.received_at >= :since RETURNING event.id, event.person_id, event.account_id, event.occurred_at"
)


def take_back(session: Session, *, keys: Collection[str], now: datetime | None = None) -> frozenset[UUID]:
    """Take the events of these keys out of the ledger, where they came within the last hour; their ids come back."""
    told = session.connection().execute(_KEYS, {"keys": list(keys)}).all()
    if not told:
        return frozenset()
    times = [one.occurred_at for one in told]
    given = {"ids": [one.event_id for one in told], "times": times, "low": min(times), "high": max(times)}
    gone = session.connection().execute(_GONE, {**given, "since": (now or clock.now()) - PATIENCE}).all()
    found = frozenset(row.id for row in gone)
    forgotten = [one.key for one in told if one.event_id in found]
    session.connection().execute(text("DELETE FROM event_key WHERE key = ANY(:keys)"), {"keys": forgotten})
    cells: set[Cell | None] = {cell_of(row.person_id, row.account_id, row.occurred_at) for row in gone}
    tell_changed(session, [one for one in cells if one])
    live.publish(session, Topic.EVENTS, list(found))
    return found
