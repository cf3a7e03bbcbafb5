from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from salescompass.kit import wire
from salescompass.kit.errors import TooMany
from salescompass.kit.rate_limit import Limit, Tally, enforce, seconds_to_wait, still_open
from salescompass.kit.settings import settings

HOUR = Limit("test-hour", 5, 3600)


@pytest.fixture(params=["redis", "memory"])
def key(request: pytest.FixtureRequest, servers: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A key of its own, counted in Redis, and in memory while Redis is away."""
    if request.param == "memory":
        monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
        settings.cache_clear()
    yield uuid4().hex
    monkeypatch.undo()
    settings.cache_clear()
    monkeypatch.setattr(wire, "_away_until", 0.0)


def test_what_is_one_too_many_must_wait(key: str) -> None:
    for _ in range(5):
        enforce(HOUR, key)
    with pytest.raises(TooMany) as refused:
        enforce(HOUR, key)
    assert 1 <= refused.value.retry_after <= 3600
    enforce(HOUR, key + " other")


def test_asking_counts_nothing(key: str) -> None:
    for _ in range(20):
        still_open(HOUR, key, "closed")
    assert seconds_to_wait(HOUR, key) == 0
    for _ in range(4):
        enforce(HOUR, key)
    with pytest.raises(TooMany, match="closed"):
        still_open(HOUR, key, "closed")


def test_many_at_once_get_no_more_than_allowed(key: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: seconds_to_wait(HOUR, key), range(60)))
    assert waits.count(0) == 5


def test_several_are_counted_all_or_none(key: str) -> None:
    enforce(HOUR, key, times=4)
    with pytest.raises(TooMany):
        enforce(HOUR, key, times=2)
    enforce(HOUR, key)
    with pytest.raises(TooMany):
        enforce(HOUR, key)


def test_a_tally_counts_and_can_be_closed_for_a_while(key: str) -> None:
    tally = Tally("test-tally", 3600)
    assert [tally.add(key) for _ in range(3)] == [1, 2, 3]
    assert tally.closed_for(key) == 0
    tally.close(key, 90)
    assert 89 <= tally.closed_for(key) <= 90
    assert tally.closed_for(key + " other") == 0
    assert tally.add(key) == 4
