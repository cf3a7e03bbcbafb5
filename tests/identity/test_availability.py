"""When members are there: on their own clock, told by themselves or by who manages assignment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from salescompass import identity
from salescompass.identity import Actor, Availability
from salescompass.kit.errors import Denied, Invalid, NotFound
from tests.identity.conftest import Person

ME = uuid4()
BERLIN = "Europe/Berlin"
OFFICE = Availability(ME, BERLIN, work_from=time(9), work_to=time(17), work_days="12345")
NIGHT = Availability(ME, BERLIN, work_from=time(22), work_to=time(6), work_days="5")
ZONES = st.sampled_from([BERLIN, "UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"])
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_hours_are_those_of_ones_own_clock() -> None:
    assert OFFICE.works(at("2026-11-20T08:00+00:00"))
    assert not OFFICE.works(at("2026-11-20T07:59+00:00"))
    assert not OFFICE.works(at("2026-11-20T16:00+00:00"))
    assert not OFFICE.works(at("2026-11-21T10:00+00:00")), "a Saturday"
    assert OFFICE.works(at("2026-07-17T07:00+00:00")), "summer time"
    assert Availability(ME).works(at("2026-11-21T03:00+00:00")), "who never said so is always there"


def test_a_night_belongs_to_the_day_it_began() -> None:
    assert NIGHT.works(at("2026-11-20T23:00+01:00"))
    assert NIGHT.works(at("2026-11-21T05:59+01:00"))
    assert not NIGHT.works(at("2026-11-21T23:00+01:00"))
    assert not NIGHT.works(at("2026-11-20T05:00+01:00"))


def test_days_out_are_inclusive_and_may_be_open() -> None:
    away = Availability(ME, BERLIN, out_from=date(2026, 11, 20), out_to=date(2026, 11, 22))
    assert not away.is_out(at("2026-11-19T22:59+00:00"))
    assert away.is_out(at("2026-11-19T23:00+00:00")), "it is the 20th in Berlin"
    assert away.is_out(at("2026-11-22T22:59+00:00"))
    assert not away.is_out(at("2026-11-22T23:00+00:00"))
    assert Availability(ME, out_from=date(2026, 1, 1)).is_out(at("2029-01-01T00:00+00:00"))


def test_quiet_hours_say_when_they_end() -> None:
    one = Availability(ME, BERLIN, quiet_from=time(20), quiet_to=time(7))
    assert one.quiet_until(at("2026-11-20T19:00+01:00")) is None
    assert one.quiet_until(at("2026-11-20T23:00+01:00")) == at("2026-11-21T07:00+01:00")
    assert one.quiet_until(at("2026-11-21T06:00+01:00")) == at("2026-11-21T07:00+01:00")
    assert one.quiet_until(at("2026-10-24T23:00+02:00")) == at("2026-10-25T07:00+01:00"), "the clock is set back"


def test_only_working_time_counts() -> None:
    friday, monday = at("2026-11-20T16:00+01:00"), at("2026-11-23T10:00+01:00")
    assert OFFICE.worked(friday, monday) == timedelta(hours=2)
    assert Availability(ME, BERLIN).worked(friday, monday) == monday - friday
    assert NIGHT.worked(friday, monday) == timedelta(hours=8)
    assert Availability(ME, BERLIN, out_from=date(2026, 11, 1)).worked(friday, monday) == timedelta()


@given(ZONES, TIMES, TIMES, st.sets(st.sampled_from("1234567"), min_size=1), MOMENTS, st.integers(0, 200))
def test_what_was_worked_is_the_sum_of_the_moments_at_work(
    zone: str, start: time, end: time, days: set[str], since: datetime, quarters: int
) -> None:
    if start == end:
        return
    start, end = start.replace(minute=start.minute // 15 * 15), end.replace(minute=end.minute // 15 * 15)
    if start == end:
        return
    one = Availability(ME, zone, work_from=start, work_to=end, work_days="".join(days))
    since = since.replace(minute=since.minute // 15 * 15, second=0, microsecond=0)
    step = timedelta(minutes=15)
    moments = [since + step * n for n in range(quarters)]
    clocks = {one.local(moment).utcoffset() for moment in [*moments, since, since - timedelta(days=1)]}
    if len(clocks) > 1:
        return  # a clock that is set back shows an hour twice
    at_work = sum((step for moment in moments if one.works(moment)), timedelta())
    assert one.worked(since, since + step * quarters) == at_work


@given(ZONES, TIMES, TIMES, MOMENTS)
def test_quiet_hours_end_when_they_say(zone: str, start: time, end: time, now: datetime) -> None:
    if start == end:
        return
    one = Availability(ME, zone, quiet_from=start, quiet_to=end)
    until = one.quiet_until(now)
    if until is not None:
        assert now < until <= now + timedelta(hours=25)
        assert one.local(until).time().replace(second=0, microsecond=0) >= end or one.quiet_until(until) is None


def test_oneself_says_when_one_is_there(session: Session, tenant: UUID) -> None:
    member = identity.create_user(session, email="ann@house.example", role="rep", name="Ann").id
    other = identity.create_user(session, email="bob@house.example", role="rep", name="Bob").id
    ann = Actor(tenant, "Ann", "member", member_id=member)
    assert identity.availabilities(session)[member] == Availability(member, "UTC")
    identity.set_hours(session, ann, work_from=time(9), work_to=time(17), work_days="54321", quiet_from=time(20),
                       quiet_to=time(7))  # fmt: skip
    identity.set_out_of_office(session, ann, out_from=date(2026, 11, 20), delegate_id=other)
    told = identity.availabilities(session, [member])[member]
    assert (told.work_days, told.quiet_to, told.out_to, told.delegate_id) == ("12345", time(7), None, other)
    identity.set_out_of_office(session, ann)
    assert identity.availabilities(session)[member].out_from is None
    actions = [entry.action for entry in identity.audit_entries(session, action="availability.changed").items]
    assert len(actions) == 3


def test_what_makes_no_sense_is_refused(session: Session, tenant: UUID, admin: Person) -> None:
    boss = admin.actor
    with pytest.raises(Invalid):
        identity.set_hours(session, boss, work_from=time(9))
    with pytest.raises(Invalid):
        identity.set_hours(session, boss, quiet_from=time(9), quiet_to=time(9))
    with pytest.raises(Invalid):
        identity.set_hours(session, boss, work_days="89")
    with pytest.raises(Invalid):
        identity.set_out_of_office(session, boss, out_to=date(2026, 11, 20))
    with pytest.raises(Invalid):
        identity.set_out_of_office(session, boss, out_from=date(2026, 11, 20), out_to=date(2026, 11, 19))
    with pytest.raises(Invalid):
        identity.set_out_of_office(session, boss, out_from=date(2026, 11, 20), delegate_id=boss.member_id)
    with pytest.raises(NotFound):
        identity.set_out_of_office(session, boss, out_from=date(2026, 11, 20), delegate_id=uuid4())
    with pytest.raises(NotFound):
        identity.set_capacity(session, boss, member_id=uuid4(), weight=1)
    with pytest.raises(Invalid):
        identity.set_capacity(session, boss, member_id=boss.member_id or ME, weight=-1)


def test_what_is_dealt_to_others_is_a_managers_choice(session: Session, person: Callable[..., Person]) -> None:
    rep, manager = person("rep").actor, person("manager").actor
    assert rep.member_id
    with pytest.raises(Denied):
        identity.set_capacity(session, rep, member_id=rep.member_id, weight=5)
    with pytest.raises(Denied):
        identity.set_out_of_office(session, rep, member_id=manager.member_id, out_from=date(2026, 11, 20))
    told = identity.set_capacity(session, manager, member_id=rep.member_id, weight=2, max_open=30)
    assert (told.weight, told.max_open) == (2, 30)
    away = identity.set_out_of_office(session, manager, member_id=rep.member_id, out_from=date(2026, 11, 20))
    assert away.out_from
