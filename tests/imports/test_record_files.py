"""Users, products, companies, people and deals from files: what is there afterwards, and what is told."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from salescompass.imports import ColumnMap, import_file, read_map
from salescompass.kit import clock
from salescompass.kit.errors import Invalid

Rows = Callable[[str], list[tuple[object, ...]]]
Files = Callable[..., Path]

TEAMS = (
    "sales_agent,manager,regional_office",
    "Anna Snelling,Dustin Brinkmann,Central",
    "Moses Frase,Dustin Brinkmann,Central",
    "Violet Mclelland,Cara Losch,East",
)
PRODUCTS = ("product,series,sales_price", "GTX Basic,GTX,550", "MG Special,MG,55")
COMPANIES = (
    "account,sector,year_established,revenue,employees,office_location,subsidiary_of",
    "Bluth,retail,1990,11.5,120,Kenya,Acme Corporation",
    "Acme Corporation,technolgy,1996,1100.04,2822,United States,",
    "Cancity,retail,2001,718.62,2448,United States,",
)
DEALS = (
    "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value",
    "D1,Moses Frase,GTX Basic,Cancity,Won,20-10-2016,01-03-2017,1054",
    "D2,Anna Snelling,GTXBasic,Cancity,Engaging,25-11-2016,,",
    "D3,Nobody Known,MG Special,,Prospecting,,,",
    "D4,Violet Mclelland,MG Special,Acme Corporation,Lost,25-10-2016,11-03-2017,0",
)


def test_users_come_with_managers_and_teams(tenant: UUID, file_of: Files, rows_of: Rows) -> None:
    report = import_file(tenant, "users", file_of(*TEAMS))
    assert (report.rows, report.created, report.failed) == (3, 3, 0)
    assert report.also_created == {"users": 2, "teams": 2}
    assert rows_of(
        "SELECT m.name, b.name, m.email, m.user_id FROM membership m JOIN membership b ON b.id = m.manager_id "
        "ORDER BY m.name"
    ) == [
        ("Anna Snelling", "Dustin Brinkmann", "", None),
        ("Moses Frase", "Dustin Brinkmann", "", None),
        ("Violet Mclelland", "Cara Losch", "", None),
    ]  # fmt: skip
    assert rows_of(
        "SELECT team.name, part, count(*) FROM team JOIN team_member ON team_id = team.id GROUP BY 1, 2 ORDER BY 1, 2"
    ) == [("Central", "lead", 1), ("Central", "member", 2), ("East", "lead", 1), ("East", "member", 1)]
    roles = rows_of(
        "SELECT m.name, role.key FROM membership m JOIN membership_role r ON r.membership_id = m.id "
        "JOIN role ON role.id = r.role_id WHERE m.email = '' ORDER BY 1"
    )
    assert dict(roles) == {
        "Anna Snelling": "rep", "Cara Losch": "manager", "Dustin Brinkmann": "manager", "Moses Frase": "rep",
        "Violet Mclelland": "rep",
    }  # fmt: skip


def test_a_member_without_address_gets_one_later(tenant: UUID, file_of: Files, rows_of: Rows) -> None:
    import_file(tenant, "users", file_of(*TEAMS))
    address = f"anna@{tenant.hex[:10]}.example"
    file = file_of("name,email,role", f"Anna Snelling,{address},", "Moses Frase,no address,rep", "Bo Berg,,emperor")
    report = import_file(tenant, "users", file)
    assert (report.created, report.updated, report.failed) == (0, 1, 2)
    assert rows_of("SELECT email, user_id IS NOT NULL FROM membership WHERE name = 'Anna Snelling'") == [
        (address, True)
    ]
    assert report.errors_file
    assert "There is no role emperor" in Path(report.errors_file).read_text(encoding="utf-8-sig")


def test_companies_come_with_parents_that_stand_further_down(tenant: UUID, file_of: Files, rows_of: Rows) -> None:
    report = import_file(tenant, "accounts", file_of(*COMPANIES))
    assert (report.created, report.also_created, report.ignored_columns) == (3, {}, [])
    assert rows_of(
        "SELECT a.name, p.name, a.industry, a.founded, a.revenue_minor, a.currency, a.size, a.country "
        "FROM account a LEFT JOIN account p ON p.id = a.parent_id ORDER BY a.name"
    ) == [
        ("Acme Corporation", None, "technolgy", 1996, 110_004, "USD", 2822, "United States"),
        ("Bluth", "Acme Corporation", "retail", 1990, 1150, "USD", 120, "Kenya"),
        ("Cancity", None, "retail", 2001, 71_862, "USD", 2448, "United States"),
    ]


def test_a_domain_is_given_to_the_company_of_that_name(tenant: UUID, file_of: Files, rows_of: Rows) -> None:
    import_file(tenant, "accounts", file_of(*COMPANIES))
    domains = file_of("account,company_domain", "Cancity,www.cancity.example", "Acme Corporation,acme.example")
    report = import_file(tenant, "accounts", domains)
    assert (report.created, report.updated) == (0, 2)
    namesake = import_file(tenant, "accounts", file_of("account,company_domain", "Cancity,another.example"))
    assert (namesake.created, namesake.updated) == (1, 0)
    assert rows_of("SELECT domain_norm FROM account WHERE name = 'Cancity' ORDER BY 1") == [
        ("another.example",), ("cancity.example",),
    ]  # fmt: skip


@pytest.fixture
def company(tenant: UUID, file_of: Files) -> UUID:
    """A tenant with members, products and companies."""
    for kind, lines in (("users", TEAMS), ("products", PRODUCTS), ("accounts", COMPANIES)):
        import_file(tenant, kind, file_of(*lines))
    return tenant


def test_deals_come_and_what_is_unknown_is_listed(company: UUID, file_of: Files, rows_of: Rows) -> None:
    report = import_file(company, "opportunities", file_of(*DEALS))
    assert (report.rows, report.created, report.failed) == (4, 4, 0)
    assert report.unknown == {"owners": {"Nobody Known": 1}, "products": {"GTXBasic": 1}}
    assert report.also_created == {"stages": 1}
    assert report.also_updated == {"accounts": 2}
    found = rows_of(
        "SELECT o.external_id, a.name, p.name, s.name, o.state, o.amount_minor, o.opened_on::text, o.close_date::text "
        "FROM opportunity o JOIN stage s ON s.id = o.stage_id LEFT JOIN account a ON a.id = o.account_id "
        "LEFT JOIN product p ON p.id = o.product_id ORDER BY 1"
    )
    assert found == [
        ("D1", "Cancity", "GTX Basic", "Won", "won", 105_400, "2016-10-20", "2017-03-01"),
        ("D2", "Cancity", None, "Engaging", "open", None, "2016-11-25", None),
        ("D3", None, "MG Special", "Prospecting", "open", None, None, None),
        ("D4", "Acme Corporation", "MG Special", "Lost", "lost", 0, "2016-10-25", "2017-03-11"),
    ]


def test_an_account_gets_the_owner_of_its_latest_open_deal(company: UUID, file_of: Files, rows_of: Rows) -> None:
    import_file(company, "opportunities", file_of(*DEALS))
    owners = "SELECT a.name, m.name FROM account a LEFT JOIN membership m ON m.id = a.owner_id ORDER BY 1"
    assert rows_of(owners) == [
        ("Acme Corporation", "Violet Mclelland"), ("Bluth", None), ("Cancity", "Anna Snelling"),
    ]  # fmt: skip
    later = file_of(DEALS[0], "D9,Moses Frase,GTX Basic,Cancity,Engaging,25-12-2016,,")
    import_file(company, "opportunities", later)
    assert dict(rows_of(owners))["Cancity"] == "Anna Snelling"


def test_leads_of_a_form_select_means_nothing(tenant: UUID, file_of: Files, rows_of: Rows) -> None:
    file = file_of(
        "Prospect ID,Lead Number,Lead Source,Country,Tags,City,",
        "p-1,1,Google,India,Ringing,Select,",
        "p-2,2,Olark Chat,,,Mumbai,",
        ",3,,,,,",
    )
    report = import_file(tenant, "leads", file)
    assert (report.created, report.failed, report.ignored_columns) == (2, 1, ["Lead Number"])
    assert rows_of("SELECT name, kind, city, country, source_original, source_latest FROM person ORDER BY name") == [
        ("Lead p-1", "lead", None, "India", "Google", "Google"),
        ("Lead p-2", "lead", "Mumbai", None, "Olark Chat", "Olark Chat"),
    ]
    told = read_map({"columns": {"Prospect ID": "external_id", "City": "city"}, "missing": []})
    assert import_file(tenant, "leads", file, mapping=told).updated == 1
    assert rows_of("SELECT city FROM person WHERE external_id = 'p-1'") == [("Select",)]


def test_people_find_or_make_their_company(tenant: UUID, file_of: Files, rows_of: Rows) -> None:
    import_file(tenant, "accounts", file_of(*COMPANIES))
    file = file_of(
        "First name,Last name,Email,Company,Company domain",
        "Ada,Lovelace,ada@cancity.example,cancity,",
        "Bo,Berg,bo@new.example,New Ltd,new.example",
        "Bo,Berg,other.bo@new.example,New Ltd,",
        "Cy,Young,cy@new.example,,no domain",
    )
    report = import_file(tenant, "contacts", file)
    assert (report.created, report.failed, report.also_created) == (3, 1, {"accounts": 1})
    assert rows_of("SELECT p.name, a.name FROM person p JOIN account a ON a.id = p.account_id ORDER BY p.email") == [
        ("Ada Lovelace", "Cancity"), ("Bo Berg", "New Ltd"), ("Bo Berg", "New Ltd"),
    ]  # fmt: skip
    assert import_file(tenant, "contacts", file).skipped == 3


@pytest.mark.parametrize(
    ("kind", "lines"), [("users", TEAMS), ("products", PRODUCTS), ("accounts", COMPANIES), ("opportunities", DEALS)]
)
def test_the_same_file_again_changes_nothing(
    company: UUID, file_of: Files, rows_of: Rows, kind: str, lines: tuple[str, ...]
) -> None:
    import_file(company, kind, file_of(*lines))
    before = rows_of("SELECT count(*), max(id::text) FROM record_change")
    again = import_file(company, kind, file_of(*lines))
    assert (again.created, again.updated, again.failed) == (0, 0, 0)
    assert again.skipped == again.rows == len(lines) - 1
    assert not again.also_created
    assert rows_of("SELECT count(*), max(id::text) FROM record_change") == before


def test_insert_and_update_do_one_thing_only(tenant: UUID, file_of: Files, rows_of: Rows) -> None:
    import_file(tenant, "products", file_of(*PRODUCTS))
    changed = file_of("product,sales_price", "GTX Basic,600", "New One,1")
    assert import_file(tenant, "products", changed, mapping=ColumnMap(mode="insert")).created == 1
    assert rows_of("SELECT price_minor FROM product WHERE name = 'GTX Basic'") == [(55_000,)]
    more = file_of("product,sales_price", "GTX Basic,600", "Another,1")
    report = import_file(tenant, "products", more, mapping=ColumnMap(mode="update"))
    assert (report.created, report.updated, report.skipped) == (0, 1, 1)
    assert rows_of("SELECT price_minor FROM product WHERE name = 'GTX Basic'") == [(60_000,)]


def test_rows_that_mean_the_same_record_are_told(tenant: UUID, file_of: Files, rows_of: Rows) -> None:
    lines = ["name,email"] + [f"Somebody {n},p{n}@a.example" for n in range(1200)]
    lines += ["Other,P7@A.example", "Third,p1199@a.example"]
    report = import_file(tenant, "contacts", file_of(*lines))
    assert (report.created, report.failed) == (1200, 2)
    assert report.errors_file
    with Path(report.errors_file).open(encoding="utf-8-sig", newline="") as told:
        reasons = [row["reason"] for row in csv.DictReader(told)]
    assert reasons == ["row 9 of this file has the same email", "row 1201 of this file has the same email"]
    assert rows_of("SELECT name FROM person WHERE email_norm = 'p7@a.example'") == [("Somebody 7",)]


def test_dates_that_can_be_read_in_two_ways_are_asked_for(company: UUID, file_of: Files, rows_of: Rows) -> None:
    file = file_of("opportunity id,engage date", "A,01/03/2017", "B,02/03/2017")
    with pytest.raises(Invalid, match="two ways") as refused:
        import_file(company, "opportunities", file)
    assert refused.value.code == "date_order"
    assert rows_of("SELECT count(*) FROM opportunity") == [(0,)]
    import_file(company, "opportunities", file, mapping=read_map({"columns": None, "dates": "mdy"}))
    assert rows_of("SELECT opened_on::text FROM opportunity ORDER BY external_id") == [("2017-01-03",), ("2017-02-03",)]


def test_dates_of_deals_move_so_that_the_newest_is_today(company: UUID, file_of: Files, rows_of: Rows) -> None:
    report = import_file(company, "opportunities", file_of(*DEALS), shift_dates=True)
    newest, oldest = rows_of("SELECT max(close_date), min(opened_on) FROM opportunity")[0]
    assert newest == clock.now().date()
    assert newest - oldest == timedelta(days=142)  # type: ignore[operator]
    assert report.shifted_days > 3000


def test_a_mapping_says_what_columns_become(tenant: UUID, file_of: Files, rows_of: Rows) -> None:
    file = file_of("Firma;Umsatz;Notiz", "Zoë GmbH;1.100,5;x", encoding="cp1252")
    told = read_map({"columns": {"Firma": "name", "Umsatz": {"field": "revenue", "scale": 1_000_000}}})
    report = import_file(tenant, "accounts", file, mapping=told)
    assert (report.created, report.ignored_columns) == (1, ["Notiz"])
    assert rows_of("SELECT name, revenue_minor FROM account") == [("Zoë GmbH", 110_050_000_000)]
    with pytest.raises(Invalid, match="no column nirgends"):
        import_file(tenant, "accounts", file, mapping=read_map({"Nirgends": "name"}))


@pytest.mark.parametrize("kind", ["users", "products", "accounts", "contacts", "leads", "opportunities"])
def test_a_file_of_something_else_is_refused_in_words(tenant: UUID, file_of: Files, kind: str) -> None:
    with pytest.raises(Invalid, match="column"):
        import_file(tenant, kind, file_of("colour,shape", "red,round"))
