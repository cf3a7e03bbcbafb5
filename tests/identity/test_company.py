"""The company's name, zone and currency: changed by whoever may, noted in the trail; amounts stay what they are."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from salescompass import conditions, crm, identity
from salescompass.catalogue import catalogue
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Denied, Invalid


@pytest.fixture
def boss(tenant: UUID) -> Actor:
    with tenant_session(tenant) as session:
        return identity.acting_member(session, identity.members(session)[0].id)


def test_amounts_keep_their_currency_and_filters_compare_the_companys(tenant: UUID, boss: Actor) -> None:
    def dear() -> list[str]:
        with tenant_session(tenant) as session:
            known = catalogue(session)
            rule = {"field": "revenue_minor", "operator": "gte", "value": 100}
            tree = conditions.parse({"rules": [rule]}, known, object="account")
            where = conditions.where(tree, catalogue=known, now=datetime.now(UTC))
            return [one.name for one in crm.list_records(session, "accounts", where=where, sort="name").items]

    with tenant_session(tenant) as session:
        assert identity.company(session).currency == "USD"
        crm.create_record(session, boss, "accounts", {"name": "Before", "revenue_minor": 500})
    assert dear() == ["Before"]
    with tenant_session(tenant) as session:
        identity.change_company(session, boss, currency=" eur ")
    with tenant_session(tenant) as session:
        crm.create_record(session, boss, "accounts", {"name": "After", "revenue_minor": 500})
        found = crm.list_records(session, "accounts", sort="name").items
        assert [(one.name, one["revenue_minor"], one["currency"]) for one in found] == [
            ("After", 500, "EUR"), ("Before", 500, "USD"),
        ]  # fmt: skip
    assert dear() == ["After"]


def test_a_change_is_noted_and_the_name_holds_where_members_sign_in(tenant: UUID, boss: Actor) -> None:
    with tenant_session(tenant) as session:
        identity.change_company(session, boss, name=" Engines  Ltd ", zone="Europe/Paris")
    with tenant_session(tenant) as session:
        (theirs,) = [one for one in identity.all_tenants() if one.tenant_id == tenant]
        assert identity.company(session).name == theirs.name == "Engines Ltd"
        (line,) = identity.audit_entries(session, action="company.changed").items
        assert line.detail["zone"] == ["UTC", "Europe/Paris"]
        identity.change_company(session, boss, zone="Europe/Paris")
        assert len(identity.audit_entries(session, action="company.changed").items) == 1


@pytest.mark.parametrize("wrong", [{"currency": "ZZZ"}, {"currency": ""}, {"zone": "Mars/Olympus"}, {"name": " "}])
def test_what_is_wrong_is_refused(tenant: UUID, boss: Actor, wrong: dict[str, str]) -> None:
    with tenant_session(tenant) as session, pytest.raises(Invalid):
        identity.change_company(session, boss, **wrong)


def test_only_who_may_changes_the_company(tenant: UUID, boss: Actor) -> None:
    with tenant_session(tenant) as session:
        made = identity.create_user(session, email=f"rep@{tenant.hex[:8]}.example", role="rep", name="Rep")
        rep = identity.acting_member(session, made.id)
        with pytest.raises(Denied):
            identity.change_company(session, rep, currency="EUR")
