"""Contacts, leads and deals: made, found, sorted and narrowed by the address; a deal moved, noted, lost and changed."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import PHONE, SIZES, WIDE, open_at, size_name
from tests.browser.test_accessibility import LOOKS, wrong_with


@pytest.fixture
def own(instance: Instance) -> Tenant:
    """A tenant without records."""
    return instance.tenant()


@pytest.fixture
def rep(context: BrowserContext, instance: Instance, own: Tenant) -> Page:
    """A page of a rep of that tenant."""
    instance.sign_in(context, *instance.user(own, "rep"))
    return context.new_page()


def _make(page: Page, path: str, heading: str, noun: str, **fields: str) -> None:
    """Make a record by its list's form; the page of the record opens."""
    open_at(page, path, heading, page.viewport_size or WIDE)  # type: ignore[arg-type]
    page.get_by_role("link", name=f"New {noun}").first.click()
    dialog = page.get_by_role("dialog", name=f"New {noun}")
    for label, value in fields.items():
        dialog.get_by_label(label.replace("_", " ")).fill(value)
    dialog.get_by_role("button", name=f"Create {noun}").click()
    expect(page.get_by_role("heading", level=1, name=fields["Name"])).to_be_visible()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_people_are_made_found_and_sorted(rep: Page, size: dict[str, int]) -> None:
    rep.set_viewport_size(size)  # type: ignore[arg-type]
    _make(rep, "/contacts", "Contacts", "contact", Name="Ada Lovelace", Job_title="Analyst")
    _make(rep, "/contacts", "Contacts", "contact", Name="Mary Somerville")
    open_at(rep, "/contacts?sort=name", "Contacts", size)
    rows = rep.locator("tbody .row-link")
    expect(rows).to_have_text(["Ada Lovelace", "Mary Somerville"])
    rep.get_by_role("searchbox", name="Search contacts").fill("somer")
    expect(rows).to_have_text(["Mary Somerville"])
    expect(rep).to_have_url(re.compile(r"q=somer"))
    rep.reload()
    expect(rows).to_have_text(["Mary Somerville"])
    expect(rep.get_by_role("searchbox", name="Search contacts")).to_have_value("somer")
    rep.get_by_role("link", name="Clear").click()
    expect(rows).to_have_count(2)
    rep.get_by_role("link", name="Mine").click()
    expect(rep.get_by_role("heading", name="Nothing matches")).to_be_visible()
    rep.go_back()
    expect(rows).to_have_count(2)


def test_columns_and_order_are_kept_in_the_address(rep: Page) -> None:
    _make(rep, "/leads", "Leads", "lead", Name="Sofia Kowalewski", Phone="+44 20 7946 0000")
    open_at(rep, "/leads", "Leads")
    expect(rep.get_by_role("columnheader", name="Phone")).to_have_count(0)
    rep.get_by_role("button", name="Columns").click()
    rep.get_by_role("link", name="Phone", exact=True).click()
    expect(rep.get_by_role("columnheader", name="Phone")).to_be_visible()
    expect(rep.get_by_role("cell", name="+44 20 7946 0000")).to_be_visible()
    rep.get_by_role("columnheader", name="Name").get_by_role("link").click()
    expect(rep).to_have_url(re.compile(r"sort=name.*cols=|cols=.*sort=name"))
    expect(rep.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "ascending")


def test_a_list_is_saved_as_it_is_shown(context: BrowserContext, instance: Instance, own: Tenant) -> None:
    instance.sign_in(context, *instance.user(own, "manager"))
    page = context.new_page()
    _make(page, "/contacts", "Contacts", "contact", Name="Ada Lovelace", Job_title="=Analyst")
    _make(page, "/contacts", "Contacts", "contact", Name="Mary Somerville")
    open_at(page, "/contacts?q=lovelace&cols=title", "Contacts")
    expect(page.locator("tbody .row-link")).to_have_text(["Ada Lovelace"])
    page.get_by_role("link", name="Export").click()
    with page.expect_download() as saved:
        page.get_by_role("dialog", name="Export contacts").get_by_role("button", name="Export").click()
    head, *rows = csv.reader(io.StringIO(saved.value.path().read_text(encoding="utf-8-sig")))
    assert head == ["SalesCompass id", "External id", "Email", "Name", "Job title"]
    assert [row[1:] for row in rows] == [["", "", "Ada Lovelace", "'=Analyst"]]
    open_at(page, "/exports", "My exports")
    with page.expect_download() as again:
        page.get_by_role("link", name="Download").click()
    assert again.value.suggested_filename == saved.value.suggested_filename
    assert context.request.get(page.get_by_role("link", name="Download").get_attribute("href") or "").ok
    context.clear_cookies()
    assert context.request.get(page.get_by_role("link", name="Download").get_attribute("href") or "").status == 401


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_a_deal_goes_through_its_stages(rep: Page, size: dict[str, int]) -> None:
    rep.set_viewport_size(size)  # type: ignore[arg-type]
    _make(rep, "/opportunities", "Deals", "deal", Name="Spring order", Amount="12,500.50")
    stages = rep.get_by_role("list", name="Stages")
    expect(rep.locator(".about-line")).to_contain_text("12,500.50")
    stages.get_by_role("button", name="Proposal").click()
    expect(stages.locator("[aria-current=step]")).to_contain_text("Proposal")
    rep.get_by_role("button", name="Undo").click()
    expect(stages.locator("[aria-current=step]")).to_contain_text("Prospecting")

    rep.get_by_label("Write a note").fill("They decide in March.")
    rep.get_by_role("button", name="Save note").click()
    expect(rep.locator(".note-body")).to_have_text("They decide in March.")
    expect(rep.get_by_label("Write a note")).to_have_value("")

    amount = rep.get_by_role("textbox", name="Amount")
    rep.get_by_role("button", name="Amount:").click()
    amount.fill("a lot")
    amount.press("Enter")
    expect(rep.locator(".field-error")).to_contain_text("as a number, like 1250.50")
    expect(amount).to_have_value("a lot")
    amount.fill("900")
    amount.press("Enter")
    expect(rep.locator(".about-line")).to_contain_text("900")
    rep.get_by_text("fields without a value").click()
    rep.get_by_role("button", name="Close date:").click()
    rep.get_by_label("Close date", exact=True).fill("2027-03-31")
    rep.get_by_label("Close date", exact=True).press("Enter")
    expect(rep.locator(".about-line")).to_contain_text("closes 31 Mar 2027")

    stages.get_by_role("button", name="Lost").click()
    lost = rep.get_by_role("dialog", name="Close the deal as lost")
    lost.get_by_label("Why was it lost?").fill("No budget this year")
    lost.get_by_role("button", name="Close as lost").click()
    expect(rep.locator(".record-head .chip")).to_have_text("Lost")
    expect(rep.locator("#facts")).to_contain_text("No budget this year")
    expect(rep.locator(".changes-card")).to_contain_text("Stage: Prospecting to Lost")


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_wrong_with_lists_and_a_deal(rep: Page, look: tuple[dict[str, int], str]) -> None:
    size, theme = look
    rep.set_viewport_size(size)  # type: ignore[arg-type]
    rep.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    _make(rep, "/opportunities", "Deals", "deal", Name="A deal with quite a long name for a phone of this width")
    expect(rep.get_by_role("heading", name="Facts")).to_be_visible()
    assert wrong_with(rep) == []
    for path, heading in (("/opportunities", "Deals"), ("/contacts", "Contacts"), ("/leads#new", "Leads")):
        open_at(rep, path, heading, size)
        if path.endswith("#new"):
            expect(rep.get_by_role("dialog", name="New lead")).to_be_visible()
        assert wrong_with(rep) == [], path


def test_a_deal_that_is_not_there_says_so(rep: Page) -> None:
    rep.set_viewport_size(PHONE)
    rep.goto("/opportunities/00000000-0000-7000-8000-000000000001")
    expect(rep.get_by_role("heading", name="There is no such deal")).to_be_visible()
