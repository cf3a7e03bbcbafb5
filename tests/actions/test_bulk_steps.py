"""One step on many actions: at once or by a job, each with what became of it, and taken back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session

from salescompass import actions, events
from salescompass.actions import Act, NewAction, Query
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Conflict, Invalid
from salescompass.vocabulary import ActionVerb, Topic
from workers import drains

MANY = 450


def states(session: Session) -> dict[str, int]:
    """How many actions there are in each state."""
    query = text("SELECT state, count(*) FROM action GROUP BY state")
    return {row[0]: row[1] for row in session.connection().execute(query)}


def test_each_action_has_its_outcome_and_is_brought_back(session: Session, ann: Actor, ben: Actor, anna: UUID) -> None:
    mine = [actions.create(session, ann, NewAction(f"Call {n}", "call", person_id=anna)).action.id for n in range(3)]
    bens = actions.create(session, ben, NewAction("Ben's", person_id=anna)).action.id
    actions.dismiss(session, ann, action_id=mine[2], reason="not_relevant")
    nobodys = uuid4()
    act = Act(ActionVerb.COMPLETE, outcome="connected", note="All of them")
    done = actions.bulk(session, ann, act=act, ids=[*mine, bens, nobodys, mine[0]])
    assert (done.state, done.total, done.changed, done.failed) == ("done", 5, 2, 3)
    told = {one.action_id: (one.outcome, one.reason) for one in actions.bulk_rows(session, ann, bulk_id=done.id)}
    assert told[mine[0]] == ("changed", "")
    assert told[mine[2]] == ("failed", "This action is dismissed already")
    assert told[bens][1].startswith("This action is a colleague's")
    assert told[nobodys] == ("failed", "There is no such action")
    assert len(events.feed(session).items) == 2
    actions.comment(session, ann, action_id=mine[0], body="Good")
    assert actions.undo_bulk(session, ann, bulk_id=done.id).undone == 2
    assert events.feed(session).items == ()
    assert states(session) == {"accepted": 3, "dismissed": 1}
    with pytest.raises(Conflict):
        actions.undo_bulk(session, ann, bulk_id=done.id)


def test_many_of_a_list_are_done_by_a_job_and_brought_back_where_nobody_went_on(
    tenant: UUID, ann: Actor, ben: Actor, acme: UUID
) -> None:
    with tenant_session(tenant) as session:
        news = [NewAction(f"Look {n}", account_id=acme, assignee_id=ann.member_id) for n in range(MANY)]
        actions.propose_many(session, ann, news)
    until = clock.now() + timedelta(days=2)
    with tenant_session(tenant) as session:
        asked = actions.bulk(session, ann, act=Act(ActionVerb.SNOOZE, until=until), query=Query(account_id=acme))
        assert (asked.state, asked.total) == ("running", MANY)
    drains.drain(str(tenant), Topic.BULK_ACTIONS)
    with tenant_session(tenant) as session:
        assert actions.bulk_state(session, ann, bulk_id=asked.id).changed == MANY
        assert states(session) == {"snoozed": MANY}
        one = session.connection().execute(text("SELECT id FROM action LIMIT 1")).scalar_one()
        actions.start(session, ann, action_id=one)
        assert actions.undo_bulk(session, ann, bulk_id=asked.id).state == "undoing"
    drains.drain(str(tenant), Topic.BULK_ACTIONS)
    with tenant_session(tenant) as session:
        assert actions.bulk_state(session, ann, bulk_id=asked.id).undone == MANY - 1
        assert states(session) == {"proposed": MANY - 1, "in_progress": 1}


def test_all_are_given_to_a_colleague_or_told_why_not(session: Session, ann: Actor, ben: Actor, acme: UUID) -> None:
    ids = [actions.create(session, ann, NewAction(f"Look {n}", account_id=acme)).action.id for n in range(2)]
    given = actions.bulk(session, ann, act=Act(ActionVerb.ASSIGN, member_id=ben.member_id), ids=ids)
    assert given.changed == 2
    assert {actions.get(session, ann, action_id=one).assignee for one in ids} == {"Ben"}
    gone = actions.bulk(session, ben, act=Act(ActionVerb.ASSIGN, member_id=uuid4()), ids=ids)
    assert (gone.changed, gone.failed) == (0, 2)
    with pytest.raises(Invalid, match="Nothing is selected"):
        actions.bulk(session, ann, act=Act(ActionVerb.DISMISS, reason="not_mine"), ids=[])
    with pytest.raises(Conflict, match="too late"):
        actions.undo_bulk(session, ann, bulk_id=given.id, now=clock.now() + timedelta(hours=2))
