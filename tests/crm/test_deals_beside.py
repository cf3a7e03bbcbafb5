"""The deals of an account and of a person, as their pages tell them."""

from __future__ import annotations

from sqlmodel import Session

from salescompass import crm
from salescompass.identity import Actor


def test_open_deals_come_first_and_parts_are_told(session: Session, boss: Actor) -> None:
    account = crm.create_record(session, boss, "accounts", {"name": "Acme"})
    ada = crm.create_record(session, boss, "contacts", {"name": "Ada", "account_id": account.id})
    stages = {one.name: one.id for one in crm.pipelines(session)[0].stages}
    made = {}
    for name, more in {
        "Won": {"stage_id": stages["Won"]},
        "Later": {"close_date": "2027-05-01", "amount_minor": 500, "currency": "EUR"},
        "Sooner": {"close_date": "2027-01-01"},
        "Elsewhere": {"account_id": None},
        "Gone": {},
    }.items():
        fields = {"name": name, "account_id": account.id, **more}
        made[name] = crm.create_record(session, boss, "opportunities", fields).id
    crm.delete_records(session, boss, "opportunities", [made["Gone"]])
    crm.set_deal_role(session, boss, opportunity_id=made["Later"], person_id=ada.id, role="champion")
    found = crm.deals_of(session, account_id=account.id)
    assert [(one.name, one.state, one.stage) for one in found] == [
        ("Sooner", "open", "Prospecting"), ("Later", "open", "Prospecting"), ("Won", "won", "Won"),
    ]  # fmt: skip
    assert (found[1].amount_minor, found[1].currency, found[1].parts) == (500, "EUR", ((ada.id, "champion"),))
    assert [one.name for one in crm.deals_of(session, person_id=ada.id)] == ["Later"]
