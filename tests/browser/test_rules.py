"""A manager writes a rule, sees whom it would have caught, puts it in force; what it makes slides into Today."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import Instance, Tenant, browsing
from tests.browser.steps import PHONE, open_at
from tests.browser.test_accessibility import wrong_with


@pytest.fixture(scope="module")
def shop(instance: Instance) -> Tenant:
    """A tenant whose rules these tests write."""
    return instance.tenant()


@pytest.fixture(scope="module")
def api(instance: Instance, shop: Tenant) -> Iterator[httpx.Client]:
    """Another program of the same tenant."""
    key = instance.command("key", "create", "--tenant", shop.slug, "--name", "Test", "--scopes", "*")["key"]
    with httpx.Client(base_url=f"{instance.url}/api/v1", headers={"Authorization": f"Bearer {key}"}) as client:
        yield client


def test_a_rule_is_written_tried_put_in_force_and_makes_an_action_in_an_open_today(
    context: BrowserContext, chromium: Browser, instance: Instance, shop: Tenant, api: httpx.Client
) -> None:
    email, password = f"rep-{uuid4().hex[:6]}@{shop.slug}.example", f"pass phrase {shop.slug}"
    instance.command("user", "create", "--tenant", shop.slug, "--email", email, "--password", password, "--role", "rep")
    account = {"name": "Engines", "domain": "engines.example", "owner_email": email}
    told = {"type": "limit_reached", "account": account, "contact": {"email": "ada@engines.example", "name": "Ada"}}
    api.post("/events", json={**told, "occurred_at": "2026-01-01T00:00:00Z"}).raise_for_status()
    api.post("/events", json=told).raise_for_status()

    instance.sign_in(context, *instance.user(shop, "manager"))
    page = context.new_page()
    open_at(page, "/admin/rules", "Rules")
    page.get_by_role("link", name="New rule").click()
    page.get_by_label("Name").fill("At their limit")
    page.get_by_label("About").select_option("person")
    page.get_by_label("Set off when").select_option("event")
    page.get_by_role("button", name="Begin").click()
    dialog = page.locator("dialog#edit")
    expect(dialog).to_be_visible()
    dialog.locator("input[name=types][value=proposal_viewed]").uncheck()
    dialog.locator("input[name=types][value=limit_reached]").check()
    dialog.get_by_label("What", exact=True).fill("Call {{person.name}} about a larger plan")
    dialog.get_by_label("Why now, a line each").fill("They have reached a limit")
    dialog.get_by_role("button", name="Save draft").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("heading", level=1, name="At their limit")).to_be_visible()
    page.get_by_role("button", name="Try on the last 90 days").click()
    expect(page.get_by_text("it would have made 1 action")).to_be_visible()
    assert wrong_with(page) == []
    page.get_by_role("button", name="Put in force").click()
    expect(page.get_by_text("Version 1")).to_be_visible()

    with browsing(chromium, instance, [], viewport=PHONE, has_touch=True, is_mobile=True) as phone:
        instance.sign_in(phone, email, password)
        today = phone.new_page()
        open_at(today, "/today", "Today", PHONE)
        second = {"email": "bea@engines.example", "name": "Bea"}
        api.post("/events", json={**told, "contact": second}).raise_for_status()
        card = today.locator(".action-card").filter(has_text="Call Bea about a larger plan")
        expect(card).to_be_visible()
        expect(card.get_by_text("They have reached a limit")).to_be_visible()
        card.get_by_role("link", name="Call Bea about a larger plan").first.tap()
        expect(today.locator(".events .event")).to_have_count(1)

    page.reload()
    expect(page.locator(".rule-runs").get_by_text("Made an action").first).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
