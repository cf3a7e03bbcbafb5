"""Offers to take an action over, as rows: those that wait, those that end, and the chain of one action."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select, update
from sqlmodel import Session

from salescompass.actions.seeing import seen
from salescompass.actions.shapes import ActionView
from salescompass.actions.views import ACTION, get_many
from salescompass.identity import Actor
from salescompass.models import Delegation, Membership
from salescompass.vocabulary import DelegationState

OFFER: Any = Delegation.__table__  # type: ignore[attr-defined]
_FROM: Any = Membership.__table__.alias()  # type: ignore[attr-defined]
_TO: Any = Membership.__table__.alias()  # type: ignore[attr-defined]
_MOST = 200


@dataclass(frozen=True)
class OfferView:
    """An offer to take an action over, and what became of it."""

    id: UUID
    action_id: UUID
    from_id: UUID
    from_name: str
    to_id: UUID
    to_name: str
    state: str
    note: str
    answer: str
    created_at: datetime
    answered_at: datetime | None
    expires_at: datetime


def withdraw(session: Session, action_ids: Collection[UUID], *, now: datetime) -> dict[UUID, UUID]:
    """End the offers that wait for these actions; returns them by action."""
    if not action_ids:
        return {}
    change = (
        update(OFFER)
        .where(OFFER.c.action_id == any_(literal(list(action_ids), ARRAY(Uuid()))), _waiting())
        .values(state=DelegationState.WITHDRAWN.value, answered_at=now)
        .returning(OFFER.c.action_id, OFFER.c.id)
    )
    return {row.action_id: row.id for row in session.connection().execute(change)}


def offer_again(session: Session, offer_id: UUID) -> None:
    """Have a withdrawn offer wait again: what ended it was undone."""
    change = update(OFFER).where(OFFER.c.id == offer_id, OFFER.c.state == DelegationState.WITHDRAWN.value)
    session.connection().execute(change.values(state=DelegationState.OFFERED.value, answered_at=None))


def chain(session: Session, actor: Actor, *, action_id: UUID) -> list[OfferView]:
    """Every offer of an action, the first one first: through whose hands it went."""
    actor.must("actions.read")
    query = _offers(session, actor).where(OFFER.c.action_id == action_id).order_by(OFFER.c.created_at, OFFER.c.id)
    return [OfferView(*row) for row in session.connection().execute(query.limit(_MOST))]


def offers_to_me(session: Session, actor: Actor) -> list[tuple[OfferView, ActionView]]:
    """Offers that wait for one's answer, with their actions, those that end first before others."""
    return _with_actions(session, actor, OFFER.c.to_id, (DelegationState.OFFERED,))


def handed_over(session: Session, actor: Actor) -> list[tuple[OfferView, ActionView]]:
    """What one has offered to others, waiting or accepted and still open: one goes on seeing what becomes of it."""
    found = _with_actions(session, actor, OFFER.c.from_id, (DelegationState.OFFERED, DelegationState.ACCEPTED))
    return [(offer, action) for offer, action in found if action.is_open]


def _with_actions(
    session: Session, actor: Actor, mine: Any, states: Collection[DelegationState]
) -> list[tuple[OfferView, ActionView]]:
    actor.must("actions.read")
    if actor.member_id is None:
        return []
    query = _offers(session, actor).where(mine == actor.member_id, OFFER.c.state.in_([one.value for one in states]))
    rows = session.connection().execute(query.order_by(OFFER.c.expires_at, OFFER.c.id).limit(_MOST))
    found = [OfferView(*row) for row in rows]
    actions = get_many(session, actor, ids=[one.action_id for one in found])
    return [(one, actions[one.action_id]) for one in found if one.action_id in actions]


def _offers(session: Session, actor: Actor) -> Any:
    return (
        select(
            OFFER.c.id, OFFER.c.action_id, OFFER.c.from_id, _FROM.c.name, OFFER.c.to_id, _TO.c.name, OFFER.c.state,
            OFFER.c.note, OFFER.c.answer, OFFER.c.created_at, OFFER.c.answered_at, OFFER.c.expires_at,
        )
        .join(_FROM, _FROM.c.id == OFFER.c.from_id)
        .join(_TO, _TO.c.id == OFFER.c.to_id)
        .join(ACTION, ACTION.c.id == OFFER.c.action_id)
        .where(seen(session, actor))
    )  # fmt: skip


def _waiting() -> Any:
    return OFFER.c.state == DelegationState.OFFERED.value
