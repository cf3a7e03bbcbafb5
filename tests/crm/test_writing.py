"""Records from rows: matched by keys, checked field by field, written once, and what changed is told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session

from salescompass import crm
from salescompass.crm import RowOutcome
from salescompass.identity import Actor
from salescompass.kit.errors import Changed, Exists, Invalid, NotFound
from salescompass.vocabulary import RecordKind

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
NOWHERE = "01900000-0000-7000-8000-000000000000"


def put(session: Session, actor: Actor, kind: str, *rows: dict[str, Any], **more: Any) -> list[RowOutcome]:
    return crm.upsert_records(session, actor, kind, rows, now=NOW, **more)


def told(session: Session, record_id: UUID | None) -> list[tuple[str, dict[str, Any]]]:
    rows = session.connection().execute(
        text("SELECT act, changes FROM record_change WHERE object_id = :id ORDER BY id"), {"id": record_id}
    )
    return [(row.act, row.changes) for row in rows]


def test_a_row_makes_changes_or_leaves_a_record(session: Session, boss: Actor) -> None:
    row = {
        "external_id": "7",
        "name": "  Ada   Lovelace ",
        "email": "Ada@Acme.Example",
        "title": "CTO",
        "source": "Web",
    }
    (made,) = put(session, boss, "contacts", row, key="external_id")
    (same,) = put(session, boss, "contacts", row, key="external_id")
    (other,) = put(session, boss, "contacts", {**row, "title": None, "source": "Fair"}, key="external_id")
    assert [made.status, same.status, other.status] == ["created", "skipped", "updated"]
    assert made.id == same.id == other.id
    found = crm.get_record(session, "contacts", made.id or uuid4())
    assert (found.name, found["email"], found["title"]) == ("Ada Lovelace", "Ada@Acme.Example", None)
    assert (found["source_original"], found["source_latest"], found.row_version) == ("Web", "Fair", 2)
    assert told(session, made.id) == [
        ("created", {}),
        ("changed", {"title": ["CTO", None], "source_latest": ["Web", "Fair"]}),
    ]


def test_rows_of_one_batch_see_each_other(session: Session, boss: Actor) -> None:
    outcomes = put(
        session, boss, "accounts",
        {"name": "Acme", "domain": "acme.example"},
        {"name": "Acme Corporation", "domain": "https://www.ACME.example/about", "industry": "Anvils"},
        {"name": "Acme", "domain": "acme.test"},
        key="domain",
    )  # fmt: skip
    assert [one.status for one in outcomes] == ["created", "updated", "created"]
    assert outcomes[0].id == outcomes[1].id != outcomes[2].id
    found = crm.get_record(session, "accounts", outcomes[0].id or uuid4())
    assert (found.name, found["industry"]) == ("Acme Corporation", "Anvils")


def test_the_surest_key_decides_and_a_name_never_contradicts_it(session: Session, boss: Actor) -> None:
    keys = ("external_id", "domain", "name")
    put(session, boss, "accounts", {"name": "Acme", "external_id": "1"}, key=keys)
    (other,) = put(session, boss, "accounts", {"name": "Acme", "external_id": "2"}, key=keys)
    assert other.status == "created"
    (unsure,) = put(session, boss, "accounts", {"name": "acme", "city": "Oslo"}, key=keys)
    assert (unsure.status, unsure.field) == ("failed", "name")
    assert "Several accounts" in unsure.reason
    (sure,) = put(session, boss, "accounts", {"name": "ACME", "external_id": "2", "city": "Oslo"}, key=keys)
    assert (sure.status, sure.id) == ("updated", other.id)


def test_modes_only_make_or_only_change(session: Session, boss: Actor) -> None:
    put(session, boss, "products", {"name": "GTX Pro", "price_minor": 482_100})
    insert = put(session, boss, "products", {"name": "gtx pro"}, {"name": "MG"}, key="name", mode="insert")
    update = put(session, boss, "products", {"name": "GTX PRO", "series": "GTX"}, {"name": "New"}, key="name",
                 mode="update")  # fmt: skip
    assert [one.status for one in insert] == ["skipped", "created"]
    assert [one.status for one in update] == ["updated", "skipped"]


@pytest.mark.parametrize(
    ("kind", "field", "value", "words"),
    [
        ("contacts", "email", "nobody", "ada@acme.com"),
        ("accounts", "domain", "no domain", "acme.com"),
        ("accounts", "size", "many", "whole number"),
        ("accounts", "founded", 12, "from 500"),
        ("accounts", "lifecycle", "best friend", "prospect"),
        ("accounts", "currency", "euro", "EUR"),
        ("accounts", "currency", "ZZZ", "ISO 4217"),
        ("accounts", "website", "nowhere", "https://"),
        ("accounts", "phone", "ask Bob", "+44"),
        ("contacts", "zone", "Mars/Olympus", "Europe/Paris"),
        ("contacts", "zone", ["Europe/Paris"], "Europe/Paris"),
        ("contacts", "title", "x" * 121, "120"),
        ("contacts", "title", 5, "text"),
        ("contacts", "status", "asleep", "bounced"),
        ("opportunities", "close_date", "31.12.2026", "2026-03-31"),
        ("opportunities", "close_date", "20261120", "2026-03-31"),
        ("opportunities", "close_date", "2026-W12-3", "2026-03-31"),
        ("opportunities", "closed_at", "2026-01-01", "offset"),
        ("opportunities", "account_id", NOWHERE, "no such account"),
        ("opportunities", "owner_id", NOWHERE, "no such member"),
        ("opportunities", "stage_id", NOWHERE, "no such stage"),
        ("products", "active", "perhaps", "true or false"),
        ("accounts", "colour", "red", "no such field"),
        ("accounts", "custom.colour", "red", "no such field"),
        ("accounts", "tags", "red", "list"),
    ],
)
def test_a_wrong_value_is_refused_with_the_field_and_the_fix(
    session: Session, boss: Actor, kind: str, field: str, value: Any, words: str
) -> None:
    good, bad = put(session, boss, kind, {"name": "Good"}, {"name": "Bad", field: value})
    assert (good.status, bad.status, bad.field) == ("created", "failed", field)
    assert words in bad.reason


def test_every_wrong_field_is_named_with_its_place(session: Session, boss: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        crm.create_record(session, boss, "contacts", {"email": "x", "zone": "y", "custom": {"z": 1}})
    assert {one.pointer for one in refused.value.errors} == {"/email", "/zone", "/custom/z"}


def test_no_two_live_people_share_an_address(session: Session, boss: Actor) -> None:
    lead = crm.create_record(session, boss, "leads", {"email": "ada@acme.example"})
    assert lead.name == "ada@acme.example"
    with pytest.raises(Exists) as taken:
        crm.create_record(session, boss, "contacts", {"name": "Ada", "email": "ADA@acme.example"})
    assert taken.value.errors[0].pointer == "/email"
    crm.delete_records(session, boss, "leads", [lead.id])
    contact = crm.create_record(session, boss, "contacts", {"name": "Ada", "email": "ADA@acme.example"})
    (kept,) = crm.restore_records(session, boss, "leads", [lead.id])
    assert (kept.status, kept.reason) == ("failed", "Another person has its email now")
    crm.delete_records(session, boss, "contacts", [contact.id])
    (back,) = crm.restore_records(session, boss, "leads", [lead.id])
    assert back.status == "updated"
    assert [act for act, _ in told(session, lead.id)] == ["created", "deleted", "restored"]


def test_the_first_source_never_changes(session: Session, boss: Actor) -> None:
    lead = crm.create_record(session, boss, "leads", {"name": "Ada", "source": "Fair"})
    crm.update_record(session, boss, "leads", lead.id, {"source": "Web"})
    with pytest.raises(Invalid) as refused:
        crm.update_record(session, boss, "leads", lead.id, {"source_original": "Web"})
    assert "Fair" in refused.value.message
    found = crm.get_record(session, "leads", lead.id)
    assert (found["source_original"], found["source_latest"]) == ("Fair", "Web")


def test_a_change_on_an_old_version_is_refused(session: Session, boss: Actor) -> None:
    found = crm.create_record(session, boss, "accounts", {"name": "Acme"})
    crm.update_record(session, boss, "accounts", found.id, {"city": "Oslo"}, version=1)
    with pytest.raises(Changed) as changed:
        crm.update_record(session, boss, "accounts", found.id, {"city": "Bergen"}, version=1)
    assert changed.value.extra == {"row_version": 2}
    with pytest.raises(NotFound):
        crm.update_record(session, boss, "accounts", uuid4(), {"city": "Bergen"})


def test_companies_are_a_tree(session: Session, boss: Actor) -> None:
    top = crm.create_record(session, boss, "accounts", {"name": "Top"})
    middle = crm.create_record(session, boss, "accounts", {"name": "Middle", "parent_id": str(top.id)})
    low = crm.create_record(session, boss, "accounts", {"name": "Low", "parent_id": str(middle.id)})
    with pytest.raises(Invalid) as refused:
        crm.update_record(session, boss, "accounts", top.id, {"parent_id": str(low.id)})
    assert refused.value.errors[0].pointer == "/parent_id"
    with pytest.raises(Invalid):
        crm.update_record(session, boss, "accounts", top.id, {"parent_id": str(top.id)})
    rows = [{"id": top.id, "parent_id": middle.id}, {"id": middle.id, "parent_id": None}]
    assert [one.status for one in put(session, boss, "accounts", *rows, key="id")] == ["updated", "updated"]


def test_own_fields_are_typed_and_told(session: Session, boss: Actor) -> None:
    save = {"object_type": "account", "key": None}
    crm.save_custom_field(session, boss, **save, label="Tier", kind="choice", choices=["Gold", "Silver"])
    crm.save_custom_field(session, boss, **save, label="Seats", kind="number")
    crm.save_custom_field(session, boss, **save, label="Signed", kind="date", required=True)
    with pytest.raises(Invalid) as missing:
        crm.create_record(session, boss, "accounts", {"name": "Acme", "custom": {"seats": 3}})
    assert missing.value.errors[0].pointer == "/custom/signed"
    row = {"name": "Acme", "custom": {"tier": "GOLD", "seats": "3.5", "signed": "2026-01-31"}, "tags": ["Hot", "hot"]}
    found = crm.create_record(session, boss, "accounts", row)
    assert found.custom == {"tier": "Gold", "seats": 3.5, "signed": "2026-01-31"}
    assert found.tags == ("hot",)
    crm.update_record(session, boss, "accounts", found.id, {"custom.seats": 4, "tags": ["New"]})
    assert told(session, found.id)[-1] == ("changed", {"custom.seats": [3.5, 4], "tags": [["hot"], ["New"]]})
    (matched,) = put(session, boss, "accounts", {"name": "Acme", "city": "Oslo", "custom.seats": 4}, key="custom.seats")
    assert (matched.status, matched.id) == ("updated", found.id)


def test_a_deal_goes_through_its_stages(session: Session, boss: Actor) -> None:
    pipeline = crm.pipelines(session)[0]
    stages = {stage.name: stage for stage in pipeline.stages}
    deal = crm.create_record(session, boss, "opportunities", {"name": "Anvils", "amount_minor": 5000}, now=NOW)
    assert (deal["stage_id"], deal["state"], deal["probability"]) == (stages["Prospecting"].id, "open", 10)
    assert (deal["currency"], deal["stage_entered_at"]) == ("USD", NOW)
    later = NOW.replace(hour=15)
    won = crm.move_stage(session, boss, opportunity_id=deal.id, stage_id=stages["Won"].id, now=later)
    assert (won["state"], won["probability"], won["closed_at"]) == ("won", 100, later)
    assert won["close_date"] == NOW.date()
    lost = crm.move_stage(
        session, boss, opportunity_id=deal.id, stage_id=stages["Lost"].id, lost_reason="Price", now=later
    )
    assert (lost["state"], lost["lost_reason"]) == ("lost", "Price")
    again = crm.move_stage(session, boss, opportunity_id=deal.id, stage_id=stages["Proposal"].id, now=later)
    assert (again["state"], again["closed_at"]) == ("open", None)
    stays = session.connection().execute(
        text("SELECT stage_id, entered_at, left_at FROM stage_history WHERE opportunity_id = :id ORDER BY id"),
        {"id": deal.id},
    )
    expected = ["Prospecting", "Won", "Lost", "Proposal"]
    times = [(NOW, later), (later, later), (later, later), (later, None)]
    assert [tuple(row) for row in stays] == [(stages[name].id, *at) for name, at in zip(expected, times, strict=True)]


def test_a_deal_of_a_file_keeps_its_days(session: Session, boss: Actor) -> None:
    won = next(stage for stage in crm.pipelines(session)[0].stages if stage.kind == "won")
    row = {"external_id": "1C1I7A6R", "stage_id": str(won.id), "opened_on": "2016-10-20", "close_date": "2017-03-01"}
    (outcome,) = put(session, boss, "opportunities", row, key="external_id")
    found = crm.get_record(session, RecordKind.OPPORTUNITIES, outcome.id or uuid4())
    assert (found.name, found["closed_at"]) == ("Deal 1C1I7A6R", datetime(2017, 3, 1, tzinfo=UTC))
    assert (found["close_date"], found["stage_entered_at"]) == (date(2017, 3, 1), datetime(2017, 3, 1, tzinfo=UTC))
