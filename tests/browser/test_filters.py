"""Filters of a list by conditions, counted while they are built; and saved views, which nothing changes by accident."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import SIZES, open_at, size_name
from tests.browser.test_accessibility import wrong_with

KAN, RIVER = "Kan-code Works", "River Mills"
PEOPLE = (("Ada Lovelace", "Analyst", KAN), ("Grace Hopper", "Admiral", RIVER), ("Mary Somerville", "Analyst", KAN))


@pytest.fixture(scope="module")
def house(instance: Instance, tmp_path_factory: pytest.TempPathFactory) -> Tenant:
    """A tenant with three contacts at two accounts."""
    tenant = instance.tenant()
    file = tmp_path_factory.mktemp("people") / "people.csv"
    file.write_text("Name,Job title,Company\n" + "".join(",".join(one) + "\n" for one in PEOPLE))
    instance.command("import", "contacts", str(file), "--tenant", tenant.slug)
    return tenant


@pytest.fixture
def rep(context: BrowserContext, instance: Instance, house: Tenant) -> Page:
    """A page of a rep of that tenant."""
    instance.sign_in(context, *instance.user(house, "rep"))
    return context.new_page()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_a_filter_is_built_counted_applied_and_saved_as_a_view(rep: Page, size: dict[str, int]) -> None:
    open_at(rep, "/contacts", "Contacts", size)
    rows = rep.locator("tbody .row-link")
    expect(rows).to_have_count(3)
    rep.get_by_role("link", name="Filter", exact=True).click()
    panel = rep.locator(".panel")
    expect(panel.get_by_role("status")).to_contain_text("3 of 3 contacts")
    panel.get_by_role("combobox", name="Field").select_option("title")
    panel.get_by_role("textbox", name="Job title").fill("analyst")
    expect(panel.get_by_role("status")).to_contain_text("2 of 3 contacts")
    assert wrong_with(rep) == []

    rep.keyboard.press("Enter")
    expect(rows).to_have_count(2)
    expect(rep.locator(".filter-told")).to_contain_text("Filter: Job title is analyst")
    rep.reload()
    expect(rows).to_have_count(2)

    rep.get_by_role("link", name="Save view").click()
    dialog = rep.get_by_role("dialog", name="Save view")
    dialog.get_by_label("Name").fill("Analysts")
    dialog.get_by_role("button", name="Save view").click()
    views = rep.get_by_role("navigation", name="Views of contacts")
    expect(views.get_by_role("link", name="Analysts")).to_have_attribute("aria-current", "page")
    assert wrong_with(rep) == []

    _another_page_opens_it(rep, size)
    _it_is_never_saved_by_accident(rep)
    _it_is_deleted_and_brought_back(rep)


def _another_page_opens_it(rep: Page, size: dict[str, int]) -> None:
    """By an address of nothing but the view."""
    view = re.search(r"view=([0-9a-f-]+)", rep.url)
    assert view
    other = rep.context.new_page()
    open_at(other, f"/contacts?view={view[1]}", "Contacts", size)
    expect(other.locator("tbody .row-link")).to_have_count(2)
    expect(other.locator(".filter-told")).to_contain_text("Job title is analyst")
    other.close()


def _it_is_never_saved_by_accident(rep: Page) -> None:
    rep.get_by_role("link", name="Remove the filter").click()
    expect(rep.locator("tbody .row-link")).to_have_count(3)
    views = rep.get_by_role("navigation", name="Views of contacts")
    views.get_by_role("link", name="Analysts").click()
    expect(rep.locator("tbody .row-link")).to_have_count(2)
    rep.get_by_role("searchbox", name="Search contacts").fill("mary")
    expect(rep.locator("tbody .row-link")).to_have_count(1)
    expect(rep.get_by_text("Modified:")).to_be_visible()
    rep.get_by_role("link", name="Reset").click()
    expect(rep.locator("tbody .row-link")).to_have_count(2)
    expect(rep.get_by_text("Modified:")).to_have_count(0)


def _it_is_deleted_and_brought_back(rep: Page) -> None:
    views = rep.get_by_role("navigation", name="Views of contacts")
    rep.get_by_role("button", name="Options of this view").click()
    rep.get_by_role("button", name="Share with everybody").click()
    expect(rep.get_by_text("Everybody sees Analysts")).to_be_visible()
    rep.get_by_role("button", name="Options of this view").click()
    rep.get_by_role("button", name="Delete view").click()
    expect(views.get_by_role("link", name="Analysts")).to_have_count(0)
    rep.get_by_role("button", name="Undo").click()
    expect(views.get_by_role("link", name="Analysts")).to_have_attribute("aria-current", "page")
    rep.get_by_role("button", name="Options of this view").click()
    rep.get_by_role("button", name="Only for me").click()
    expect(rep.get_by_text("Only you see Analysts")).to_be_visible()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_an_account_is_found_by_its_name_with_keys_alone(rep: Page, size: dict[str, int]) -> None:
    open_at(rep, "/contacts?panel=filter", "Contacts", size)
    panel, rows = rep.locator(".panel"), rep.locator("tbody .row-link")
    panel.get_by_role("combobox", name="Field").select_option("account_id")
    box = panel.get_by_role("combobox", name="Account", exact=True)
    box.press_sequentially("kan")
    expect(panel.get_by_role("option", name=KAN)).to_have_attribute("aria-selected", "true")
    assert wrong_with(rep) == []
    rep.keyboard.press("Enter")
    expect(box).to_have_value(KAN)
    expect(panel.get_by_role("status")).to_contain_text("2 of 3 contacts")
    box.fill("nobody")
    expect(panel.get_by_text("No account is called so.")).to_be_visible()
    rep.keyboard.press("Escape")
    expect(box).to_have_value(KAN)
    rep.keyboard.press("Enter")
    expect(rows).to_have_count(2)

    rep.get_by_role("link", name="Filter:").click()
    expect(box).to_have_value(KAN)
    panel.get_by_role("combobox", name="Operator").select_option("in")
    expect(panel.get_by_role("list", name="Account: chosen")).to_contain_text(KAN)
    box.press_sequentially("mill")
    expect(panel.get_by_role("option", name=RIVER)).to_be_visible()
    box.press("Enter")
    expect(panel.get_by_role("status")).to_contain_text("3 of 3 contacts")
    panel.get_by_role("button", name=f"Take {KAN} out").click()
    expect(panel.get_by_role("status")).to_contain_text("1 of 3 contacts")
    panel.get_by_role("button", name="Apply").click()
    expect(rows).to_have_text(["Grace Hopper"])


def test_a_filter_that_makes_no_sense_says_so_and_hides_nothing(rep: Page) -> None:
    tree = json.dumps({"rules": [{"field": "shoe_size", "operator": "is", "value": 1}]})
    open_at(rep, f"/contacts?where={quote(tree)}", "Contacts")
    expect(rep.get_by_role("alert").filter(has_text="cannot be read")).to_contain_text("shoe_size")
    expect(rep.locator("tbody .row-link")).to_have_count(3)
    rep.get_by_role("link", name="Remove it").click()
    expect(rep.get_by_text("cannot be read")).to_have_count(0)
