"""How long things take and how many are done: against cases counted by hand, and what must hold for any."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session

from salescompass import actions, identity
from salescompass.actions.rates import Counted, share, standardised, wilson
from salescompass.actions.survival import Waited, over_after, spread
from salescompass.actions.worktime import worked
from salescompass.identity import Actor
from salescompass.kit.errors import Invalid
from tests.actions.given import AT, DAY, HOUR, add, hired

HERE = [ZoneInfo(name) for name in ("UTC", "Europe/Oslo", "America/New_York", "Pacific/Auckland")]
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))
hours = st.integers(0, 500).map(lambda n: timedelta(hours=n))
waits = st.lists(st.builds(Waited, hours, st.booleans()), max_size=40)
kinds = st.dictionaries(
    st.sampled_from("abcd"), st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda n: Counted(max(n), min(n)))
)


def over(*told: int | str) -> list[Waited]:
    """Hours; with a plus it is waiting still."""
    return [Waited(int(str(one).rstrip("+")) * HOUR, not str(one).endswith("+")) for one in told]


def test_those_that_wait_still_are_counted_as_waiting() -> None:
    # Freireich's 21 patients on 6-MP, the textbook case of Kaplan and Meier: the median is 23 weeks.
    told = over(
        6, 6, 6, "6+", 7, "9+", 10, "10+", "11+", 13, 16, "17+", "19+", "20+", 22, 23, "25+", "32+", "32+", "34+", "35+"
    )
    assert over_after(told, 0.5) == 23 * HOUR
    # By hand: S is 5/6, then 4/6 at 2; at 3 one of four goes, so 1/2; at 5 one of two, so 1/4.
    told = over(1, 2, 3, "3+", 5, "6+")
    assert over_after(told, 0.5) == 3 * HOUR
    assert over_after(told, 0.75) == 5 * HOUR
    assert over_after(told, 0.9) is None
    assert spread(over("4+", "9+")) == spread(over("9+", "4+"))
    assert spread([]).median is None


@given(waits)
def test_with_none_waiting_it_is_the_plain_quantile_and_waiting_never_makes_it_quicker(some: list[Waited]) -> None:
    ended = [Waited(one.length, True) for one in some]
    for part in (0.5, 0.9):
        plain = sorted(one.length for one in ended)
        found = over_after(ended, part)
        if plain:
            assert found == next(one for one in plain if sum(x <= one for x in plain) >= part * len(plain) - 1e-9)
        longer = over_after(some, part)
        assert longer is None or (found is not None and longer >= found)


@given(moments, st.timedeltas(timedelta(), timedelta(days=70)), st.sampled_from(HERE))
def test_business_hours_are_those_of_a_clock_that_ticks(begin: datetime, length: timedelta, zone: ZoneInfo) -> None:
    begin = begin.replace(minute=begin.minute // 15 * 15, second=0, microsecond=0)
    step = timedelta(minutes=15)
    ticks = int(length / step)
    counted = 0
    for n in range(ticks):
        here = (begin + n * step).astimezone(zone)
        counted += here.weekday() < 5 and 9 <= here.hour < 18
    assert worked(begin, begin + ticks * step, zone) == counted * step
    assert worked(begin + length, begin - step, zone) == timedelta()


def test_a_weekend_is_no_work() -> None:
    friday = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    assert worked(friday, friday + 3 * DAY, HERE[0]) == 9 * HOUR  # one hour on Friday, eight on Monday
    assert worked(friday, friday + 2 * DAY, HERE[0]) == HOUR
    assert worked(friday, friday + 700 * DAY, HERE[0]) == 500 * 9 * HOUR


def test_wilsons_interval_is_that_of_the_books() -> None:
    # Newcombe (1998), table I: 81 of 263 is 0.2553 to 0.3662; 0 of 20 is 0 to 0.1611; 1 of 29 is 0.0061 to 0.1718.
    for done, of, low, high in ((81, 263, 0.2553, 0.3662), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)):
        assert wilson(done, of) == pytest.approx((low, high), abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(0, 500), st.integers(0, 500))
def test_an_interval_holds_its_share(one: int, other: int) -> None:
    done, of = min(one, other), max(one, other)
    low, high = wilson(done, of)
    assert 0 <= low <= high <= 1
    if of:
        assert low - 1e-12 <= done / of <= high + 1e-12


def test_a_mix_of_hard_and_easy_is_evened_out() -> None:
    # Both do half of the calls and nine tenths of the mails; Ann has mostly calls, Bob mostly mails.
    ann = {"call": Counted(80, 40), "email": Counted(20, 18)}
    bob = {"call": Counted(20, 10), "email": Counted(80, 72)}
    everybody = {"call": Counted(100, 50), "email": Counted(100, 90)}
    assert (share(ann, everybody).value, share(bob, everybody).value) == (0.58, 0.82)
    assert share(ann, everybody).adjusted == pytest.approx(0.7)
    assert share(bob, everybody).adjusted == pytest.approx(0.7)
    only_calls = share({"call": Counted(40, 20)}, everybody)
    assert (only_calls.adjusted, only_calls.covered) == (0.5, 0.5)
    few = share({"call": Counted(9, 9)}, everybody)
    assert (few.of, few.done, few.enough, few.adjusted) == (9, 9, False, None)


@given(kinds, kinds)
def test_an_adjusted_share_is_between_the_shares_of_the_kinds(
    mine: dict[str, Counted], more: dict[str, Counted]
) -> None:
    everybody = {k: Counted(mine.get(k, Counted(0, 0)).of + more.get(k, Counted(0, 0)).of, 0) for k in {*mine, *more}}
    adjusted, covered = standardised(mine, everybody)
    own = [one.done / one.of for one in mine.values() if one.of]
    assert 0 <= covered <= 1 + 1e-12
    if adjusted is None:
        assert not own
    else:
        assert min(own) - 1e-9 <= adjusted <= max(own) + 1e-9


@pytest.fixture
def boss(tenant: object) -> Actor:
    """Whoever may do all."""
    return identity.system_actor(tenant, "Boss")  # type: ignore[arg-type]


@pytest.fixture
def ann(tenant: object) -> Actor:
    """A rep."""
    return hired(tenant, "Ann")  # type: ignore[arg-type]


@pytest.fixture
def bob(tenant: object) -> Actor:
    """Another."""
    return hired(tenant, "Bob")  # type: ignore[arg-type]


NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)  # a Wednesday
WEEK = {"first": date(2026, 11, 16), "last": date(2026, 11, 20)}


def test_waiting_and_work_are_told_apart(session: Session, boss: Actor, ann: Actor, bob: Actor) -> None:
    made = {"created_at": NOON}
    add(session, ann, state="done", touched_at=NOON + HOUR, closed_at=NOON + 3 * HOUR, **made)
    add(session, ann, state="done", touched_at=NOON + 2 * HOUR, closed_at=NOON + 2 * HOUR, **made)
    add(session, ann, touched_at=NOON + 3 * HOUR, **made)
    add(session, bob, kind="email", state="dismissed", closed_at=NOON + DAY, **made)
    add(session, bob, kind="email", created_at=NOON - 20 * DAY)
    found = actions.completion_times(session, boss, by="assignee", at=AT, **WEEK)
    assert [(one.name, one.count) for one in found.groups] == [("Ann", 3), ("Bob", 1)]
    first = found.groups[0]
    assert (first.wait.clock.median, first.wait.clock.waiting) == (2 * HOUR, 0)
    assert (first.whole.clock.ended, first.whole.clock.waiting) == (2, 1)
    assert (first.whole.clock.median, first.whole.clock.p90) == (3 * HOUR, None)
    assert first.work.clock.median == 2 * HOUR
    assert found.groups[1].whole.clock.median is None
    assert [(one.monday, one.count, one.done) for one in found.weeks] == [(date(2026, 11, 16), 4, 2)]
    # In business hours the evening of Wednesday does not count: 18:00 to 9:00 is over at once.
    add(session, ann, kind="task", state="done", touched_at=NOON, closed_at=NOON + 22 * HOUR, **made)
    (task,) = (
        one for one in actions.completion_times(session, boss, by="kind", at=AT, **WEEK).groups if one.key == "task"
    )
    assert (task.whole.clock.median, task.whole.business.median) == (22 * HOUR, 7 * HOUR)
    assert actions.completion_times(session, bob, by="kind", at=AT, **WEEK).all.count == 1
    with pytest.raises(Invalid):
        actions.completion_times(session, boss, by="kind", at=AT, first=date(2020, 1, 1), last=date(2026, 1, 1))


def test_what_is_due_and_done_by_assignee(session: Session, boss: Actor, ann: Actor, bob: Actor) -> None:
    due = {"due_to": NOON}
    for n in range(12):
        late = HOUR if n < 3 else -HOUR
        add(session, ann, state="done", closed_at=NOON + late, **due)
    for _ in range(4):
        add(session, ann, **due)
    add(session, ann, state="expired", closed_at=NOON - HOUR, expires_at=NOON, **due)  # its reason was gone
    add(session, ann, state="expired", closed_at=NOON + HOUR, expires_at=NOON, **due)  # its time was over
    add(session, ann, due_to=AT + HOUR)  # not due yet
    add(session, ann, due_to=NOON - 20 * DAY)
    add(session, bob, state="dismissed", closed_at=NOON, **due)
    found = actions.completion_rates(session, boss, at=AT, **WEEK)
    first, second = found.members
    assert (first.name, first.done.of, first.done.done, first.in_time) == ("Ann", 17, 12, 9)
    assert first.done.value == pytest.approx(12 / 17)
    assert (first.done.low, first.done.high) == pytest.approx((0.4687, 0.8672), abs=5e-4)
    assert (second.name, second.done.of, second.done.enough) == ("Bob", 1, False)
    assert found.all.of == 18
    assert [one.name for one in actions.completion_rates(session, bob, at=AT, **WEEK).members] == ["Bob"]


def test_days_are_those_of_the_tenant(session: Session, boss: Actor, ann: Actor) -> None:
    session.connection().execute(text("UPDATE tenant_public SET zone = 'Pacific/Auckland'"))
    add(session, ann, due_to=datetime(2026, 11, 15, 11, 30, tzinfo=UTC))  # Monday there
    assert actions.completion_rates(session, boss, at=AT, **WEEK).all.of == 1
