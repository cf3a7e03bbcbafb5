"""The inbox: whose lines stand there, in which part, and what a member does with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from salescompass import notifications
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Invalid, NotFound
from salescompass.notifications import NotificationView

Member = Callable[[UUID, str], Actor]
Tell = Callable[..., frozenset[UUID]]


def lines(of: Actor, **narrowed: object) -> list[NotificationView]:
    with tenant_session(of.tenant_id) as session:
        return list(notifications.inbox(session, of, **narrowed).items)  # type: ignore[arg-type]


def titles(of: Actor, **narrowed: object) -> list[str]:
    return [one.title for one in lines(of, **narrowed)]


def test_a_line_is_for_one_member_newest_first(tenant: UUID, member: Member, tell: Tell) -> None:
    ann, ben = member(tenant, "ann"), member(tenant, "ben")
    for title in ("first", "second"):
        tell(ann, title)
    tell(ben, "other")
    assert titles(ann) == ["second", "first"]
    with tenant_session(tenant) as session:
        page = notifications.inbox(session, ann, limit=1)
        assert [one.title for one in page.items] == ["second"]
        rest = notifications.inbox(session, ann, limit=1, cursor=page.next_cursor)
        assert ([one.title for one in rest.items], rest.next_cursor) == (["first"], None)
        assert notifications.unread(session, ann) == 2
        assert notifications.unread(session, ben) == 1


def test_reading_some_and_all_and_unreading(tenant: UUID, member: Member, tell: Tell) -> None:
    ann, ben = member(tenant, "ann"), member(tenant, "ben")
    for title in "123":
        tell(ann, title)
    tell(ben, "ben's")
    first, others = lines(ann)[-1].id, lines(ben)[0].id
    with tenant_session(tenant) as session:
        assert notifications.mark_read(session, ann, [first, others]) == 1, "nobody reads another's"
        assert notifications.unread(session, ann) == 2
        assert notifications.unread(session, ben) == 1
        assert notifications.mark_read(session, ann) == 2
        assert notifications.mark_read(session, ann) == 0
        assert notifications.mark_read(session, ann, [first], read=False) == 1
    assert titles(ann, tab="unread") == ["1"]


def test_each_part_of_the_inbox_shows_its_kinds(tenant: UUID, member: Member, tell: Tell) -> None:
    ann = member(tenant, "ann")
    for kind in notifications.KINDS:
        tell(ann, kind, kind)
    assert set(titles(ann)) == set(notifications.KINDS)
    assert titles(ann, tab="mentions") == ["mention"]
    assert set(titles(ann, tab="assigned")) == {"action_offered", "action_assigned", "record_assigned"}


def test_what_is_put_off_comes_back_unread(tenant: UUID, member: Member, tell: Tell) -> None:
    ann, ben = member(tenant, "ann"), member(tenant, "ben")
    tell(ann, "later")
    (line,) = lines(ann)
    with tenant_session(tenant) as session:
        notifications.mark_read(session, ann)
        until = clock.now() + timedelta(hours=1)
        assert notifications.snooze(session, ben, [line.id], until=until) == 0
        assert notifications.snooze(session, ann, [line.id], until=until) == 1
        assert notifications.unread(session, ann) == 0
        with pytest.raises(Invalid):
            notifications.snooze(session, ann, [line.id], until=clock.now() - timedelta(seconds=1))
    assert titles(ann) == []
    with pytest.MonkeyPatch.context() as patch:
        later = clock.now() + timedelta(hours=2)
        patch.setattr(clock, "now", lambda: later)
        assert titles(ann, tab="unread") == ["later"]


def test_critical_lines_are_acknowledged_by_who_got_them(tenant: UUID, member: Member, tell: Tell) -> None:
    ann, ben = member(tenant, "ann"), member(tenant, "ben")
    tell(ann, "look", "mention")
    (line,) = lines(ann)
    assert line.critical
    with tenant_session(tenant) as session:
        with pytest.raises(NotFound):
            notifications.acknowledge(session, ben, line.id)
        seen = notifications.acknowledge(session, ann, line.id)
        assert seen.acked_at is not None
        assert notifications.acknowledge(session, ann, line.id).acked_at == seen.acked_at
        assert notifications.unread(session, ann) == 0


def test_another_tenants_lines_do_not_exist(make_tenant: Callable[[], UUID], member: Member, tell: Tell) -> None:
    here, there = make_tenant(), make_tenant()
    ann = member(there, "ann")
    tell(ann, "hers")
    (line,) = lines(ann)
    with tenant_session(here) as session:
        assert notifications.inbox(session, ann).items == ()
        assert notifications.mark_read(session, ann, [line.id]) == 0
        assert notifications.tell(session, [ann.member_id], "mention", subject="x", title="x") == frozenset()  # type: ignore[list-item]
    with tenant_session(there) as session:
        assert notifications.unread(session, ann) == 1


def test_the_bell_is_counted_up_to_a_hundred_and_long_texts_are_cut(tenant: UUID, member: Member, tell: Tell) -> None:
    ann = member(tenant, "ann")
    for _ in range(120):
        tell(ann, "x" * 999 + "\n", body="y" * 9999)
    with tenant_session(tenant) as session:
        assert notifications.unread(session, ann) == 100
        page = notifications.inbox(session, ann, limit=10_000)
    assert len(page.items) == 120
    assert len(page.items[0].title) == 200
