"""Who takes part in a deal, and how: champion, buyer, expert, user, opponent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.crm.lists import get_record, get_records, in_reach
from salescompass.crm.storing import write_changes
from salescompass.identity import Actor
from salescompass.kit import clock, live
from salescompass.kit.errors import Invalid, NotFound
from salescompass.vocabulary import DealRole, RecordKind, Topic


@dataclass(frozen=True)
class DealPerson:
    """A person's part in a deal."""

    person_id: UUID
    name: str
    title: str | None
    role: str
    since: datetime


def deal_people(session: Session, *, opportunity_id: UUID) -> list[DealPerson]:
    """Who takes part in a deal; people out of reach are left out."""
    if not in_reach(session, "opportunity", [opportunity_id]):
        raise NotFound("no such opportunity")
    rows = session.connection().execute(_PEOPLE, {"id": opportunity_id}).all()
    seen = get_records(session, "person", [row.person_id for row in rows])
    return [
        DealPerson(row.person_id, seen[row.person_id].name, seen[row.person_id]["title"], row.role, row.created_at)
        for row in rows
        if row.person_id in seen
    ]


def set_deal_role(
    session: Session, actor: Actor, *, opportunity_id: UUID, person_id: UUID, role: str, present: bool = True
) -> None:
    """Give a person a part in a deal, or with `present` false take it away."""
    if role not in tuple(DealRole):
        raise Invalid(f"Choose from {', '.join(DealRole)}", field="role")
    get_record(session, RecordKind.OPPORTUNITIES, opportunity_id)
    person = get_record(session, RecordKind.CONTACTS, person_id)
    given = {"deal": opportunity_id, "person": person_id, "role": role}
    changed = session.connection().execute(_JOIN if present else _LEAVE, given).rowcount
    if changed:
        told = f"{person.name}, {role}"
        what = {"people": [None, told] if present else [told, None]}
        write_changes(session, actor, "opportunity", [(opportunity_id, "changed", what)], now=clock.now())
        live.publish(session, Topic.RECORDS, [opportunity_id, person_id])


_PEOPLE = text(
    "SELECT person_id, role, created_at FROM opportunity_person WHERE opportunity_id = :id "
    "ORDER BY created_at, person_id"
)
_JOIN = text(
    "INSERT INTO opportunity_person (opportunity_id, person_id, role) VALUES (:deal, :person, :role) "
    "ON CONFLICT DO NOTHING"
)
_LEAVE = text("DELETE FROM opportunity_person WHERE opportunity_id = :deal AND person_id = :person AND role = :role")
