"""The supervisor: what dies is started again, what is stopped leaves nothing, whoever is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from salescompass.cli.programs import Program, trim
from salescompass.kit import child
from tests.process.conftest import clean_environment, processes_of, wait_until

# A small house: one steady program, one with a child of its own that ignores everything but SIGKILL.
HOUSE = """
import os, sys
from pathlib import Path
from salescompass.cli.guard import guarded
from salescompass.cli.programs import python_program
from salescompass.cli.supervisor import Stopped, Supervisor

folder = Path(sys.argv[1])
STEADY = '''
import os, sys, time, pathlib
pathlib.Path(sys.argv[1], "steady").write_text(str(os.getpid()))
time.sleep(600)
'''
DEEP = '''
import os, signal, sys, time, pathlib
if os.fork() == 0:
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    pathlib.Path(sys.argv[1], "grandchild").write_text(str(os.getpid()))
    time.sleep(600)
pathlib.Path(sys.argv[1], "deep").write_text(str(os.getpid()))
time.sleep(600)
'''

def supervise():
    supervisor = Supervisor(folder)
    supervisor.listen()
    try:
        for name, code in (("steady", STEADY), ("deep", DEEP)):
            program = python_program(
                name, ["-c", code, str(folder)], os.environ, folder / f"{name}.log", root=folder, python=sys.executable
            )
            supervisor.programs.append(program)
            program.start()
        (folder / "supervisor").write_text(str(os.getpid()))
        supervisor.watch()
        return 0
    except Stopped:
        return 0
    finally:
        supervisor.stop()

sys.exit(guarded(supervise))
"""


class House:
    """The small house, running."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOUSE, str(folder)],
            env=clean_environment(),
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("steady", "deep", "grandchild", "supervisor"):
            wait_until(lambda name=name: self.pid(name), f"{name} runs")

    def pid(self, name: str) -> int:
        path = self.folder / name
        text = path.read_text() if path.exists() else ""
        return int(text) if text else 0

    def told(self) -> str:
        """What it said, once it has ended."""
        return self.process.communicate(timeout=60)[1]


@pytest.fixture
def house(folder: Path) -> Iterator[House]:
    started = House(folder)
    yield started
    if started.process.poll() is None:
        started.process.terminate()
        started.process.communicate(timeout=60)
    if started.process.stderr is not None:
        started.process.stderr.close()


def test_a_program_that_dies_is_started_again(house: House) -> None:
    before = house.pid("steady")
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: house.pid("steady") not in (0, before), "a new process of the program")
    house.process.terminate()
    assert "steady ended (signal SIGKILL); starting it again." in house.told()


def test_what_a_dead_program_leaves_behind_is_ended(house: House) -> None:
    orphan = house.pid("grandchild")
    os.kill(house.pid("deep"), signal.SIGKILL)
    wait_until(lambda: not child.alive(orphan), "the orphan ends")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_stop_leaves_nothing(house: House, number: signal.Signals) -> None:
    house.process.send_signal(number)
    assert house.process.wait(60) == 0
    assert processes_of(house.folder) == []


def test_the_supervisor_killed_takes_everything_with_it(house: House) -> None:
    os.kill(house.pid("supervisor"), signal.SIGKILL)
    assert house.process.wait(60) == 1
    assert "killed by signal 9" in house.told()
    assert processes_of(house.folder) == []


def test_the_outer_process_killed_stops_everything_in_order(house: House) -> None:
    house.process.kill()
    house.process.wait()
    wait_until(lambda: not child.alive(house.pid("supervisor")), "the supervisor ends")
    wait_until(lambda: not processes_of(house.folder), "everything ends")


def test_pauses_grow_while_a_program_keeps_dying() -> None:
    program = Program("brief", lambda: child.spawn([sys.executable, "-c", ""]))
    pauses = []
    for _ in range(5):
        program.start()
        assert program.process is not None
        program.process.wait()
        assert program.ended() == 0
        pauses.append(round(program.start_again_at - program.started_at))
    assert pauses[0] == 0
    assert pauses[2:] == sorted(pauses[2:])
    assert pauses[-1] >= 8


def test_a_large_log_is_kept_small_for_those_who_append_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("salescompass.cli.programs._LARGEST_LOG", 1000)
    log = tmp_path / "web.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"a" * 999 + b"z\n")
        trim(log)
        writer.write(b"after\n")
    assert log.read_bytes() == b"after\n"
    assert (tmp_path / "web.log.1").read_bytes().endswith(b"z\n")
