"""What the health page asks of the servers. Each check says what it means and what to do, in words."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from redis import Redis
from rq import Worker
from rq.serializers import JSONSerializer
from sqlmodel import Session, col, select, text

from salescompass.kit import wire
from salescompass.kit.clock import now
from salescompass.kit.dead_letters import backlog, dead_letters
from salescompass.kit.observability import release
from salescompass.kit.queue import LANES, lane_queue
from salescompass.models import ErrorEvent

_SHOWN = 20
_TOPICS = {"events.recorded": "What follows from events", "mail": "Letters"}


@dataclass(frozen=True)
class Check:
    """One server or part, and how it is."""

    name: str
    value: str
    tone: str
    word: str
    icon: str
    about: str


@dataclass(frozen=True)
class QueueRow:
    """Work of one kind that waits."""

    topic: str
    waiting: int
    claimed: int
    dead: int
    oldest: str


@dataclass(frozen=True)
class DeadRow:
    """Work that was given up after ten attempts."""

    id: str
    topic: str
    error: str
    attempts: int
    dead_at: str


@dataclass(frozen=True)
class ErrorRow:
    """An unexpected error, counted."""

    kind: str
    message: str
    place: str
    reference: str
    n: int
    last_seen: str


@dataclass(frozen=True)
class Health:
    """Everything on the page."""

    checks: list[Check]
    queues: list[QueueRow]
    dead: list[DeadRow]
    errors: list[ErrorRow]
    versions: list[tuple[str, str]]


def health(session: Session) -> Health:
    """How the installation is, as far as it concerns this tenant."""
    queues = [
        QueueRow(_TOPICS.get(one.topic, one.topic), one.waiting, one.claimed, one.dead, _iso(one.oldest_due))
        for one in backlog(session)
    ]
    dead = [
        DeadRow(str(one.id), _TOPICS.get(one.topic, one.topic), one.last_error, one.attempts, one.dead_at.isoformat())
        for one in dead_letters(session, limit=_SHOWN)
    ]
    found = session.exec(select(ErrorEvent).order_by(col(ErrorEvent.last_seen).desc()).limit(_SHOWN)).all()
    errors = [
        ErrorRow(row.kind, row.message, row.place, row.request_id, row.n, row.last_seen.isoformat()) for row in found
    ]
    server = str(session.connection().execute(text("SHOW server_version")).scalar()).split()[0]
    checks = [
        Check("Database", f"PostgreSQL {server}", *_GOOD, "Keeps every fact. You read this, so it answers."),
        _redis(),
        _workers(),
        _lag(backlog(session)),
    ]
    return Health(checks, queues, dead, errors, _versions(server))


_GOOD = ("success", "Good", "circle-check")
_BAD = ("danger", "Look", "triangle-alert")
_SOME = ("warning", "Wait", "clock")


def _redis() -> Check:
    about = "Wakes workers and carries live updates. While it is away, work goes on a little later."
    answer = wire.attempt(lambda connection: dict(connection.info("server")))
    if answer is None:
        return Check("Live updates", "away", *_BAD, about)
    name = "Valkey" if "valkey_version" in answer else "Redis"
    number = answer.get("valkey_version") or answer.get("redis_version", "")
    return Check("Live updates", f"{name} {number}", *_GOOD, about)


def _workers() -> Check:
    about = "Do what follows from events and send letters. With none, work waits and nothing is lost."
    counted = wire.attempt(_count_workers)
    if counted is None:
        return Check("Workers", "not known", *_SOME, about)
    here, waiting = counted
    return Check("Workers", f"{here} running", *(_GOOD if here else _BAD), f"{about} Wake-ups in line: {waiting}.")


def _count_workers(connection: Redis) -> tuple[int, int]:
    workers = Worker.all(connection=connection, serializer=JSONSerializer)
    return len(workers), sum(lane_queue(lane, connection).count for lane in LANES)


def _lag(rows: list[Any]) -> Check:
    about = "How long the oldest due work has waited. Usually under a second."
    due = [one.oldest_due for one in rows if one.oldest_due is not None and one.waiting > one.claimed]
    seconds = max(0.0, (now() - min(due)).total_seconds()) if due else 0.0
    tone = _GOOD if seconds < 10 else _SOME if seconds < 60 else _BAD
    return Check("Oldest waiting work", "nothing waits" if not due else f"{seconds:.0f} s", *tone, about)


def _versions(server: str) -> list[tuple[str, str]]:
    # Read here: alembic is for migrations, and web processes start without it.
    from salescompass.kit.migrations import head

    return [
        ("SalesCompass", release()),
        ("Schema", head() or "none"),
        ("PostgreSQL", server),
        ("Python", platform.python_version()),
        *((name, version(package)) for name, package in (("Reflex", "reflex"), ("RQ", "rq"), ("SQLModel", "sqlmodel"))),
    ]


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
