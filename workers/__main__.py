"""A worker: `python -m workers`. Takes wake-ups from the lanes and has a child of its own do them.

It outlives Redis: when Redis goes away it waits and starts anew, with a new name, as often as needed.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from types import FrameType
from typing import Any
from uuid import UUID

import redis
from rq.job import Job
from rq.serializers import JSONSerializer

from salescompass.kit import database, observability, wire
from salescompass.kit.ids import new_id
from salescompass.kit.queue import LANES, lane_queue
from salescompass.kit.settings import settings

# Loaded here, in the parent, so that a child has them from its first moment.
from workers import drains, schedule, upkeep
from workers.horse import WarmWorker

__all__ = ["HouseWorker", "drains", "main", "schedule", "upkeep"]

log = logging.getLogger("workers")

WORKER_TTL = 25
"""A worker blocks for this minus 15 seconds; with RQ's default of 420 a dead one would be noticed after minutes."""


class HouseWorker(WarmWorker):
    """A worker with our intervals, that remembers whether it was told to stop."""

    max_connection_wait_time = 2.0

    def __init__(self, connection: redis.Redis) -> None:
        pace = max(1, round(settings().monitor_seconds))
        super().__init__(
            [lane_queue(lane, connection) for lane in LANES],
            name=f"{os.uname().nodename}.{os.getpid()}.{new_id().hex[-8:]}",
            connection=connection,
            worker_ttl=WORKER_TTL,
            job_monitoring_interval=pace,
            maintenance_interval=pace,
            serializer=JSONSerializer,
            exception_handlers=[note_failure],
            log_job_description=False,
        )
        self.told_to_stop = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Finish the job at hand, then stop."""
        self.told_to_stop = True
        super().request_stop(signum, frame)


def note_failure(job: Job, kind: type[BaseException], error: BaseException, _trace: Any) -> bool:
    """Keep a job's unexpected error where people look for it."""
    first = str(job.args[0]) if job.args else ""
    try:
        tenant_id = UUID(first)
    except ValueError:
        tenant_id = None
    observability.record_error(error, where=f"job {job.func_name}", tenant_id=tenant_id)
    return True


def main() -> int:
    """Work until told to stop."""
    observability.configure_logging()
    observability.init_sentry()
    # A child must not speak on its parent's connections.
    os.register_at_fork(after_in_child=lambda: database.dispose(forked=True))
    while True:
        worker = None
        try:
            worker = HouseWorker(wire.own_wire())
            worker.work(logging_level="WARNING")
        except (redis.exceptions.RedisError, OSError) as error:
            log.warning("worker: redis is away, waiting: %s", error)
        if worker is not None:
            worker.dismiss_child()
            if worker.told_to_stop:
                return 0
        time.sleep(1.0)


if __name__ == "__main__":
    sys.exit(main())
