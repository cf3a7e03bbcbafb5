"""Records in the palette: found by keys alone or by touch, the last opened first; what is not there is said."""

from __future__ import annotations

import re

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.conftest import Instance
from tests.browser.steps import PHONE, open_at
from tests.browser.test_accessibility import wrong_with

BOX = "Search records, pages and actions"


def _records(instance: Instance, slug: str) -> None:
    key = instance.command("key", "create", "--tenant", slug, "--name", "Test", "--scopes", "*")["key"]
    with httpx.Client(base_url=f"{instance.url}/api/v1", headers={"Authorization": f"Bearer {key}"}) as api:
        made = api.post("/accounts", json={"name": "Kan-code Works", "domain": "kan-code.example"})
        made.raise_for_status()
        deal = {"name": "Kan-code renewal", "account_id": made.json()["id"]}
        api.post("/opportunities", json=deal).raise_for_status()


def _open_first(page: Page, words: str, heading: str) -> None:
    page.get_by_placeholder(BOX).fill(words)
    expect(page.locator(".palette").get_by_role("option").first).to_contain_text(heading)
    expect(page.locator(".palette").get_by_role("option").first).to_have_attribute("aria-selected", "true")


def test_records_are_found_opened_and_remembered(
    chromium: Browser, context: BrowserContext, instance: Instance
) -> None:
    own = instance.tenant()
    _records(instance, own.slug)
    instance.sign_in(context, own.email, own.password)
    page = context.new_page()
    open_at(page, "/today", "Today")
    page.keyboard.press("Control+k")
    _open_first(page, "kan-code ren", "Kan-code renewal")
    expect(page.locator(".palette").get_by_role("option").first).to_contain_text("Kan-code Works")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Kan-code renewal")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.locator(".palette").get_by_role("option").first).to_contain_text("Kan-code renewal")
    page.get_by_placeholder(BOX).fill("kan-code")
    expect(page.locator(".palette").get_by_role("option")).to_have_count(2)
    assert wrong_with(page) == []
    page.get_by_placeholder(BOX).fill("no such thing")
    expect(page.get_by_text("Nothing has this name")).to_be_visible()
    page.get_by_placeholder(BOX).fill("new deal")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="New deal")).to_be_visible()

    sizes = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    phone = chromium.new_context(base_url=instance.url, reduced_motion="reduce", **sizes)  # type: ignore[arg-type]
    instance.sign_in(phone, own.email, own.password)
    page = phone.new_page()
    page.goto("/today")
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()
    page.get_by_role("button", name="Search", exact=True).tap()
    box = page.get_by_role("dialog", name="Search and commands").bounding_box()
    assert box == {"x": 0, "y": 0, **PHONE}
    _open_first(page, "kan-code wor", "Kan-code Works")
    page.locator(".palette").get_by_role("option").first.tap()
    expect(page.get_by_role("heading", level=1, name="Kan-code Works")).to_be_visible()
    expect(page).to_have_url(re.compile("/accounts/"))
    phone.close()


def test_what_is_typed_before_the_palette_is_there_is_in_it(admin_page: Page) -> None:
    held: list[Route] = []
    admin_page.route(re.compile(r"/palette-[^/]*\.js"), lambda route: held.append(route))
    open_at(admin_page, "/today", "Today")
    admin_page.keyboard.press("Control+k")
    admin_page.keyboard.type("new dx")
    admin_page.keyboard.press("Backspace")
    admin_page.keyboard.type("eal")
    for one in held:
        one.continue_()
    expect(admin_page.get_by_placeholder(BOX)).to_have_value("new deal")
    expect(admin_page.get_by_placeholder(BOX)).to_be_focused()
    admin_page.keyboard.press("Enter")
    expect(admin_page.get_by_role("dialog", name="New deal")).to_be_visible()
    assert held
