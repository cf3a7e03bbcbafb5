"""RQ, the muscle: jobs here are wake-ups for rows in PostgreSQL, so one that is lost costs seconds, never data.

JSON on queue and worker (a pickle from Redis could run anything), and Retry always set.
"""

from __future__ import annotations

import logging
from uuid import UUID

import redis
from rq import Queue, Retry
from rq.serializers import JSONSerializer

from salescompass.kit import wire

log = logging.getLogger(__name__)

LANES = ("soon", "default", "later")
"""Lanes in the order in which a worker empties them."""

DRAIN = "workers.drains.drain"
_COALESCE_MS = 1000


def lane_queue(lane: str, connection: redis.Redis | None = None) -> Queue:
    """The queue of a lane."""
    if lane not in LANES:
        raise ValueError(f"no lane {lane!r}")
    return Queue(lane, connection=connection or wire.wire(), serializer=JSONSerializer, default_timeout=300)


def enqueue(job: str, *args: str | int | bool | None, lane: str = "default") -> bool:
    """Ask a worker to run `job` (a dotted name) soon. False when Redis is away: what is due stays due in PostgreSQL."""

    def push(connection: redis.Redis) -> bool:
        lane_queue(lane, connection).enqueue(
            job, args=args, retry=Retry(max=3), ttl=120, result_ttl=0, failure_ttl=86400
        )
        return True

    return bool(wire.attempt(push))


def _wake_key(tenant_id: UUID, topic: str) -> str:
    return f"tenant:{tenant_id}:wake:{topic}"


def wake(tenant_id: UUID, topic: str, *, lane: str = "default", again: bool = False) -> bool:
    """Wake the drain of a topic. While a wake-up waits that has not begun, another is not needed.

    `again` is for the drain itself, which gives its worker back to others before it goes on.
    """

    def first(connection: redis.Redis) -> bool:
        return bool(connection.set(_wake_key(tenant_id, topic), 1, nx=True, px=_COALESCE_MS))

    if not again and not wire.attempt(first):
        return False
    return enqueue(DRAIN, str(tenant_id), topic, lane=lane)


def awake(tenant_id: UUID, topic: str) -> None:
    """A drain begins: rows put from now on need a new wake-up."""
    wire.attempt(lambda connection: connection.delete(_wake_key(tenant_id, topic)))


def _asked_key(tenant_id: UUID) -> str:
    return f"tenant:{tenant_id}:asked"


def ask(tenant_id: UUID, topic: str) -> None:
    """Ask the drain that is at work for this tenant to wake a topic when it is done."""

    def note(connection: redis.Redis) -> None:
        with connection.pipeline() as pipe:
            pipe.sadd(_asked_key(tenant_id), topic)
            pipe.expire(_asked_key(tenant_id), 60)
            pipe.execute()

    wire.attempt(note)


def wake_asked(tenant_id: UUID) -> None:
    """A drain is done: wake what others asked for meanwhile."""

    def take(connection: redis.Redis) -> list[bytes]:
        with connection.pipeline() as pipe:
            pipe.smembers(_asked_key(tenant_id))
            pipe.delete(_asked_key(tenant_id))
            found = pipe.execute()[0]
        return sorted(found)

    for topic in wire.attempt(take) or ():
        wake(tenant_id, topic.decode())
