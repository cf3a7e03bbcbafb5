"""Reminders: at their moment, once each, or again until somebody says that they have seen it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest

from salescompass import actions, notifications, together
from salescompass.actions import NewAction
from salescompass.kit import clock
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Conflict, Invalid, NotFound
from tests.together.conftest import House

SOON = timedelta(minutes=10)


@pytest.fixture
def call(house: House) -> UUID:
    """Something Ann has to do with Acme."""
    new = NewAction(kind="call", title="Call Acme", account_id=house.account, assignee_id=house["Ann"].member_id)
    with tenant_session(house.tenant, reader=house["Ann"]) as session:
        return actions.create(session, house["Ann"], new=new).action.id


def remind(house: House, who: str, action: UUID, **more: int) -> UUID:
    with tenant_session(house.tenant) as session:
        at = clock.now() + SOON
        return together.set_reminder(session, house[who], action_id=action, at=at, **more).id


def send(house: House, after: timedelta) -> int:
    with tenant_session(house.tenant) as session:
        return together.send_reminders(session, now=clock.now() + after)


@contextmanager
def later() -> Iterator[None]:
    """A month from now, when what was told meanwhile is shown."""
    moment = clock.now() + timedelta(days=30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: moment)
        yield


def test_each_is_sent_once_by_however_many_schedulers(house: House, call: UUID) -> None:
    for who in ("Ann", "Ann", "Bob"):
        remind(house, who, call)
    assert send(house, timedelta()) == 0
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: send(house, SOON * 2), range(4))) == 3
    assert send(house, SOON * 3) == 0
    with later(), tenant_session(house.tenant) as session:
        (ann, _) = notifications.inbox(session, house["Ann"]).items
        assert (ann.kind, ann.title, ann.critical) == ("reminder", "Reminder: Call Acme", True)
        assert ann.link == f"/actions/{call}"
        assert together.reminders(session, house["Ann"], action_id=call) == []
    with later():
        assert house.told("Bob") == ["reminder"]


def test_again_until_acknowledged(house: House, call: UUID) -> None:
    remind(house, "Ann", call, again_minutes=60)
    assert [send(house, SOON * 2 + timedelta(hours=n)) for n in range(3)] == [1, 1, 1]
    with later(), tenant_session(house.tenant) as session:
        line = notifications.inbox(session, house["Ann"]).items[0]
        notifications.acknowledge(session, house["Ann"], line.id)
    assert send(house, timedelta(days=2)) == 0
    assert send(house, timedelta(days=3)) == 0


def test_a_closed_action_reminds_nobody(house: House, call: UUID) -> None:
    remind(house, "Ann", call)
    remind(house, "Ann", call, again_minutes=60)
    with tenant_session(house.tenant, reader=house["Ann"]) as session:
        actions.dismiss(session, house["Ann"], action_id=call, reason="not_relevant")
    assert send(house, SOON * 2) == 0
    with pytest.raises(Conflict):
        remind(house, "Ann", call)


def test_they_are_ones_own_and_have_bounds(house: House, call: UUID) -> None:
    mine = remind(house, "Ann", call)
    with tenant_session(house.tenant) as session:
        ann, bob, cid, now = house["Ann"], house["Bob"], house["Cid"], clock.now()
        assert together.reminders(session, bob, action_id=call) == []
        with pytest.raises(NotFound):
            together.drop_reminder(session, bob, reminder_id=mine)
        with pytest.raises(NotFound):
            together.set_reminder(session, cid, action_id=call, at=now + SOON)
        with pytest.raises(Invalid):
            together.set_reminder(session, ann, action_id=call, at=now - SOON)
        with pytest.raises(Invalid):
            together.set_reminder(session, ann, action_id=call, at=now + SOON, again_minutes=1)
        together.drop_reminder(session, ann, reminder_id=mine)
    assert send(house, SOON * 2) == 0
