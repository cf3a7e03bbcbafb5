"""The score is a function of what happened: bounded, fading, the same in whatever order it was told."""

from __future__ import annotations

import math
import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescompass.scoring.configuration import DEFAULT, Config, Group, Rule
from salescompass.scoring.formula import (
    account_score,
    evidence,
    fading,
    later,
    needed_for,
    person_score,
    score_of,
    times,
)
from tests.scoring.ledgers import CONFIG, NOW, Happening, buckets_of, histories, long_way


def near(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


@given(histories, st.randoms())
def test_any_order_gives_the_same_score_as_the_events(happened: list[Happening], chance: random.Random) -> None:
    shuffled = buckets_of(happened)
    chance.shuffle(shuffled)
    assert near(person_score(CONFIG, evidence(CONFIG, shuffled, NOW)), long_way(happened))


@given(histories, st.floats(0, 400))
def test_evidence_that_fades_is_the_evidence_of_later(happened: list[Happening], days: float) -> None:
    buckets = buckets_of(happened)
    then = NOW + timedelta(days=days)
    faded = later(CONFIG, evidence(CONFIG, buckets, NOW), (then - NOW).total_seconds() / 86400)
    for one, other in zip(faded, evidence(CONFIG, buckets, then), strict=True):
        assert near(one, other)


@given(histories)
def test_a_score_is_from_0_to_100(happened: list[Happening]) -> None:
    assert 0 <= long_way(happened) < 100
    assert 0 <= person_score(CONFIG, evidence(CONFIG, buckets_of(happened), NOW)) < 100


@given(histories, histories)
def test_more_evidence_never_lowers_a_score(happened: list[Happening], more: list[Happening]) -> None:
    good = {rule.key for rule in CONFIG.rules if rule.points > 0}
    added = happened + [one for one in more if one.type in good]
    assert long_way(added) >= long_way(happened) - 1e-9


def test_a_days_repeats_count_less_and_less() -> None:
    rule = Rule("pricing_viewed", "pricing_viewed", 8, "intent")
    assert [times(rule, n) for n in (1, 3, 7)] == [1, 2, 3]
    assert [times(Rule("x", "x", 1, "active", "once"), n) for n in (0, 1, 9)] == [0, 1, 1]
    assert [times(Rule("x", "x", 1, "active", "capped", 3), n) for n in (1, 3, 9)] == [1, 3, 3]


def test_half_is_left_after_a_half_life() -> None:
    assert [fading(21, 21), fading(0, 21), fading(-1, 21)] == [0.5, 1, 1]
    assert fading(1e9, 1) > 0


def test_a_group_counts_up_to_its_cap_both_ways() -> None:
    capped = Config(groups=(Group("one", 7, 25), Group("other", 21, 60)))
    assert person_score(capped, [1000, 0]) == person_score(capped, [25, 0])
    assert person_score(capped, [-1000, 60]) == person_score(capped, [-25, 60])


def test_evidence_and_score_are_each_others_inverse() -> None:
    for score in (0.0, 0.5, 15, 40, 70, 99.9):
        assert near(score_of(DEFAULT, needed_for(DEFAULT, score)), score)
    assert needed_for(DEFAULT, 100) == math.inf


def test_accounts_come_out_as_promised() -> None:
    assert account_score([10] * 6) == pytest.approx(20, abs=0.5)
    assert account_score([60] * 6) == pytest.approx(79, abs=0.5)
    assert account_score([99.999]) == pytest.approx(70, abs=0.01)
    assert account_score([]) == 0


@given(st.lists(st.floats(0, 99.99), max_size=12), st.floats(0, 99.99), st.randoms())
def test_an_account_is_never_lowered_by_one_more_person(scores: list[float], one: float, chance: random.Random) -> None:
    shuffled = [*scores, one]
    chance.shuffle(shuffled)
    assert account_score(scores) - 1e-9 <= account_score(shuffled) <= 100


@given(st.lists(st.floats(0, 1), max_size=500))
def test_a_crowd_of_cold_readers_is_never_hot(scores: list[float]) -> None:
    assert account_score(scores) < 15
