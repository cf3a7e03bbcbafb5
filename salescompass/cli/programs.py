"""One program under the supervisor: how it is started, stopped, and started again when it died."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from salescompass.kit import child

_LARGEST_LOG = 20 * 1024 * 1024
_STEADY_SECONDS = 60.0


@dataclass
class Program:
    """A child that is to run for as long as we do."""

    name: str
    spawn: "Callable[[], subprocess.Popen[bytes]]"
    stop_signal: int = signal.SIGTERM
    patience: float = 25.0
    slowest_restart: float = 30.0
    process: "subprocess.Popen[bytes] | None" = None
    failures: int = 0
    started_at: float = 0.0
    start_again_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it now."""
        self.started_at = time.monotonic()
        self.process = self.spawn()

    def ended(self) -> int | None:
        """Its exit code when it has ended by itself, once; then it waits to be started again."""
        if self.process is None:
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.kill_group()
        self.process = None
        now = time.monotonic()
        self.failures = 0 if now - self.started_at > _STEADY_SECONDS else self.failures + 1
        # At once after a steady life, then 1, 2, 4 ... seconds.
        pause = min(2.0 ** (self.failures - 2), self.slowest_restart) if self.failures > 1 else 0.0
        self.start_again_at = now + pause
        return code

    @property
    def due(self) -> bool:
        """Whether it is to be started again now."""
        return self.process is None and time.monotonic() >= self.start_again_at

    def kill_group(self) -> None:
        """Kill what the ended program left in its process group."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


def stop_all(programs: Sequence[Program], hurried: Callable[[], bool]) -> list[str]:
    """Ask all at once, wait for each as long as it may take, then insist. Returns the names of the killed."""
    running = [program for program in programs if program.process is not None]
    for program in running:
        assert program.process is not None
        if program.process.poll() is None:
            program.process.send_signal(program.stop_signal)
    began = time.monotonic()
    killed = []
    while running:
        for program in list(running):
            assert program.process is not None
            if program.process.poll() is not None:
                program.kill_group()
                program.process = None
                running.remove(program)
            elif time.monotonic() - began > program.patience or hurried():
                program.process.kill()
                if program.name not in killed:
                    killed.append(program.name)
        time.sleep(0.03)
    return killed


def python_program(
    name: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    *,
    root: Path,
    python: str,
    death_signal: int = signal.SIGTERM,
) -> Program:
    """A program of ours; what it prints goes to `log`."""

    def spawn() -> "subprocess.Popen[bytes]":
        trim(log)
        with log.open("ab") as output:
            return child.spawn(
                [python, *arguments],
                death_signal=death_signal,
                environment=environment,
                cwd=root,
                output=output,
            )

    return Program(name, spawn)


def trim(log: Path) -> None:
    """Move a log that has grown large aside, for its writer too, who only ever appends."""
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        kept = log.with_name(log.name + ".1")
        kept.write_bytes(log.read_bytes()[-_LARGEST_LOG:])
        os.truncate(log, 0)
