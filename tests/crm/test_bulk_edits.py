"""One change on many records: at once or by a job, within reach, each record once, cancelled and taken back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from salescompass import crm, identity
from salescompass.crm import BulkAct, BulkEditView
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Conflict, Invalid, NotFound
from salescompass.vocabulary import RecordKind, Topic
from workers import drains

Hire = Callable[..., Actor]
MANY = 450


def make(tenant: UUID, boss: Actor, n: int, **fields: object) -> list[UUID]:
    rows = [{"name": f"Company {one}", **fields} for one in range(n)]
    with tenant_session(tenant) as session:
        return [one.id for one in crm.upsert_records(session, boss, "accounts", rows) if one.id]


def begin(tenant: UUID, actor: Actor, act: BulkAct, ids: list[UUID] | None = None) -> BulkEditView:
    with tenant_session(tenant, reader=actor) as session:
        return crm.begin_bulk_edit(session, actor, kind=RecordKind.ACCOUNTS, act=act, words="Test", ids=ids)


def now_of(tenant: UUID, actor: Actor, edit: BulkEditView) -> BulkEditView:
    with tenant_session(tenant, reader=actor) as session:
        return crm.bulk_edit(session, actor, bulk_edit_id=edit.id)


def drain(tenant: UUID) -> None:
    drains.drain(str(tenant), Topic.BULK_EDITS)


def cities(tenant: UUID) -> list[str | None]:
    with tenant_session(tenant) as session:
        return [row[0] for row in session.connection().execute(text("SELECT city FROM account ORDER BY id"))]


def changes(tenant: UUID, edit: BulkEditView) -> list[int]:
    """How often each record was changed by a bulk edit."""
    query = text("SELECT count(*) FROM record_change WHERE batch_id = :id GROUP BY object_id")
    with tenant_session(tenant) as session:
        return list(session.connection().execute(query, {"id": edit.id}).scalars())


def test_a_few_are_changed_in_the_act_each_with_what_became_of_it(tenant: UUID, boss: Actor, hire: Hire) -> None:
    ann, (first, second) = hire("Ann"), make(tenant, boss, 2)
    make(tenant, boss, 1, city="Oslo")
    with tenant_session(tenant) as session:
        crm.update_record(session, boss, "accounts", second, {"city": "Oslo"})
    nobodys = UUID(int=7)
    edit = begin(tenant, ann, BulkAct(fields={"city": "Oslo"}), [first, second, nobodys, first])
    assert (edit.state, edit.total, edit.changed, edit.skipped, edit.failed) == ("done", 3, 1, 1, 1)
    with tenant_session(tenant, reader=ann) as session:
        results = crm.bulk_results(session, ann, bulk_edit_id=edit.id)
    told = {one.record_id: (one.outcome, one.reason) for one in results}
    assert told[first] == ("changed", "")
    assert told[second] == ("skipped", "Nothing to change")
    assert told[nobodys] == ("failed", "There is no such account")


def test_tags_and_the_trash_are_taken_back(tenant: UUID, boss: Actor, hire: Hire) -> None:
    ann, ids = hire("Ann"), make(tenant, boss, 3, tags=["old"])
    tagged = begin(tenant, ann, BulkAct(add_tags=["new"], remove_tags=["OLD"]), ids)
    gone = begin(tenant, ann, BulkAct(delete=True), ids)
    assert (tagged.changed, gone.changed) == (3, 3)
    with tenant_session(tenant, reader=ann) as session:
        assert crm.count_records(session, "accounts") == 0
        assert crm.undo_bulk_edit(session, ann, bulk_edit_id=gone.id).undone == 3
        assert {one.tags for one in crm.list_records(session, "accounts").items} == {("new",)}
        assert crm.undo_bulk_edit(session, ann, bulk_edit_id=tagged.id).state == "undone"
        assert {one.tags for one in crm.list_records(session, "accounts").items} == {("old",)}
        with pytest.raises(Conflict):
            crm.undo_bulk_edit(session, ann, bulk_edit_id=tagged.id)


def test_many_are_changed_by_a_job_and_taken_back_where_nobody_went_on(tenant: UUID, boss: Actor, hire: Hire) -> None:
    ann, ids = hire("Ann"), make(tenant, boss, MANY, city="Bergen")
    edit = begin(tenant, ann, BulkAct(fields={"city": "Oslo"}))
    assert (edit.state, edit.total, edit.changed) == ("running", MANY, 0)
    drain(tenant)
    edit = now_of(tenant, ann, edit)
    assert (edit.state, edit.changed, edit.looked_at) == ("done", MANY, MANY)
    assert cities(tenant) == ["Oslo"] * MANY
    with tenant_session(tenant) as session:
        crm.update_record(session, boss, "accounts", ids[0], {"city": "Narvik"})
    with tenant_session(tenant, reader=ann) as session:
        assert crm.undo_bulk_edit(session, ann, bulk_edit_id=edit.id).state == "undoing"
    drain(tenant)
    assert now_of(tenant, ann, edit).undone == MANY - 1
    assert sorted(set(cities(tenant)), key=str) == ["Bergen", "Narvik"]


def killed_at_the_end_of_a_part(tenant: UUID, edit: BulkEditView) -> None:
    with tenant_session(tenant) as session:
        crm.go_on_with_bulk_edit(session, bulk_edit_id=edit.id)
        raise RuntimeError("killed")


def test_a_worker_that_dies_in_the_middle_leaves_each_record_changed_once(
    tenant: UUID, boss: Actor, hire: Hire
) -> None:
    ann = hire("Ann")
    make(tenant, boss, MANY)
    edit = begin(tenant, ann, BulkAct(fields={"city": "Oslo"}))
    with tenant_session(tenant) as session:
        crm.go_on_with_bulk_edit(session, bulk_edit_id=edit.id)
    assert now_of(tenant, ann, edit).changed == 200
    with pytest.raises(RuntimeError):
        killed_at_the_end_of_a_part(tenant, edit)
    assert now_of(tenant, ann, edit).changed == 200
    drain(tenant)
    assert now_of(tenant, ann, edit).changed == MANY
    assert changes(tenant, edit) == [1] * MANY


def test_two_at_once_do_both_their_work(tenant: UUID, boss: Actor, hire: Hire) -> None:
    ann, bob = hire("Ann"), hire("Bob")
    make(tenant, boss, MANY)
    first = begin(tenant, ann, BulkAct(fields={"city": "Oslo"}))
    second = begin(tenant, bob, BulkAct(fields={"industry": "Ships"}))
    with ThreadPoolExecutor(2) as pool:
        for doing in [pool.submit(drain, tenant) for _ in range(2)]:
            doing.result()
    drain(tenant)
    for who, edit in ((ann, first), (bob, second)):
        assert (now_of(tenant, who, edit).state, now_of(tenant, who, edit).changed) == ("done", MANY)
        assert changes(tenant, edit) == [1] * MANY


def test_one_that_is_cancelled_did_what_it_says(tenant: UUID, boss: Actor, hire: Hire) -> None:
    ann = hire("Ann")
    make(tenant, boss, MANY)
    edit = begin(tenant, ann, BulkAct(fields={"city": "Oslo"}))
    with tenant_session(tenant) as session:
        crm.go_on_with_bulk_edit(session, bulk_edit_id=edit.id)
    with tenant_session(tenant, reader=ann) as session:
        assert crm.cancel_bulk_edit(session, ann, bulk_edit_id=edit.id).state == "cancelled"
    drain(tenant)
    edit = now_of(tenant, ann, edit)
    assert (edit.state, edit.changed) == ("cancelled", 200)
    assert cities(tenant).count("Oslo") == 200
    with tenant_session(tenant, reader=ann) as session:
        crm.undo_bulk_edit(session, ann, bulk_edit_id=edit.id)
    drain(tenant)
    assert cities(tenant) == [None] * MANY


def test_nobody_changes_what_is_out_of_reach_and_who_lost_the_right_changes_nothing_more(
    tenant: UUID, boss: Actor, hire: Hire
) -> None:
    ann, bob = hire("Ann"), hire("Bob")
    mine = make(tenant, boss, 3, owner_id=ann.member_id)
    theirs = make(tenant, boss, 300, owner_id=bob.member_id)
    with tenant_session(tenant) as session:
        identity.set_role_scope(session, boss, key="rep", levels={"account": "own"})
    all_of_them = begin(tenant, ann, BulkAct(fields={"city": "Oslo"}))
    assert (all_of_them.total, all_of_them.changed) == (3, 3)
    named = begin(tenant, ann, BulkAct(fields={"city": "Bergen"}), [*mine, *theirs])
    drain(tenant)
    named = now_of(tenant, ann, named)
    assert (named.changed, named.failed) == (3, 300)
    with tenant_session(tenant, reader=ann) as session:
        results = crm.bulk_results(session, ann, bulk_edit_id=named.id)
    assert {one.name for one in results if one.outcome == "failed"} == {""}
    with tenant_session(tenant, reader=bob) as session, pytest.raises(NotFound):
        crm.bulk_results(session, bob, bulk_edit_id=named.id)
    bobs = begin(tenant, bob, BulkAct(fields={"city": "Narvik"}), theirs)
    with tenant_session(tenant) as session:
        assert bob.member_id
        identity.disable_member(session, boss, member_id=bob.member_id)
    drain(tenant)
    assert "Narvik" not in cities(tenant)
    assert bobs.state == "running"


def test_what_no_record_can_take_is_refused_at_once(tenant: UUID, boss: Actor, hire: Hire) -> None:
    ann, ids = hire("Ann"), make(tenant, boss, 1)
    for act in (BulkAct(), BulkAct(fields={"size": "many"}), BulkAct(fields={"shoe": "1"})):
        with pytest.raises(Invalid):
            begin(tenant, ann, act, ids)
    with pytest.raises(Invalid):
        begin(tenant, ann, BulkAct(delete=True), [])


def test_old_ones_are_forgotten_and_their_changes_stay(tenant: UUID, boss: Actor, hire: Hire) -> None:
    ann, ids = hire("Ann"), make(tenant, boss, 1)
    edit = begin(tenant, ann, BulkAct(fields={"city": "Oslo"}), ids)
    with tenant_session(tenant) as session:
        crm.forget_bulk_edits(session, now=clock.now() + timedelta(days=29))
    assert now_of(tenant, ann, edit)
    with tenant_session(tenant) as session:
        crm.forget_bulk_edits(session, now=clock.now() + timedelta(days=31))
    with pytest.raises(NotFound):
        now_of(tenant, ann, edit)
    assert cities(tenant) == ["Oslo"]
