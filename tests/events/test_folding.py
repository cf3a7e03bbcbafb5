"""What arrival could not see is folded afterwards, and what somebody has said stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from salescompass import events, identity
from salescompass.events import Cell, EventIn, FeedEntry
from salescompass.kit import clock
from salescompass.kit.clock import rfc3339
from salescompass.vocabulary import Source, SubjectKind

Record = Callable[..., FeedEntry]
VIEW = {"properties": {"url": "/pricing"}}


@pytest.fixture
def record(session: Session, event: Callable[..., EventIn]) -> Record:
    """Record one event as if no other could be seen when it came."""

    def do(ago: float = 0, **changes: object) -> FeedEntry:
        at = rfc3339(clock.now() - timedelta(seconds=ago))
        done = events.record(session, event(occurred_at=at, **changes), source=Source.API)
        assert done.id is not None
        session.connection().execute(text("UPDATE event SET duplicate_of = NULL"))
        told = events.event_by_id(session, done.id)
        assert told.person_id is not None
        events.recount_cells(session, [Cell(SubjectKind.PERSON, told.person_id, told.occurred_at.date())])
        return told

    return do


def counted(session: Session) -> int:
    return int(session.connection().execute(text("SELECT coalesce(sum(n), 0) FROM event_bucket")).scalar_one())


def repeats(session: Session, *told: FeedEntry) -> list[object]:
    return [events.event_by_id(session, one.id).duplicate_of for one in told]


def test_what_two_requests_told_at_once_is_folded_and_its_buckets_follow(session: Session, record: Record) -> None:
    first, again, other = record(ago=600, **VIEW), record(ago=300, **VIEW), record(properties={"url": "/about"})
    assert counted(session) == 3
    assert events.fold_repeats(session, now=clock.now()) == 1
    assert repeats(session, first, again, other) == [None, first.id, None]
    assert (counted(session), events.check_buckets(session).wrong) == (2, 0)
    waiting = session.connection().execute(text("SELECT count(*) FROM outbox WHERE topic = 'events.changed'"))
    assert waiting.scalar_one() == 1
    assert events.fold_repeats(session, now=clock.now()) == 0


def test_an_act_is_measured_from_the_first_telling_that_counts(session: Session, record: Record) -> None:
    # Half an hour from the first ends the act: the third is another one, and the fourth repeats the third.
    told = [record(ago=minutes * 60, **VIEW) for minutes in (70, 50, 30, 10)]
    assert events.fold_repeats(session, now=clock.now()) == 2
    assert repeats(session, *told) == [None, told[0].id, None, told[2].id]


def test_what_repeats_one_that_is_folded_leads_to_the_event_that_counts(session: Session, record: Record) -> None:
    late, again = record(ago=600, **VIEW), record(ago=300, **VIEW)
    session.connection().execute(
        text("UPDATE event SET duplicate_of = :first WHERE id = :id"), {"first": late.id, "id": again.id}
    )
    again_as_stored = events.event_by_id(session, again.id)
    # What happened first is told last.
    at = rfc3339(clock.now() - timedelta(seconds=1200))
    body = {"type": late.type, "contact": {"id": str(late.person_id)}, "occurred_at": at, **VIEW}
    item = events.read_event(body, now=clock.now())
    first = events.record(session, item, source=Source.API)
    session.connection().execute(text("UPDATE event SET duplicate_of = NULL WHERE id = :id"), {"id": first.id})
    assert again_as_stored.duplicate_of == late.id
    assert events.fold_repeats(session, now=clock.now()) == 1
    assert repeats(session, late, again) == [first.id, first.id]


@pytest.mark.parametrize("changes", [{"idempotency_key": "mine"}, {"properties": {"url": True}}, {"properties": {}}])
def test_an_event_with_a_key_or_without_an_object_repeats_nothing(
    session: Session, record: Record, changes: dict[str, object]
) -> None:
    record(ago=600, **{**VIEW, **changes, "idempotency_key": "first"} if "idempotency_key" in changes else changes)
    record(**{**VIEW, **changes})
    assert events.fold_repeats(session, now=clock.now()) == 0


def test_what_was_released_is_not_folded_again(session: Session, record: Record) -> None:
    record(ago=600, **VIEW)
    again = record(**VIEW)
    assert events.fold_repeats(session, now=clock.now()) == 1
    actor = identity.system_actor(session.info["tenant_id"], "Test")
    events.release(session, actor, event_id=again.id, occurred_at=again.occurred_at)
    assert events.fold_repeats(session, now=clock.now()) == 0
    assert counted(session) == 2
