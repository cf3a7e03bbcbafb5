"""A batch of recorded events on its way through the outbox: each id with its time, since the ledger is cut by time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

LARGEST = 500


@dataclass(frozen=True)
class EventBatch:
    """Events that were recorded and not yet reacted to."""

    ids: tuple[UUID, ...]
    times: tuple[datetime, ...]

    @cached_property
    def id_array(self) -> str:
        """The ids as PostgreSQL writes an array: the driver takes several times longer, for each statement anew."""
        return f"{{{','.join(map(str, self.ids))}}}"

    @cached_property
    def time_array(self) -> str:
        """The times as PostgreSQL writes an array."""
        return f"{{{','.join(at.isoformat() for at in self.times)}}}"


def payloads(events: Sequence[tuple[UUID, datetime]]) -> list[dict[str, Any]]:
    """Outbox payloads of at most `LARGEST` events each."""
    return [
        {"events": [[str(event_id), at.isoformat()] for event_id, at in events[start : start + LARGEST]]}
        for start in range(0, len(events), LARGEST)
    ]


def from_payloads(found: Iterable[dict[str, Any]]) -> EventBatch:
    """The events of several outbox rows as one batch."""
    pairs = [(UUID(event_id), datetime.fromisoformat(at)) for payload in found for event_id, at in payload["events"]]
    return EventBatch(tuple(event_id for event_id, _ in pairs), tuple(at for _, at in pairs))
