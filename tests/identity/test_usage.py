from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from salescompass import identity
from salescompass.identity import Actor, usage
from salescompass.kit.database import tenant_session
from tests.identity.conftest import Person

TEN = datetime(2026, 11, 20, 10, 42, 7, tzinfo=UTC)
Make = Callable[..., Person]


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    usage._waiting.clear()
    yield
    usage._waiting.clear()


def counters(tenant: UUID) -> dict[tuple[UUID, str, datetime], int]:
    with tenant_session(tenant) as session:
        rows = session.connection().execute(text("SELECT membership_id, handler, hour, n FROM usage_counter")).all()
    return {(row.membership_id, row.handler, row.hour): row.n for row in rows}


def test_uses_are_counted_per_member_handler_and_hour(person: Make, tenant: UUID) -> None:
    one, other = person(), person()
    for _ in range(3):
        identity.count(one.actor, "FeedState.load_more", at=TEN)
    identity.count(one.actor, "FeedState.load_more", at=TEN.replace(hour=11))
    identity.count(other.actor, "FeedState.load_more", at=TEN)
    assert identity.flush_usage() == 3
    identity.count(one.actor, "FeedState.load_more", at=TEN)
    assert identity.flush_usage() == 1
    assert identity.flush_usage() == 0
    hour = TEN.replace(minute=0, second=0)
    assert counters(tenant) == {
        (one.actor.member_id, "FeedState.load_more", hour): 4,
        (one.actor.member_id, "FeedState.load_more", hour.replace(hour=11)): 1,
        (other.actor.member_id, "FeedState.load_more", hour): 1,
    }


def test_each_tenants_uses_go_to_that_tenant(person: Make, make_tenant: Callable[[], UUID], tenant: UUID) -> None:
    elsewhere = make_tenant()
    here, there = person(), person("rep", tenant_id=elsewhere)
    identity.count(here.actor, "A.a")
    identity.count(there.actor, "B.b")
    assert identity.flush_usage() == 2
    assert [handler for _, handler, _ in counters(tenant)] == ["A.a"]
    assert [handler for _, handler, _ in counters(elsewhere)] == ["B.b"]


def test_keys_and_the_system_are_not_counted(tenant: UUID) -> None:
    identity.count(identity.system_actor(tenant), "A.a")
    identity.count(Actor(tenant, "Key", "key", key_id=uuid4()), "A.a")
    assert identity.flush_usage() == 0


def test_a_tenant_that_turned_it_off_is_not_counted(person: Make, admin: Person, tenant: UUID) -> None:
    with tenant_session(tenant) as session:
        identity.set_flag(session, admin.actor, key="usage_counters", enabled=False)
    identity.count(person().actor, "A.a")
    assert identity.flush_usage() == 0
    assert counters(tenant) == {}


def test_what_cannot_be_written_now_is_written_later_and_holds_up_no_other_tenant(person: Make, tenant: UUID) -> None:
    rep = person()
    ghost = Actor(uuid4(), "Ghost", "member", member_id=uuid4())
    identity.count(ghost, "A.a", at=TEN)
    identity.count(rep.actor, "A.a", at=TEN)
    assert identity.flush_usage() == 1
    assert list(usage._waiting.values()) == [1]
    assert len(counters(tenant)) == 1


def test_memory_is_bounded_whatever_is_counted(tenant: UUID) -> None:
    actor = Actor(tenant, "Rep", "member", member_id=uuid4())
    for number in range(usage._MOST_WAITING + 100):
        identity.count(actor, f"{number}." + "x" * 1000, at=TEN)
    assert len(usage._waiting) == usage._MOST_WAITING
    assert max(len(handler) for _, _, handler, _ in usage._waiting) == 100
