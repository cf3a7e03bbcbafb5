"""Numbers for /metrics, summed over all processes of this machine.

The supervisor names a folder in PROMETHEUS_MULTIPROC_DIR, where each process keeps its own counters; whoever
answers /metrics adds them up. What lies in tables (work that waits) is counted when it is asked for.
"""

import logging
import os
from collections.abc import Iterator

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import text

log = logging.getLogger(__name__)

registry = CollectorRegistry()
"""Where this process's own counters are registered."""

REQUESTS = Counter("salescompass_requests", "HTTP requests answered.", ("method", "route", "status"), registry=registry)
REQUEST_SECONDS = Histogram(
    "salescompass_request_seconds",
    "Time until an HTTP request was answered.",
    ("route",),
    registry=registry,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
SOCKET_EVENTS = Counter("salescompass_socket_events", "Events of open pages.", ("outcome",), registry=registry)
JOBS = Counter("salescompass_jobs", "Jobs run by workers.", ("job", "outcome"), registry=registry)
ERRORS = Counter("salescompass_errors", "Unexpected errors.", ("where",), registry=registry)


class Backlog(Collector):
    """Effects that wait in the outbox, and those that were given up."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Count them now."""
        waiting = GaugeMetricFamily("salescompass_outbox_waiting", "Effects that wait.", labels=["topic"])
        oldest = GaugeMetricFamily(
            "salescompass_outbox_oldest_seconds", "How long the longest overdue effect waits.", labels=["topic"]
        )
        dead = GaugeMetricFamily("salescompass_outbox_dead", "Effects given up after many tries.", labels=["topic"])
        for topic, count, seconds, given_up in _backlog():
            waiting.add_metric([topic], count)
            oldest.add_metric([topic], seconds)
            dead.add_metric([topic], given_up)
        yield from (waiting, oldest, dead)


def _backlog() -> list[tuple[str, int, float, int]]:
    from salescompass.kit.database import system_session

    statement = text(
        "SELECT topic, count(*) FILTER (WHERE dead_at IS NULL), "
        "coalesce(extract(epoch FROM now() - min(due_at) FILTER (WHERE dead_at IS NULL AND due_at < now())), 0), "
        "count(*) FILTER (WHERE dead_at IS NOT NULL) FROM outbox GROUP BY topic"
    )
    try:
        with system_session() as session:
            rows = session.connection().execute(statement).all()
    except Exception:
        log.warning("the backlog could not be counted", exc_info=True)
        return []
    return [(row[0], row[1], float(row[2]), row[3]) for row in rows]


def metrics_text() -> tuple[bytes, str]:
    """The body and content type of /metrics."""
    answer = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client.multiprocess import MultiProcessCollector

        MultiProcessCollector(answer)
        answer.register(Backlog())
        return generate_latest(answer), CONTENT_TYPE_LATEST
    answer.register(Backlog())
    return generate_latest(registry) + generate_latest(answer), CONTENT_TYPE_LATEST
