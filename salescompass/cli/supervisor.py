"""One supervisor for everything `run` runs: it starts, watches, starts again, and stops in order."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from salescompass.cli.guard import children_of, is_postgres
from salescompass.cli.output import say
from salescompass.cli.programs import Program, stop_all, trim
from salescompass.kit import child

_TIDY_SECONDS = 60.0


class Stopped(BaseException):
    """Somebody asked us to stop while we were starting: whatever step is under way ends here."""


@dataclass
class Daily:
    """A program that runs once a day and ends."""

    name: str
    spawn: "Callable[[], subprocess.Popen[bytes]]"
    seconds: float = 24 * 3600.0
    next_at: float = 0.0
    process: "subprocess.Popen[bytes] | None" = None


@dataclass
class Supervisor:
    """Watches programs until it is told to stop."""

    logs: Path
    servers: list[Program] = field(default_factory=list)
    programs: list[Program] = field(default_factory=list)
    daily: list[Daily] = field(default_factory=list)
    stops: int = 0
    starting: bool = True
    _tidy_at: float = 0.0
    _wake: int = -1

    def listen(self) -> None:
        """Take SIGTERM and SIGINT from now on; both, and the end of a child, end a wait."""
        child.adopt_orphans()
        self._wake, writing = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGHUP, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _stop(self, *_: object) -> None:
        self.stops += 1
        if self.starting and self.stops == 1:
            raise Stopped

    @property
    def stopping(self) -> bool:
        """Whether somebody asked us to stop."""
        return self.stops > 0

    def wait(self, seconds: float) -> None:
        """Sleep until something happened, `seconds` at most."""
        readable, _, _ = select.select([self._wake], [], [], seconds)
        if readable:
            with suppress(BlockingIOError):
                os.read(self._wake, 4096)

    def watch(self) -> None:
        """Until told to stop: start again what died, run what is daily, end what nobody owns."""
        self.starting = False
        while not self.stopping:
            self.step()
            self.wait(1.0)

    def step(self) -> None:
        """One look at everything."""
        for program in (*self.servers, *self.programs):
            code = program.ended()
            if code is not None and not self.stopping:
                say(f"{program.name} ended ({_how(code)}); starting it again.")
            if program.due and not self.stopping:
                program.start()
        self._run_daily()
        self._collect_orphans()
        if time.monotonic() > self._tidy_at:
            self._tidy_at = time.monotonic() + _TIDY_SECONDS
            for log in self.logs.glob("*.log"):
                trim(log)

    def _run_daily(self) -> None:
        now = time.monotonic()
        for job in self.daily:
            if job.process is not None and job.process.poll() is not None:
                if job.process.returncode != 0:
                    say(f"{job.name} failed ({_how(job.process.returncode)}); see {self.logs}.")
                job.process = None
            if job.process is None and now >= job.next_at:
                job.next_at = now + job.seconds
                job.process = job.spawn()

    def _collect_orphans(self) -> int:
        """End what killed programs left to us. PostgreSQL's end by themselves. Returns how many there were."""
        processes = [one.process for one in (*self.servers, *self.programs)] + [job.process for job in self.daily]
        known = {process.pid for process in processes if process is not None}
        orphans = [pid for pid in children_of(os.getpid()) if pid not in known]
        for pid in orphans:
            with suppress(ProcessLookupError, ChildProcessError):
                if not is_postgres(pid):
                    os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, os.WNOHANG)
        return len(orphans)

    def _end_orphans(self) -> None:
        """Collect until none is left; ending one may hand us its own children."""
        deadline = time.monotonic() + 10
        while self._collect_orphans() and time.monotonic() < deadline:
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop everything: first who uses the servers, then the servers."""
        asked = self.stops
        daily = [Program(job.name, job.spawn, process=job.process) for job in self.daily]
        killed = stop_all([*self.programs, *daily], lambda: self.stops > asked + 1)
        self._end_orphans()
        killed += stop_all(list(reversed(self.servers)), lambda: False)
        self._end_orphans()
        if killed:
            say(f"Killed after waiting in vain: {', '.join(killed)}.")


def _how(code: int) -> str:
    if code < 0:
        with suppress(ValueError):
            return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"
