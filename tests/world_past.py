"""What lies behind a tenant: an act told twice unseen, an account that fell."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass import crm, events, scoring
from salescompass.identity import Actor
from salescompass.vocabulary import Source, SubjectKind


def tell_at_once(session: Session, person_id: UUID, at: datetime) -> None:
    """An event and its repetition, told by two requests that could not see each other."""
    for _ in range(2):
        body = {"type": "page_viewed", "contact": {"id": str(person_id)}, "properties": {"url": "/at-once"}}
        done = events.record(session, events.read_event(body, now=at), source=Source.API)
    unfold = text("UPDATE event SET duplicate_of = NULL WHERE occurred_at = :at AND id = :id")
    session.connection().execute(unfold, {"id": done.id, "at": done.occurred_at})
    events.recount_cells(session, [events.Cell(SubjectKind.PERSON, person_id, at.astimezone(UTC).date())])


def add_fallen_account(session: Session, actor: Actor, name: str, at: datetime) -> None:
    """An account of this member's whose score fell sharply by the end of yesterday."""
    fallen = crm.create_record(session, actor, "accounts", {"name": name, "owner_id": str(actor.member_id)})
    scoring.rescore(session, [(SubjectKind.ACCOUNT, fallen.id)], now=at)
    session.connection().execute(
        text(
            "INSERT INTO score_snapshot (subject_kind, subject_id, day, value) "
            "SELECT 'account', :id, CAST(:today AS date) - n, CASE n WHEN 1 THEN 20 ELSE 60 END "
            "FROM generate_series(1, 60) n"
        ),
        {"id": fallen.id, "today": at.astimezone(UTC).date()},
    )
