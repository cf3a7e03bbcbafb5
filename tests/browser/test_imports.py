"""A file on its way in: uploaded, mapped, looked at, brought in, and undone; what cannot be read says so."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import SIZES, open_at, size_name

ROWS = (
    "Name,Email,Ort\nAda Lind,ada@lind.example,Oslo\nLinus Berg,linus@berg.example,Bergen\nNobody,no address,Nowhere\n"
)


@pytest.fixture
def own(instance: Instance) -> Tenant:
    """A tenant that only this test changes."""
    return instance.tenant()


@pytest.fixture
def admin(context: BrowserContext, instance: Instance, own: Tenant) -> Page:
    """A page of its administrator."""
    instance.sign_in(context, own.email, own.password)
    return context.new_page()


def upload(page: Page, kind: str, name: str, content: bytes) -> None:
    """Choose the kind and the file, and send it."""
    page.get_by_label("What the rows are").select_option(label=kind)
    page.get_by_label("File", exact=True).set_input_files(FilePayload(name=name, mimeType="text/csv", buffer=content))
    page.get_by_role("button", name="Upload and continue").click()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_a_file_is_mapped_looked_at_brought_in_and_undone(admin: Page, size: dict[str, int]) -> None:
    open_at(admin, "/admin/imports", "Imports", size)
    admin.get_by_role("link", name="Import a file").first.click()
    upload(admin, "Contacts", "people.csv", ROWS.encode())
    expect(admin.get_by_label("Field of the column Name")).to_have_value("name")
    expect(admin.get_by_label("Field of the column Email")).to_have_value("email")
    admin.get_by_label("Field of the column Ort").select_option("")
    admin.reload()
    expect(admin.get_by_label("Field of the column Ort")).to_have_value("")
    admin.get_by_label("Field of the column Ort").select_option(label="City")
    admin.get_by_role("button", name="Check every row").click()

    rows = admin.get_by_label("Rows", exact=True)
    expect(rows).to_contain_text(re.compile(r"Would be created\s*2"))
    expect(rows).to_contain_text(re.compile(r"Would fail\s*1"))
    expect(admin.get_by_role("row").filter(has_text="no email address")).to_contain_text("Row 4")
    admin.get_by_role("button", name="Import 3 rows").click()

    expect(rows).to_contain_text(re.compile(r"Created\s*2"))
    with admin.expect_download() as told:
        admin.get_by_role("link", name="Failed rows as CSV").click()
    assert told.value.suggested_filename == "people-errors.csv"
    assert "no address" in told.value.path().read_text(encoding="utf-8-sig")
    admin.get_by_role("link", name="All imports").click()
    row = admin.get_by_role("row").filter(has_text="people.csv")
    expect(row).to_contain_text("2 created, 1 failed")
    admin.goto("/contacts")
    expect(admin.get_by_role("main")).to_contain_text("Ada Lind")

    admin.goto("/admin/imports")
    row.get_by_role("link", name="people.csv").click()
    admin.get_by_role("link", name="Undo import").click()
    admin.get_by_role("dialog", name="Undo this import?").get_by_role("button", name="Undo import").click()
    expect(admin.get_by_text("2 records are as they were before")).to_be_visible()
    admin.goto("/contacts")
    expect(admin.get_by_role("heading", level=1, name="Contacts")).to_be_visible()
    expect(admin.locator("main .skeleton")).to_have_count(0)
    expect(admin.get_by_role("main")).not_to_contain_text("Ada Lind")


def test_a_file_that_cannot_be_read_says_why(admin: Page, allowed_errors: list[str]) -> None:
    allowed_errors.append("status of 422")
    open_at(admin, "/admin/imports?step=file", "Imports")
    admin.get_by_role("button", name="Upload and continue").click()
    expect(admin.get_by_role("alert")).to_contain_text("Choose a file first")
    upload(admin, "Accounts", "empty.csv", b"")
    expect(admin.get_by_role("alert")).to_contain_text(re.compile("empty", re.IGNORECASE))
    admin.goto("/admin/imports")
    expect(admin.get_by_text("Nothing was imported yet")).to_be_visible()


def test_dates_that_can_be_read_in_two_ways_are_asked_for(admin: Page) -> None:
    open_at(admin, "/admin/imports?step=file", "Imports")
    upload(admin, "Deals", "deals.csv", b"Opportunity id,Stage,Close date\nD1,Won,01/02/2026\nD2,Won,03/04/2026\n")
    expect(admin.get_by_text("Dates can be read in two ways in: Close date")).to_be_visible()
    admin.get_by_role("button", name="Check every row").click()
    expect(admin.get_by_text("choose what comes first")).to_be_visible()
    admin.get_by_label("Dates are written").select_option(label="Day first: 31/12/2026")
    admin.get_by_role("button", name="Check every row").click()
    expect(admin.get_by_role("button", name="Import 2 rows")).to_be_visible()
    admin.get_by_role("button", name="Drop this file").click()
    expect(admin.get_by_text("The file was dropped before anything was imported.")).to_be_visible()


def test_files_are_taken_from_members_who_may_only(instance: Instance, own: Tenant) -> None:
    where = f"{instance.url}/files/imports?kind=accounts&name=x.csv"
    assert httpx.post(where, content=b"name\nMore\n").status_code == 401
    errors = httpx.get(f"{instance.url}/files/imports/{own.tenant_id}/errors")
    assert (errors.status_code, errors.headers["x-content-type-options"]) == (401, "nosniff")
    email, password = instance.user(own, "rep")
    with httpx.Client(base_url=instance.url, headers={"Origin": instance.url}) as rep:
        assert rep.post("/auth/sign-in", json={"email": email, "password": password}).status_code == 200
        assert rep.post("/files/imports?kind=accounts&name=x.csv", content=b"name\nMore\n").status_code == 403
        assert rep.get(f"/files/imports/{own.tenant_id}/errors").status_code == 403
