"""The schedule: one of several works, and another takes over when it dies."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from salescompass.kit import jobs, queue
from salescompass.kit.database import system_session, tenant_session
from workers import schedule
from workers.schedule import Entry, Schedule


@pytest.fixture
def name(servers: dict[str, str]) -> Iterator[str]:
    """A schedule nobody else runs."""
    name = f"schedule {uuid4().hex}"
    yield name
    with system_session() as session:
        session.connection().execute(text("DELETE FROM schedule_lock WHERE name = :name"), {"name": name})


def let_time_pass(name: str) -> None:
    with system_session() as session:
        session.connection().execute(
            text("UPDATE schedule_lock SET lease_until = now() - interval '1 s' WHERE name = :name"), {"name": name}
        )


def test_one_leads_until_its_lease_ends(name: str) -> None:
    first, second = Schedule(name=name), Schedule(name=name)
    assert first.lead()
    assert not second.lead()
    assert first.lead()
    let_time_pass(name)
    assert second.lead()
    assert not first.lead()


def test_who_stops_hands_over_at_once(name: str) -> None:
    first, second = Schedule(name=name), Schedule(name=name)
    assert first.lead()
    second.resign()  # not its to give
    assert not second.lead()
    first.resign()
    assert second.lead()


def test_only_one_of_many_leads(name: str) -> None:
    start, leading = threading.Barrier(8), []

    def try_it() -> None:
        one = Schedule(name=name)
        start.wait()
        if one.lead():
            leading.append(one)

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(leading) == 1


def test_a_lease_with_a_look_between_is_at_most_thirty_seconds() -> None:
    assert schedule.LEASE_SECONDS + 5 <= 30


def test_the_timetable_is_nudged_by_who_leads(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    often, seldom = Entry("test.often", every=0.0), Entry("test.seldom", every=3600.0)
    monkeypatch.setattr(schedule, "TIMETABLE", (often, seldom))
    nudged: list[str] = []
    monkeypatch.setattr(schedule, "enqueue", lambda job, lane: nudged.append(job) or True)
    first, second = Schedule(name=name), Schedule(name=name)
    first.tick()
    second.tick()
    first.tick()
    assert nudged == ["test.often", "test.seldom", "test.often"]
    let_time_pass(name)
    second.tick()
    assert nudged[3:] == ["test.often", "test.seldom"]


def test_a_nudge_that_was_lost_comes_again(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "TIMETABLE", (Entry("test.job", every=3600.0),))
    answers = iter([False, True])
    nudged: list[bool] = []
    monkeypatch.setattr(schedule, "enqueue", lambda job, lane: nudged.append(next(answers)) or nudged[-1])
    one = Schedule(name=name)
    for _ in range(3):
        one.tick()
    assert nudged == [False, True]


def test_every_job_of_the_timetable_exists() -> None:
    import importlib

    for entry in schedule.TIMETABLE:
        module, _, function = entry.job.rpartition(".")
        assert callable(getattr(importlib.import_module(module), function))
        assert entry.lane in queue.LANES


def test_the_sweeper_wakes_what_nobody_was_woken_for(tenant: UUID) -> None:
    with tenant_session(tenant) as session:
        jobs.put(session, "test.swept", {})
    waiting = queue.lane_queue("default")
    waiting.empty()
    queue.awake(tenant, "test.swept")
    assert schedule.sweep() >= 1
    assert [str(tenant), "test.swept"] in [job.args for job in waiting.jobs]
    with tenant_session(tenant) as session:
        session.connection().execute(text("DELETE FROM outbox"))
