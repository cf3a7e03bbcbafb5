"""The ladder and its rotation: fair, never over capacity, never to who may not see it, the same every time."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from salescompass.assignment.ladder import Case, Crew, Desk, Place, Rung, Worker
from salescompass.assignment.rotation import turn

ANNA, BEN, CARL, EVE = (UUID(int=n) for n in range(1, 5))
TEAM, COMPANY, DACH = UUID(int=50), UUID(int=60), UUID(int=70)
PEOPLE = [UUID(int=n) for n in range(1, 9)]
CREW = Crew(TEAM, "DACH reps", (ANNA, BEN, CARL))
HOLDS = Place("Territory DACH holds (Country is DE)", CREW, territory_id=DACH)
ALL = frozenset(PEOPLE)


def workers(**changes: Worker) -> dict[UUID, Worker]:
    usual = {one: Worker(one, name) for one, name in ((ANNA, "Anna"), (BEN, "Ben"), (CARL, "Carl"), (EVE, "Eve"))}
    return usual | {worker.id: worker for worker in changes.values()}


def owned_by(owner: UUID, **more: object) -> Case:
    return Case(owners=(("account", owner),), sees=ALL, **more)  # type: ignore[arg-type]


def test_an_owner_who_is_there_gets_it() -> None:
    found = Desk(workers()).assign(owned_by(ANNA, territory=HOLDS))
    assert (found.member_id, found.rung, found.because) == (ANNA, Rung.OWNER, ("Anna owns the account",))


def test_who_stands_in_gets_it_while_the_owner_is_out() -> None:
    away = Worker(ANNA, "Anna", out=True, back=" until 23 November", delegate_id=BEN)
    found = Desk(workers(anna=away)).assign(owned_by(ANNA, territory=HOLDS))
    assert (found.member_id, found.rung) == (BEN, Rung.DELEGATE)
    assert found.because == ("Anna owns the account, but is out until 23 November", "Ben stands in for Anna")


def test_two_who_stand_in_for_each_other_end_at_the_territory() -> None:
    anna = Worker(ANNA, "Anna", out=True, delegate_id=BEN)
    ben = Worker(BEN, "Ben", out=True, delegate_id=ANNA)
    found = Desk(workers(anna=anna, ben=ben)).assign(owned_by(ANNA, territory=HOLDS))
    assert (found.member_id, found.rung, found.team_id, found.territory_id) == (CARL, Rung.TERRITORY, TEAM, DACH)


def test_every_rung_is_told_in_words() -> None:
    away = Worker(ANNA, "Anna", out=True, back=" until 23 November")
    full = Worker(CARL, "Carl", weight=1, max_open=30)
    ben = Worker(BEN, "Ben", weight=2, max_open=30)
    desk = Desk(workers(anna=away, carl=full, ben=ben), open={CARL: 30, BEN: 12})
    found = desk.assign(owned_by(ANNA, territory=HOLDS))
    assert found.because == (
        "Anna owns the account, but is out until 23 November",
        "Territory DACH holds (Country is DE): the team DACH reps",
        "Anna is out until 23 November; Carl has 30 of 30 open",
        "Ben is next, by weight 2 of 2, 12 of 30 open",
    )
    assert desk.open[BEN] == 13


def test_where_nobody_has_room_the_fallback_gets_it_and_then_nobody() -> None:
    full = {one: Worker(one, "x", max_open=0) for one in (ANNA, BEN, CARL)}
    eve = Worker(EVE, "Eve", max_open=1)
    desk = Desk({**full, EVE: eve}, Place("Fallback", member_id=EVE))
    first, second = desk.assign(Case(sees=ALL, territory=HOLDS)), desk.assign(Case(sees=ALL, territories=False))
    assert (first.member_id, first.rung, first.because[-1]) == (EVE, Rung.FALLBACK, "Fallback: Eve")
    assert (second.member_id, second.rung) == (None, Rung.NOBODY)
    assert second.because == (
        "Nobody owns it",
        "Fallback: Eve, but has 1 of 1 open",
        "Nobody has room: it waits until somebody takes it",
    )


def test_a_company_stays_with_one_while_they_have_room() -> None:
    desk = Desk(workers(anna=Worker(ANNA, "Anna", max_open=2)))
    case = Case(sees=ALL, sticky=COMPANY, territory=Place("x", Crew(TEAM, "T", (ANNA, BEN))))
    desk.kept[TEAM, COMPANY] = ANNA
    assert [desk.assign(case).member_id for _ in range(4)] == [ANNA, ANNA, BEN, BEN]
    other = replace(case, sticky=UUID(int=61))
    assert desk.assign(other).member_id == BEN, "Anna is full"


def test_those_at_work_come_first_and_at_night_everybody_does() -> None:
    crew = Place("x", Crew(TEAM, "T", (ANNA, BEN)))
    case = Case(sees=ALL, territory=crew)
    asleep = Worker(ANNA, "Anna", working=False)
    assert {Desk(workers(anna=asleep)).assign(case).member_id for _ in range(3)} == {BEN}
    both = Desk(workers(anna=asleep, ben=Worker(BEN, "Ben", working=False)))
    assert {both.assign(case).member_id for _ in range(2)} == {ANNA, BEN}


WEIGHTS = st.dictionaries(st.sampled_from(PEOPLE), st.integers(1, 9), min_size=1)


@given(WEIGHTS, st.integers(1, 120))
def test_over_any_run_nobody_is_two_away_from_their_share(weights: dict[UUID, int], turns: int) -> None:
    credits: dict[UUID, int] = {}
    got = dict.fromkeys(weights, 0)
    total = sum(weights.values())
    for n in range(1, turns + 1):
        chosen, credits = turn(weights, credits)
        got[chosen] += 1
        assert all(abs(got[one] - n * weights[one] / total) < 2 for one in weights)
    assert sum(credits.values()) == 0
    if turns % total == 0:
        assert all(got[one] * total == turns * weights[one] for one in weights)


@given(WEIGHTS, st.lists(st.sampled_from(PEOPLE), max_size=40), st.integers(0, 60))
def test_turns_taken_otherwise_are_made_up_for(weights: dict[UUID, int], taken: list[UUID], turns: int) -> None:
    credits: dict[UUID, int] = {}
    got = dict.fromkeys(weights, 0)
    for one in [one for one in taken if one in weights]:
        _, credits = turn(weights, credits, taken_by=one)
        got[one] += 1
    total = sum(weights.values())
    # As many turns as the one most ahead needs to be caught up with, and some more.
    for _ in range(total * (len(taken) + 1) + turns):
        chosen, credits = turn(weights, credits)
        got[chosen] += 1
    n = sum(got.values())
    assert all(abs(got[one] - n * weights[one] / total) < 2 for one in weights)


STATES = st.fixed_dictionaries(
    {
        "out": st.booleans(),
        "working": st.booleans(),
        "deals": st.booleans(),
        "absent": st.sampled_from(["", "is disabled"]),
        "weight": st.integers(0, 4),
        "max_open": st.none() | st.integers(0, 4),
        "delegate_id": st.none() | st.sampled_from(PEOPLE),
    }
)
CASES = st.builds(
    Case,
    owners=st.lists(st.tuples(st.just("account"), st.sampled_from(PEOPLE)), max_size=2).map(tuple),
    sees=st.frozensets(st.sampled_from(PEOPLE)),
    sticky=st.none() | st.sampled_from([COMPANY, UUID(int=61)]),
    territory=st.none() | st.just(HOLDS),
)


@given(
    st.lists(STATES, min_size=8, max_size=8),
    st.dictionaries(st.sampled_from(PEOPLE), st.integers(0, 4)),
    st.lists(CASES, max_size=30),
    st.sampled_from([None, Place("Fallback", member_id=EVE), Place("Fallback", Crew(TEAM, "All", tuple(PEOPLE)))]),
)
def test_nobody_gets_what_they_cannot_take(
    states: list[dict[str, object]], opened: dict[UUID, int], cases: list[Case], fallback: Place | None
) -> None:
    known = {one: Worker(one, f"M{one.int}", **state) for one, state in zip(PEOPLE, states, strict=True)}  # type: ignore[arg-type]
    desks = [Desk(known, fallback, dict(opened)) for _ in range(2)]
    open_now = dict(opened)
    for case in cases:
        found, same = (desk.assign(case) for desk in desks)
        assert found == same, "the same run has the same answers"
        assert found.because
        if found.member_id is None:
            assert found.rung is Rung.NOBODY
            continue
        worker, had = known[found.member_id], open_now.get(found.member_id, 0)
        assert worker.id in case.sees
        assert not worker.out
        assert not worker.absent
        assert worker.max_open is None or had < worker.max_open
        assert found.rung in (Rung.OWNER, Rung.DELEGATE) or found.team_id is None or (worker.weight and worker.deals)
        open_now[found.member_id] = had + 1
    assert all(desk.open == open_now for desk in desks)
