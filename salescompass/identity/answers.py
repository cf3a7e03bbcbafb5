"""Answers to writes that carried an Idempotency-Key: the same request, sent again within a day, gets the first one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from salescompass.kit.database import hold, session_tenant
from salescompass.kit.errors import Invalid
from salescompass.models import Idempotent

KEPT = timedelta(hours=24)


@dataclass(frozen=True)
class Answer:
    """An answer as it was given."""

    status: int
    body: str
    headers: Mapping[str, str]


def remembered_answer(
    session: Session, *, api_key_id: UUID, key: str, request_hash: str, now: datetime
) -> Answer | None:
    """The answer that this key was given within a day; None for a new one, which is locked until this transaction ends.

    Raises Invalid when the key came with another request.
    """
    hold(session, f"answer:{api_key_id}:{key}")
    row = session.exec(select(Idempotent).where(Idempotent.api_key_id == api_key_id, Idempotent.key == key)).first()
    if row is None or row.at <= now - KEPT:
        return None
    if row.request_hash != request_hash:
        raise Invalid("This Idempotency-Key was used for another request", field="Idempotency-Key")
    return Answer(row.status, row.body, row.headers)


def remember_answer(
    session: Session, *, api_key_id: UUID, key: str, request_hash: str, answer: Answer, now: datetime
) -> None:
    """Keep an answer for a day."""
    there = session.exec(select(Idempotent).where(Idempotent.api_key_id == api_key_id, Idempotent.key == key))
    row = there.first() or Idempotent(
        tenant_id=session_tenant(session), api_key_id=api_key_id, key=key, request_hash=request_hash
    )
    row.request_hash, row.status, row.body, row.at = request_hash, answer.status, answer.body, now
    row.headers = dict(answer.headers)
    session.add(row)
    session.flush()


def forget_answers(session: Session, *, now: datetime) -> int:
    """Delete answers that are older than a day."""
    done = session.connection().execute(text("DELETE FROM idempotent WHERE at <= :before"), {"before": now - KEPT})
    return done.rowcount
