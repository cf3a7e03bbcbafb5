"""What can be written about and followed: records, events and actions; who sees one, and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from salescompass import actions, crm, events
from salescompass.crm import Ownership, Sight
from salescompass.identity import Actor, Colleague
from salescompass.kit.errors import Invalid, NotFound
from salescompass.models import Account, Opportunity, Person

_TABLES: dict[str, Any] = {
    "account": Account.__table__,  # type: ignore[attr-defined]
    "person": Person.__table__,  # type: ignore[attr-defined]
    "opportunity": Opportunity.__table__,  # type: ignore[attr-defined]
}
RECORDS = {"account": "/accounts", "person": "/contacts", "opportunity": "/opportunities"}


@dataclass(frozen=True)
class Thing:
    """Something that notes are about. `records` are those it names: who sees it sees them all.

    `concerned` are members who have to do with it without following it; where it names no record, only they see it.
    """

    object_type: str
    id: UUID
    name: str
    link: str
    needs: str
    records: tuple[tuple[str, UUID, Ownership], ...]
    concerned: frozenset[UUID] = frozenset()

    def seen_by(self, one: Colleague) -> bool:
        """Whether a colleague may be told of it."""
        if self.needs not in one.permissions:
            return False
        if not self.records and self.object_type == "action":
            return one.id in self.concerned
        return all(Sight(kind, one.reach.owners(kind)).takes_in(whose) for kind, _, whose in self.records)

    @property
    def followed(self) -> tuple[tuple[str, UUID], ...]:
        """Whose followers hear of it: its own, or those of the records that an event is about."""
        if self.object_type == "event":
            return tuple((kind, one) for kind, one, _ in self.records)
        return ((self.object_type, self.id),)


def thing(session: Session, actor: Actor, object_type: str, object_id: UUID) -> Thing:
    """Something the actor sees. Raises NotFound, and Invalid for a kind that notes are not about."""
    found = _THINGS.get(object_type)
    if found is None:
        raise Invalid("Notes are on accounts, people, deals, events and actions", field="object_type")
    return found(session, actor, object_type, object_id)


def _record(session: Session, actor: Actor, object_type: str, object_id: UUID) -> Thing:
    rows = _TABLES[object_type].c
    query = select(rows.name).where(rows.id == object_id, rows.deleted_at.is_(None))
    name = session.connection().execute(query).scalar()
    records = _named(session, {object_type: object_id})
    if name is None or not _seen(session, actor, records):
        raise NotFound("There is no such record")
    return Thing(object_type, object_id, name, f"{RECORDS[object_type]}/{object_id}", "records.read", records)


def _event(session: Session, actor: Actor, object_type: str, object_id: UUID) -> Thing:
    entry = events.event_by_id(session, object_id)
    records = _named(session, {"account": entry.account_id, "person": entry.person_id})
    if entry.opportunity_id:
        # The event of a deal goes with the deal, whosever the account.
        records = _named(session, {"opportunity": entry.opportunity_id})
    if not _seen(session, actor, records):
        raise NotFound("no such event")
    about = entry.account_name or entry.person_name or "an event"
    return Thing(object_type, object_id, f"{entry.label}, {about}", f"/feed?event={object_id}", "feed.read", records)


def _action(session: Session, actor: Actor, object_type: str, object_id: UUID) -> Thing:
    found = actions.get(session, actor, action_id=object_id)
    named = {"account": found.account_id, "person": found.person_id, "opportunity": found.opportunity_id}
    concerned = frozenset(one for one in (found.assignee_id, found.created_by) if one is not None)
    link = action_link(object_id)
    return Thing(object_type, object_id, found.title, link, "actions.read", _named(session, named), concerned)


def action_link(action_id: UUID) -> str:
    """The page on which an action is open."""
    return f"/actions/{action_id}"


def _named(session: Session, named: dict[str, UUID | None]) -> tuple[tuple[str, UUID, Ownership], ...]:
    """The records that something names, and whose they are."""
    found = []
    for object_type, object_id in named.items():
        if object_id is not None:
            whose = crm.ownerships(session, object_type, [object_id])
            found += [(object_type, object_id, one) for one in whose.values()]
    return tuple(found)


def _seen(session: Session, actor: Actor, records: Sequence[tuple[str, UUID, Ownership]]) -> bool:
    return all(crm.Sight.of(session, kind, actor).takes_in(whose) for kind, _, whose in records)


_THINGS: dict[str, Callable[[Session, Actor, str, UUID], Thing]] = {
    **dict.fromkeys(RECORDS, _record),
    "event": _event,
    "action": _action,
}


def readers(about: Thing, everybody: Collection[Colleague], *, visibility: str, author: UUID | None,
            circle: frozenset[UUID] | None) -> list[Colleague]:  # fmt: skip
    """Those who may read a note on it: who sees it, narrowed to its author's team or to its author."""
    seen = [one for one in everybody if about.seen_by(one)]
    if visibility == "private":
        return [one for one in seen if one.id == author]
    if visibility == "team" and circle is not None:
        return [one for one in seen if one.id in circle or one.id == author]
    return seen
