"""One socket's events: a burst is free, a flood waits, and one that never pauses is ended."""

from __future__ import annotations

from salescompass.ui.budget import Bucket
from salescompass.ui.limits import BURST, MOST_DELAYED, PER_SECOND


def test_a_burst_does_not_wait() -> None:
    bucket = Bucket(at=0.0)
    assert [bucket.delay(0.0) for _ in range(int(BURST))] == [0.0] * int(BURST)
    assert bucket.delay(0.0) > 0


def test_a_flood_gets_the_steady_rate_only() -> None:
    bucket, clock = Bucket(at=0.0), 0.0
    for _ in range(500):
        clock += bucket.delay(clock)
    assert 500 / clock < PER_SECOND * 1.2


def test_a_flood_that_never_pauses_is_ended() -> None:
    bucket, clock, events = Bucket(at=0.0), 0.0, 0
    while not bucket.exhausted:
        clock += bucket.delay(clock)
        events += 1
        assert events < MOST_DELAYED + BURST + 10


def test_a_hand_that_pauses_is_never_ended() -> None:
    bucket, clock = Bucket(at=0.0), 0.0
    for _ in range(100):
        for _ in range(80):
            clock += bucket.delay(clock)
        clock += 3.0
    assert not bucket.exhausted
