"""What happens by itself: events close and wake actions, and so does time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from salescompass import actions, crm, events
from salescompass.actions import ActionView, NewAction
from salescompass.catalogue import catalogue
from salescompass.events import EventBatch
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.database import fetch
from salescompass.kit.errors import Conflict, Invalid
from salescompass.vocabulary import Source


def happens(session: Session, type_key: str, *, at: datetime | None = None, **who: Any) -> EventBatch:
    """An event, and what follows for actions."""
    body = {"type": type_key, **who, **({"occurred_at": at.isoformat()} if at else {})}
    told = events.record(session, events.read_event(body, now=clock.now()), source=Source.API)
    assert told.id
    assert told.occurred_at
    batch = EventBatch((told.id,), (told.occurred_at,))
    actions.react(session, batch)
    return batch


def proposed(session: Session, boss: Actor, **fields: Any) -> ActionView:
    """An action as a rule proposes it."""
    (made,) = actions.propose_many(session, boss, [NewAction(**{"title": "Write to Anna", **fields})])
    assert made.action_id
    return actions.get(session, boss, action_id=made.action_id)


REPLY = {"until_event": ["email_replied"]}


def test_a_reply_closes_what_waits_for_one_and_says_so(session: Session, boss: Actor, acme: UUID, anna: UUID) -> None:
    hers = proposed(session, boss, person_id=anna, account_id=acme, watch=REPLY)
    theirs = proposed(session, boss, account_id=acme, watch=REPLY)
    other = proposed(session, boss, person_id=anna, watch={"until_event": ["meeting_scheduled"]})
    batch = happens(session, "email_replied", contact={"id": str(anna)})
    for one in (hers, theirs):
        gone = actions.get(session, boss, action_id=one.id)
        assert (gone.state, gone.closing_note) == ("expired", "Anna Buyer replied")
        assert gone.evidence == batch.ids
    assert actions.get(session, boss, action_id=other.id).state == "proposed"
    last = actions.history(session, boss, action_id=hers.id)[-1]
    assert (last.verb, last.reason, last.actor_kind) == ("expire", "Anna Buyer replied", "system")


def test_only_the_persons_own_act_counts_and_none_of_machines_or_of_before(
    session: Session, boss: Actor, acme: UUID, anna: UUID
) -> None:
    hers = proposed(session, boss, person_id=anna, account_id=acme, watch=REPLY)
    happens(session, "email_replied", contact={"email": "bob@acme.example"})
    happens(session, "email_replied", contact={"id": str(anna)}, actor="machine")
    happens(session, "email_replied", contact={"id": str(anna)}, at=clock.now() - timedelta(days=1))
    assert actions.get(session, boss, action_id=hers.id).state == "proposed"


def test_a_snoozed_action_comes_back_when_it_happens(session: Session, ann: Actor, acme: UUID, anna: UUID) -> None:
    new = NewAction("Ask about the proposal", person_id=anna, account_id=acme)
    call = actions.create(session, ann, new).action
    with pytest.raises(Invalid, match="no such type"):
        actions.snooze(session, ann, action_id=call.id, until_event="proposal_eaten")
    slept = actions.snooze(session, ann, action_id=call.id, until_event="proposal_viewed").action
    assert (slept.state, slept.snoozed_for, slept.snoozes) == ("snoozed", "proposal_viewed", 1)
    happens(session, "page_viewed", contact={"id": str(anna)})
    assert actions.get(session, ann, action_id=call.id).state == "snoozed"
    batch = happens(session, "proposal_viewed", contact={"email": "bob@acme.example", "name": "Bob"})
    woken = actions.get(session, ann, action_id=call.id)
    assert (woken.state, woken.snoozed_until, woken.snoozed_for) == ("accepted", None, "")
    assert woken.reasons == ("Bob looked at the proposal",)
    assert woken.evidence == batch.ids
    happens(session, "proposal_viewed", contact={"id": str(anna)})
    assert len(actions.history(session, ann, action_id=call.id)) == 3


def test_a_batch_that_concerns_nothing_that_waits_reads_no_event(session: Session, ann: Actor, anna: UUID) -> None:
    actions.create(session, ann, NewAction("Call", person_id=anna))
    batch = EventBatch((UUID(int=1),), (clock.now(),))
    assert actions.react(session, batch) == actions.Reacted()
    assert fetch(session, "SELECT count(*) FROM action WHERE awaits")[0][0] == 0


def test_time_wakes_closes_and_ends_offers(session: Session, ann: Actor, ben: Actor, boss: Actor, acme: UUID) -> None:
    now = clock.now()
    slept = actions.create(session, ann, NewAction("Sleep", account_id=acme)).action
    actions.start(session, ann, action_id=slept.id)
    actions.snooze(session, ann, action_id=slept.id, until=now + timedelta(hours=1))
    late = actions.create(session, ann, NewAction("Late", account_id=acme, expires_at=now + timedelta(hours=1))).action
    assert ben.member_id
    asked = actions.create(session, ann, NewAction("Asked", account_id=acme)).action
    offered = actions.delegate(session, ann, action_id=asked.id, to_id=ben.member_id, hours=1).action
    assert actions.expire_and_wake(session, now=now).woken == 0
    swept = actions.expire_and_wake(session, now=now + timedelta(hours=2))
    assert (swept.woken, swept.closed, swept.timed_out, swept.more) == (1, 1, 1, False)
    assert actions.get(session, ann, action_id=slept.id).state == "in_progress"
    assert actions.get(session, ann, action_id=late.id).closing_note == "Its time was over"
    stays = actions.get(session, ann, action_id=asked.id)
    assert (stays.assignee, stays.offer_id) == ("Ann", None)
    assert [one.state for one in actions.chain(session, ann, action_id=asked.id)] == ["timed_out"]
    assert offered.offer_id
    with pytest.raises(Conflict, match="has ended"):
        actions.answer(session, ben, delegation_id=offered.offer_id, accept=True)


def test_an_action_closes_when_its_record_is_otherwise_or_deleted(session: Session, boss: Actor, acme: UUID) -> None:
    silent = {"combinator": "and", "rules": [{"field": "city", "operator": "missing"}]}
    watch = {"while": silent, "object": "account"}
    one = proposed(session, boss, account_id=acme, watch=watch)
    later = clock.now() + timedelta(hours=2)
    assert actions.recheck(session, known=catalogue(session), now=later) == 1
    assert actions.get(session, boss, action_id=one.id).state == "proposed"
    assert actions.recheck(session, known=catalogue(session), now=later) == 0
    crm.update_record(session, boss, "accounts", acme, {"city": "Oslo"})
    actions.recheck(session, known=catalogue(session), now=later + timedelta(hours=2))
    gone = actions.get(session, boss, action_id=one.id)
    assert gone.state == "expired"
    assert gone.closing_note.startswith("No longer: City")
    another = proposed(session, boss, account_id=acme)
    crm.delete_records(session, boss, "accounts", [acme])
    assert actions.expire_and_wake(session, now=clock.now()).closed == 0
    actions.expire_and_wake(session, now=clock.now() + timedelta(hours=2))
    assert actions.get(session, boss, action_id=another.id).closing_note == "The account was deleted"


def test_a_person_who_is_erased_is_in_no_action_any_more(session: Session, ann: Actor, boss: Actor, anna: UUID) -> None:
    call = actions.create(session, ann, NewAction("Call Anna Buyer", person_id=anna, reasons=("Anna asked",))).action
    done = actions.create(session, ann, NewAction("Write to Anna", person_id=anna)).action
    actions.complete(session, ann, action_id=done.id, outcome="positive", note="Anna is happy")
    crm.delete_records(session, boss, "contacts", [anna], now=clock.now() - timedelta(days=40))
    crm.purge_trash(session, now=clock.now())
    for one, state in ((call, "expired"), (done, "done")):
        left = actions.get(session, boss, action_id=one.id)
        assert (left.title, left.state, left.person_id, left.closing_note) == ("Erased", state, None, "")
        assert "Anna" not in repr(actions.history(session, boss, action_id=one.id))
