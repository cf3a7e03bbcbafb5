"""The outbox: effects that wait, written in the transaction that decided them, and the drains that do them.

A batch is claimed in one short transaction (lease and fencing token), then done in a second one that acknowledges it
first: the rows are deleted where the token is still ours, so a loser of the lease finds nothing and rolls back. What
the reaction writes and the acknowledgement are that same transaction, so a killed worker leaves neither or both.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from salescompass.kit.database import after_commit, session_tenant, tenant_session
from salescompass.kit.ids import new_id
from salescompass.kit.queue import ask, awake, enqueue, wake, wake_asked
from salescompass.kit.settings import settings

__all__ = ["Claimed", "awake", "backoff", "deliver", "drain", "enqueue", "is_passing", "put", "put_many", "wake"]

log = logging.getLogger(__name__)

FAILURES_BEFORE_DEAD = 10
CLAIMS_BEFORE_DEAD = 50
"""A row claimed so often and never finished kills its worker each time: it must not do so for ever."""


@dataclass(frozen=True)
class Claimed:
    """A row of the outbox, ours until the lease ends."""

    id: UUID
    payload: dict[str, Any]
    attempts: int


@dataclass(frozen=True)
class Claim:
    """Rows claimed together under one fencing token."""

    tenant_id: UUID
    topic: str
    token: UUID
    rows: tuple[Claimed, ...]
    patience: float
    """Seconds after which the lease is nearly over and it is no use to try again."""


class Fenced(Exception):
    """Another worker owns these rows now: what was done here is rolled back."""


class _Busy(Exception):
    """Another drain of this tenant is at work."""


Reaction = Callable[[Session, Sequence[Claimed]], None]


def put(session: Session, topic: str, payload: dict[str, Any], *, due_at: datetime | None = None) -> UUID:
    """Write one effect to the outbox; its drain is woken after commit."""
    return put_many(session, topic, [payload], due_at=due_at)[0]


def put_many(
    session: Session, topic: str, payloads: Sequence[dict[str, Any]], *, due_at: datetime | None = None
) -> list[UUID]:
    """Write effects to the outbox in one statement; their drain is woken after commit."""
    rows: list[dict[str, Any]] = [
        {"id": new_id(), "payload": Jsonb(payload), "topic": topic, "due_at": due_at} for payload in payloads
    ]
    if not rows:
        return []
    session.connection().execute(
        text(
            "INSERT INTO outbox (id, topic, payload, due_at) VALUES (:id, :topic, :payload, coalesce(:due_at, now()))"
        ),
        rows,
    )
    if due_at is None:
        tenant_id = session_tenant(session)
        after_commit(session, lambda: wake(tenant_id, topic))
    return [row["id"] for row in rows]


def drain(tenant_id: UUID, topic: str, react: Reaction, *, rows: int = 50, seconds: float = 15.0) -> int:
    """Do what is due in a topic whose effects are in the database, each exactly once. Returns how many rows.

    One drain of a tenant works at a time, for `seconds` at most; then its worker is given back and it is woken again.
    """
    awake(tenant_id, topic)
    until, done = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        claim = _claim_or_ask(tenant_id, topic, rows)
        if claim is None:
            return done
        if not claim.rows:
            wake_asked(tenant_id)
            return done
        _settle(claim, react)
        done += len(claim.rows)
    wake(tenant_id, topic, again=True)
    return done


def _claim_or_ask(tenant_id: UUID, topic: str, rows: int) -> Claim | None:
    """A claim, or None when another drain of this tenant is at work: it is asked to wake this topic when it is done.

    The second try is needed: the other may have ended between the first and the asking, and then nobody would hear.
    """
    try:
        return _claim(tenant_id, topic, rows, alone=True)
    except _Busy:
        ask(tenant_id, topic)
    try:
        return _claim(tenant_id, topic, rows, alone=True)
    except _Busy:
        return None


def deliver(tenant_id: UUID, topic: str, send: Callable[[Claimed], None], *, rows: int = 20) -> int:
    """Do what is due in a topic whose effects are outside (mail, HTTP), at least once each.

    No transaction is open while `send` runs. It gets the row's id, which the effect carries, so that the other side
    can tell a repetition.
    """
    awake(tenant_id, topic)
    done = 0
    while True:
        claim = _claim(tenant_id, topic, rows, alone=False)
        if not claim.rows:
            return done
        for row in claim.rows:
            if time.monotonic() > claim.patience:
                return done
            try:
                send(row)
                with tenant_session(tenant_id) as session:
                    _acknowledge(session, claim, [row])
                done += 1
            except Fenced:
                log.warning("outbox %s: row %s was taken over", topic, row.id)
            except Exception as error:
                _fail(claim, row, error)


def _claim(tenant_id: UUID, topic: str, limit: int, *, alone: bool) -> Claim:
    token, lease = uuid4(), settings().lease_seconds
    patience = time.monotonic() + lease * 0.8
    with tenant_session(tenant_id) as session:
        if alone:
            _lock(session, wait=False)
        found = session.connection().execute(
            text(
                "WITH due AS (SELECT id FROM outbox WHERE topic = :topic AND dead_at IS NULL AND due_at <= now() "
                "  AND (lease_until IS NULL OR lease_until < now()) "
                "  ORDER BY due_at, id LIMIT :n FOR UPDATE SKIP LOCKED) "
                "UPDATE outbox SET lease_token = :token, attempts = attempts + 1, "
                "  lease_until = clock_timestamp() + make_interval(secs => :lease) "
                "FROM due WHERE outbox.id = due.id RETURNING outbox.id, payload, attempts"
            ),
            {"topic": topic, "n": limit, "token": token, "lease": lease},
        )
        rows = sorted((Claimed(*row) for row in found), key=lambda row: row.id)
        lethal = [row.id for row in rows if row.attempts > CLAIMS_BEFORE_DEAD]
        if lethal:
            _bury(session, lethal)
    return Claim(tenant_id, topic, token, tuple(row for row in rows if row.id not in lethal), patience)


def _bury(session: Session, ids: list[UUID]) -> None:
    session.connection().execute(
        text(
            "UPDATE outbox SET dead_at = now(), lease_until = NULL, lease_token = NULL, "
            "last_error = 'claimed again and again, never finished' WHERE id = ANY(:ids)"
        ),
        {"ids": ids},
    )


def _lock(session: Session, *, wait: bool) -> None:
    """The tenant's lock, until the transaction ends. Without `wait`, raises _Busy when somebody else has it."""
    function = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    got = session.connection().execute(
        text(f"SELECT {function}(hashtextextended('drain:' || :tenant, 0))"),
        {"tenant": str(session_tenant(session))},
    )
    if got.scalar() is False:
        raise _Busy


def _settle(claim: Claim, react: Reaction) -> None:
    """Do a batch; when it fails, row by row, so that one bad row holds up no other."""
    try:
        _apply_patiently(claim, claim.rows, react)
    except Fenced:
        log.warning("outbox %s: a batch was taken over by another worker", claim.topic)
    except Exception as error:
        if len(claim.rows) == 1:
            _fail(claim, claim.rows[0], error)
            return
        log.warning("outbox %s: a batch failed, trying its rows one by one", claim.topic, exc_info=error)
        for row in claim.rows:
            _settle(Claim(claim.tenant_id, claim.topic, claim.token, (row,), claim.patience), react)


def _apply_patiently(claim: Claim, rows: Sequence[Claimed], react: Reaction) -> None:
    """Apply; while the database is away and the lease is ours, try again."""
    while True:
        try:
            with tenant_session(claim.tenant_id) as session:
                _lock(session, wait=True)
                _acknowledge(session, claim, rows)
                react(session, rows)
            return
        except DBAPIError as error:
            if not is_passing(error) or time.monotonic() > claim.patience:
                raise
            log.warning("outbox %s: the database is away, trying again", claim.topic)
            time.sleep(0.5)


def _acknowledge(session: Session, claim: Claim, rows: Sequence[Claimed]) -> None:
    gone = session.connection().execute(
        text("DELETE FROM outbox WHERE id = ANY(:ids) AND lease_token = :token RETURNING id"),
        {"ids": [row.id for row in rows], "token": claim.token},
    )
    if len(gone.all()) != len(rows):
        raise Fenced


def _fail(claim: Claim, row: Claimed, error: Exception) -> None:
    """Note why a row failed and when to try again; after too many times it is a dead letter."""
    dead = row.attempts >= FAILURES_BEFORE_DEAD
    log.error("outbox %s: row %s failed (%s)", claim.topic, row.id, "dead" if dead else "retried", exc_info=error)
    with tenant_session(claim.tenant_id) as session:
        session.connection().execute(
            text(
                "UPDATE outbox SET last_error = :error, lease_until = NULL, lease_token = NULL, "
                "  due_at = now() + make_interval(secs => :pause), dead_at = CASE WHEN :dead THEN now() END "
                "WHERE id = :id AND lease_token = :token"
            ),
            {
                "error": f"{type(error).__name__}: {error}".replace("\0", "")[:500],
                "pause": backoff(row.attempts),
                "dead": dead,
                "id": row.id,
                "token": claim.token,
            },
        )


def backoff(attempts: int) -> float:
    """Seconds until the next try: 1, 2, 4 ... up to an hour."""
    return float(min(2 ** max(0, attempts - 1), 3600))


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def is_passing(error: DBAPIError) -> bool:
    """True for what mends itself: the server restarts, the connection broke, a deadlock was resolved against us."""
    state = _state(error)
    if state is None:
        return error.connection_invalidated or type(error).__name__ in ("OperationalError", "InterfaceError")
    return state.startswith(("08", "57P", "40"))
