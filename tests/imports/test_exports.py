"""What is written to a file is safe to open, and comes back unchanged."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlmodel import Session

from salescompass import crm, identity
from salescompass.imports import ExportReport, export_file, import_file
from salescompass.imports.export_columns import OutColumn
from salescompass.imports.export_file import written
from salescompass.imports.reading import open_table
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Denied, Invalid, Unavailable
from salescompass.kit.importing import ValueKind
from tests.imports.test_record_files import COMPANIES, DEALS, PRODUCTS, TEAMS

Rows = Callable[[str], list[tuple[object, ...]]]
Files = Callable[..., Path]
KINDS = ["users", "products", "accounts", "contacts", "leads", "opportunities", "events"]


def _shoe_size(session: Session, tenant: UUID) -> None:
    actor = identity.system_actor(tenant)
    crm.save_custom_field(session, actor, object_type="person", key=None, label="Shoe size", kind="number")


def exported(tenant: UUID, kind: str, path: Path) -> ExportReport:
    with tenant_session(tenant) as session:
        return export_file(session, identity.system_actor(tenant), kind=kind, path=path)


@pytest.fixture
def house(tenant: UUID, file_of: Files) -> UUID:
    """A tenant with something of every kind, with all that is hard to write down."""
    for kind, lines in (("users", TEAMS), ("products", PRODUCTS), ("accounts", COMPANIES), ("opportunities", DEALS)):
        import_file(tenant, kind, file_of(*lines))
    actor = identity.system_actor(tenant)
    with tenant_session(tenant) as session:
        _shoe_size(session, tenant)
        for kind, row in (
            ("accounts", {"name": "=cmd()|' /C calc'!A1", "domain": "evil.example", "tags": ["a; b", "c"]}),
            ("accounts", {"name": "'=quoted", "external_id": "-1", "description": 'two\nlines, "quoted"'}),
            ("contacts", {"name": "+Plus", "email": "plus@evil.example", "phone": "+49 30 1"}),
            ("contacts", {"name": "Small", "email": "small@evil.example", "custom.shoe_size": -42.5}),
            ("contacts", {"first_name": "Ada", "last_name": "@Sign", "external_id": "=x", "status": "left"}),
            ("leads", {"name": "Select", "external_id": "l-1", "lead_status": "New", "city": "Zürich"}),
            ("products", {"name": "Yen", "sku": "=1", "price_minor": 500, "currency": "JPY"}),
            ("opportunities", {"name": "-Deal", "external_id": "e", "amount_minor": 150, "currency": "EUR"}),
        ):
            (outcome,) = crm.upsert_records(session, actor, kind, [row])
            assert outcome.status == "created", outcome
    events = file_of(
        "occurred_at,type,email,company_domain,n,note",
        "2026-01-05T10:00:00Z,page_viewed,ada@x.example,x.example,7,=1+1",
        "2026-01-05T11:00:00.123456Z,page_viewed,ada@x.example,x.example,,",
    )
    assert import_file(tenant, "events", events).created == 2
    return tenant


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_every_export_comes_back_unchanged(house: UUID, suffix: str, tmp_path: Path, rows_of: Rows) -> None:
    changes = rows_of("SELECT count(*) FROM record_change")
    for kind in KINDS:
        path = tmp_path / f"{kind}.{suffix}"
        report = exported(house, kind, path)
        again = import_file(house, kind, path)
        assert report.rows > 0
        assert (again.rows, again.skipped, again.failed) == (report.rows, report.rows, 0), kind
        assert (again.also_created, again.also_updated, again.unknown) == ({}, {}, {}), kind
    assert rows_of("SELECT count(*) FROM record_change") == changes


def test_an_export_makes_the_same_house_elsewhere(house: UUID, make_tenant: Callable[[], UUID], tmp_path: Path) -> None:
    other = make_tenant()
    with tenant_session(other) as session:
        _shoe_size(session, other)
    for kind in KINDS:
        if kind == "users":
            continue
        first, second = tmp_path / f"{kind}-1.csv", tmp_path / f"{kind}-2.csv"
        exported(house, kind, first)
        report = import_file(other, kind, first)
        assert report.failed == 0, Path(report.errors_file or "").read_text(encoding="utf-8-sig")
        exported(other, kind, second)
        left_out = {"SalesCompass id", "Owner", "Created", "event_id"}
        left_out |= {"Company", "Company domain"} if kind == "events" else set()
        assert _told(first, left_out) == _told(second, left_out), kind


def _told(path: Path, left_out: set[str]) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [{k: v for k, v in row.items() if k not in left_out} for row in csv.DictReader(file)]
    return sorted(list(row.values()) for row in rows)


def test_no_cell_is_active_in_a_csv_file(house: UUID, tmp_path: Path) -> None:
    for kind in KINDS:
        path = tmp_path / f"{kind}.csv"
        exported(house, kind, path)
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        assert path.stat().st_mode & 0o777 == 0o600
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                for header, cell in row.items():
                    if header not in ("Phone", "Amount", "Price", "Annual revenue", "Shoe size"):
                        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (header, cell)
    accounts = (tmp_path / "accounts.csv").read_text(encoding="utf-8-sig")
    assert "'=cmd()" in accounts
    assert "''=quoted" in accounts
    assert ",'-1," in accounts
    assert "+49 30 1" in (tmp_path / "contacts.csv").read_text(encoding="utf-8-sig")
    assert "'+49" not in (tmp_path / "contacts.csv").read_text(encoding="utf-8-sig")
    assert ",-42.5" in (tmp_path / "contacts.csv").read_text(encoding="utf-8-sig")


def test_a_workbook_has_no_formula_and_its_numbers_are_numbers(house: UUID, tmp_path: Path) -> None:
    path = tmp_path / "deals.xlsx"
    exported(house, "opportunities", path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert not any(re.search(rb"<f[ >]|<hyperlink", part) for part in parts.values())
    sheet = load_workbook(path).active
    header = [cell.value for cell in sheet[1]]
    types = {header[at]: {cell.data_type for cell in column[1:] if cell.value is not None}
             for at, column in enumerate(sheet.columns)}  # fmt: skip
    assert types["Amount"] == {"n"}
    assert types["Close date"] == {"d"}


@given(st.lists(st.tuples(st.text(max_size=30), st.decimals(-1000, 1000, places=2)), min_size=1, max_size=5))
def test_any_text_comes_back_from_a_file_as_it_went_in(rows: list[tuple[str, object]]) -> None:
    import tempfile

    columns = [
        OutColumn("Text", ValueKind.TEXT, lambda row: row[0]), OutColumn("N", ValueKind.MONEY, lambda row: row[1]),
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        with written(path, columns) as out:
            for row in rows:
                out.row(row)
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = list(csv.reader(file))[1:]
        assert not any(cell[0].startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
        with open_table(path) as table:
            found = [row.cells["text"] for row in table.rows if hasattr(row, "digest")]
        kept = [text for text, _ in rows if "\0" not in text and not re.search("[\ud800-\udfff]", text)]
        assert [_flat(text) for text in found] == [_flat(text) for text in kept]


def _flat(text: str) -> str:
    """Line ends are those of the file: a spreadsheet makes no difference between them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_an_export_that_fails_leaves_no_file(house: UUID, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="Unknown kind"):
        exported(house, "spaceships", tmp_path / "a.csv")
    with pytest.raises(Invalid, match=r"\.csv or an \.xlsx"):
        exported(house, "accounts", tmp_path / "a.pdf")
    with pytest.raises(Unavailable, match="cannot be written"):
        exported(house, "accounts", Path("/dev/full/a.csv"))
    assert [path.name for path in tmp_path.glob("*.csv")] == ["rows.csv"]
    assert list(tmp_path.glob(".*")) == []


def test_an_export_needs_the_right_and_is_in_the_trail(house: UUID, tmp_path: Path, rows_of: Rows) -> None:
    with tenant_session(house) as session:
        nobody = identity.Actor(tenant_id=house, name="Rep", kind="member")
        with pytest.raises(Denied, match=r"records\.export"):
            export_file(session, nobody, kind="accounts", path=tmp_path / "a.csv")
    report = exported(house, "accounts", tmp_path / "a.csv")
    ((detail,),) = rows_of("SELECT detail FROM audit_log WHERE action = 'list.exported'")
    assert isinstance(detail, dict)
    assert detail["rows"] == report.rows


def test_an_export_holds_what_its_maker_sees(house: UUID, tmp_path: Path) -> None:
    with tenant_session(house) as session:
        rep = next(one for one in identity.members(session) if one.name == "Violet Mclelland")
        admin = identity.system_actor(house)
        identity.set_role_scope(session, admin, key="rep", levels={"opportunity": "own"})
        who = identity.acting_member(session, rep.id)
    who = replace(who, permissions=who.permissions | {"records.export"})
    with tenant_session(house) as session:
        report = export_file(session, who, kind="opportunities", path=tmp_path / "deals.csv")
        with pytest.raises(Denied, match=r"users\.read"):
            export_file(session, who, kind="users", path=tmp_path / "users.csv")
    with (tmp_path / "deals.csv").open(encoding="utf-8-sig", newline="") as file:
        owners = [row["Owner"] for row in csv.DictReader(file)]
    assert report.rows == len(owners)
    assert "Violet Mclelland" in owners
    assert set(owners) <= {"Violet Mclelland", ""}
