"""What the queue itself costs: items that do nothing, from the outbox by RQ's wake-ups, and through Dramatiq.

Dramatiq 2 x 8 (two processes of eight threads) drains the same number of messages from the same Valkey. It is needed
here only, so it gets a virtual environment of its own from the package registry.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import redis

from benchmarks.figure import Figure
from benchmarks.instance import ROOT, migrated
from salescompass import identity
from salescompass.kit import jobs, wire
from salescompass.kit.database import tenant_session

PEER = ROOT / ".build" / "dramatiq"
_PINNED = "dramatiq[redis]==2.2.1"
TOPIC = "bench.nothing"
_CHUNK, _TENANTS = 500, 2
_ACTOR = """
import os, sys
import dramatiq
from dramatiq.brokers.redis import RedisBroker
dramatiq.set_broker(RedisBroker(url=os.environ["REDIS_URL"]))

@dramatiq.actor
def nothing(item):
    pass

if __name__ == "__main__":
    for item in range(int(sys.argv[1])):
        nothing.send({"ids": [item]})
"""


def measure(*, quick: bool) -> list[Figure]:
    """Items drained a second."""
    items, times = (4_000, 1) if quick else (40_000, 3)
    _install_peer()
    with tempfile.TemporaryDirectory() as folder, migrated(Path(folder)):
        tenants = [
            identity.create_tenant(
                name=f"Bench {n}", slug=f"bench{n}", admin_email=f"admin@bench{n}.example",
                admin_password="a long pass phrase 7",
            ).tenant_id
            for n in range(_TENANTS)
        ]  # fmt: skip
        with _workers():
            ours = statistics.median(_outbox(tenants, items) for _ in range(times))
        limit = statistics.median(_dramatiq(Path(folder), items) for _ in range(times))
    return [
        Figure("11", f"{items:,} items that do nothing", limit, ours, "items/s", 1.0, at_least=True,
               floor="at least 4,000 items/s"),
    ]  # fmt: skip


def _outbox(tenants: list[UUID], items: int) -> float:
    """Rows first, then one wake-up a tenant; until the last row is acknowledged."""
    for tenant in tenants:
        for first in range(0, items // len(tenants), _CHUNK):
            with tenant_session(tenant) as session:
                jobs.put_many(session, TOPIC, [{"ids": [first + n]} for n in range(_CHUNK)])
                session.info.pop("after_commit")
    begun = time.perf_counter()
    for tenant in tenants:
        jobs.wake(tenant, TOPIC, again=True)
    _until(lambda: not sum(_waiting(tenant) for tenant in tenants))
    return items / (time.perf_counter() - begun)


def _waiting(tenant: UUID) -> int:
    with tenant_session(tenant) as session:
        return int(session.connection().exec_driver_sql("SELECT count(*) FROM outbox").scalar_one())


@contextmanager
def _workers() -> Iterator[None]:
    """Two RQ workers as the product runs them, with a drain for items that do nothing."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "benchmarks.queue_overhead"]
    processes = [subprocess.Popen(command, cwd=ROOT, env=environment) for _ in range(2)]
    try:
        _until(lambda: wire.wire().scard("rq:workers") == len(processes), lambda: not any(p.poll() for p in processes))
        time.sleep(1)
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)


def _install_peer() -> None:
    if not (PEER / "bin" / "dramatiq").exists():
        subprocess.run([sys.executable, "-m", "venv", PEER], check=True)
        subprocess.run([PEER / "bin" / "pip", "install", "-q", _PINNED], check=True)


def _dramatiq(folder: Path, items: int) -> float:
    """Messages first, then the workers; from the first that is taken to the last."""
    (folder / "nothing.py").write_text(_ACTOR)
    python, connection = PEER / "bin" / "python", redis.Redis.from_url(os.environ["REDIS_URL"])
    subprocess.run([python, "nothing.py", str(items)], cwd=folder, check=True)
    command = [str(PEER / "bin" / "dramatiq"), "nothing", "-p", "2", "-t", "8"]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)
    try:

        def left() -> int:
            return int(str(connection.hlen("dramatiq:default.msgs")))

        _until(lambda: left() < items, lambda: process.poll() is None)
        begun, first = time.perf_counter(), left()
        _until(lambda: left() == 0, lambda: process.poll() is None)
        return first / (time.perf_counter() - begun)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _until(true: Callable[[], bool], alive: Callable[[], bool] = lambda: True) -> None:
    deadline = time.monotonic() + 300
    while not true():
        if time.monotonic() > deadline or not alive():
            raise RuntimeError("what was waited for did not come")
        time.sleep(0.01)


def work() -> int:
    """A worker of ours that also knows the topic of this benchmark."""
    from workers import __main__ as workers
    from workers import drains

    drains.DRAINS[TOPIC] = lambda tenant_id: jobs.drain(tenant_id, TOPIC, lambda _session, _rows: None, rows=200)
    return workers.main()


if __name__ == "__main__":
    sys.exit(work())
