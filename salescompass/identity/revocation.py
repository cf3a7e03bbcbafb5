"""Ending sessions: one, those of a member in a tenant, those of a person everywhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.kit import live
from salescompass.kit.database import after_commit, system_session
from salescompass.vocabulary import Topic


def end_member_sessions(tenant_id: UUID, member_id: UUID, *, but: UUID | None = None) -> int:
    """End a member's sessions in a tenant, all but one when given. Returns how many."""
    with system_session() as system:
        return _end(system, "tenant_id = :tenant AND membership_id = :member", but, tenant=tenant_id, member=member_id)


def end_user_sessions(system: Session, user_id: UUID, *, but: UUID | None = None) -> int:
    """End a person's sessions in every tenant, all but one when given."""
    return _end(system, "user_id = :user", but, user=user_id)


def end_session(system: Session, session_id: UUID, member_id: UUID) -> int:
    """End one session, if it is this member's."""
    return _end(system, "id = :id AND membership_id = :member", None, id=session_id, member=member_id)


def _end(system: Session, which: str, but: UUID | None, **values: UUID) -> int:
    done = system.connection().execute(
        text(
            f"UPDATE session SET revoked_at = now() WHERE {which} "  # noqa: S608 - one of the constants above
            "AND revoked_at IS NULL AND (CAST(:but AS uuid) IS NULL OR id <> :but) RETURNING tenant_id"
        ),
        {**values, "but": but},
    )
    ended = list(done.scalars())
    for tenant_id in set(ended):
        after_commit(system, partial(live.announce, tenant_id, Topic.ACCESS))
    return len(ended)


def forget_ended(*, now: datetime) -> int:
    """Delete what can open nothing any more: sessions and links a month after their end, browsers unseen for a year.

    Returns how many rows. The month is there for the member who asks what happened.
    """
    month, year = now - timedelta(days=30), now - timedelta(days=365)
    with system_session() as system:
        connection = system.connection()
        gone = (
            connection.execute(text(statement), {"month": month, "year": year}).rowcount
            for statement in (
                "DELETE FROM session WHERE coalesce(revoked_at, expires_at) < :month",
                "DELETE FROM reset_token WHERE coalesce(used_at, expires_at) < :month",
                "DELETE FROM device WHERE last_seen_at < :year",
            )
        )
        return sum(gone)
