"""The ranking: monotone in each of its parts, the same however often it is asked, honest about what it knows little."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescompass.actions.rank_words import in_words
from salescompass.actions.ranking import (
    EXPLORED,
    FIRST_GUESS,
    STRENGTH,
    Chance,
    Level,
    Parts,
    Stake,
    Urgency,
    chance_of,
    draw,
    picked,
    stake_of,
    urgency_of,
)

AT = datetime(2026, 11, 20, 10, 42, tzinfo=UTC)
counts = st.tuples(st.integers(0, 400), st.integers(0, 400)).map(lambda two: (max(two), min(two)))
ladders = st.lists(counts, min_size=1, max_size=5)
chances = st.floats(0.01, 0.99)
spans = st.timedeltas(timedelta(days=-90), timedelta(days=90))


def levels(told: list[tuple[int, int]]) -> list[Level]:
    return [Level(f"level {n}", tried, worked) for n, (tried, worked) in enumerate(told)]


def parts(p: float = 0.5, value: int = 1000, due: float = 1.0, effort: int = 10) -> Parts:
    return Parts(Chance(p * STRENGTH, (1 - p) * STRENGTH), Stake(value, "deal"), Urgency(due, 1.0), effort)


@given(chances, chances, st.integers(1, 10**12), st.integers(1, 10**12), st.floats(0.5, 6), st.floats(0.5, 6))
def test_more_chance_value_or_urgency_never_ranks_lower(p: float, q: float, v: int, w: int, u: float, t: float) -> None:
    least, most = parts(min(p, q), min(v, w), min(u, t)), parts(max(p, q), max(v, w), max(u, t))
    assert most.worth >= least.worth
    for one in (parts(max(p, q), min(v, w), min(u, t)), parts(min(p, q), max(v, w), min(u, t))):
        assert one.worth >= least.worth * (1 - 1e-12)


@given(st.integers(0, 600), st.integers(0, 600))
def test_more_effort_never_ranks_higher(some: int, other: int) -> None:
    assert parts(effort=max(some, other)).worth <= parts(effort=min(some, other)).worth


@given(ladders)
def test_a_chance_is_one_and_more_that_ended_well_never_lower_it(told: list[tuple[int, int]]) -> None:
    found = chance_of(levels(told))
    assert 0 < found.value < 1
    better = [(tried, min(worked + 1, tried)) for tried, worked in told]
    assert chance_of(levels(better)).value >= found.value - 1e-12


def test_without_data_the_chance_is_the_first_guess_or_the_rules_own() -> None:
    nothing = levels([(0, 0)] * 5)
    assert chance_of(nothing).value == pytest.approx(FIRST_GUESS)
    assert chance_of(nothing, given=0.8).value == pytest.approx(0.8)


def test_each_level_pulls_by_what_it_has() -> None:
    # By hand: (6 + 20 * 0.3) / (20 + 20) = 0.3, then (9 + 20 * 0.3) / (10 + 20) = 0.5.
    found = chance_of([Level("tenant", 20, 6), Level("kind", 10, 9)])
    assert found.value == pytest.approx(0.5)
    assert found.among == Level("kind", 10, 9)
    # What is narrow and empty changes nothing, and does not speak.
    assert chance_of([Level("tenant", 20, 6), Level("kind", 10, 9), Level("rule", 3, 0)]).among == Level("kind", 10, 9)
    # A thousand like it outweigh all that is wider.
    assert chance_of([Level("tenant", 2000, 0), Level("kind", 1000, 900)]).value == pytest.approx(0.882, abs=0.001)


@given(spans, spans)
def test_what_is_due_sooner_is_never_less_urgent(some: timedelta, other: timedelta) -> None:
    sooner, later = sorted([AT + some, AT + other])
    ask = {"due_from": None, "evident_since": None}
    assert urgency_of(AT, due_to=sooner, **ask).value >= urgency_of(AT, due_to=later, **ask).value


@given(spans, spans, spans, st.timedeltas(timedelta(), timedelta(days=30)))
def test_urgency_by_the_due_window_never_falls_as_time_goes_on(
    begin: timedelta, length: timedelta, now: timedelta, more: timedelta
) -> None:
    window: dict[str, Any] = {"due_from": AT + begin, "due_to": AT + begin + abs(length), "evident_since": None}
    assert urgency_of(AT + now + more, **window).value >= urgency_of(AT + now, **window).value


@given(st.timedeltas(timedelta(), timedelta(days=400)), st.timedeltas(timedelta(), timedelta(days=400)))
def test_fresher_evidence_is_never_less_urgent(some: timedelta, other: timedelta) -> None:
    def fresh(age: timedelta) -> float:
        return urgency_of(AT, due_from=None, due_to=None, evident_since=AT - age).value

    assert 1.0 <= fresh(max(some, other)) <= fresh(min(some, other)) <= 2.0


def test_at_stake_is_what_was_given_else_the_deal_else_the_account_else_the_floor() -> None:
    every: dict[str, Any] = {"given": 5, "deal": 7.4, "account": 9.0, "currency": "USD"}
    assert stake_of(**every) == Stake(5, "given")
    assert stake_of(**every | {"given": None}) == Stake(7, "deal")
    assert stake_of(**every | {"given": None, "deal": 0.0}) == Stake(9, "account")
    assert stake_of(given=None, deal=None, account=None, currency="USD") == Stake(5000, "floor")
    assert stake_of(given=None, deal=None, account=None, currency="JPY") == Stake(50, "floor")


def ranked(number: int) -> list[tuple[int, Parts]]:
    return [(n, parts(p=0.3, value=1000 * (number - n))) for n in range(number)]


@given(st.integers(0, 80), st.integers(1, 40), st.integers())
def test_exploration_takes_a_tenth_at_most_and_repeats_itself(number: int, most: int, day: int) -> None:
    def pick() -> list[tuple[tuple[int, Parts], bool]]:
        return picked(ranked(number), most, lambda one: one[1], lambda one: ("tenant", "member", day, one[0]))

    found = pick()
    assert found == pick()
    assert len(found) == min(number, most)
    assert len({one[0] for one, _ in found}) == len(found)
    tries = [one for one, explored in found if explored]
    assert len(tries) <= EXPLORED * most
    sure = [one[0] for one, explored in found if not explored]
    assert sure == list(range(len(sure)))


def test_what_is_tried_changes_from_day_to_day() -> None:
    def tried(day: int) -> int:
        found = picked(ranked(60), 15, lambda one: one[1], lambda one: ("tenant", "member", day, one[0]))
        return next(one[0] for one, explored in found if explored)

    assert len({tried(day) for day in range(30)}) > 3


def test_draws_have_the_mean_of_their_chance() -> None:
    drawn = [draw(Chance(6, 14), "seed", n) for n in range(2000)]
    assert sum(drawn) / len(drawn) == pytest.approx(0.3, abs=0.02)


def test_a_rank_is_told_in_words() -> None:
    chance = chance_of([Level("tenant", 40, 10), Level("kind", 20, 12)])
    at_hand = Parts(chance, Stake(3289200, "deal"), urgency_of(AT, due_from=None, due_to=AT, evident_since=AT), 5)
    hours = {"due_from": None, "due_to": AT + timedelta(hours=3), "evident_since": AT - timedelta(minutes=20)}
    said = in_words(at_hand, currency="USD", at=AT, **hours)
    assert said == (
        "Ends well about 43% of the time: 12 of 20 actions of this kind did",
        "32,892 USD at stake: the deal's amount by its stage",
        "Due in 3 hours",
        "News of 20 min ago counts more while it is fresh",
        "Takes about 5 min",
    )
    unknown = Parts(chance_of([]), Stake(5000, "floor"), Urgency(1, 1), 10)
    said = in_words(unknown, currency="USD", at=AT, due_from=None, due_to=AT - timedelta(days=4), evident_since=None)
    assert "a first guess: fewer than 10 were closed so far" in said[0]
    assert said[2] == "Overdue by 4 days"
