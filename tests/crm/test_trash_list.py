"""What lies in the trash and what was changed lately: of every kind, page by page, as far as one sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session

from salescompass import crm, identity
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def _gone(session: Session, actor: Actor, kind: str, name: str, at: datetime, **fields: object) -> UUID:
    made = crm.create_record(session, actor, kind, {"name": name, **fields}, now=NOW - timedelta(days=20))
    crm.delete_records(session, actor, kind, [made.id], now=at)
    return made.id


def test_the_trash_lists_every_kind_the_latest_first_page_by_page(session: Session, boss: Actor) -> None:
    kinds = ("accounts", "contacts", "leads", "opportunities", "products")
    ids = [_gone(session, boss, kind, kind, NOW - timedelta(hours=n)) for n, kind in enumerate(kinds)]
    _gone(session, boss, "accounts", "Long ago", NOW - timedelta(days=15))
    crm.restore_records(session, boss, "opportunities", [ids[3]], now=NOW)
    since, names, cursor = NOW - timedelta(days=10), [], None
    while True:
        page = crm.trashed(session, since=since, cursor=cursor, limit=2)
        names += [one.name for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert names == ["accounts", "contacts", "leads", "products"]
    assert [one.name for one in crm.trashed(session, since=since, object_type="person").items] == ["contacts", "leads"]
    assert {one.actor for one in crm.trashed(session, since=since).items} == {"Boss"}
    assert crm.trashed(session, since=since, actor_id=uuid4()).items == ()


def test_the_trash_shows_nothing_out_of_reach(
    session: Session, boss: Actor, tenant: UUID, hire: Callable[..., Actor]
) -> None:
    rosa, max_ = hire("Rosa"), hire("Max")
    identity.set_role_scope(session, boss, key="rep", levels={"account": "own"})
    for name, owner in (("Rosas", rosa), ("Maxs", max_)):
        _gone(session, boss, "accounts", name, NOW, owner_id=str(owner.member_id))
    session.commit()
    with tenant_session(tenant, reader=rosa) as hers:
        assert [one.name for one in crm.trashed(hers, since=NOW - timedelta(days=1)).items] == ["Rosas"]


def test_changes_are_told_of_one_actor_since_a_moment_and_whether_they_stand_alone(
    session: Session, boss: Actor, hire: Callable[..., Actor]
) -> None:
    rosa = hire("Rosa")
    one = crm.create_record(session, boss, "accounts", {"name": "One"}, now=NOW - timedelta(days=40))
    two = crm.create_record(session, boss, "accounts", {"name": "Two"}, now=NOW - timedelta(days=40))
    alone, both = uuid4(), uuid4()
    crm.edit_records(session, rosa, "accounts", [one.id], {"city": "Oslo"}, batch_id=alone, now=NOW)
    crm.edit_records(session, boss, "accounts", [one.id, two.id], {"country": "Norway"}, batch_id=both, now=NOW)
    recent = crm.record_changes(session, since=NOW - timedelta(days=30)).items
    assert sorted((change.record, change.actor, change.alone) for change in recent) == [
        ("One", "Boss", False), ("One", "Rosa", True), ("Two", "Boss", False),
    ]  # fmt: skip
    (hers,) = crm.record_changes(session, actor_id=rosa.member_id).items
    assert hers.changes["city"] == [None, "Oslo"]
