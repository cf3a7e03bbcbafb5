from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescompass.identity.throttle import (
    FORGOTTEN_AFTER,
    FREE_ATTEMPTS,
    LONGEST_WAIT,
    one_more,
    seconds_left,
    wait_after,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 0), (1, 0), (9, 0), (10, 1), (11, 2), (12, 4), (19, 512), (20, 900), (10_000, 900)]
)
def test_ten_are_free_then_the_wait_doubles_up_to_a_quarter_of_an_hour(attempts: int, seconds: int) -> None:
    assert wait_after(attempts) == timedelta(seconds=seconds)


def test_what_is_left_is_rounded_up_to_whole_seconds() -> None:
    assert seconds_left(None, now=NOON) == 0
    assert seconds_left(NOON, now=NOON) == 0
    assert seconds_left(NOON + timedelta(milliseconds=1), now=NOON) == 1
    assert seconds_left(NOON + timedelta(seconds=2), now=NOON) == 2


def test_a_quiet_day_starts_the_count_anew() -> None:
    assert one_more(30, NOON, now=NOON + FORGOTTEN_AFTER) == (1, NOON + FORGOTTEN_AFTER)
    assert one_more(30, NOON, now=NOON + FORGOTTEN_AFTER - timedelta(seconds=1))[0] == 31


@given(st.lists(st.integers(min_value=0, max_value=3600), max_size=300))
def test_however_fast_somebody_guesses_a_hundred_an_hour_are_never_passed(pauses: list[int]) -> None:
    attempts, retry_at, now, counted = 0, None, NOON, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if seconds_left(retry_at, now=now) == 0:
            attempts, retry_at = one_more(attempts, retry_at, now=now)
            counted.append(now)
            assert retry_at - now <= LONGEST_WAIT
    for start in counted:
        inside = [at for at in counted if start <= at < start + timedelta(hours=1)]
        assert len(inside) <= FREE_ATTEMPTS + 10 + 4
