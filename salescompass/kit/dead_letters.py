"""What lies in the outbox: for the sweeper, across tenants; for a tenant's health page, its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.kit.database import after_commit, session_tenant, system_session
from salescompass.kit.queue import wake


@dataclass(frozen=True)
class DeadLetter:
    """A row that failed too often and waits for somebody to look."""

    id: UUID
    topic: str
    attempts: int
    last_error: str
    created_at: datetime
    dead_at: datetime


@dataclass(frozen=True)
class Backlog:
    """How much waits in a topic, and since when its oldest is due."""

    topic: str
    waiting: int
    claimed: int
    dead: int
    oldest_due: datetime | None


def due_topics() -> list[tuple[UUID, str]]:
    """Tenants and topics with rows that are due and held by nobody."""
    with system_session() as session:
        found = session.connection().execute(
            text(
                "SELECT DISTINCT tenant_id, topic FROM outbox WHERE dead_at IS NULL AND due_at <= now() "
                "AND (lease_until IS NULL OR lease_until < now())"
            )
        )
        return [(tenant_id, topic) for tenant_id, topic in found]


def backlog(session: Session) -> list[Backlog]:
    """The tenant's outbox, by topic."""
    found = session.connection().execute(
        text(
            "SELECT topic, count(*) FILTER (WHERE dead_at IS NULL), "
            "count(*) FILTER (WHERE dead_at IS NULL AND lease_until > now()), "
            "count(*) FILTER (WHERE dead_at IS NOT NULL), min(due_at) FILTER (WHERE dead_at IS NULL) "
            "FROM outbox GROUP BY topic ORDER BY topic"
        )
    )
    return [Backlog(*row) for row in found]


def dead_letters(session: Session, *, limit: int = 50) -> list[DeadLetter]:
    """The tenant's dead letters, newest first."""
    found = session.connection().execute(
        text(
            "SELECT id, topic, attempts, last_error, created_at, dead_at FROM outbox "
            "WHERE dead_at IS NOT NULL ORDER BY dead_at DESC, id LIMIT :limit"
        ),
        {"limit": limit},
    )
    return [DeadLetter(*row) for row in found]


def retry_dead_letters(session: Session, ids: list[UUID] | None = None) -> int:
    """Make dead letters due again, all of them without `ids`. Returns how many."""
    found = session.connection().execute(
        text(
            "UPDATE outbox SET dead_at = NULL, attempts = 0, due_at = now(), lease_until = NULL, lease_token = NULL "
            "WHERE dead_at IS NOT NULL AND (:every OR id = ANY(:ids)) RETURNING topic"
        ),
        {"every": ids is None, "ids": ids or []},
    )
    topics = [topic for (topic,) in found]
    tenant_id = session_tenant(session)
    for topic in sorted(set(topics)):
        after_commit(session, lambda topic=topic: wake(tenant_id, topic))  # type: ignore[misc]
    return len(topics)
