"""Facts as they are typed: what becomes of a text in a field, what is refused, and when somebody was faster."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from salescompass import crm, identity
from salescompass.crm import RecordView
from salescompass.identity import Actor
from salescompass.kit.errors import Changed, Exists, Invalid, NotFound
from salescompass.ui.components.notes import note_parts
from salescompass.ui.record_beside import beside_of
from salescompass.ui.record_facts import accounts_like, changed_fact, facts_of, typed_fact
from salescompass.vocabulary import RecordKind


@pytest.fixture
def house(session: Session, tenant: UUID) -> tuple[Session, Actor]:
    """A session in a new tenant, and who may do all."""
    return session, identity.system_actor(tenant, "Boss")


def _change(house: tuple[Session, Actor], record: RecordView, key: str, value: str, was: str) -> RecordView:
    session, actor = house
    return changed_fact(session, actor, kind=record.kind, record_id=record.id, key=key, value=value, was=[was])


def test_every_field_goes_in_as_it_is_typed_and_comes_out_so(house: tuple[Session, Actor]) -> None:
    session, actor = house
    for label, kind in (("Seats", "number"), ("Key account", "boolean"), ("Renewal", "date"), ("Remark", "text")):
        crm.save_custom_field(session, actor, object_type="account", key=None, label=label, kind=kind)
    above = crm.create_record(session, actor, "accounts", {"name": "Above"})
    record = crm.create_record(session, actor, "accounts", {"name": "Acme"})
    for key, text in {
        "name": "Acme Corp", "domain": "acme.example", "size": "1200", "revenue_minor": "1250.50", "city": "Oslo",
        "description": "One\ntwo", "lifecycle": "customer", "website": "https://acme.example/a", "phone": "+44 20 1234",
        "custom.seats": "12", "custom.key_account": "true", "custom.renewal": "2027-01-31", "custom.remark": "Nice",
        "parent_id": "Above",
    }.items():  # fmt: skip
        changed = _change(house, record, key, f" {text} ", typed_fact(record, key))
        assert typed_fact(changed, key) == text, key
    assert changed["parent_id"] == above.id
    assert (changed["revenue_minor"], changed["currency"]) == (125_050, "USD")
    known, empty = facts_of(changed, crm.custom_fields(session, "account"), {})
    words = {one.label: (one.value, one.href) for one in known}
    assert words["Employees"] == ("1,200", "")
    assert words["Annual revenue"] == ("$1,250.50", "")
    assert words["Phone"] == ("+44 20 1234", "tel:+44201234")
    assert words["Parent company"][0] == "Above"
    assert words["Key account"] == ("Yes", "")
    assert "Industry" in {one.label for one in empty}
    assert typed_fact(_change(house, record, "size", "", "1200"), "size") == ""


def test_what_cannot_be_is_said_at_the_field(house: tuple[Session, Actor]) -> None:
    session, actor = house
    crm.create_record(session, actor, "accounts", {"name": "Other", "domain": "other.example"})
    record = crm.create_record(session, actor, "accounts", {"name": "Acme", "source": "Fair"})
    for key, value, error in (
        ("size", "many", Invalid), ("domain", "other.example", Exists), ("name", "", Invalid),
        ("parent_id", "Nobody", Invalid), ("parent_id", "Acme", Invalid), ("revenue_minor", "a lot", Invalid),
        ("source_original", "File", Invalid), ("secret", "x", Invalid), ("custom.none", "x", Invalid),
    ):  # fmt: skip
        before = typed_fact(record, key) if key in crm.RECORD_TYPES[record.kind].fields else ""
        with pytest.raises(error) as refused:
            _change(house, record, key, value, before)
        assert refused.value.field == "value", key
    with pytest.raises(NotFound):
        changed_fact(session, actor, kind=RecordKind.ACCOUNTS, record_id=UUID(int=9), key="name", value="x", was=[""])


def test_who_was_faster_is_told(house: tuple[Session, Actor]) -> None:
    session, actor = house
    record = crm.create_record(session, actor, "accounts", {"name": "Acme", "city": "Oslo"})
    crm.update_record(session, actor, "accounts", record.id, {"city": "Rome", "country": "Italy"})
    assert typed_fact(_change(house, record, "country", "Spain", "Italy"), "country") == "Spain"
    with pytest.raises(Changed, match="“Rome” now"):
        _change(house, record, "city", "Paris", "Oslo")
    changed_fact(session, actor, kind=record.kind, record_id=record.id, key="city", value="Paris", was=["Oslo", "Rome"])
    assert crm.get_record(session, "accounts", record.id)["city"] == "Paris"


def test_namesakes_are_told_apart_by_their_domains(house: tuple[Session, Actor]) -> None:
    session, actor = house
    made = [
        crm.create_record(session, actor, "accounts", {"name": "Acme", "domain": f"acme.{place}"})
        for place in ("de", "fr")
    ]
    person = crm.create_record(session, actor, "contacts", {"name": "Ada"})
    assert sorted(accounts_like(session, text="acm")) == ["Acme (acme.de)", "Acme (acme.fr)"]
    with pytest.raises(Invalid, match="Several"):
        _change(house, person, "account_id", "Acme", "")
    assert _change(house, person, "account_id", "Acme (acme.fr)", "")["account_id"] == made[1].id


def test_addresses_in_notes_are_links_and_nothing_else_is() -> None:
    parts = [(one.text, one.href) for one in note_parts("See https://a.example/x?y=1, or <b>javascript:alert(1)</b>")]
    assert parts == [
        ("See ", ""), ("https://a.example/x?y=1", "https://a.example/x?y=1"), (", or <b>javascript:alert(1)</b>", ""),
    ]  # fmt: skip


def test_changes_tell_who_what_and_by_which_way(house: tuple[Session, Actor]) -> None:
    session, actor = house
    record = crm.create_record(session, actor, "accounts", {"name": "Acme", "revenue_minor": 100, "currency": "EUR"})
    other = crm.create_record(session, actor, "accounts", {"name": "Other"})
    crm.edit_records(session, actor, "accounts", [record.id, other.id], {"revenue_minor": 250}, batch_id=uuid4())
    _, page = beside_of(session, actor, crm.get_record(session, "accounts", record.id))
    latest = page.items[0]
    assert (latest.who, latest.source) == ("Boss", "one of many at once")
    assert latest.fields == [("Annual revenue", "€1", "€2.50")]
