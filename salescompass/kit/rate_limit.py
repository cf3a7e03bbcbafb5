"""How often something may happen: counted in Redis for all processes together, in memory while Redis is away."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache

import redis
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import SlidingWindowCounterRateLimiter

from salescompass.kit import wire
from salescompass.kit.errors import TooMany


@dataclass(frozen=True)
class Limit:
    """At most `times` in any `seconds`, per key."""

    name: str
    times: int
    seconds: int

    @property
    def item(self) -> RateLimitItem:
        """The same, as the library counts it."""
        return RateLimitItemPerSecond(self.times, self.seconds, namespace="limit")


@cache
def _memory() -> MemoryStorage:
    return MemoryStorage()


@cache
def _shared(address: str) -> RedisStorage:
    return RedisStorage(
        address.replace("unix://", "redis+unix://", 1), connection_pool=wire.wire().connection_pool, key_prefix="sc"
    )


def _ask(storage: Storage, limit: Limit, key: str, *, count: bool, times: int) -> int:
    limiter = SlidingWindowCounterRateLimiter(storage)
    if (limiter.hit if count else limiter.test)(limit.item, limit.name, key, cost=times):
        return 0
    reset = limiter.get_window_stats(limit.item, limit.name, key).reset_time
    return max(1, min(limit.seconds, round(reset - time.time() + 0.5)))


def seconds_to_wait(limit: Limit, key: str, *, count: bool = True, times: int = 1) -> int:
    """Counts one occurrence: 0 when it may happen, else the seconds to wait. Without `count` it only asks.

    Several `times` together are counted all or none.
    """

    def shared(connection: redis.Redis) -> int:
        return _ask(_shared(wire.address()), limit, key, count=count, times=times)

    found = wire.attempt(shared)
    return _ask(_memory(), limit, key, count=count, times=times) if found is None else found


def enforce(
    limit: Limit, key: str, message: str = "Too many requests: try again in a moment", *, times: int = 1
) -> None:
    """Counts one occurrence, or several. Raises TooMany, with the seconds to wait, when it is one too many."""
    seconds = seconds_to_wait(limit, key, times=times)
    if seconds:
        raise TooMany(message, retry_after=seconds)


def still_open(limit: Limit, key: str, message: str) -> None:
    """Counts nothing. Raises TooMany when one more would be one too many."""
    seconds = seconds_to_wait(limit, key, count=False)
    if seconds:
        raise TooMany(message, retry_after=seconds)


@dataclass(frozen=True)
class Tally:
    """A count that lives for a while after its last change, and a moment until which it is closed."""

    name: str
    seconds: int

    def closed_for(self, key: str) -> int:
        """Seconds this key stays closed; 0 when it is open."""
        name = f"sc:{self.name}:closed:{key}"
        left = wire.attempt(lambda connection: int(connection.pttl(name)))  # type: ignore[arg-type]
        if left is None:
            left = round((_memory().get_expiry(name) - time.time()) * 1000) if _memory().get(name) else 0
        return max(0, -(-left // 1000))

    def add(self, key: str) -> int:
        """Counts one more; returns the count."""
        name = f"sc:{self.name}:{key}"

        def shared(connection: redis.Redis) -> int:
            with connection.pipeline() as pipe:
                pipe.incr(name)
                pipe.expire(name, self.seconds)
                return int(pipe.execute()[0])

        found = wire.attempt(shared)
        return int(_memory().incr(name, self.seconds)) if found is None else found

    def close(self, key: str, seconds: float) -> None:
        """Keeps this key closed for so long."""
        name = f"sc:{self.name}:closed:{key}"
        milliseconds = max(1, round(seconds * 1000))
        if wire.attempt(lambda connection: bool(connection.set(name, 1, px=milliseconds))) is None:
            _memory().incr(name, max(1, round(seconds)))
