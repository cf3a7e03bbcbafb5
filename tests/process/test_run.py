"""`run`, whole: ready, told to stop, killed, twice side by side."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from salescompass.kit import child
from tests.process.conftest import clean_environment, command, processes_of, wait_until


class Running:
    """`compass run` on a data folder, from its ready line on."""

    def __init__(self, data: Path, *options: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.data = data
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "salescompass.cli", "run", "--data", str(data), "--port", str(self.port),
             "--web", "1", "--workers", "1", *options],
            env=clean_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        wait_until(lambda: self.ready or self.process.poll() is not None, "the ready line", seconds=400)
        if not self.ready:
            self.stop()
            pytest.fail("\n".join(self.said[-20:]))

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))

    @property
    def ready(self) -> bool:
        return any(line == f"SalesCompass is ready: http://127.0.0.1:{self.port}" for line in self.said)

    @property
    def passwords(self) -> list[str]:
        return re.findall(r"^  \S+@demo\.example +(\S+)", "\n".join(self.said), re.M)

    def get(self, path: str) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return int(answer.status)

    def healthy(self) -> bool:
        try:
            return self.get("/health/ready") == 200
        except OSError:
            return False

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(120)
        self._reader.join(30)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@contextmanager
def running(data: Path, *options: str) -> Iterator[Running]:
    house = Running(data, *options)
    try:
        yield house
    finally:
        house.stop()


def children(pid: int) -> dict[str, int]:
    """The programs under a supervisor, by what they are."""
    found = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        for number in (task / "children").read_text().split():
            try:
                line = Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            except FileNotFoundError:
                continue
            for name in ("bin/postgres", "valkey-server", "salescompass.serve", "workers.schedule", "-m workers "):
                if name in line:
                    found[name.strip()] = int(number)
    return found


def supervisor_of(house: Running) -> int:
    tasks = Path(f"/proc/{house.process.pid}/task").iterdir()
    return next(int(number) for task in tasks for number in (task / "children").read_text().split())


def test_run_is_ready_says_so_last_stops_and_starts_again(folder: Path) -> None:
    with running(folder) as first:
        assert first.said[-1] == f"SalesCompass is ready: http://127.0.0.1:{first.port}"
        assert len(first.passwords) == 4
        assert first.get("/sign-in") == 200
        assert first.get("/health/live") == 200
        again = command("run", "--data", str(folder), "--port", str(first.port + 1 if first.port < 65535 else 1024))
        assert (again.code, len(again.err.strip().splitlines())) == (2, 1)
        assert f"http://127.0.0.1:{first.port}" in again.err
        doctor = command("doctor", "--json", "--data", str(folder))
        assert doctor.json["healthy"], doctor.json
    assert first.process.returncode == 0
    assert processes_of(folder) == []
    with running(folder) as second:
        assert second.passwords == first.passwords
        assert second.stop(signal.SIGINT) == 0
    assert processes_of(folder) == []


@pytest.mark.slow
def test_whatever_dies_is_back(folder: Path) -> None:
    with running(folder, "--no-demo") as house:
        assert house.passwords == []
        before = children(supervisor_of(house))
        assert len(before) == 5
        for pid in before.values():
            os.kill(pid, signal.SIGKILL)

        def all_new() -> bool:
            now = children(supervisor_of(house))
            return len(now) == 5 and not set(now.values()) & set(before.values())

        wait_until(all_new, "new processes of everything", seconds=120)
        wait_until(house.healthy, "the product is ready again", seconds=120)
        assert house.get("/sign-in") == 200


@pytest.mark.slow
@pytest.mark.parametrize("who", ["outer", "supervisor", "both"])
def test_a_killed_run_leaves_nothing_and_starts_again(folder: Path, who: str) -> None:
    with running(folder, "--no-demo") as house:
        supervisor = supervisor_of(house)
        for name, pid in (("outer", house.process.pid), ("supervisor", supervisor)):
            if who in (name, "both"):
                os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not child.alive(supervisor), "the supervisor ends")
        wait_until(lambda: not processes_of(folder), "everything ends")
    with running(folder, "--no-demo") as house:
        assert house.healthy()


@pytest.mark.slow
def test_two_instances_side_by_side_have_their_own_data(folder: Path) -> None:
    with running(folder / "one") as one, running(folder / "two") as two:
        assert one.port != two.port
        assert not set(one.passwords) & set(two.passwords)
        for house in (one, two):
            assert house.healthy()
            page = urllib.request.urlopen(f"http://127.0.0.1:{house.port}/sign-in", timeout=30).read().decode()
            other = two if house is one else one
            assert str(other.port) not in page
        key = command(
            "tenant", "create", "Only here", "--slug", "only-here", "--admin-email", "a@here.example",
            "--admin-password", "several plain words 27", "--json", "--data", str(one.data),
        )  # fmt: skip
        assert key.code == 0
        missing = command(
            "key", "create", "--tenant", "only-here", "--name", "x", "--scopes", "*", "--json", "--data", str(two.data)
        )
        assert json.loads(missing.out)["error"]["code"] == "not_found"
    assert processes_of(folder) == []
