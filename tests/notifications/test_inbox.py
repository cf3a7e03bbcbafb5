from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from salescompass import identity, notifications
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session


@pytest.fixture
def member() -> Callable[[UUID, str], Actor]:
    """A member of a tenant."""

    def make(tenant: UUID, name: str) -> Actor:
        with tenant_session(tenant) as session:
            made = identity.create_user(session, email=f"{name}@{tenant.hex}.example", role="rep", name=name)
        return Actor(tenant, name, "member", member_id=made.id)

    return make


def tell(actor: Actor, *titles: str) -> list[UUID]:
    ids = []
    for title in titles:
        with tenant_session(actor.tenant_id) as session:
            assert actor.member_id is not None
            ids.append(notifications.notify(session, member_id=actor.member_id, kind="hint", title=title, link="/feed"))
    return ids


def test_a_line_is_for_one_member_newest_first(tenant: UUID, member: Callable[[UUID, str], Actor]) -> None:
    ann, ben = member(tenant, "ann"), member(tenant, "ben")
    tell(ann, "first", "second")
    tell(ben, "other")
    with tenant_session(tenant) as session:
        assert [line.title for line in notifications.inbox(session, ann)] == ["second", "first"]
        assert [line.title for line in notifications.inbox(session, ann, limit=1)] == ["second"]
        assert notifications.unread(session, ann) == 2
        assert notifications.unread(session, ben) == 1


def test_reading_some_and_reading_all(tenant: UUID, member: Callable[[UUID, str], Actor]) -> None:
    ann, ben = member(tenant, "ann"), member(tenant, "ben")
    first, _, _ = tell(ann, "1", "2", "3")
    (others,) = tell(ben, "ben's")
    with tenant_session(tenant) as session:
        assert notifications.mark_read(session, ann, [first, others]) == 1, "nobody reads another's"
        assert notifications.unread(session, ann) == 2
        assert notifications.unread(session, ben) == 1
        assert notifications.mark_read(session, ann) == 2
        assert notifications.mark_read(session, ann) == 0
        assert all(line.read_at for line in notifications.inbox(session, ann))


def test_another_tenants_lines_do_not_exist(
    make_tenant: Callable[[], UUID], member: Callable[[UUID, str], Actor]
) -> None:
    here, there = make_tenant(), make_tenant()
    ann = member(there, "ann")
    (line,) = tell(ann, "hers")
    with tenant_session(here) as session:
        assert notifications.inbox(session, ann) == []
        assert notifications.mark_read(session, ann, [line]) == 0
    with tenant_session(there) as session:
        assert notifications.unread(session, ann) == 1


def test_the_bell_is_counted_up_to_a_hundred_and_long_texts_are_cut(
    tenant: UUID, member: Callable[[UUID, str], Actor]
) -> None:
    ann = member(tenant, "ann")
    with tenant_session(tenant) as session:
        for _ in range(120):
            assert ann.member_id is not None
            notifications.notify(session, member_id=ann.member_id, kind="k", title="x" * 999, body="y" * 9999)
    with tenant_session(tenant) as session:
        assert notifications.unread(session, ann) == 100
        lines = notifications.inbox(session, ann, limit=10_000)
    assert len(lines) == 120
    assert len(lines[0].title) == 200
