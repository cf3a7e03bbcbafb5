from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from salescompass import identity
from salescompass.identity.flag_registry import FLAGS, Flag
from salescompass.identity.flags import FRESH_SECONDS, GlobalState, Snapshot, _Snapshots, bucket, evaluate
from salescompass.kit.database import owner_engine, tenant_session
from salescompass.kit.errors import Invalid, NotFound
from salescompass.kit.settings import settings
from tests.identity.conftest import Person

KEY = "live_updates"
ON = Flag("on", "On", "Is on", "Platform", date(2030, 1, 1), True)
OFF = Flag("off", "Off", "Is off", "Platform", date(2030, 1, 1), False)


@pytest.fixture(autouse=True)
def clean(request: pytest.FixtureRequest) -> Iterator[None]:
    """Flags of the installation are everybody's: leave them as they were."""
    yield
    if "servers" in request.fixturenames:
        with owner_engine().begin() as connection:
            connection.execute(text("DELETE FROM feature_flag"))


def until(expected: bool, tenant: UUID) -> float:
    """Seconds until this process answers so; ten at most."""
    began = time.monotonic()
    while identity.flag_on(tenant, KEY) is not expected:
        if time.monotonic() - began > 10:
            pytest.fail("the flag did not turn within ten seconds")
        time.sleep(0.1)
    return time.monotonic() - began


@pytest.mark.parametrize("flag", [ON, OFF])
def test_nothing_set_means_the_default(flag: Flag) -> None:
    assert evaluate(flag, Snapshot(), "anybody") is flag.default


@pytest.mark.parametrize("flag", [ON, OFF])
def test_a_kill_beats_everything(flag: Flag) -> None:
    killed = Snapshot({flag.key: GlobalState(True, 100, killed=True)}, {flag.key: True})
    assert evaluate(flag, killed, "anybody") is False


def test_a_tenants_choice_beats_the_installation() -> None:
    assert evaluate(ON, Snapshot({"on": GlobalState(True)}, {"on": False}), "x") is False
    assert evaluate(OFF, Snapshot({"off": GlobalState(False)}, {"off": True}), "x") is True


@given(st.uuids(), st.integers(0, 100), st.integers(0, 100))
def test_a_growing_percentage_only_ever_adds(subject: UUID, one: int, other: int) -> None:
    low, high = sorted((one, other))
    few = evaluate(ON, Snapshot({"on": GlobalState(True, low)}), str(subject))
    many = evaluate(ON, Snapshot({"on": GlobalState(True, high)}), str(subject))
    assert many or not few
    assert evaluate(ON, Snapshot({"on": GlobalState(True, 100)}), str(subject))
    assert not evaluate(ON, Snapshot({"on": GlobalState(True, 0)}), str(subject))


def test_a_percentage_is_of_subjects_and_apart_for_each_flag() -> None:
    subjects = [str(UUID(int=number)) for number in range(4000)]
    third = [subject for subject in subjects if bucket("a", subject) < 3000]
    assert 0.27 <= len(third) / len(subjects) <= 0.33
    both = [subject for subject in third if bucket("b", subject) < 3000]
    assert 0.25 <= len(both) / len(third) <= 0.35


def test_a_kill_works_within_ten_seconds_in_a_process_that_has_just_asked(tenant: UUID) -> None:
    assert identity.flag_on(tenant, KEY) is True
    identity.set_global_flag(KEY, killed=True)
    until(False, tenant)
    identity.set_global_flag(KEY, killed=False)
    until(True, tenant)
    assert FRESH_SECONDS <= 5


def test_a_tenants_choice_is_theirs_alone_is_in_the_trail_and_can_be_taken_back(
    tenant: UUID, admin: Person, make_tenant: Callable[[], UUID]
) -> None:
    other = make_tenant()
    with tenant_session(tenant) as session:
        view = identity.set_flag(session, admin.actor, key=KEY, enabled=False)
    assert (view.on, view.choice) == (False, False)
    assert identity.flag_on(tenant, KEY) is False
    assert identity.flag_on(other, KEY) is True
    with tenant_session(tenant) as session:
        assert identity.flag_on(session, KEY) is False
        line = identity.audit_entries(session, action="flag.set").items[0]
    assert (line.object_id, line.detail) == (KEY, {"before": None, "after": False})
    with tenant_session(tenant) as session:
        assert identity.set_flag(session, admin.actor, key=KEY, enabled=None).choice is None
    assert identity.flag_on(tenant, KEY) is True


def test_a_percentage_of_members(tenant: UUID) -> None:
    identity.set_global_flag(KEY, enabled=True, percent=50)
    until(bucket(KEY, str(tenant)) < 5000, tenant)
    members = [uuid4() for _ in range(200)]
    sides = [identity.flag_on(tenant, KEY, member) for member in members]
    assert {True, False} == set(sides)
    assert sides == [identity.flag_on(tenant, KEY, member) for member in members]


def test_with_the_database_away_what_was_known_holds_else_the_default(tenant: UUID, servers: dict[str, str]) -> None:
    snapshots = _Snapshots()
    identity.set_global_flag(KEY, killed=True)
    assert evaluate(FLAGS[KEY], snapshots.of(tenant), "x") is False
    snapshots._kept[tenant] = Snapshot(snapshots._kept[tenant].states, {}, until=0.0)
    with pytest.MonkeyPatch.context() as away:
        away.setenv("DATABASE_URL", "postgresql://sc_app:x@127.0.0.1:1/nowhere")
        settings.cache_clear()
        assert evaluate(FLAGS[KEY], snapshots.of(tenant), "x") is False, "a kill stays"
        assert evaluate(FLAGS[KEY], snapshots.of(uuid4()), "x") is True
    settings.cache_clear()


def test_every_flag_says_what_it_does_who_owns_it_and_when_it_goes(tenant: UUID) -> None:
    with tenant_session(tenant) as session:
        views = {view.key: view for view in identity.flags(session)}
    assert {"live_updates", "usage_counters"} <= set(views) == set(FLAGS)
    assert all(view.does and view.owner and view.name for view in views.values())
    assert identity.stale_flags(date(2026, 1, 1)) == []
    assert {flag.key for flag in identity.stale_flags(date(2100, 1, 1))} == set(FLAGS)


def test_unknown_flags_and_impossible_percentages_are_refused(tenant: UUID, admin: Person) -> None:
    with pytest.raises(NotFound), tenant_session(tenant) as session:
        identity.set_flag(session, admin.actor, key="no_such", enabled=True)
    with pytest.raises(NotFound):
        identity.set_global_flag("no_such", killed=True)
    for percent in (-1, 101):
        with pytest.raises(Invalid):
            identity.set_global_flag(KEY, percent=percent)
