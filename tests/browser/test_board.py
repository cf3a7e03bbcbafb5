"""The board of deals: dragged, moved by keys and by touch, taken back; what others move appears by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import PHONE, open_at
from tests.browser.test_accessibility import wrong_with

ORDERS = 23


@pytest.fixture(scope="module")
def shop(instance: Instance) -> Tenant:
    """A tenant with deals: more than a column shows at first."""
    return instance.tenant()


@pytest.fixture(scope="module")
def api(instance: Instance, shop: Tenant) -> Iterator[httpx.Client]:
    """Another program of the same tenant."""
    key = instance.command("key", "create", "--tenant", shop.slug, "--name", "Test", "--scopes", "*")["key"]
    with httpx.Client(base_url=f"{instance.url}/api/v1", headers={"Authorization": f"Bearer {key}"}) as client:
        for number in range(ORDERS):
            body = {"name": f"Order {number:02}", "amount_minor": 10_000, "currency": "EUR"}
            client.post("/opportunities", json=body).raise_for_status()
        yield client


def _column(page: Page, name: str) -> Any:
    return page.locator("[data-stage]").filter(has=page.get_by_role("heading", name=name, exact=True))


def _card(page: Page, name: str) -> Any:
    return page.locator("[data-deal]").filter(has_text=name)


def test_deals_are_moved_by_mouse_and_by_keys_and_taken_back(
    context: BrowserContext, instance: Instance, shop: Tenant, api: httpx.Client
) -> None:
    instance.sign_in(context, *instance.user(shop, "rep"))
    page = context.new_page()
    open_at(page, "/opportunities?sort=name", "Deals")
    page.get_by_role("link", name="Board").click()
    expect(page).to_have_url(re.compile("/opportunities/board.sort=name"))
    first, second = _column(page, "Prospecting"), _column(page, "Qualification")
    expect(first.locator(".count")).to_have_text(str(ORDERS))
    expect(first.locator(".board-head")).to_contain_text("€2,300 · €230 weighted")
    expect(first.locator("[data-deal]")).to_have_count(20)
    first.get_by_role("button", name="Load more").click()
    expect(first.locator("[data-deal]")).to_have_count(ORDERS)
    assert wrong_with(page) == []

    _card(page, "Order 01").locator(".board-facts").drag_to(second)
    expect(second.locator("[data-deal]")).to_have_text([re.compile("Order 01")])
    expect(second.locator(".board-head")).to_contain_text("€100 · €25 weighted")
    page.get_by_role("button", name="Undo").click()
    expect(second.get_by_text("No deals")).to_be_visible()
    expect(first.locator(".count")).to_have_text(str(ORDERS))

    opener = page.get_by_role("button", name="Change stage of Order 02")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Prospecting", exact=True)).to_be_disabled()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(_column(page, "Proposal").locator("[data-deal]")).to_have_text([re.compile("Order 02")])
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()

    # Somebody else moves one, and another is moved here from where it is no more.
    deals = {one["name"]: one for one in api.get("/opportunities", params={"limit": 100}).json()["items"]}
    stage = _column(page, "Negotiation").get_attribute("data-stage")
    moved = api.patch(f"/opportunities/{deals['Order 03']['id']}", json={"stage_id": stage})
    assert moved.status_code == 200, moved.text
    expect(_column(page, "Negotiation").locator("[data-deal]")).to_have_text([re.compile("Order 03")])


def test_a_deal_is_lost_by_touch_and_says_why(
    chromium: Browser, instance: Instance, shop: Tenant, api: httpx.Client
) -> None:
    context = chromium.new_context(base_url=instance.url, viewport=PHONE, has_touch=True, is_mobile=True)
    instance.sign_in(context, shop.email, shop.password)
    page = context.new_page()
    page.goto("/opportunities/board?q=order+05")
    expect(page.locator("[data-deal]")).to_have_count(1)
    assert wrong_with(page) == []
    page.get_by_role("button", name="Change stage of Order 05").tap()
    page.get_by_role("button", name="Lost", exact=True).tap()
    dialog = page.get_by_role("dialog", name="Close the deal as lost")
    dialog.get_by_label("Why").fill("Too dear")
    dialog.get_by_role("button", name="Close as lost").tap()
    expect(_column(page, "Lost").locator("[data-deal]")).to_have_text([re.compile("Order 05")])
    (deal,) = [one for one in api.get("/opportunities").json()["items"] if one["name"] == "Order 05"]
    assert (deal["state"], deal["lost_reason"]) == ("lost", "Too dear")
    context.close()
