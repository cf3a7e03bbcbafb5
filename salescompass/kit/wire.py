"""Connections to Redis, the wire: wake-ups, live messages and counters travel on it, no truth is kept in it.

It may be emptied, restarted or away at any moment. So timeouts are short, a call is tried twice and no more, and after
a failure nobody knocks again for a second: a request never waits for a wire that is down.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import redis
import redis.asyncio
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from salescompass.kit.errors import Unavailable
from salescompass.kit.settings import settings

log = logging.getLogger(__name__)

T = TypeVar("T")

_PAUSE = 1.0
_away_until = 0.0


@cache
def _connection(url: str, read_timeout: float) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=1.0,
        socket_timeout=read_timeout,
        retry=Retry(NoBackoff(), 1),
        health_check_interval=15,
    )


def address() -> str:
    """Where Redis is. Raises Unavailable when no address is known."""
    url = settings().redis_url
    if not url:
        raise Unavailable("REDIS_URL is not set, and no embedded server was started")
    return url


def wire(*, read_timeout: float = 2.0) -> redis.Redis:
    """This process's connection pool; safe to use after a fork."""
    return _connection(address(), read_timeout)


def own_wire() -> redis.Redis:
    """A connection pool of one's own, for who waits on it for long, such as a worker."""
    return redis.Redis.from_url(address(), socket_connect_timeout=1.0, retry=Retry(NoBackoff(), 0))


def async_wire() -> redis.asyncio.Redis:
    """A connection for one event loop; close it when done."""
    return redis.asyncio.Redis.from_url(
        address(), socket_connect_timeout=1.0, socket_timeout=None, retry=None, health_check_interval=0
    )


def attempt(act: Callable[[redis.Redis], T]) -> T | None:
    """Do something on the wire that may be lost: None when Redis is away, and one line in the log."""
    global _away_until
    if time.monotonic() < _away_until:
        return None
    try:
        found = act(wire())
    except (RedisError, Unavailable, OSError) as error:
        if not _away_until:
            log.warning("redis is away; work goes on from the outbox: %s", error)
        _away_until = time.monotonic() + _PAUSE
        return None
    if _away_until:
        log.info("redis is back")
        _away_until = 0.0
    return found
