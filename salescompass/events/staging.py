"""Bulk ingest under the policy: COPY into a temporary table, then INSERT ... SELECT ... ON CONFLICT.

COPY is refused on tables with row-level security, so a batch is staged first. The table belongs to the connection and
is emptied at every commit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from json import JSONEncoder
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session

from salescompass.events.buckets import ADD_STAGED
from salescompass.kit.database import raw_cursor

_COLUMNS = (
    "id uuid, occurred_at timestamptz, received_at timestamptz, type text, direction text, channel text, "
    "account_id uuid, person_id uuid, verdict text, verdict_reasons jsonb, actor text, source text, properties jsonb, "
    "duplicate_of uuid, key text, body_hash bytea, rule text"
)
_NAMES = tuple(column.split()[0] for column in _COLUMNS.split(", "))
_EVENT = ", ".join(_NAMES[:-3])

_CREATE = f"CREATE TEMPORARY TABLE IF NOT EXISTS event_staging ({_COLUMNS}) ON COMMIT DELETE ROWS; "
_EMPTIED = _CREATE + "DELETE FROM event_staging"  # noqa: S608 - a constant
_COPY = f"COPY event_staging ({', '.join(_NAMES)}) FROM STDIN"
# Sorted, so that two batches with the same keys wait for each other in one order and never in a circle.
_KEYS = (
    "INSERT INTO event_key (key, event_id, occurred_at, body_hash) "
    "SELECT key, id, occurred_at, body_hash FROM event_staging WHERE key IS NOT NULL ORDER BY key "
    "ON CONFLICT (tenant_id, key) DO NOTHING RETURNING event_id"
)
_EVENTS = f"INSERT INTO event ({_EVENT}) SELECT {_EVENT} FROM event_staging"  # noqa: S608


class Row(NamedTuple):
    """An event as it will be stored."""

    id: UUID
    occurred_at: datetime
    received_at: datetime
    type: str
    direction: str
    channel: str
    account_id: UUID | None
    person_id: UUID | None
    verdict: str
    verdict_reasons: tuple[str, ...]
    actor: str | None
    source: str
    properties: Mapping[str, Any]
    key: str | None
    body_hash: bytes
    duplicate_of: UUID | None = None
    rule: str | None = None
    """The rule it counts in; None when it does not count."""


def store(session: Session, rows: Sequence[Row]) -> set[UUID]:
    """Write rows to the ledger and count them in their buckets.

    Returns the ids of those whose key somebody else had taken: they are not written.
    """
    with raw_cursor(session) as cursor:
        cursor.execute(_EMPTIED)
        with cursor.copy(_COPY) as copy:
            copy.write("\n".join(map(_line, rows)) + "\n")
        keyed = {row.id for row in rows if row.key is not None}
        lost: set[UUID] = set()
        if keyed:
            won = {found[0] for found in cursor.execute(_KEYS)}
            lost = {row_id for row_id in keyed if row_id not in won}
        if lost:
            cursor.execute("DELETE FROM event_staging WHERE id = ANY(%s)", (list(lost),))
        cursor.execute(_EVENTS)
        if any(row.rule is not None for row in rows):
            cursor.execute(ADD_STAGED)
    return lost


_JSON = JSONEncoder(separators=(",", ":")).encode
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _line(row: Row) -> str:
    """A row as COPY reads text. Written out here, which is several times faster than adapting each value."""
    (
        row_id, occurred_at, received_at, kind, direction, channel, account_id, person_id, verdict, reasons, actor,
        source, properties, key, body_hash, duplicate_of, rule,
    ) = row  # fmt: skip
    return "\t".join(
        (
            row_id.hex,
            occurred_at.isoformat(),
            received_at.isoformat(),
            _text(kind),
            direction,
            _text(channel),
            account_id.hex if account_id else "\\N",
            person_id.hex if person_id else "\\N",
            verdict,
            _text(_JSON(reasons)) if reasons else "[]",
            actor or "\\N",
            source,
            _text(_JSON(properties)) if properties else "{}",
            duplicate_of.hex if duplicate_of else "\\N",
            _text(key) if key else "\\N",
            "\\\\x" + body_hash.hex(),
            _text(rule) if rule else "\\N",
        )
    )


def _text(value: str) -> str:
    return value if value.isprintable() and "\\" not in value else value.translate(_ESCAPED)
