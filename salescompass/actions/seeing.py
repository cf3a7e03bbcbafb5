"""Who sees an action, and who changes it.

It is seen by whoever sees every record it names; one that names none, by those who have to do with it: whom it was
given or offered to, who made it or offered it, and who manages actions and sees everybody's records. It is changed by
whom it was given to, who made it, and who manages actions; one that is nobody's, by whoever sees it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, false, literal, or_, select, true
from sqlmodel import Session

from salescompass import crm, identity
from salescompass.identity import Actor
from salescompass.kit.errors import Denied, Invalid, NotFound
from salescompass.models import Account, Action, Delegation, Opportunity, Person

_ACTION: Any = Action.__table__  # type: ignore[attr-defined]
_OFFERS: Any = Delegation.__table__  # type: ignore[attr-defined]
NAMED = {"account": "account_id", "person": "person_id", "opportunity": "opportunity_id"}
_RECORDS: dict[str, Any] = {
    "account": Account.__table__,  # type: ignore[attr-defined]
    "person": Person.__table__,  # type: ignore[attr-defined]
    "opportunity": Opportunity.__table__,  # type: ignore[attr-defined]
}
CALLED = {"account": "account", "person": "person", "opportunity": "deal"}
MANAGE = "actions.manage"


def seen(session: Session, actor: Actor, table: Any = None) -> ColumnElement[bool]:
    """Which rows of the table of actions, or of an alias of it, the actor sees."""
    rows = (_ACTION if table is None else table).c
    sights = {column: crm.Sight.of(session, kind, actor) for kind, column in NAMED.items()}
    everything = all(sight.owners is None for sight in sights.values())
    if everything and actor.may(MANAGE):
        return true()
    names_one = or_(*(rows[column].is_not(None) for column in NAMED.values()))
    records = (sight.reference(rows[column]) for column, sight in sights.items())
    return and_(or_(names_one, _concerns(rows, actor)), *records)


def _concerns(rows: Any, actor: Actor) -> ColumnElement[bool]:
    if actor.actor_id is None:
        return false()
    made = rows.created_by == actor.actor_id
    if actor.member_id is None:
        return made
    me = actor.member_id
    offered = select(_OFFERS.c.action_id).where(or_(_OFFERS.c.to_id == me, _OFFERS.c.from_id == me))
    return or_(rows.assignee_id == me, made, rows.id.in_(offered))


def must_change(actor: Actor, action: Any) -> None:
    """Raises Denied unless the actor may change this action, which they see."""
    actor.must("actions.write")
    mine = actor.actor_id is not None and actor.actor_id in (action.assignee_id, action.created_by)
    if not (mine or action.assignee_id is None or actor.may(MANAGE)):
        raise Denied("This action is a colleague's: only they, who made it, and managers change it", permission=MANAGE)


def out_of_sight(session: Session, actor: Actor, kind: str, ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these records that are not there, in the trash, or not seen by the actor."""
    if not ids:
        return frozenset()
    table = _RECORDS[kind]
    query = select(table.c.id).where(
        table.c.id == any_(literal(list(ids), ARRAY(Uuid()))),
        table.c.deleted_at.is_(None),
        crm.Sight.of(session, kind, actor).condition(table),
    )
    return frozenset(ids) - frozenset(session.connection().execute(query).scalars())


def member_of(session: Session, member_id: UUID, field: str = "member_id") -> Actor:
    """A colleague who can be given something. Raises Invalid for one who is not active or may have no actions."""
    try:
        found = identity.acting_member(session, member_id)
    except NotFound:
        raise Invalid("There is no such member", field=field) from None
    if not found.may("actions.write"):
        raise Invalid(f"{found.name} cannot be given actions", field=field)
    return found


def blind_to(session: Session, member: Actor, actions: Sequence[Any]) -> dict[UUID, str]:
    """For each of these actions that names a record which this member does not see, why they cannot be given it."""
    found: dict[UUID, str] = {}
    for kind, column in NAMED.items():
        hidden = out_of_sight(session, member, kind, {one for row in actions if (one := getattr(row, column))})
        for row in actions:
            if getattr(row, column) in hidden:
                found[row.id] = f"{member.name} does not see this {CALLED[kind]}: change its owner or their team first"
    return found
