"""Records changed in their list: one value in its cell, what is selected together, many by a job that is watched."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import PHONE, open_at
from tests.browser.test_accessibility import wrong_with

MANY = 260


@pytest.fixture(scope="module")
def house(instance: Instance, tmp_path_factory: pytest.TempPathFactory) -> Tenant:
    """A tenant with more contacts than are changed at once."""
    tenant = instance.tenant()
    file = tmp_path_factory.mktemp("people") / "people.csv"
    file.write_text("Name,City\n" + "".join(f"Person {n:03},Bergen\n" for n in range(MANY)))
    instance.command("import", "contacts", str(file), "--tenant", tenant.slug)
    return tenant


@pytest.fixture
def rep(context: BrowserContext, instance: Instance, house: Tenant) -> Page:
    """A page of a rep of that tenant."""
    instance.sign_in(context, *instance.user(house, "rep"))
    return context.new_page()


def _change_city(page: Page, city: str) -> None:
    page.get_by_role("region", name="Selected records").get_by_role("link", name="Change field").click()
    dialog = page.get_by_role("dialog", name="Change a field")
    dialog.get_by_label("Field").select_option("city")
    dialog.get_by_label("New value").fill(city)
    dialog.get_by_role("button", name="Change records").click()
    expect(dialog).to_be_hidden()


def test_a_range_is_changed_at_once_and_all_that_match_by_a_job_that_is_taken_back(rep: Page) -> None:
    open_at(rep, "/contacts?q=person&sort=name&cols=city", "Contacts")
    ticks, bar = rep.locator("input[data-pick]"), rep.get_by_role("region", name="Selected records")
    ticks.nth(1).click()
    ticks.nth(4).click(modifiers=["Shift"])
    expect(bar).to_contain_text("4 selected")
    assert wrong_with(rep) == []
    _change_city(rep, "Oslo")
    expect(rep.get_by_text("City: Oslo: 4 changed")).to_be_visible()
    expect(rep).to_have_url(re.compile(r"q=person.*sort=name"))
    expect(rep.get_by_role("cell", name="Oslo")).to_have_count(4)
    expect(bar).to_have_count(0)

    rep.get_by_label("Select all rows shown").check()
    bar.get_by_role("button", name=f"Select all {MANY} that match").click()
    expect(bar).to_contain_text(f"All {MANY} selected")
    _change_city(rep, "Narvik")
    card = rep.get_by_role("region", name="Bulk edit")
    expect(card).to_contain_text(f"{MANY} changed")
    expect(rep.get_by_role("cell", name="Narvik")).to_have_count(50)
    with rep.expect_download() as saved:
        card.get_by_role("link", name="Result of each record").click()
    lines = saved.value.path().read_text().splitlines()
    assert (len(lines), lines[1].endswith(",changed,")) == (MANY + 1, True)
    card.get_by_role("button", name="Undo").click()
    expect(card).to_contain_text(f"{MANY} of {MANY} taken back")
    expect(rep.get_by_role("cell", name="Narvik")).to_have_count(0)
    expect(rep.get_by_role("cell", name="Oslo")).to_have_count(4)


def test_on_a_phone_cards_are_ticked_tagged_and_put_into_the_trash(rep: Page) -> None:
    open_at(rep, "/contacts?q=person&sort=-name&cols=tags", "Contacts", PHONE)
    rep.get_by_label("Select Person 259").check()
    rep.get_by_label("Select Person 258").check()
    assert wrong_with(rep) == []
    bar = rep.get_by_role("region", name="Selected records")
    bar.get_by_role("link", name="Tags").click()
    dialog = rep.get_by_role("dialog", name="Change tags")
    dialog.get_by_label("Tags").fill("met in spring")
    dialog.get_by_role("button", name="Change tags").click()
    expect(rep.get_by_text("Add tag: met in spring: 2 changed")).to_be_visible()
    expect(rep.get_by_role("cell", name="met in spring")).to_have_count(2)
    rep.get_by_label("Select Person 259").check()
    bar.get_by_role("link", name="Delete").click()
    rep.get_by_role("dialog", name="Delete contacts").get_by_role("button", name="Delete records").click()
    expect(rep.get_by_role("link", name="Person 259")).to_have_count(0)
    rep.get_by_role("button", name="Undo").last.click()
    expect(rep.get_by_role("link", name="Person 259")).to_be_visible()


def test_a_dialog_about_what_is_selected_does_not_outlast_the_selection(rep: Page) -> None:
    open_at(rep, "/contacts?q=person&sort=name&cols=city", "Contacts")
    rep.get_by_label("Select Person 003").check()
    rep.get_by_role("region", name="Selected records").get_by_role("link", name="Change field").click()
    dialog = rep.get_by_role("dialog", name="Change a field")
    expect(dialog).to_be_visible()
    rep.reload()
    expect(rep.get_by_role("link", name="Person 003")).to_be_visible()
    expect(rep).to_have_url(re.compile("cols=city$"))
    expect(dialog).to_be_hidden()


def _cell(page: Page, name: str, text: str) -> Locator:
    return page.locator("tr", has=page.get_by_role("link", name=name)).get_by_role("cell", name=text)


def test_cells_are_changed_by_keyboard_and_what_a_colleague_wrote_meanwhile_is_told(rep: Page) -> None:
    open_at(rep, "/contacts?q=person&sort=name&cols=city,email", "Contacts")
    rep.get_by_role("link", name="Person 010").focus()
    rep.keyboard.press("ArrowRight")
    rep.keyboard.press("F2")
    field = rep.get_by_role("textbox", name="City")
    expect(field).to_have_value("Bergen")
    field.fill("Oslo")
    rep.keyboard.press("Escape")
    expect(field).to_have_count(0)
    rep.keyboard.press("Enter")
    field.fill("Oslo")
    rep.keyboard.press("Enter")
    expect(_cell(rep, "Person 010", "Oslo")).to_be_visible()
    expect(_cell(rep, "Person 011", "Bergen")).to_be_focused()
    rep.get_by_role("button", name="Undo").last.click()
    expect(_cell(rep, "Person 010", "Bergen")).to_be_visible()

    rep.get_by_role("link", name="Person 012").focus()
    for key in ("ArrowRight", "ArrowRight", "F2"):
        rep.keyboard.press(key)
    rep.keyboard.type("no address")
    rep.keyboard.press("Enter")
    expect(rep.get_by_role("alert").filter(has_text="Email")).to_be_visible()
    expect(rep.get_by_role("textbox", name="Email")).to_have_value("no address")
    rep.keyboard.press("Escape")

    rep.keyboard.press("ArrowLeft")
    rep.keyboard.press("F2")
    field.fill("Narvik")
    _colleague_writes(rep, "Person 012", "Tromso")
    field.press("Enter")
    told = rep.get_by_role("alert").filter(has_text="Tromso")
    expect(told).to_be_visible()
    expect(field).to_have_value("Narvik")
    told.get_by_role("button", name="Save mine").click()
    expect(_cell(rep, "Person 012", "Narvik")).to_be_visible()
    undo = rep.get_by_role("listitem").filter(has_text="City: Narvik").get_by_role("button", name="Undo")
    undo.hover()  # it stays while it is pointed at
    _colleague_writes(rep, "Person 012", "Alta", was="Narvik")
    undo.click()
    expect(rep.get_by_text("nothing was undone")).to_be_visible()
    expect(_cell(rep, "Person 012", "Alta")).to_be_visible()


def _colleague_writes(page: Page, name: str, city: str, *, was: str = "Bergen") -> None:
    other = page.context.new_page()
    open_at(other, "/contacts?q=person&sort=name&cols=city", "Contacts")
    _cell(other, name, was).dblclick()
    other.get_by_role("textbox", name="City").fill(city)
    other.keyboard.press("Enter")
    expect(_cell(other, name, city)).to_be_visible()
    other.close()


def test_on_a_phone_a_card_is_changed_in_a_sheet(rep: Page) -> None:
    open_at(rep, "/contacts?q=person&sort=name&cols=city", "Contacts", PHONE)
    rep.get_by_role("button", name="Edit Person 020").click()
    sheet = rep.get_by_role("dialog", name="Edit")
    sheet.get_by_label("Field").select_option("city")
    sheet.get_by_role("textbox", name="City").fill("Bodo")
    assert wrong_with(rep) == []
    sheet.get_by_role("button", name="Save").click()
    expect(sheet).to_have_count(0)
    expect(_cell(rep, "Person 020", "Bodo")).to_be_visible()
