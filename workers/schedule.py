"""The schedule: `python -m workers.schedule`. One loop that nudges; what is due is written in PostgreSQL.

Any number of these may run: the one that holds the lease works, the others wait to take over. A nudge may come twice
(two loops around a takeover) and must not matter; a nudge that is lost comes again.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from salescompass.kit import observability
from salescompass.kit.database import system_session
from salescompass.kit.dead_letters import due_topics
from salescompass.kit.errors import SalesCompassError
from salescompass.kit.queue import enqueue, wake
from salescompass.kit.settings import settings

log = logging.getLogger("workers.schedule")

LEASE_SECONDS = 25.0
"""With a look every 5 seconds, another process takes over within 30."""


@dataclass(frozen=True)
class Entry:
    """A job that is nudged every so many seconds."""

    job: str
    every: float
    lane: str = "later"


TIMETABLE = (
    Entry("workers.upkeep.seal_audit", every=5.0),
    Entry("workers.upkeep.sweep_scores", every=30.0, lane="default"),
    Entry("workers.upkeep.sweep_actions", every=30.0, lane="default"),
    Entry("workers.upkeep.write_snapshots", every=60.0),
    Entry("workers.upkeep.keep_records", every=600.0),
    Entry("workers.upkeep.rank_actions", every=900.0),
    Entry("workers.upkeep.move_idle_actions", every=600.0),
    Entry("workers.upkeep.run_rules", every=300.0),
    Entry("workers.upkeep.tell_drops", every=3600.0),
    Entry("workers.upkeep.send_digests", every=300.0),
    Entry("workers.upkeep.send_reminders", every=20.0, lane="default"),
    Entry("workers.upkeep.fold_repeats", every=6 * 3600.0),
    Entry("workers.upkeep.thin_snapshots", every=24 * 3600.0),
    Entry("workers.upkeep.forget_ended_sessions", every=3600.0),
)


class Schedule:
    """One process's part in the schedule."""

    def __init__(self, *, name: str = "schedule", lease_seconds: float = LEASE_SECONDS) -> None:
        self.name = name
        self.token: UUID = uuid4()
        self._lease_seconds = lease_seconds
        self._next: dict[Entry, float] = {}

    def lead(self) -> bool:
        """Take or keep the lease. True while it is ours."""
        with system_session() as session:
            found = session.connection().execute(
                text(
                    "INSERT INTO schedule_lock (name, holder, token, lease_until) "
                    "VALUES (:name, :holder, :token, clock_timestamp() + make_interval(secs => :lease)) "
                    "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, token = excluded.token, "
                    "  lease_until = excluded.lease_until "
                    "WHERE schedule_lock.token = excluded.token OR schedule_lock.lease_until < clock_timestamp() "
                    "RETURNING token"
                ),
                {
                    "name": self.name,
                    "holder": f"{os.uname().nodename}:{os.getpid()}",
                    "token": self.token,
                    "lease": self._lease_seconds,
                },
            )
            return found.first() is not None

    def resign(self) -> None:
        """Give the lease back, so that another takes over at once."""
        with system_session() as session:
            session.connection().execute(
                text("DELETE FROM schedule_lock WHERE name = :name AND token = :token"),
                {"name": self.name, "token": self.token},
            )

    def tick(self) -> None:
        """Wake what is due and nudge what the timetable says, if the lease is ours."""
        if not self.lead():
            self._next.clear()
            return
        sweep()
        moment = time.monotonic()
        for entry in TIMETABLE:
            if self._next.get(entry, 0.0) <= moment and enqueue(entry.job, lane=entry.lane):
                self._next[entry] = moment + entry.every

    def run(self, stop: threading.Event) -> None:
        """Tick until told to stop; a database that is away is waited for."""
        away = False
        while not stop.is_set():
            try:
                self.tick()
                if away:
                    log.info("schedule: the database is back")
                away = False
            except (SQLAlchemyError, SalesCompassError, OSError) as error:
                if not away:
                    log.warning("schedule: the database is away, waiting: %s", error)
                away = True
            stop.wait(1.0 if away else settings().sweep_seconds)
        try:
            self.resign()
        except (SQLAlchemyError, SalesCompassError):
            log.info("schedule: the lease runs out by itself")


def sweep() -> int:
    """Wake every topic with rows that are due and held by nobody. Returns how many."""
    due = due_topics()
    for tenant_id, topic in due:
        wake(tenant_id, topic)
    return len(due)


def main() -> int:
    """Run until told to stop."""
    observability.configure_logging()
    observability.init_sentry()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    Schedule().run(stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
