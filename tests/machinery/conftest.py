"""A house of its own whose servers and workers can be killed: everything runs as in production, each a process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
import redis

from salescompass.cli.programs import Program, stop_all
from salescompass.kit import child, database, embedded, migrations, wire
from salescompass.kit.settings import CHECKOUT, settings


def children_of(pid: int) -> list[int]:
    """The living children of a process."""
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def kill(pid: int) -> None:
    """kill -9."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class House:
    """PostgreSQL, Valkey, workers, a schedule and the web; what dies is started again."""

    folder: Path
    environment: dict[str, str]
    postgres: Program
    valkey: Program
    workers: list[Program] = field(default_factory=list)
    others: list[Program] = field(default_factory=list)
    api: str = ""
    _watching: psycopg.Connection[tuple[object, ...]] | None = None

    @property
    def programs(self) -> list[Program]:
        """Everything that is watched."""
        return [self.postgres, self.valkey, *self.workers, *self.others]

    def step(self) -> None:
        """Start again what died."""
        for program in self.programs:
            program.ended()
            if program.due:
                program.start()

    def wait(self, true: Callable[[], object], seconds: float, what: str) -> float:
        """Keep the house until something is true; returns how long that took."""
        began = time.monotonic()
        while not true():
            assert time.monotonic() - began < seconds, f"waited in vain: {what}"
            self.step()
            time.sleep(0.02)
        return time.monotonic() - began

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        """Ask the database as its owner, past all policies; nothing while it is away."""
        try:
            if self._watching is None:
                # Kept open: to strike while rows are claimed, one must see them within a millisecond.
                url = self.environment["DATABASE_OWNER_URL"]
                self._watching = psycopg.connect(url, connect_timeout=5, autocommit=True)
            return list(self._watching.execute(statement.encode()))
        except psycopg.OperationalError:
            self.look_away()
            return []

    def look_away(self) -> None:
        """Close the connection that watches."""
        if self._watching is not None:
            self._watching.close()
            self._watching = None

    def claimed(self) -> set[object]:
        """The outbox rows that some worker holds now."""
        return {row[0] for row in self.sql("SELECT id FROM outbox WHERE lease_until > clock_timestamp()")}

    def kill_workers(self) -> None:
        """kill -9 of each worker that has a child at work, with the child."""
        for worker in self.workers:
            if worker.process is not None and (horses := children_of(worker.process.pid)):
                for pid in (worker.process.pid, *horses):
                    kill(pid)

    def kill_valkey(self) -> None:
        """Empty Valkey, then kill it."""
        with suppress(redis.RedisError):
            redis.Redis.from_url(self.environment["REDIS_URL"]).flushall()
        assert self.valkey.process is not None
        kill(self.valkey.process.pid)

    def kill_web(self) -> None:
        """kill -9 of all web processes."""
        (web,) = (program for program in self.others if program.name == "web")
        if web.process is not None:
            for pid in (web.process.pid, *children_of(web.process.pid)):
                kill(pid)

    def kill_postgres(self) -> None:
        """kill -9 of PostgreSQL."""
        assert self.postgres.process is not None
        kill(self.postgres.process.pid)


def _program(name: str, arguments: list[str], environment: dict[str, str], log: Path) -> Program:
    def spawn() -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return child.spawn([sys.executable, *arguments], environment=environment, cwd=CHECKOUT, output=output)

    return Program(name, spawn, slowest_restart=1.0)


@contextmanager
def _running(folder: Path, pace: dict[str, str], *, screens: bool) -> Iterator[House]:
    parts = embedded.wanted(folder, {}, lambda _line: None)
    servers = embedded.Servers(folder, parts)
    servers.start()
    house = None
    try:
        # Children of ours from now on, to be killed and started again.
        programs = [Program(part.name, part.spawn, slowest_restart=1.0) for part in parts]
        for part, program in zip(parts, programs, strict=True):
            program.process, program.started_at = servers.started.pop(part.name), time.monotonic()
        told = {**servers.environment(), **pace, "SALESCOMPASS_DATA": str(folder)}
        environment = {**os.environ, **told, "PYTHONPATH": str(CHECKOUT)}
        house = House(folder, environment, *programs)
        with pytest.MonkeyPatch.context() as patch:
            for name, value in told.items():
                patch.setenv(name, value)
            _forget_addresses()
            migrations.upgrade()
            _start_programs(house, screens=screens)
            yield house
            _forget_addresses()
    finally:
        if house is not None:
            house.look_away()
            stop_all([*house.workers, *house.others], lambda: False)
            stop_all([house.valkey, house.postgres], lambda: False)
        servers.stop(patient=False)
        settings.cache_clear()


def _start_programs(house: House, *, screens: bool) -> None:
    """Workers, the schedule and the web: only its API, which starts in a second, or everything."""
    logs, port = house.folder / "logs", free_port()
    house.api = f"http://127.0.0.1:{port}"
    serve = ["-m", "granian", "--interface", "asgi", "--factory", "--host", "127.0.0.1", "--port", str(port)]
    serve += ["--no-ws", "--log-level", "warning", "salescompass.api:build_app"]
    if screens:
        serve = ["-m", "salescompass.serve", "--host", "127.0.0.1", "--port", str(port), "--processes", "2"]
    named = {"web": serve, "schedule": ["-m", "workers.schedule"]}
    house.others = [_program(name, told, house.environment, logs / f"{name}.log") for name, told in named.items()]
    house.workers = [
        _program(f"worker{n}", ["-m", "workers"], house.environment, logs / f"worker{n}.log") for n in (1, 2)
    ]
    for program in (*house.others, *house.workers):
        program.start()


def _forget_addresses() -> None:
    database.dispose()
    settings.cache_clear()
    wire._connection.cache_clear()


@pytest.fixture
def house_at(tmp_path: Path) -> Callable[..., contextmanager]:  # type: ignore[type-arg]
    """A house with these intervals: `with house_at(lease=2, sweep=1, monitor=1) as house`."""

    def make(*, lease: float, sweep: float, monitor: float, screens: bool = False) -> object:
        pace = {"LEASE": lease, "SWEEP": sweep, "MONITOR": monitor}
        told = {f"SALESCOMPASS_{name}": str(value) for name, value in pace.items()}
        return _running(tmp_path / "data", told, screens=screens)

    return make  # type: ignore[return-value]
