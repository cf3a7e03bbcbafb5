"""A stored score is rewritten in time: against looking every few minutes."""

from __future__ import annotations

import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescompass.scoring.configuration import DEFAULT, Config, Group
from salescompass.scoring.formula import account_score, evidence, later, person_score
from salescompass.scoring.timing import TOLERANCE, account_due, limits, person_due
from tests.scoring.ledgers import CONFIG, NOW, Happening, buckets_of, histories

EDGES = CONFIG.edges
QUICK = Config(groups=(Group("a", 1, 25), Group("b", 2, 60), Group("c", 3, 90)))
TWO_SECONDS = 2.0 / 86400
raws = st.tuples(*[st.floats(-120, 120).filter(lambda x: x == 0 or abs(x) > 1e-6)] * 3).map(list)


def first_by_looking(score, low: float, high: float, *, until: float, every: float) -> float | None:  # type: ignore[no-untyped-def]
    """The first moment, looked for at intervals, at which a score is out of its limits."""
    for look in range(1, int(until / every)):
        if not low <= score(look * every) < high:
            return look * every
    return None


@settings(max_examples=60, deadline=None)
@given(raws)
def test_a_persons_score_is_rewritten_just_in_time(raw: list[float]) -> None:
    value = person_score(QUICK, raw)
    low, high = limits(value, EDGES)
    every, until = 0.005, 25.0
    seen = first_by_looking(lambda t: person_score(QUICK, later(QUICK, raw, t)), low, high, until=until, every=every)
    due = person_due(QUICK, raw, EDGES)
    if seen is not None:
        assert due is not None
        assert due <= seen + TWO_SECONDS
        # Early only where the curve turns near a limit.
        if all(one >= 0 for one in raw):
            assert due >= seen - every - 1e-4
    elif all(one >= 0 for one in raw):
        assert due is None or due >= until - every - 1e-4


@settings(max_examples=40, deadline=None)
@given(st.lists(raws, min_size=1, max_size=9))
def test_an_accounts_score_is_never_rewritten_late(people: list[list[float]]) -> None:
    def score(days: float) -> float:
        return account_score([person_score(QUICK, later(QUICK, raw, days)) for raw in people])

    low, high = limits(score(0), EDGES)
    seen = first_by_looking(score, low, high, until=12, every=0.02)
    due = account_due(QUICK, people, EDGES)
    if seen is not None:
        assert due is not None
        assert due <= seen + TWO_SECONDS


def test_the_time_is_exact_where_evidence_only_fades() -> None:
    for raw in ([10, 0, 0], [25, 60, 90], [300, 0, 5], [0, 31, 2]):
        due = person_due(DEFAULT, raw, EDGES)
        assert due is not None
        low, _ = limits(person_score(DEFAULT, raw), EDGES)
        assert person_score(DEFAULT, later(DEFAULT, raw, due)) == pytest.approx(low, abs=1e-3)
        account = account_due(DEFAULT, [raw], EDGES)
        assert account is not None
        low, _ = limits(account_score([person_score(DEFAULT, raw)]), EDGES)
        now = account_score([person_score(DEFAULT, later(DEFAULT, raw, account))])
        assert now == pytest.approx(low, abs=1e-2)


def test_a_score_may_rise_with_no_event_at_all() -> None:
    # What speaks against fades in a week, what speaks for in a month and a half.
    raw = [-25.0, 0.0, 60.0]
    due = person_due(DEFAULT, raw, EDGES)
    assert due is not None
    then = person_score(DEFAULT, later(DEFAULT, raw, due))
    assert then >= person_score(DEFAULT, raw) + 0.49


def test_nothing_is_due_where_nothing_can_change() -> None:
    assert person_due(DEFAULT, [0, 0, 0], EDGES) is None
    assert person_due(DEFAULT, [0.1, 0, 0], EDGES) is None
    assert person_due(DEFAULT, [0, -60, 0], EDGES) is None
    assert account_due(DEFAULT, [], EDGES) is None
    assert account_due(DEFAULT, [[0.1, 0, 0], [0, -60, 0]], EDGES) is None


def test_limits_stop_at_the_next_edge() -> None:
    assert limits(70, EDGES) == (70, 70.5)
    assert limits(69.8, EDGES) == (69.3, 70)
    assert limits(50, EDGES) == (50 - TOLERANCE, 50 + TOLERANCE)


@settings(max_examples=30, deadline=None)
@given(st.lists(histories, min_size=2, max_size=8), st.integers(0, 60))
def test_a_stored_order_misplaces_no_pair_that_differs_by_more_than_a_point(
    people: list[list[Happening]], days: int
) -> None:
    chance = random.Random(days)
    stored, true = [], []
    for happened in people:
        raw = evidence(CONFIG, buckets_of(happened), NOW)
        at, end = 0.0, days + chance.random()
        while (due := person_due(CONFIG, later(CONFIG, raw, at), EDGES)) is not None and at + due < end:
            at += max(due, 1e-3)
        stored.append(person_score(CONFIG, later(CONFIG, raw, at)))
        true.append(person_score(CONFIG, later(CONFIG, raw, end)))
        assert abs(stored[-1] - true[-1]) <= TOLERANCE + 0.02
    for (s1, t1), (s2, t2) in itertools.combinations(zip(stored, true, strict=True), 2):
        if math.fabs(t1 - t2) > 2 * TOLERANCE + 0.04:
            assert (s1 > s2) == (t1 > t2)
