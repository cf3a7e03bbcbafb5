"""Whatever is killed while a client sends events: none is lost, each is counted once, and open pages show all of it.

The client repeats a request until it is answered, as docs/api.md advises. Workers (with their children), Valkey (which
is emptied) and PostgreSQL are killed with -9 while rows of the outbox are claimed, the web while requests are under
way. Afterwards counts and scores are compared with counting by the book from the events alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .killing import run_story

CLAIMING = ("workers", "valkey", "postgres")


def test_nothing_is_lost_or_counted_twice_whoever_is_killed(house_at: Callable[..., Any]) -> None:
    with house_at(lease=2, sweep=1, monitor=1) as house:
        kills = run_story(house, total=3000, seconds=30, kills_a_kind=10, resync=2, largest=8, web=3)
    assert min(kills.done[kind] for kind in CLAIMING) >= 8, kills.done
    assert kills.done["web"] == 3
    print(f"resumed after {max(kills.resumed):.1f} s at most; kills {dict(kills.done)}")


@pytest.mark.slow
def test_twenty_thousand_events_at_production_settings(house_at: Callable[..., Any]) -> None:
    with house_at(lease=60, sweep=5, monitor=5) as house:
        kills = run_story(house, total=20_000, seconds=200, kills_a_kind=6, resync=30, web=6)
    assert min(kills.done[kind] for kind in CLAIMING) >= 5, kills.done
    print(f"resumed after {max(kills.resumed):.1f} s at most; kills {dict(kills.done)}")
    assert max(kills.resumed) <= 90


@pytest.mark.slow
def test_twenty_thousand_events_and_many_kills(house_at: Callable[..., Any]) -> None:
    with house_at(lease=2, sweep=1, monitor=1) as house:
        kills = run_story(house, total=20_000, seconds=240, kills_a_kind=40, resync=5, web=20)
    assert min(kills.done[kind] for kind in CLAIMING) >= 35, kills.done
