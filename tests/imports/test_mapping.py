"""Which column becomes which field."""

from __future__ import annotations

import pytest

from salescompass.imports.mapping import (
    Column,
    ColumnMap,
    as_json,
    check_columns,
    chosen_key,
    plain,
    program_of,
    read_map,
    signature,
    suggest,
    sure_columns,
)
from salescompass.imports.targets import KEYS, TARGETS
from salescompass.kit.errors import Invalid


def mapped(kind: str, *headers: str, samples: dict[str, list[str]] | None = None) -> dict[str, str]:
    names = {"_".join(header.lower().split()): header for header in headers}
    found = sure_columns(suggest(kind, names, TARGETS[kind], samples or {}))
    return {column: one.field for column, one in found.items()}


def test_headers_are_compared_by_their_words() -> None:
    assert plain("AnnualRevenue") == plain("annual_revenue") == plain(" Annual-Revenue ") == "annual revenue"


def test_a_sales_company_is_understood() -> None:
    assert mapped("users", "sales_agent", "manager", "regional_office") == {
        "sales_agent": "name", "manager": "manager", "regional_office": "team",
    }  # fmt: skip
    assert mapped("products", "product", "series", "sales_price") == {
        "product": "name", "series": "series", "sales_price": "price",
    }  # fmt: skip
    assert mapped(
        "accounts",
        "account", "sector", "year_established", "revenue", "employees", "office_location", "subsidiary_of",
    ) == {
        "account": "name", "sector": "industry", "year_established": "founded", "revenue": "revenue",
        "employees": "size", "office_location": "country", "subsidiary_of": "parent",
    }  # fmt: skip
    assert mapped("accounts", "account", "company_domain") == {"account": "name", "company_domain": "domain"}
    assert mapped(
        "opportunities",
        "opportunity_id", "sales_agent", "product", "account", "deal_stage", "engage_date", "close_date", "close_value",
    ) == {
        "opportunity_id": "external_id", "sales_agent": "owner", "product": "product", "account": "account",
        "deal_stage": "stage", "engage_date": "opened_on", "close_date": "close_date", "close_value": "amount",
    }  # fmt: skip


def test_leads_of_a_school_are_understood() -> None:
    found = mapped(
        "leads",
        "Prospect ID", "Lead Number", "Lead Origin", "Lead Source", "Converted", "TotalVisits", "Country", "Tags",
        "City", "Last Activity",
    )  # fmt: skip
    assert found == {
        "prospect_id": "external_id", "lead_source": "source", "country": "country", "tags": "tags", "city": "city",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("program", "kind", "headers", "fields"),
    [
        (
            "HubSpot", "contacts",
            ["Record ID", "First Name", "Last Name", "Email", "Contact owner", "Original Source"],
            ["external_id", "first_name", "last_name", "email", "owner", "source"],
        ),
        (
            "HubSpot", "opportunities", ["Record ID", "Deal Name", "Deal Stage", "Amount", "Create Date"],
            ["external_id", "name", "stage", "amount", "opened_on"],
        ),
        (
            "Salesforce", "accounts",
            ["Account ID", "Account Name", "Billing State/Province", "Employees", "Parent Account"],
            ["external_id", "name", "region", "size", "parent"],
        ),
        (
            "Salesforce", "opportunities", ["Opportunity ID", "Opportunity Name", "Stage", "Account Name"],
            ["external_id", "name", "stage", "account"],
        ),
        (
            "Pipedrive", "contacts",
            ["Person - ID", "Person - Name", "Person - Email - Work", "Person - Organization"],
            ["external_id", "name", "email", "account"],
        ),
        (
            "Pipedrive", "opportunities", ["Deal - ID", "Deal - Title", "Deal - Value", "Deal - Currency of Value"],
            ["external_id", "name", "amount", "currency"],
        ),
    ],
)  # fmt: skip
def test_exports_of_other_programs_are_known(program: str, kind: str, headers: list[str], fields: list[str]) -> None:
    assert list(mapped(kind, *headers).values()) == fields
    assert program_of(kind, {header: header for header in headers}) == program


def test_no_field_is_given_twice_and_what_is_unsure_is_only_shown() -> None:
    names = {name: name for name in ("email", "e-mail", "Work E-Mail", "Favourite colour")}
    found = suggest("contacts", names, TARGETS["contacts"], {})
    assert [one.field for one in found].count("email") == 1
    assert found[0].field == "email"
    assert found[3].field is None
    unsure = suggest("contacts", {"reach": "Reach"}, TARGETS["contacts"], {"reach": ["a@b.example"] * 3})[0]
    assert (unsure.field, unsure.because) == ("email", "its cells are addresses")
    assert sure_columns([unsure]) == {}


def test_a_mapping_is_told_and_kept() -> None:
    told = {
        "columns": {"Company Name": "name", "Revenue": {"field": "revenue", "scale": 1_000_000}, "Fax": None},
        "dates": "dmy", "missing": ["Select"], "mode": "insert",
    }  # fmt: skip
    found = read_map(told)
    assert found.columns == {"company_name": Column("name"), "revenue": Column("revenue", 1_000_000)}
    assert (found.dates, found.missing, found.mode) == ("dmy", ("Select",), "insert")
    assert read_map(as_json(found)) == found
    assert read_map({"Company": "name"}) == ColumnMap(columns={"company": Column("name")})
    assert signature(["a", "b"]) == signature(["b", "a"]) != signature(["a", "c"])


@pytest.mark.parametrize(
    "told",
    [
        [],
        {"columns": []},
        {"columns": {"a": 1}},
        {"columns": {}, "colour": "red"},
        {"columns": {}, "mode": "replace"},
        {"columns": {}, "dates": "ydm"},
        {"columns": {}, "missing": "Select"},
        {"columns": {"a": {"field": "revenue", "scale": 0}}},
    ],
)
def test_a_mapping_that_says_nothing_is_refused(told: object) -> None:
    with pytest.raises(Invalid):
        read_map(told)


def test_a_mapping_fits_its_file_and_its_kind() -> None:
    good = {"firm": Column("name"), "web": Column("domain")}
    check_columns("accounts", good, ["firm", "web"], TARGETS["accounts"])
    assert chosen_key("accounts", good, None) == ("domain", "name")
    assert chosen_key("accounts", good, "name") == ("name",)
    assert chosen_key("contacts", {"a": Column("last_name")}, None) == ("name",)
    for columns, words in (
        ({"town": Column("name")}, "no column town"),
        ({"firm": Column("shoe_size")}, "no field shoe_size"),
        ({"firm": Column("name"), "web": Column("name")}, "Two columns"),
    ):
        with pytest.raises(Invalid, match=words):
            check_columns("accounts", columns, ["firm", "web"], TARGETS["accounts"])
    with pytest.raises(Invalid, match="known by"):
        chosen_key("accounts", good, "industry")
    with pytest.raises(Invalid, match="No column tells"):
        chosen_key("accounts", {"a": Column("industry")}, None)
    assert set(KEYS) == set(TARGETS)
