"""Workers as processes: they wait for Redis, do what wakes them, note what fails, and stop when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from salescompass import crm, identity
from salescompass.events import read_event, record
from salescompass.kit import clock, jobs, queue
from salescompass.kit.database import tenant_session
from salescompass.kit.queue import LANES
from salescompass.kit.settings import CHECKOUT, settings
from salescompass.vocabulary import RecordKind, Source, Topic
from workers.drains import DRAINS
from workers.schedule import sweep

from .conftest import children_of, kill


@pytest.fixture
def start_worker(servers: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a worker on the servers of this run (or with another environment)."""
    for lane in LANES:
        queue.lane_queue(lane).empty()
    started = []

    def start(**environment: str) -> subprocess.Popen[bytes]:
        with (tmp_path / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "workers"],
                env={**os.environ, "PYTHONPATH": str(CHECKOUT), **environment},
                cwd=CHECKOUT,
                stdout=log,
                stderr=log,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait_until(true: Callable[[], object], what: str, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"waited in vain: {what}"
        time.sleep(0.05)


def ask(tenant: UUID, statement: str) -> object:
    with tenant_session(tenant) as session:
        return session.connection().execute(text(statement)).scalar()


def tell(tenant: UUID) -> None:
    with tenant_session(tenant) as session:
        event = read_event({"type": "page_viewed", "contact": {"email": "ada@acme.example"}}, now=clock.now())
        record(session, event, source=Source.API)


def test_a_worker_reacts_to_events_and_stops_when_told(
    tenant: UUID, start_worker: Callable[..., subprocess.Popen[bytes]]
) -> None:
    worker = start_worker()
    tell(tenant)
    wait_until(lambda: ask(tenant, "SELECT sum(n) FROM person_day") == 1, "the event is counted")
    wait_until(lambda: ask(tenant, "SELECT count(*) FROM outbox") == 0, "the outbox is empty")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    assert children_of(worker.pid) == []


def test_a_workers_child_does_one_job_after_the_other_and_is_replaced_when_it_dies(
    tenant: UUID, start_worker: Callable[..., subprocess.Popen[bytes]]
) -> None:
    worker, children = start_worker(), []
    for n in range(1, 4):
        tell(tenant)
        wait_until(lambda n=n: ask(tenant, "SELECT sum(n) FROM person_day") == n, "the event is counted")
        children.append(children_of(worker.pid))
        if n == 2:
            os.kill(children[-1][0], signal.SIGKILL)
    assert children[0] == children[1] != children[2]
    assert [len(one) for one in children] == [1, 1, 1]
    worker.kill()
    wait_until(lambda: not Path(f"/proc/{children[-1][0]}").exists(), "the child ends with its worker")


def test_a_bulk_edit_goes_on_when_its_worker_is_killed(
    tenant: UUID, start_worker: Callable[..., subprocess.Popen[bytes]]
) -> None:
    """Five times in the middle of it, worker and child alike: each record is changed once, and none is left out."""
    with tenant_session(tenant) as session:
        boss = identity.acting_member(session, identity.members(session)[0].id)
        for start in range(0, 6000, 3000):
            crm.upsert_records(session, boss, "accounts", [{"name": f"C{start + n}"} for n in range(3000)])
        act = crm.BulkAct(fields={"city": "Oslo"})
        edit = crm.begin_bulk_edit(session, boss, kind=RecordKind.ACCOUNTS, act=act, words="Test")
    changed = "SELECT changed FROM bulk_edit"
    for _ in range(5):
        before = int(str(ask(tenant, changed)))
        worker = start_worker(SALESCOMPASS_LEASE="1")
        wait_until(lambda before=before: (sweep(), int(str(ask(tenant, changed))) > before)[1], "it goes on")
        children = children_of(worker.pid)
        worker.kill()
        for child in children:
            kill(child)
        worker.wait()
        assert ask(tenant, "SELECT state FROM bulk_edit") == "running"
    start_worker(SALESCOMPASS_LEASE="1")
    wait_until(lambda: (sweep(), ask(tenant, "SELECT state FROM bulk_edit") == "done")[1], "it ends", 120)
    assert ask(tenant, changed) == 6000
    assert ask(tenant, "SELECT count(*) FROM account WHERE city = 'Oslo'") == 6000
    twice = f"SELECT max(n) FROM (SELECT count(*) AS n FROM record_change WHERE batch_id = '{edit.id}' GROUP BY object_id) t"  # noqa: E501, S608
    assert ask(tenant, twice) == 1


def test_a_worker_waits_for_redis(
    tenant: UUID, start_worker: Callable[..., subprocess.Popen[bytes]], servers: dict[str, str], tmp_path: Path
) -> None:
    link = tmp_path / "late.sock"
    worker = start_worker(REDIS_URL=f"unix://{link}")
    tell(tenant)
    wait_until(lambda: b"redis is away" in (tmp_path / "worker.log").read_bytes(), "the worker says so")
    assert worker.poll() is None
    link.symlink_to(servers["REDIS_URL"].removeprefix("unix://"))
    queue.wake(tenant, Topic.EVENTS_RECORDED, again=True)
    wait_until(lambda: ask(tenant, "SELECT sum(n) FROM person_day") == 1, "the event is counted")


def test_a_job_that_fails_is_noted_where_the_admin_looks(
    tenant: UUID, start_worker: Callable[..., subprocess.Popen[bytes]]
) -> None:
    start_worker()
    queue.enqueue(queue.DRAIN, str(tenant), "no.such.topic")
    wait_until(lambda: ask(tenant, "SELECT count(*) FROM error_event WHERE kind = 'builtins.KeyError'"), "the error")


def test_letters_are_sent_by_the_worker(tenant: UUID, start_worker: Callable[..., subprocess.Popen[bytes]]) -> None:
    start_worker()
    with tenant_session(tenant) as session:
        address = f"new-{tenant.hex[:8]}@colleague.example"
        identity.invite(session, identity.system_actor(tenant), email=address, name="New", role_keys=["rep"])
    folder = settings().data / "mail"
    wait_until(
        lambda: folder.exists() and any(address in file.read_text() for file in folder.glob("*.eml")), "the letter"
    )
    wait_until(lambda: ask(tenant, "SELECT count(*) FROM outbox") == 0, "the outbox is empty")


def test_every_topic_of_the_outbox_has_its_drain() -> None:
    assert {Topic.EVENTS_RECORDED, Topic.MAIL} <= set(DRAINS)
    assert jobs.FAILURES_BEFORE_DEAD < jobs.CLAIMS_BEFORE_DEAD
