"""The outbox: effects wait with their transaction, are done once, and what cannot be done is shown."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from salescompass.kit import clock, jobs, queue, wire
from salescompass.kit.database import tenant_session
from salescompass.kit.dead_letters import backlog, dead_letters, due_topics, retry_dead_letters
from salescompass.kit.jobs import Claimed
from salescompass.models import Outbox

TOPIC = "test.effects"


def put(tenant: UUID, *items: Any, **more: Any) -> list[UUID]:
    with tenant_session(tenant) as session:
        return jobs.put_many(session, TOPIC, [{"item": item} for item in items], **more)


def rows(tenant: UUID) -> list[Outbox]:
    with tenant_session(tenant) as session:
        return list(session.exec(select(Outbox)).all())


class Effects:
    """A reaction that notes what it did, and fails where it is told to."""

    def __init__(self, *bad: Any) -> None:
        self.bad = bad
        self.tried: list[list[Any]] = []
        self.done: list[Any] = []

    def __call__(self, session: Session, batch: Sequence[Claimed]) -> None:
        items = [row.payload["item"] for row in batch]
        self.tried.append(items)
        if set(items) & set(self.bad):
            raise ValueError("cannot be done")
        self.done += items


def sooner(tenant: UUID) -> None:
    """Let time pass."""
    with tenant_session(tenant) as session:
        session.connection().execute(text("UPDATE outbox SET due_at = now(), lease_until = NULL"))


def test_effects_wait_for_their_commit(tenant: UUID) -> None:
    with suppress(ZeroDivisionError), tenant_session(tenant) as session:
        jobs.put(session, TOPIC, {"item": 1})
        raise ZeroDivisionError
    assert rows(tenant) == []


def test_what_was_put_is_done_once_in_order(tenant: UUID) -> None:
    put(tenant, *range(7))
    effects = Effects()
    assert jobs.drain(tenant, TOPIC, effects, rows=3) == 7
    assert effects.tried == [[0, 1, 2], [3, 4, 5], [6]]
    assert jobs.drain(tenant, TOPIC, effects) == 0
    assert rows(tenant) == []


def test_what_is_due_later_waits(tenant: UUID) -> None:
    put(tenant, "later", due_at=clock.now() + timedelta(hours=1))
    effects = Effects()
    assert jobs.drain(tenant, TOPIC, effects) == 0
    assert (tenant, TOPIC) not in due_topics()


def test_a_bad_row_holds_up_no_other(tenant: UUID) -> None:
    put(tenant, *range(5))
    effects = Effects(2)
    jobs.drain(tenant, TOPIC, effects)
    assert effects.done == [0, 1, 3, 4]
    (left,) = rows(tenant)
    assert (left.payload, left.attempts, left.dead_at) == ({"item": 2}, 1, None)
    assert left.last_error == "ValueError: cannot be done"
    assert left.due_at > clock.now()


def test_tries_come_further_and_further_apart() -> None:
    assert [jobs.backoff(n) for n in (1, 2, 3, 10)] == [1, 2, 4, 512]
    assert jobs.backoff(60) == 3600


def test_what_fails_too_often_is_a_dead_letter_until_somebody_retries(tenant: UUID) -> None:
    put(tenant, "bad")
    effects = Effects("bad")
    for _ in range(jobs.FAILURES_BEFORE_DEAD):
        jobs.drain(tenant, TOPIC, effects)
        sooner(tenant)
    assert jobs.drain(tenant, TOPIC, effects) == 0
    assert (tenant, TOPIC) not in due_topics()
    with tenant_session(tenant) as session:
        (letter,) = dead_letters(session)
        (waits,) = backlog(session)
    assert (letter.topic, letter.attempts, letter.last_error) == (TOPIC, 10, "ValueError: cannot be done")
    assert (waits.waiting, waits.dead) == (0, 1)
    effects.bad = ()
    with tenant_session(tenant) as session:
        assert retry_dead_letters(session, [letter.id]) == 1
    jobs.drain(tenant, TOPIC, effects)
    assert effects.done == ["bad"]


def test_a_row_that_kills_its_worker_each_time_is_given_up(tenant: UUID) -> None:
    put(tenant, "lethal")
    for _ in range(jobs.CLAIMS_BEFORE_DEAD):
        assert len(jobs._claim(tenant, TOPIC, 10, alone=True).rows) == 1
        sooner(tenant)
    assert jobs._claim(tenant, TOPIC, 10, alone=True).rows == ()
    (left,) = rows(tenant)
    assert left.dead_at is not None


def test_a_claimed_row_is_nobody_elses_until_its_lease_ends(tenant: UUID) -> None:
    put(tenant, "mine")
    claim = jobs._claim(tenant, TOPIC, 10, alone=True)
    effects = Effects()
    assert jobs.drain(tenant, TOPIC, effects) == 0
    assert (tenant, TOPIC) not in due_topics()
    with tenant_session(tenant) as session:
        session.connection().execute(text("UPDATE outbox SET lease_until = now() - interval '1 s'"))
    assert (tenant, TOPIC) in due_topics()
    assert jobs.drain(tenant, TOPIC, effects) == 1
    # The first comes back late: nothing is left for it to do.
    late = Effects()
    jobs._settle(claim, late)
    assert late.done == []


def test_who_lost_the_lease_does_nothing_while_the_other_is_at_work(tenant: UUID) -> None:
    put(tenant, "mine")
    loser = jobs._claim(tenant, TOPIC, 10, alone=True)
    with tenant_session(tenant) as session:
        session.connection().execute(text("UPDATE outbox SET lease_until = now() - interval '1 s'"))
    winner = jobs._claim(tenant, TOPIC, 10, alone=True)
    late, failing, effects = Effects(), Effects("mine"), Effects()
    jobs._settle(loser, late)
    jobs._fail(loser, loser.rows[0], ValueError("too late to say"))
    jobs._settle(loser, failing)
    (row,) = rows(tenant)
    assert (row.lease_token, row.last_error, late.tried, failing.tried) == (winner.token, "", [], [])
    jobs._settle(winner, effects)
    assert effects.done == ["mine"]
    assert rows(tenant) == []


def test_one_drain_of_a_tenant_works_at_a_time_and_what_comes_meanwhile_is_done(tenant: UUID) -> None:
    put(tenant, "first")
    inside, go_on = threading.Event(), threading.Event()
    effects = Effects()

    def slow(session: Session, batch: Sequence[Claimed]) -> None:
        effects(session, batch)
        inside.set()
        assert go_on.wait(10)

    busy = threading.Thread(target=jobs.drain, args=(tenant, TOPIC, slow))
    busy.start()
    assert inside.wait(10)
    put(tenant, "second")
    other = Effects()
    assert jobs.drain(tenant, TOPIC, other) == 0
    go_on.set()
    busy.join()
    assert (effects.done, other.done) == (["first", "second"], [])
    assert rows(tenant) == []


def test_a_database_that_is_away_for_a_moment_is_no_failure(tenant: UUID) -> None:
    put(tenant, "patient")
    tries = []

    def away_twice(session: Session, batch: Sequence[Claimed]) -> None:
        tries.append(len(batch))
        if len(tries) < 3:
            session.connection().execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    assert jobs.drain(tenant, TOPIC, away_twice) == 1
    assert tries == [1, 1, 1]
    assert rows(tenant) == []


@pytest.mark.parametrize(
    ("statement", "passing"),
    [("SELECT pg_terminate_backend(pg_backend_pid())", True), ("SELECT 1 / 0", False), ("SELECT nothing", False)],
)
def test_passing_errors_are_told_from_lasting_ones(tenant: UUID, statement: str, passing: bool) -> None:
    with pytest.raises(DBAPIError) as broken, tenant_session(tenant) as session:
        session.connection().execute(text(statement))
    assert jobs.is_passing(broken.value) is passing


def test_effects_outside_are_done_with_no_transaction_open_and_told_by_their_id(tenant: UUID) -> None:
    ids = put(tenant, *range(25))
    sent: list[UUID] = []

    def send(row: Claimed) -> None:
        if row.payload["item"] == 7 and len(sent) < 30:
            raise ConnectionError("the other side is away")
        sent.append(row.id)

    assert jobs.deliver(tenant, TOPIC, send) == 24
    assert sent == [one for one in ids if one != ids[7]]
    (left,) = rows(tenant)
    assert left.last_error == "ConnectionError: the other side is away"


def test_wake_ups_are_one_until_the_drain_begins(tenant: UUID) -> None:
    wake_key = queue._wake_key(tenant, TOPIC)
    waiting = queue.lane_queue("default")
    before = len(waiting)
    put(tenant, 1)
    put(tenant, 2)
    assert len(waiting) == before + 1
    assert wire.wire().exists(wake_key)
    jobs.drain(tenant, TOPIC, Effects())
    put(tenant, 3)
    assert len(waiting) == before + 2


def test_jobs_travel_as_json(tenant: UUID) -> None:
    put(tenant, 1)
    job = queue.lane_queue("default").jobs[-1]
    assert (job.func_name, job.args, job.retries_left) == ("workers.drains.drain", [str(tenant), TOPIC], 3)
    stored = wire.wire().hget(job.key, "data")
    assert isinstance(stored, bytes)
    assert b"\x80\x04" not in stored  # no pickle


def test_a_lane_has_a_name() -> None:
    with pytest.raises(ValueError, match="no lane"):
        queue.lane_queue("express")
