"""What hangs on records: notes, tags, people in deals, conversion, what was changed, and the way back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session

from salescompass import crm, identity, together
from salescompass.crm import RecordView
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Conflict, Invalid, NotFound
from salescompass.models import Table

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_a_lead_becomes_a_contact_and_loses_nothing(session: Session, boss: Actor) -> None:
    lead = crm.create_record(
        session, boss, "leads",
        {"name": "Ada", "source": "Fair", "lead_status": "Working", "tags": ["Hot"], "email": "ada@acme.example"},
    )  # fmt: skip
    together.add_note(session, boss, object_type="person", object_id=lead.id, body="Met at the fair")
    done = crm.convert_lead(
        session, boss, person_id=lead.id, account={"name": "Acme"}, opportunity={"name": "Anvils"}, version=1, now=NOW
    )
    assert done.account is not None
    assert done.opportunity is not None
    contact = crm.get_record(session, "contacts", lead.id)
    assert (contact.kind.value, contact["lead_status"], contact["source_original"]) == ("contacts", "Working", "Fair")
    assert (contact["converted_at"], contact["account_id"], contact.tags) == (NOW, done.account.id, ("Hot",))
    kept = together.notes(session, boss, object_type="person", object_id=lead.id)
    assert [note.body for note in kept] == ["Met at the fair"]
    assert (done.opportunity["account_id"], done.opportunity["source"]) == (done.account.id, "Fair")
    (part,) = crm.deal_people(session, opportunity_id=done.opportunity.id)
    assert (part.person_id, part.role) == (lead.id, "champion")
    with pytest.raises(Conflict):
        crm.convert_lead(session, boss, person_id=lead.id)


def test_people_come_to_a_deal_and_go(session: Session, boss: Actor) -> None:
    deal = crm.create_record(session, boss, "opportunities", {"name": "Anvils"})
    ada = crm.create_record(session, boss, "contacts", {"name": "Ada", "title": "CTO"})
    both = {"opportunity_id": deal.id, "person_id": ada.id}
    crm.set_deal_role(session, boss, **both, role="technical")
    crm.set_deal_role(session, boss, **both, role="blocker")
    assert {one.role for one in crm.deal_people(session, opportunity_id=deal.id)} == {"technical", "blocker"}
    crm.set_deal_role(session, boss, **both, role="blocker", present=False)
    (hers,) = crm.deals_of(session, person_id=ada.id)
    assert (hers.id, hers.name, hers.parts) == (deal.id, "Anvils", ((ada.id, "technical"),))
    assert crm.deals_of(session, person_id=uuid4()) == []
    with pytest.raises(Invalid):
        crm.set_deal_role(session, boss, **both, role="friend")


def test_tags_go_on_and_off_many(session: Session, boss: Actor) -> None:
    ids = [crm.create_record(session, boss, "accounts", {"name": f"{n}", "tags": ["Old"]}).id for n in range(3)]
    crm.tag_records(session, boss, "accounts", ids[:2], add=["New", "old"], remove=["nothing"])
    crm.tag_records(session, boss, "accounts", ids[2:], remove=["OLD"])
    assert {tag.name.casefold(): tag.records for tag in crm.tags(session)} == {"new": 2, "old": 2}
    old = next(tag for tag in crm.tags(session) if tag.name.casefold() == "old")
    crm.rename_tag(session, boss, tag_id=old.id, name="Former")
    assert crm.get_record(session, "accounts", ids[0]).tags == ("Former", "New")
    crm.delete_tag(session, boss, tag_id=old.id)
    assert crm.get_record(session, "accounts", ids[0]).tags == ("New",)


def test_what_was_changed_is_told_with_names(session: Session, boss: Actor, hire: Callable[..., Actor]) -> None:
    ann = hire("Ann")
    account = crm.create_record(session, boss, "accounts", {"name": "Acme"})
    crm.edit_records(session, ann, "accounts", [account.id], {"owner_id": str(ann.member_id)})
    changes = crm.record_changes(session, object_type="account", object_id=account.id).items
    assert [(one.act, one.actor) for one in changes] == [("changed", "Ann"), ("created", "Boss")]
    assert changes[0].changes == {"owner_id": [None, str(ann.member_id)]}
    assert changes[0].names == {str(ann.member_id): "Ann"}
    assert [one.object_id for one in crm.record_changes(session, limit=1).items] == [account.id]


def _rows(session: Session, names: tuple[str, ...]) -> dict[str, list[str]]:
    """Every row of some tables but what counts changes."""
    found = {}
    for name in names:
        assert name in Table.metadata.tables
        rows = session.connection().execute(
            text(f"SELECT (to_jsonb(t) - 'updated_at' - 'row_version')::text FROM {name} t ORDER BY 1")  # noqa: S608
        )
        found[name] = list(rows.scalars())
    return found


@pytest.mark.parametrize("most", [1, 1000])
def test_a_batch_is_undone_exactly(session: Session, boss: Actor, most: int) -> None:
    tables = ("account", "opportunity", "stage_history", "record_tag", "custom_value", "search_token", "person")
    crm.save_custom_field(session, boss, object_type="account", key=None, label="Seats", kind="number")
    stages = {stage.name: str(stage.id) for stage in crm.pipelines(session)[0].stages}
    keep = {"name": "Acme", "external_id": "1", "city": "Oslo", "tags": ["Old"], "custom": {"seats": 1}}
    crm.upsert_records(session, boss, "accounts", [keep], key="external_id", now=NOW)
    deals = [{"name": f"{n}", "external_id": f"{n}", "stage_id": stages["Proposal"]} for n in range(2)]
    crm.upsert_records(session, boss, "opportunities", deals, key="external_id", now=NOW)
    crm.tag_records(session, boss, "accounts", [], add=["New"])
    before = _rows(session, tables)
    batch, later = uuid4(), NOW + timedelta(days=1)
    more: dict[str, Any] = {"key": "external_id", "batch_id": batch, "now": later}
    changed = {**keep, "name": "Acme Corp", "city": None, "source": "File", "tags": ["New"], "custom": {"seats": 2}}
    crm.upsert_records(session, boss, "accounts", [changed, {"name": "More", "external_id": "2"}], **more)
    moved = [
        {"external_id": "0", "stage_id": stages["Won"], "close_date": "2026-01-01"},
        {"name": "9", "external_id": "9"},
    ]
    crm.upsert_records(session, boss, "opportunities", moved, **more)
    assert _rows(session, tables) != before
    undone, more_to_do = 0, True
    while more_to_do:
        found = crm.undo_batch(session, boss, batch_id=batch, most=most, now=later)
        undone, more_to_do = undone + found.undone, found.more
        assert found.kept == 0
    assert undone == 4
    assert _rows(session, tables) == before
    assert crm.undo_batch(session, boss, batch_id=batch).undone == 0


def test_undoing_leaves_what_somebody_went_on_from(session: Session, boss: Actor) -> None:
    old = crm.create_record(session, boss, "accounts", {"name": "Old", "city": "Oslo", "country": "Norway"})
    batch = uuid4()
    rows = [
        {"name": "Old", "city": "Bergen", "country": "NO"},
        {"name": "Touched"},
        {"name": "Peopled"},
        {"name": "Gone"},
    ]
    ids = [one.id for one in crm.upsert_records(session, boss, "accounts", rows, key="name", batch_id=batch)]
    assert ids[1] is not None
    crm.update_record(session, boss, "accounts", old.id, {"city": "Drammen"})
    crm.update_record(session, boss, "accounts", ids[1], {"city": "Drammen"})
    crm.create_record(session, boss, "contacts", {"name": "Ada", "account_id": ids[2]})
    found = crm.undo_batch(session, boss, batch_id=batch)
    assert (found.undone, found.kept) == (1, 3)
    assert [one.name for one in crm.list_records(session, "accounts", sort="name").items] == [
        "Old",
        "Peopled",
        "Touched",
    ]
    view: RecordView = crm.get_record(session, "accounts", old.id)
    assert (view["city"], view["country"]) == ("Drammen", "Norway")


def test_an_undone_deletion_brings_back(session: Session, boss: Actor) -> None:
    ids = [crm.create_record(session, boss, "accounts", {"name": f"{n}"}).id for n in range(2)]
    batch = uuid4()
    crm.delete_records(session, boss, "accounts", ids, batch_id=batch)
    assert crm.undo_batch(session, boss, batch_id=batch).undone == 2
    assert set(crm.record_ids(session, "accounts")) == set(ids)
    told = identity.audit_entries(session, action="account.deleted").items
    assert [one.detail["n"] for one in told] == [2]


def test_what_cannot_be_put_back_is_not_told_as_undone(session: Session, boss: Actor) -> None:
    ada = crm.create_record(session, boss, "contacts", {"email": "ada@acme.example"})
    batch = uuid4()
    crm.update_record(session, boss, "contacts", ada.id, {"email": "ada@other.example"}, batch_id=batch)
    crm.create_record(session, boss, "contacts", {"email": "ada@acme.example"})
    found = crm.undo_batch(session, boss, batch_id=batch)
    assert (found.undone, found.kept) == (0, 1)
    assert crm.get_record(session, "contacts", ada.id)["email"] == "ada@other.example"


def test_an_act_is_taken_back_by_whoever_did_it_and_never_a_batch(
    session: Session, boss: Actor, hire: Callable[..., Actor]
) -> None:
    ann, bob = hire("Ann", "admin"), hire("Bob", "admin")
    one, many = uuid4(), uuid4()
    old = crm.create_record(session, ann, "accounts", {"name": "Old"})
    crm.update_record(session, ann, "accounts", old.id, {"city": "Oslo"}, batch_id=one)
    crm.upsert_records(session, ann, "accounts", [{"name": "A"}, {"name": "B"}], batch_id=many)
    for who, batch in ((bob, one), (boss, one), (ann, many), (bob, many)):
        with pytest.raises(NotFound):
            crm.undo_own_act(session, who, batch_id=batch)
    assert len(crm.record_ids(session, "accounts")) == 3
    assert crm.undo_own_act(session, ann, batch_id=one).undone == 1
    assert crm.undo_own_act(session, ann, batch_id=one).undone == 0
    assert crm.get_record(session, "accounts", old.id)["city"] is None


def test_of_two_that_were_deleted_with_one_address_one_comes_back(session: Session, boss: Actor) -> None:
    ids = []
    for _ in range(2):
        ids.append(crm.create_record(session, boss, "contacts", {"email": "ada@acme.example"}).id)
        crm.delete_records(session, boss, "contacts", ids[-1:])
    outcomes = crm.restore_records(session, boss, "contacts", ids)
    assert [one.status for one in outcomes] == ["updated", "failed"]
    assert outcomes[1].reason == "Another person has its email now"


def test_changes_that_name_each_other_never_block(tenant: UUID, boss: Actor) -> None:
    with tenant_session(tenant) as session:
        pair = [crm.create_record(session, boss, "accounts", {"name": name}).id for name in "AB"]
    start = threading.Barrier(2)

    def stand_below(record_id: UUID, parent_id: UUID) -> int:
        looped = 0
        for _ in range(20):
            start.wait(60)
            with suppress(Invalid), tenant_session(tenant) as session:
                crm.update_record(session, boss, "accounts", record_id, {"parent_id": parent_id})
                continue
            looped += 1
        return looped

    with ThreadPoolExecutor(2) as pool:
        refused = [one.result() for one in [pool.submit(stand_below, *pair), pool.submit(stand_below, *pair[::-1])]]
    assert sorted(refused) == [0, 20]


def test_a_lead_that_two_convert_at_once_is_converted_once(tenant: UUID, boss: Actor) -> None:
    with tenant_session(tenant) as session:
        lead = crm.create_record(session, boss, "leads", {"name": "Ada"}).id
    start = threading.Barrier(2)

    def convert(name: str) -> bool:
        start.wait(60)
        with suppress(Conflict), tenant_session(tenant) as session:
            crm.convert_lead(session, boss, person_id=lead, account={"name": name}, opportunity={"name": name})
            return True
        return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(convert, ("Acme", "Bolt"))) == [False, True]
    with tenant_session(tenant) as session:
        assert len(crm.record_ids(session, "accounts")) == len(crm.record_ids(session, "opportunities")) == 1


def test_pipelines_change_with_their_deals(session: Session, boss: Actor) -> None:
    usual = crm.pipelines(session)[0]
    fields = [crm.StageFields(one.name, one.probability, one.rot_days, one.kind, one.id) for one in usual.stages]
    deal = crm.create_record(session, boss, "opportunities", {"name": "Anvils"})
    fields[0] = crm.StageFields("First talk", 15, None, "open", fields[0].id)
    crm.save_pipeline(session, boss, pipeline_id=usual.id, name="Selling", stages=fields)
    assert crm.get_record(session, "opportunities", deal.id)["probability"] == 15
    with pytest.raises(Conflict):
        crm.save_pipeline(session, boss, pipeline_id=usual.id, name="Selling", stages=fields[1:])
    crm.save_pipeline(session, boss, pipeline_id=usual.id, name="Selling", stages=[fields[0], *fields[2:]])
    assert len(crm.pipelines(session)[0].stages) == 5
    with pytest.raises(Invalid):
        crm.save_pipeline(session, boss, pipeline_id=usual.id, name="Selling", stages=fields[:4])
    with pytest.raises(Conflict):
        crm.delete_pipeline(session, boss, pipeline_id=usual.id)


def test_the_id_of_nobody_is_no_owner(session: Session, boss: Actor) -> None:
    found: UUID = uuid4()
    with pytest.raises(Invalid):
        crm.create_record(session, boss, "accounts", {"name": "Acme", "owner_id": str(found)})
