"""Delegation: an action is offered to a colleague, who takes it, declines it or lets the offer time out.

It stays with whoever has it until it is taken. Who offered it goes on seeing it, and gets it back when it is handed
back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass.actions import offers, seeing
from salescompass.actions.lifecycle import next_state
from salescompass.actions.moves import Step, locked_one, write
from salescompass.actions.reading import LONGEST_NOTE, text
from salescompass.actions.shapes import Moved
from salescompass.actions.telling import tell_member
from salescompass.actions.views import get
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.errors import Conflict, Invalid, NotFound
from salescompass.models import Action, Delegation
from salescompass.vocabulary import ActionVerb, DelegationState

USUAL_HOURS, MOST_HOURS = 24, 24 * 14


def delegate(
    session: Session,
    actor: Actor,
    *,
    action_id: UUID,
    to_id: UUID,
    note: str = "",
    hours: int = USUAL_HOURS,
    now: datetime | None = None,
) -> Moved:
    """Ask a member who sees its records to take an action over within so many hours."""
    now, said = now or clock.now(), text(note, "note", LONGEST_NOTE)
    if not 1 <= hours <= MOST_HOURS:
        raise Invalid(f"Give them 1 to {MOST_HOURS} hours", field="hours")
    row = locked_one(session, actor, action_id)
    seeing.must_change(actor, row)
    state = next_state(ActionVerb.OFFER, row.state)
    giver = row.assignee_id or actor.member_id
    if giver is None:
        raise Conflict("It is nobody's yet: give it to them at once")
    if to_id == giver:
        raise Invalid("It is theirs already", field="to_id")
    member = seeing.member_of(session, to_id, "to_id")
    for why in seeing.blind_to(session, member, [row]).values():
        raise Invalid(why, field="to_id")
    if session.exec(select(Delegation.id).where(*_waits(action_id))).first():
        raise Conflict("It is offered to somebody already: take that back first")
    offer = Delegation(
        action_id=action_id, from_id=giver, to_id=to_id, note=said, created_at=now, updated_at=now,
        expires_at=now + timedelta(hours=hours),
    )  # fmt: skip
    session.add(offer)
    more = {"offer_id": str(offer.id), "to_id": str(to_id)}
    moved = _write(session, actor, ActionVerb.OFFER, row, {"state": state.value}, said, now, **more)
    body = f"{actor.name} asks you to take this over. {said}"
    tell_member(session, to_id, "action_offered", row, body, by=actor.member_id, now=now)
    return moved


def answer(
    session: Session, actor: Actor, *, delegation_id: UUID, accept: bool, note: str = "", now: datetime | None = None
) -> Moved:
    """Take over what one was offered, or decline. Raises Conflict when the offer has ended."""
    now, said = now or clock.now(), text(note, "note", LONGEST_NOTE)
    found = session.exec(select(Delegation).where(Delegation.id == delegation_id)).first()
    if found is None or found.to_id != actor.member_id:
        raise NotFound("There is no such offer to you")
    actor.must("actions.write")
    row = locked_one(session, actor, found.action_id)
    offer = _locked_offer(session, delegation_id)
    if offer.state != DelegationState.OFFERED or offer.expires_at <= now:
        raise Conflict("This offer has ended")
    verb = ActionVerb.TAKE if accept else ActionVerb.DECLINE
    changes: dict[str, Any] = {"state": next_state(verb, row.state).value}
    if accept:
        changes |= {"assignee_id": actor.member_id, "assigned_because": ["Taken over from a colleague"]}
    _end(session, offer, DelegationState.ACCEPTED if accept else DelegationState.DECLINED, said, now)
    moved = _write(session, actor, verb, row, changes, said, now, offer_id=str(offer.id))
    body = f"{actor.name} {'has taken this over' if accept else 'has declined'}. {said}"
    tell_member(session, offer.from_id, "offer_answered", row, body, by=actor.member_id, now=now)
    return moved


def hand_back(session: Session, actor: Actor, *, action_id: UUID, note: str = "", now: datetime | None = None) -> Moved:
    """Give an action that one has taken over back to whoever offered it."""
    now, said = now or clock.now(), text(note, "note", LONGEST_NOTE)
    row = locked_one(session, actor, action_id)
    seeing.must_change(actor, row)
    query = select(Delegation.id).where(
        Delegation.action_id == action_id, Delegation.to_id == row.assignee_id, _is(DelegationState.ACCEPTED)
    )
    offer_id = session.exec(query.order_by(col(Delegation.answered_at).desc())).first()
    if offer_id is None:
        raise Conflict("This action was not taken over from anybody")
    offer = _locked_offer(session, offer_id)
    giver = seeing.member_of(session, offer.from_id, "action_id")
    for why in seeing.blind_to(session, giver, [row]).values():
        raise Conflict(why)
    changes = {
        "state": next_state(ActionVerb.HAND_BACK, row.state).value, "assignee_id": offer.from_id,
        "assigned_because": ["Handed back"],
    }  # fmt: skip
    offers.withdraw(session, [action_id], now=now)
    _end(session, offer, DelegationState.HANDED_BACK, said, now)
    moved = _write(session, actor, ActionVerb.HAND_BACK, row, changes, said, now, offer_id=str(offer.id))
    body = f"{actor.name} has handed this back. {said}"
    tell_member(session, offer.from_id, "offer_answered", row, body, by=actor.member_id, now=now)
    return moved


def withdraw_offer(session: Session, actor: Actor, *, action_id: UUID, now: datetime | None = None) -> Moved:
    """Take an offer back that nobody has answered. Raises Conflict when there is none."""
    now = now or clock.now()
    row = locked_one(session, actor, action_id)
    asked_by = session.exec(select(Delegation.from_id).where(*_waits(action_id))).first()
    if asked_by is None:
        raise Conflict("Nothing is offered")
    if asked_by != actor.member_id:
        seeing.must_change(actor, row)
    actor.must("actions.write")
    state = next_state(ActionVerb.WITHDRAW, row.state)
    ended = offers.withdraw(session, [action_id], now=now)
    changes, offer_id = {"state": state.value}, str(ended[action_id])
    return _write(session, actor, ActionVerb.WITHDRAW, row, changes, "", now, offer_id=offer_id)


def _waits(action_id: UUID) -> tuple[Any, Any]:
    return col(Delegation.action_id) == action_id, _is(DelegationState.OFFERED)


def _is(state: DelegationState) -> Any:
    return col(Delegation.state) == state.value


def _locked_offer(session: Session, offer_id: UUID) -> Delegation:
    query = select(Delegation).where(Delegation.id == offer_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()


def _end(session: Session, offer: Delegation, state: DelegationState, said: str, now: datetime) -> None:
    offer.state, offer.answer, offer.answered_at, offer.updated_at = state.value, said, now, now
    session.add(offer)


def _write(
    session: Session, actor: Actor, verb: ActionVerb, row: Action, changes: dict[str, Any], said: str, now: datetime,
    **more: str,
) -> Moved:  # fmt: skip
    step = Step(row, changes, more=dict(more), reason=said)
    write(session, actor, verb, [step], now=now)
    return Moved(get(session, actor, action_id=row.id), step.move_id)
