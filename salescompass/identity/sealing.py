"""Sealing and verifying the audit trail.

Rows are written unchained, so that acts never wait for each other; the sealer links them in the order in which they
were committed, a few seconds later. It also appends the head of the chain to `<data>/audit-heads.log`, outside the
database, so that a chain that was cut off or rewritten as a whole is found too.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.identity.chain import Break, Sealed, genesis, link, walk
from salescompass.identity.directory import all_tenant_ids
from salescompass.kit import wire
from salescompass.kit.clock import rfc3339
from salescompass.kit.database import after_commit, raw_cursor, tenant_session
from salescompass.kit.settings import settings

log = logging.getLogger(__name__)

_BATCH = 5000
_LATE = timedelta(hours=1)  # no transaction lives longer, so none commits a row older than this
_OVERDUE = timedelta(seconds=60)
_UNSEALED, _SWEPT = "audit:unsealed", "audit:swept"

# The row as text: what is hashed. Times as microseconds, so that no setting of the session changes them.
_ROW = (
    "jsonb_build_array(a.id, (extract(epoch FROM a.at) * 1000000)::bigint, a.actor_kind, a.actor_id, a.actor_name,"
    " a.action, a.object_type, a.object_id, a.detail, a.request_id, a.ip)::text"
)


@dataclass(frozen=True)
class ChainReport:
    """What verification found."""

    tenant_id: UUID
    rows: int
    head: str
    overdue: int
    broken: Break | None

    @property
    def ok(self) -> bool:
        """True when every row is sealed and the chain holds from its first link to its known end."""
        return self.broken is None and self.overdue == 0


def mark_unsealed(tenant_id: UUID) -> None:
    """Tell the sealer that a tenant has new rows. Lost when Redis is away: the sealer's round finds them."""
    wire.attempt(lambda connection: connection.sadd(_UNSEALED, str(tenant_id)))


def seal_due() -> int:
    """Seal the tenants with new rows; every half minute all tenants, in case a mark was lost. Returns how many rows."""
    sealed = 0
    for tenant_id in _due():
        try:
            sealed += seal(tenant_id)
        except Exception:
            # One tenant's trouble must not keep the others' rows open; the next round comes back to it.
            log.exception("audit: sealing of tenant %s failed", tenant_id)
    return sealed


def _due() -> list[UUID]:
    everyone = wire.attempt(lambda connection: bool(connection.set(_SWEPT, 1, nx=True, ex=30)))
    if everyone is not False:
        return all_tenant_ids()
    marked = wire.attempt(lambda connection: cast("list[bytes]", connection.spop(_UNSEALED, 1000)))
    return [UUID(name.decode()) for name in marked or ()]


def seal(tenant_id: UUID) -> int:
    """Link this tenant's new rows to its chain. Returns how many."""
    sealed, after = 0, _Place(datetime.min.replace(tzinfo=UTC), UUID(int=0))
    while True:
        with tenant_session(tenant_id) as session:
            done, last = _seal_some(session, tenant_id, after)
        sealed += done
        if last is None:
            return sealed
        after = last


@dataclass(frozen=True)
class _Place:
    """A row in the order of time."""

    at: datetime
    id: UUID


def _seal_some(session: Session, tenant_id: UUID, after: _Place) -> tuple[int, _Place | None]:
    """Seal what is new among the next rows after a place. Returns how many, and how far it came unless that was all."""
    connection = session.connection()
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('audit:' || :tenant, 0))"), {"tenant": str(tenant_id)}
    )
    head = connection.execute(text("SELECT seq, hash, sealed_at FROM audit_seal ORDER BY seq DESC LIMIT 1")).first()
    seq, before = (head.seq, head.hash) if head else (0, genesis(tenant_id))
    since = max(after.at, head.sealed_at - _LATE) if head else after.at
    rows = connection.execute(
        text(
            f"SELECT a.at, a.id, {_ROW} AS row FROM audit_log a "  # noqa: S608 - a constant
            "WHERE a.at >= :since AND (a.at, a.id) > (:at, :id) ORDER BY a.at, a.id LIMIT :n"
        ),
        {"since": since, "at": after.at, "id": after.id, "n": _BATCH},
    ).all()
    done = connection.execute(
        text("SELECT audit_id FROM audit_seal WHERE audit_id = ANY(:ids)"), {"ids": [row.id for row in rows]}
    )
    known = set(done.scalars())
    links: list[dict[str, Any]] = []
    for _, row_id, row in rows:
        if row_id not in known:
            seq, prev = seq + 1, before
            before = link(prev, seq, row)
            links.append({"seq": seq, "id": row_id, "prev": prev, "hash": before})
    if links:
        connection.execute(
            text("INSERT INTO audit_seal (seq, audit_id, prev_hash, hash) VALUES (:seq, :id, :prev, :hash)"), links
        )
        after_commit(session, lambda: _note_head(tenant_id, seq, before))
    last = rows[-1] if len(rows) == _BATCH else None
    return len(links), _Place(last.at, last.id) if last else None


def verify(tenant_id: UUID) -> ChainReport:
    """Check the whole chain of a tenant against its rows and the noted heads."""
    heads = _noted_heads(tenant_id)
    with tenant_session(tenant_id) as session:
        # Everything is read once: never by one look into an index for each row, whatever the planner believes.
        session.connection().execute(text("SET LOCAL enable_nestloop = off"))
        session.connection().execute(text("SET LOCAL work_mem = '64MB'"))
        found = walk(tenant_id, _links(session), heads)
        overdue, lost = _unsealed(session)
    broken = found.broken
    if broken is None and lost is not None:
        broken = Break(None, lost, "a row was put into the past: the chain had gone on when it came")
    return ChainReport(tenant_id, found.seq, found.head.hex(), overdue, broken)


def _links(session: Session) -> Iterator[Sealed]:
    query = (
        f"COPY (SELECT s.seq, s.audit_id, s.prev_hash, s.hash, CASE WHEN a.id IS NOT NULL THEN {_ROW} END "  # noqa: S608 - a constant
        "FROM audit_seal s LEFT JOIN audit_log a ON a.tenant_id = s.tenant_id AND a.id = s.audit_id "
        "ORDER BY s.seq) TO STDOUT (FORMAT BINARY)"
    )
    with raw_cursor(session) as cursor, cursor.copy(query) as copy:
        copy.set_types(["int8", "uuid", "bytea", "bytea", "text"])
        for row in copy.rows():
            yield Sealed(*row)


def _unsealed(session: Session) -> tuple[int, UUID | None]:
    """How many rows wait for the sealer longer than they should, and the first that it will never come to."""
    row = (
        session.connection()
        .execute(
            text(
                "WITH last AS (SELECT sealed_at - :late AS since FROM audit_seal ORDER BY seq DESC LIMIT 1) "
                "SELECT count(*), (array_agg(a.id ORDER BY a.at, a.id) FILTER (WHERE a.at < last.since))[1] "
                "FROM audit_log a LEFT JOIN last ON true WHERE a.at < :before "
                "AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.audit_id = a.id)"
            ),
            {"before": datetime.now(UTC) - _OVERDUE, "late": _LATE},
        )
        .one()
    )
    return int(row[0]), row[1]


def _heads_file() -> Path:
    return settings().data / "audit-heads.log"


def _note_head(tenant_id: UUID, seq: int, head: bytes) -> None:
    line = {"at": rfc3339(datetime.now(UTC)), "tenant": str(tenant_id), "seq": seq, "hash": head.hex()}
    with _heads_file().open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def _noted_heads(tenant_id: UUID) -> dict[int, bytes]:
    heads: dict[int, bytes] = {}
    try:
        with _heads_file().open(encoding="utf-8") as file:
            for line in file:
                if str(tenant_id) in line and line.endswith("}\n"):
                    noted = json.loads(line)
                    # The first word counts: who makes the chain anew notes another head for the same link.
                    heads.setdefault(noted["seq"], bytes.fromhex(noted["hash"]))
    except FileNotFoundError:
        return {}
    return heads
