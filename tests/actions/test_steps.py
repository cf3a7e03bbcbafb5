"""The steps of an action's life, one by one, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session

from salescompass import actions, crm, events, identity
from salescompass.actions import ActionView, NewAction, NextStep
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Changed, Conflict, Denied, Invalid, NotFound

Hire = Callable[..., Actor]


def made(session: Session, actor: Actor, **fields: Any) -> ActionView:
    """An action made by hand."""
    return actions.create(session, actor, NewAction(**{"title": "Call Anna", "kind": "call", **fields})).action


def row_of(session: Session, action_id: UUID) -> dict[str, Any]:
    """An action as it stands, without what counts its changes."""
    query = "SELECT to_jsonb(action) - ARRAY['row_version', 'updated_at'] FROM action WHERE id = :id"
    return dict(session.connection().execute(text(query), {"id": action_id}).scalar_one())


def test_an_action_made_by_hand_is_accepted_and_ones_own(session: Session, ann: Actor, acme: UUID, anna: UUID) -> None:
    found = made(session, ann, person_id=anna, due_to=clock.now() + timedelta(hours=2))
    assert (found.state, found.assignee, found.person, found.account) == ("accepted", "Ann", "Anna Buyer", "Acme")
    assert found.person_email == "anna@acme.example"
    assert [move.verb for move in actions.history(session, ann, action_id=found.id)] == ["create"]


def test_a_reference_makes_one_action_and_one_step(session: Session, ann: Actor, anna: UUID) -> None:
    new = NewAction("Call Anna", "call", person_id=anna)
    first, again = (actions.create(session, ann, new, client_ref="phone-1") for _ in range(2))
    assert first.action.id == again.action.id
    done = [
        actions.complete(session, ann, action_id=first.action.id, outcome="positive", client_ref="phone-2")
        for _ in range(2)
    ]
    assert done[0].move_id == done[1].move_id
    assert len(events.feed(session).items) == 1
    with pytest.raises(Conflict, match="done already"):
        actions.complete(session, ann, action_id=first.action.id, outcome="positive")


def test_completing_tells_the_ledger_once_and_says_what_is_next(session: Session, ann: Actor, anna: UUID) -> None:
    call = made(session, ann, person_id=anna)
    done = actions.complete(session, ann, action_id=call.id, outcome="no_answer", note="Voicemail")
    assert (done.action.state, done.action.outcome, done.action.success) == ("done", "no_answer", False)
    assert done.suggested is not None
    assert (done.suggested.title, done.suggested.kind) == ("Call again", "call")
    (entry,) = events.feed(session).items
    assert (entry.type, entry.person_id, entry.properties["note"]) == ("call_attempted", anna, "Voicemail")


@pytest.mark.parametrize(
    ("kind", "outcome", "told"),
    [
        ("call", "positive", "call_completed"),
        ("call", "no_answer", "call_attempted"),
        ("meeting", "connected", "meeting_held"),
        ("message", "positive", "message_sent"),
        ("task", "positive", "task_completed"),
        ("call", "not_relevant", "task_completed"),
    ],
)
def test_the_event_fits_kind_and_outcome(
    session: Session, ann: Actor, anna: UUID, kind: str, outcome: str, told: str
) -> None:
    actions.complete(session, ann, action_id=made(session, ann, kind=kind, person_id=anna).id, outcome=outcome)
    assert [one.type for one in events.feed(session).items] == [told]


def test_undo_brings_all_back_the_event_and_the_next_action_too(session: Session, ann: Actor, anna: UUID) -> None:
    call = made(session, ann, person_id=anna)
    before = row_of(session, call.id)
    next_step = NextStep("Send the offer", "email")
    done = actions.complete(session, ann, action_id=call.id, outcome="positive", note="Good", next=next_step)
    assert done.next_id
    assert actions.get(session, ann, action_id=done.next_id).parent_id == call.id
    assert session.connection().execute(text("SELECT sum(n) FROM event_bucket")).scalar() == 1
    actions.undo(session, ann, move_id=done.move_id)
    assert row_of(session, call.id) == before
    assert actions.get(session, ann, action_id=done.next_id).dismissed_for == "cancelled"
    assert events.feed(session).items == ()
    assert session.connection().execute(text("SELECT count(*) FROM event_bucket")).scalar() == 0
    assert events.check_buckets(session).wrong == 0
    # And it can be done again.
    again = actions.complete(session, ann, action_id=call.id, outcome="connected")
    assert again.action.state == "done"
    assert len(events.feed(session).items) == 1
    verbs = [move.verb for move in actions.history(session, ann, action_id=call.id)]
    assert verbs == ["create", "complete", "undo", "complete"]


def test_undo_is_refused_when_something_happened_since_or_it_is_late(
    session: Session, ann: Actor, ben: Actor, anna: UUID
) -> None:
    call, now = made(session, ann, person_id=anna), clock.now()
    slept = actions.snooze(session, ann, action_id=call.id, until=now + timedelta(days=1))
    with pytest.raises(NotFound):
        actions.undo(session, ben, move_id=slept.move_id)
    with pytest.raises(Conflict, match="too late"):
        actions.undo(session, ann, move_id=slept.move_id, now=now + timedelta(seconds=40))
    actions.start(session, ann, action_id=call.id)
    with pytest.raises(Conflict, match="gone on"):
        actions.undo(session, ann, move_id=slept.move_id)
    done = actions.complete(session, ann, action_id=call.id, outcome="positive", next=NextStep("Write"))
    assert done.next_id
    actions.edit(session, ann, action_id=done.next_id, changes={"title": "Write today"})
    with pytest.raises(Conflict, match="next action"):
        actions.undo(session, ann, move_id=done.move_id)


def test_undo_leaves_a_closed_action_when_another_is_open_for_the_same(
    session: Session, boss: Actor, ann: Actor
) -> None:
    new = NewAction("Look", dedupe_key="same")
    first = actions.create(session, ann, new).action
    gone = actions.dismiss(session, ann, action_id=first.id, reason="bad_timing")
    actions.create(session, ann, new)
    with pytest.raises(Conflict, match="another action"):
        actions.undo(session, ann, move_id=gone.move_id)
    assert actions.get(session, ann, action_id=first.id).state == "dismissed"


def test_only_who_has_it_made_it_or_manages_changes_it(
    session: Session, hire: Hire, ann: Actor, ben: Actor, acme: UUID
) -> None:
    call = made(session, ann, account_id=acme)
    with pytest.raises(Denied):
        actions.complete(session, ben, action_id=call.id, outcome="positive")
    lead = hire("Mia", "manager")
    actions.assign(session, lead, action_id=call.id, member_id=ben.member_id)
    assert actions.complete(session, ben, action_id=call.id, outcome="positive").action.state == "done"


def test_an_old_version_is_refused(session: Session, ann: Actor) -> None:
    call = made(session, ann)
    actions.edit(session, ann, action_id=call.id, changes={"title": "Call her"}, version=call.row_version)
    with pytest.raises(Changed):
        actions.dismiss(session, ann, action_id=call.id, reason="not_mine", version=call.row_version)


def test_an_action_without_records_is_seen_by_those_it_concerns(
    session: Session, hire: Hire, ann: Actor, ben: Actor
) -> None:
    own = made(session, ann, title="Tidy up")
    with pytest.raises(NotFound):
        actions.get(session, ben, action_id=own.id)
    actions.delegate(session, ann, action_id=own.id, to_id=ben.member_id or uuid4())
    assert actions.get(session, ben, action_id=own.id).offered_to == "Ben"
    assert actions.get(session, hire("Mia", "manager"), action_id=own.id).assignee == "Ann"


def test_it_is_given_only_to_who_sees_its_records(
    tenant: UUID, hire: Hire, ann: Actor, ben: Actor, boss: Actor
) -> None:
    with tenant_session(tenant) as session:
        for who in (ann, ben):
            identity.save_team(
                session, boss, team_id=None, name=f"Team {who.name}", member_ids=[who.member_id or uuid4()]
            )
        secret = crm.create_record(session, boss, "accounts", {"name": "Secret", "owner_id": ann.member_id}).id
    with tenant_session(tenant) as session:
        call = made(session, ann, account_id=secret)
        with pytest.raises(NotFound):
            actions.get(session, ben, action_id=call.id)
        for give in (
            lambda: actions.assign(session, ann, action_id=call.id, member_id=ben.member_id),
            lambda: actions.delegate(session, ann, action_id=call.id, to_id=ben.member_id or uuid4()),
            lambda: made(session, ann, account_id=secret, assignee_id=ben.member_id),
        ):
            with pytest.raises(Invalid, match="Ben does not see this account"):
                give()
        with pytest.raises(Invalid, match="no such account"):
            made(session, ben, account_id=secret)


def test_a_remark_hinders_no_undo(session: Session, ann: Actor) -> None:
    call = made(session, ann)
    gone = actions.dismiss(session, ann, action_id=call.id, reason="not_relevant")
    actions.comment(session, ann, action_id=call.id, body="They bought elsewhere")
    assert actions.undo(session, ann, move_id=gone.move_id).action.state == "accepted"
    told = [(move.verb, move.reason) for move in actions.history(session, ann, action_id=call.id)]
    assert ("comment", "They bought elsewhere") in told


def test_fifty_at_once_propose_one_action(tenant: UUID, boss: Actor, acme: UUID) -> None:
    news = [NewAction(f"Look at it {n % 3}", account_id=acme, dedupe_key=f"rule:{n % 3}") for n in range(6)]

    def propose(turn: int) -> list[str]:
        with tenant_session(tenant) as session:
            found = actions.propose_many(session, boss, news if turn % 2 else news[::-1])
            assert len({one.action_id for one in found}) == 3
            return [one.status for one in found]

    with ThreadPoolExecutor(10) as pool:
        told = [status for statuses in pool.map(propose, range(50)) for status in statuses]
    assert told.count("created") == 3
    assert told.count("duplicate") == 50 * 6 - 3
    with tenant_session(tenant) as session:
        assert session.connection().execute(text("SELECT count(*) FROM action")).scalar() == 3
        assert session.connection().execute(text("SELECT count(*) FROM action_move")).scalar() == 3


def test_a_proposal_on_a_record_that_is_gone_hinders_no_other(session: Session, boss: Actor, acme: UUID) -> None:
    found = actions.propose_many(
        session, boss, [NewAction("One", account_id=uuid4()), NewAction("Two", account_id=acme)]
    )
    assert [(one.status, one.reason) for one in found] == [("refused", "There is no such account"), ("created", "")]
