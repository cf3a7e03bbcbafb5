"""PostgreSQL and Valkey in the data folder, for whoever has no servers of their own.

`servers(data)` is the way in: it starts what the environment does not name, shares what another command of
the same data folder has started, and stops at the end what it started, once nobody else uses it.

Files in `<data>/run`, all locks of the kernel, so that nothing is left locked by a process that was killed:
`start.lock` is held while servers are started or stopped; `owner.lock` by the process whose children they
are; `users.lock` (shared) by every process that uses them.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from salescompass.kit.embedded.ground import EmbeddedError, Ground, StillClosing
from salescompass.kit.embedded.locks import Lock
from salescompass.kit.embedded.postgres import Postgres
from salescompass.kit.embedded.valkey import Valkey

__all__ = ["EmbeddedError", "Lock", "Postgres", "Servers", "Valkey", "servers"]

Server = Postgres | Valkey


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def wanted(data: Path, environment: Mapping[str, str], say: Callable[[str], None]) -> tuple[Server, ...]:
    """The embedded servers of this data folder that `environment` does not replace by others."""
    ground = Ground(data.absolute(), say)
    parts: list[Server] = []
    if not environment.get("DATABASE_URL"):
        parts.append(Postgres(ground, environment.get("SALESCOMPASS_POSTGRES") or "18"))
    if not environment.get("REDIS_URL"):
        parts.append(Valkey(ground))
    return tuple(parts)


@dataclass
class Servers:
    """The embedded servers of one data folder, as this process uses them."""

    data: Path
    parts: tuple[Server, ...]
    started: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    owner: bool = False

    def __post_init__(self) -> None:
        run = self.data.absolute() / "run"
        self._start, self._owner, self._users = (Lock(run / f"{name}.lock") for name in ("start", "owner", "users"))

    def environment(self) -> dict[str, str]:
        """The addresses of all parts."""
        return {name: value for part in self.parts for name, value in part.environment().items()}

    def start(self, *, alone: bool = False) -> None:
        """Start the servers, or share running ones. `alone`: wait until no other command owns any."""
        if not self.parts:
            return
        self.parts[0].ground.prepare()
        waiting = False
        while True:
            with self._start.held():
                if self._owner.try_exclusive():
                    self._become_owner()
                    return
                if not alone and all(part.answers() for part in self.parts):
                    self._users.shared()
                    return
            if alone and not waiting:
                self.parts[0].ground.say("Waiting for another command that uses this data folder to end ...")
                waiting = True
            time.sleep(0.1)

    def _become_owner(self) -> None:
        try:
            for part in self.parts:
                # An owner that was killed may have left servers that are still closing down.
                part.stop_left_over()
            for part in self.parts:
                self.started[part.name] = part.spawn()
            for part in self.parts:
                self._wait_for(part)
            self._users.shared()
            self.owner = True
        except BaseException:
            self._end_children()
            self._owner.release()
            raise

    def _wait_for(self, part: Server) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                part.wait_ready(self.started[part.name])
                return
            except StillClosing:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.3)
                self.started[part.name] = part.spawn()

    def stop(self, *, patient: bool = True) -> None:
        """Stop what this process started; `patient`: as soon as no other command uses it."""
        if not self.owner:
            self._users.release()
            return
        said = False
        while True:
            with self._start.held():
                if not patient or self._users.try_exclusive():
                    self._end_children()
                    self._users.release()
                    self._owner.release()
                    self.owner = False
                    return
            if not said:
                self.parts[0].ground.say("Waiting for another command that uses the servers to end ...")
                said = True
            time.sleep(0.1)

    def _end_children(self) -> None:
        """Valkey first: it needs nothing of PostgreSQL, and both are fast."""
        for part in reversed(self.parts):
            process = self.started.pop(part.name, None)
            if process is not None:
                end(process, part.death_signal)


def end(process: "subprocess.Popen[bytes]", signal_number: int, *, patience: float = 30) -> None:
    """Stop one child: ask, wait, insist."""
    if process.poll() is None:
        process.send_signal(signal_number)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


@contextmanager
def servers(data: Path, say: Callable[[str], None] = _to_stderr) -> Iterator[dict[str, str]]:
    """Have PostgreSQL and Valkey: yields the addresses of those that the environment does not name."""
    house = Servers(data, wanted(data, os.environ, say))
    house.start()
    try:
        yield house.environment()
    finally:
        house.stop()
