"""Actions as everybody sees them: with the names of all they refer to, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, and_, any_, literal, select
from sqlmodel import Session

from salescompass.actions.seeing import seen
from salescompass.actions.shapes import ActionView
from salescompass.identity import Actor
from salescompass.kit.errors import NotFound
from salescompass.models import Account, Action, Delegation, Membership, Opportunity, Person
from salescompass.vocabulary import DelegationState

ACTION: Any = Action.__table__  # type: ignore[attr-defined]
ACCOUNT: Any = Account.__table__.alias()  # type: ignore[attr-defined]
PERSON: Any = Person.__table__.alias()  # type: ignore[attr-defined]
DEAL: Any = Opportunity.__table__.alias()  # type: ignore[attr-defined]
_MEMBER: Any = Membership.__table__.alias()  # type: ignore[attr-defined]
_ASKED: Any = Membership.__table__.alias()  # type: ignore[attr-defined]
_OFFER: Any = Delegation.__table__.alias()  # type: ignore[attr-defined]
_BESIDE: dict[str, Any] = {
    "account": ACCOUNT.c.name,
    "person": PERSON.c.name,
    "person_email": PERSON.c.email,
    "person_phone": PERSON.c.phone,
    "opportunity": DEAL.c.name,
    "assignee": _MEMBER.c.name,
    "priority": ACTION.c.worth,
    "offer_id": _OFFER.c.id,
    "offered_by_id": _OFFER.c.from_id,
    "offered_to_id": _OFFER.c.to_id,
    "offered_to": _ASKED.c.name,
}
_FIELDS = tuple(one.name for one in fields(ActionView))
_TEXTS = tuple(one.name for one in fields(ActionView) if one.type == "str")
_COLUMNS = tuple((_BESIDE[name] if name in _BESIDE else ACTION.c[name]).label(name) for name in _FIELDS)


def statement(*more: Any) -> Select[Any]:
    """All actions with what they refer to, to be narrowed by conditions on `ACTION`; a row is read by `view`.

    `more` are further columns, for whoever joins more.
    """
    offered = and_(_OFFER.c.action_id == ACTION.c.id, _OFFER.c.state == DelegationState.OFFERED.value)
    return (
        select(*_COLUMNS, *more)
        .select_from(ACTION)
        .outerjoin(ACCOUNT, ACCOUNT.c.id == ACTION.c.account_id)
        .outerjoin(PERSON, PERSON.c.id == ACTION.c.person_id)
        .outerjoin(DEAL, DEAL.c.id == ACTION.c.opportunity_id)
        .outerjoin(_MEMBER, _MEMBER.c.id == ACTION.c.assignee_id)
        .outerjoin(_OFFER, offered)
        .outerjoin(_ASKED, _ASKED.c.id == _OFFER.c.to_id)
    )


def view(row: Any) -> ActionView:
    """A row of `statement` as a view."""
    told = {name: row._mapping[name] for name in _FIELDS}
    told |= {name: told[name] or "" for name in _TEXTS}
    told |= {name: tuple(told[name]) for name in ("reasons", "assigned_because")}
    told["evidence"] = tuple(UUID(one) for one in told["evidence"])
    return ActionView(**told)


def get_many(session: Session, actor: Actor, *, ids: Sequence[UUID]) -> dict[UUID, ActionView]:
    """Those of these actions that the actor sees, by their ids."""
    actor.must("actions.read")
    if not ids:
        return {}
    query = statement().where(ACTION.c.id == any_(literal(list(ids), ARRAY(Uuid()))), seen(session, actor))
    return {row.id: view(row) for row in session.connection().execute(query)}


def get(session: Session, actor: Actor, *, action_id: UUID) -> ActionView:
    """An action. Raises NotFound, also for one out of sight."""
    found = get_many(session, actor, ids=[action_id])
    if action_id not in found:
        raise NotFound("There is no such action")
    return found[action_id]
