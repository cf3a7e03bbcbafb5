"""The outer process of `run`: it starts the supervisor as a child, waits, and lets nothing be left behind.

Whoever is killed, the rest goes with it. The supervisor killed: its children get their death signal, and
what outlives that becomes ours (we are the "subreaper") and is ended here. This process killed: the
supervisor gets SIGTERM from the kernel and stops everything in order.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from salescompass.cli.output import DONE, FAILED, say
from salescompass.kit import child

_PATIENCE = 8.0


def guarded(supervise: Callable[[], int]) -> int:
    """Run `supervise` in a child process; returns its exit code once every descendant is gone."""
    child.adopt_orphans()
    guardian = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    supervisor = os.fork()
    if supervisor == 0:
        # Ctrl-C in the terminal reaches us only; the supervisor hears of it once, from us.
        os.setpgid(0, 0)
        child.end_with_parent(signal.SIGTERM, guardian)
        code = FAILED
        try:
            code = supervise()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    asked: list[int] = []

    def pass_on(received: int, _frame: object) -> None:
        asked.append(received)
        with suppress(ProcessLookupError):
            os.kill(supervisor, signal.SIGINT if received == signal.SIGINT else signal.SIGTERM)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, pass_on)
    status = _wait_for(supervisor)
    _end_descendants()
    if os.WIFSIGNALED(status) and asked and os.WTERMSIG(status) in (signal.SIGTERM, signal.SIGINT):
        # It was told to stop before it had begun to listen.
        return DONE
    if os.WIFSIGNALED(status):
        say(f"The supervisor was killed by signal {os.WTERMSIG(status)}; everything it ran was stopped.")
        return FAILED
    return os.waitstatus_to_exitcode(status)


def _wait_for(supervisor: int) -> int:
    """The supervisor's exit status; collects adopted processes that end meanwhile."""
    while True:
        pid, status = os.wait()
        if pid == supervisor:
            return status


def _end_descendants() -> None:
    """Collect what was left to us: it has its death signal already; who ignores it is killed."""
    deadline = time.monotonic() + _PATIENCE
    told: set[int] = set()
    with suppress(ChildProcessError):
        while True:
            if os.waitpid(-1, os.WNOHANG)[0]:
                continue
            for pid in children_of(os.getpid()):
                number = signal.SIGKILL if time.monotonic() > deadline else signal.SIGTERM
                # PostgreSQL takes SIGTERM as "wait until everybody has left": it got SIGINT from the kernel.
                if (pid not in told or number == signal.SIGKILL) and not is_postgres(pid):
                    told.add(pid)
                    with suppress(ProcessLookupError):
                        os.kill(pid, number)
            time.sleep(0.05)


def children_of(pid: int) -> list[int]:
    """The direct children of a process."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):
            found += [int(number) for number in (task / "children").read_text(encoding="utf-8").split()]
    return found


def is_postgres(pid: int) -> bool:
    """Whether a process is PostgreSQL's: its backends end by themselves when their server has."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip() == "postgres"
    except OSError:
        return False
