"""An action goes through hands: offered, taken, declined, handed back; an event is given to somebody."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from salescompass import actions, crm, events, identity, notifications
from salescompass.actions import ActionView, NewAction
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Conflict, Invalid, NotFound
from salescompass.vocabulary import Source


def offered(session: Session, by: Actor, to: Actor, acme: UUID) -> ActionView:
    """An action that waits for an answer."""
    call = actions.create(session, by, NewAction("Call Anna", "call", account_id=acme)).action
    return actions.delegate(session, by, action_id=call.id, to_id=to.member_id or uuid4(), note="I am away").action


def told(session: Session, actor: Actor) -> list[str]:
    """The kinds of what a member was told."""
    return [one.kind for one in notifications.inbox(session, actor).items]


def test_an_offer_is_taken_watched_and_handed_back(session: Session, ann: Actor, ben: Actor, acme: UUID) -> None:
    call = offered(session, ann, ben, acme)
    assert (call.assignee, call.offered_to) == ("Ann", "Ben")
    ((offer, same),) = actions.offers_to_me(session, ben)
    assert (offer.note, offer.from_name, same.id) == ("I am away", "Ann", call.id)
    assert told(session, ben) == ["action_offered"]
    taken = actions.answer(session, ben, delegation_id=offer.id, accept=True, note="Sure").action
    assert (taken.assignee, taken.offer_id) == ("Ben", None)
    assert told(session, ann) == ["offer_answered"]
    assert [(one.answer, action.assignee) for one, action in actions.handed_over(session, ann)] == [("Sure", "Ben")]
    back = actions.hand_back(session, ben, action_id=call.id, note="No time").action
    assert back.assignee == "Ann"
    assert [one.state for one in actions.chain(session, ann, action_id=call.id)] == ["handed_back"]
    assert actions.handed_over(session, ann) == []
    verbs = [one.verb for one in actions.history(session, ben, action_id=call.id)]
    assert verbs == ["create", "offer", "take", "hand_back"]
    with pytest.raises(Conflict, match="not taken over"):
        actions.hand_back(session, ann, action_id=call.id)


def test_an_offer_is_declined_and_may_be_made_again(session: Session, ann: Actor, ben: Actor, acme: UUID) -> None:
    call = offered(session, ann, ben, acme)
    assert ben.member_id
    with pytest.raises(Conflict, match="offered to somebody"):
        actions.delegate(session, ann, action_id=call.id, to_id=ben.member_id)
    assert call.offer_id
    with pytest.raises(NotFound):
        actions.answer(session, ann, delegation_id=call.offer_id, accept=True)
    stays = actions.answer(session, ben, delegation_id=call.offer_id, accept=False, note="On leave").action
    assert stays.assignee == "Ann"
    again = actions.delegate(session, ann, action_id=call.id, to_id=ben.member_id)
    gone = actions.withdraw_offer(session, ann, action_id=call.id)
    assert gone.action.offer_id is None
    states = [one.state for one in actions.chain(session, ann, action_id=again.action.id)]
    assert states == ["declined", "withdrawn"]


def test_what_is_done_is_offered_no_more_until_that_is_undone(
    session: Session, ann: Actor, ben: Actor, acme: UUID
) -> None:
    call = offered(session, ann, ben, acme)
    done = actions.complete(session, ann, action_id=call.id, outcome="positive")
    assert actions.offers_to_me(session, ben) == []
    actions.undo(session, ann, move_id=done.move_id)
    assert [one.id for one, _ in actions.offers_to_me(session, ben)] == [call.offer_id]
    offer = actions.history(session, ann, action_id=call.id)[1]
    with pytest.raises(Conflict, match="gone on"):
        actions.undo(session, ann, move_id=offer.id)


def test_an_offer_is_undone(session: Session, ann: Actor, ben: Actor, acme: UUID) -> None:
    call = offered(session, ann, ben, acme)
    actions.undo(session, ann, move_id=actions.history(session, ann, action_id=call.id)[-1].id)
    assert actions.offers_to_me(session, ben) == []


def test_nothing_is_given_to_who_is_gone_or_is_oneself(session: Session, ann: Actor, acme: UUID) -> None:
    call = actions.create(session, ann, NewAction("Call", account_id=acme)).action
    assert ann.member_id
    with pytest.raises(Invalid, match="theirs already"):
        actions.delegate(session, ann, action_id=call.id, to_id=ann.member_id)
    with pytest.raises(Invalid, match="no such member"):
        actions.delegate(session, ann, action_id=call.id, to_id=uuid4())


def test_an_event_is_given_to_a_colleague_once(session: Session, ann: Actor, ben: Actor, anna: UUID) -> None:
    body = {"type": "proposal_viewed", "contact": {"id": str(anna)}}
    event_id = events.record(session, events.read_event(body, now=clock.now()), source=Source.API).id
    assert event_id
    moved = actions.assign_event(session, ann, event_id=event_id, member_id=ben.member_id, note="Look, please")
    assert (moved.action.title, moved.action.source) == ("Proposal viewed: Anna Buyer", "event")
    assert (moved.action.evidence, moved.action.offered_to) == ((event_id,), "Ben")
    with pytest.raises(Conflict, match="sees to this event already"):
        actions.assign_event(session, ben, event_id=event_id)
    assert actions.assigned_of(session, ben, event_ids=[event_id, uuid4()])[event_id].id == moved.action.id
    actions.dismiss(session, ann, action_id=moved.action.id, reason="already_done")
    own = actions.assign_event(session, ben, event_id=event_id).action
    assert (own.assignee, own.state) == ("Ben", "accepted")
    assert actions.assigned_of(session, ann, event_ids=[event_id])[event_id].id == own.id


def test_who_could_take_it_is_shown_with_their_load(tenant: UUID, boss: Actor, ann: Actor, ben: Actor) -> None:
    with tenant_session(tenant) as session:
        mine = crm.create_record(session, boss, "accounts", {"name": "Secret", "owner_id": ann.member_id}).id
        call = actions.create(session, ann, NewAction("Call", account_id=mine)).action
        actions.create(session, ben, NewAction("Other"))
        able = {one.name: one.open for one in actions.takers(session, ann, action_id=call.id)}
        assert able["Ben"] == 1
        assert "Ann" not in able
        for who in (ann, ben):
            identity.save_team(session, boss, team_id=None, name=who.name, member_ids=[who.member_id or uuid4()])
    with tenant_session(tenant) as session:
        assert "Ben" not in {one.name for one in actions.takers(session, ann, action_id=call.id)}
