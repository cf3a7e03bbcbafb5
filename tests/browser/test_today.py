"""A rep's day: what is worth doing next and why, done in two taps, put aside, taken back; logs from any page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Instance, Tenant, browsing
from tests.browser.steps import PHONE, SIZES, open_at, size_name
from tests.browser.test_accessibility import wrong_with


@pytest.fixture(scope="module")
def shop(instance: Instance) -> Tenant:
    """A tenant whose actions these tests make."""
    return instance.tenant()


@pytest.fixture(scope="module")
def api(instance: Instance, shop: Tenant) -> Iterator[httpx.Client]:
    """Another program of the same tenant."""
    key = instance.command("key", "create", "--tenant", shop.slug, "--name", "Test", "--scopes", "*")["key"]
    with httpx.Client(base_url=f"{instance.url}/api/v1", headers={"Authorization": f"Bearer {key}"}) as client:
        yield client


def _rep(instance: Instance, shop: Tenant) -> tuple[str, str, str]:
    """A new rep: address, password, id."""
    email, password = f"rep-{uuid4().hex[:6]}@{shop.slug}.example", f"pass phrase {shop.slug}"
    made = instance.command(
        "user", "create", "--tenant", shop.slug, "--email", email, "--password", password, "--role", "rep"
    )
    return email, password, made["member_id"]


def _person(api: httpx.Client, name: str) -> str:
    body = {"name": name, "email": f"{uuid4().hex}@example.com", "phone": "+44 20 7946 0018"}
    answer = api.post("/contacts", json=body)
    answer.raise_for_status()
    return str(answer.json()["id"])


def _action(api: httpx.Client, title: str, member: str, **more: Any) -> str:
    body = {"title": title, "kind": "call", "assignee_id": member, "reasons": [f"Why {title}"], **more}
    answer = api.post("/actions", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _card(page: Page, title: str) -> Any:
    return page.locator("[data-action]").filter(has=page.get_by_role("heading", name=title, exact=True))


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_a_day_is_worked_through(
    chromium: Browser, instance: Instance, shop: Tenant, api: httpx.Client, size: dict[str, int]
) -> None:
    email, password, member = _rep(instance, shop)
    someone = _person(api, "Anna Adler")
    for number in range(1, 18):
        _action(api, f"Call number {number:02}", member, person_id=someone)
    phone = {"has_touch": True, "is_mobile": True} if size == PHONE else {}
    with browsing(chromium, instance, [], viewport=size, **phone) as context:
        instance.sign_in(context, email, password)
        page = context.new_page()
        open_at(page, "/today", "Today", size)
        cards = page.locator(".action-card")
        expect(cards).to_have_count(15)
        expect(page.get_by_text("2 more wait")).to_be_visible()
        expect(cards.first.get_by_text("Why now")).to_be_visible()
        expect(cards.first.get_by_role("link", name=re.compile("^Call: "))).to_have_attribute(
            "href", "tel:+442079460018"
        )
        assert wrong_with(page) == []
        tap = (lambda one: one.tap()) if size == PHONE else (lambda one: one.click())

        first = cards.first.get_by_role("heading").inner_text()
        tap(_card(page, first).get_by_role("link", name="Done"))
        tap(page.get_by_role("button", name="Talked", exact=True))
        expect(_card(page, first)).to_have_count(0)
        expect(page.get_by_text("Next: Send what was agreed")).to_be_visible()
        tap(page.get_by_role("button", name="Undo"))
        expect(_card(page, first)).to_have_count(1)

        slept = cards.nth(1).get_by_role("heading").inner_text()
        tap(_card(page, slept).get_by_role("link", name="Snooze"))
        page.get_by_label("Until they do something").select_option("proposal_viewed")
        tap(page.get_by_role("button", name="Wait"))
        expect(_card(page, slept)).to_have_count(0)
        expect(page.get_by_text("1 more waits")).to_be_visible()

        api.post("/events", json={"type": "proposal_viewed", "contact": {"id": someone}}).raise_for_status()
        expect(page.get_by_text("2 more wait")).to_be_visible()

        closed = cards.nth(2).get_by_role("heading").inner_text()
        tap(_card(page, closed).get_by_role("link", name="More about"))
        tap(page.get_by_role("link", name="Not to be done"))
        assert wrong_with(page) == []
        tap(page.get_by_role("button", name="Not relevant"))
        expect(_card(page, closed)).to_have_count(0)


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_a_call_is_logged_and_an_action_planned_from_a_record(
    chromium: Browser, instance: Instance, shop: Tenant, api: httpx.Client, size: dict[str, int]
) -> None:
    email, password, _ = _rep(instance, shop)
    someone = _person(api, "Bela Bartok")
    with browsing(chromium, instance, [], viewport=size) as context:
        instance.sign_in(context, email, password)
        page = context.new_page()
        open_at(page, f"/contacts/{someone}", "Bela Bartok", size)
        page.goto(f"/contacts/{someone}#log")
        sheet = page.locator("dialog#log")
        expect(sheet.get_by_text("Bela Bartok")).to_be_visible()
        assert wrong_with(page) == []
        sheet.get_by_role("button", name="Talked", exact=True).click()
        expect(page.get_by_text("Logged: Call Bela Bartok")).to_be_visible()
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_text("Added: Send what was agreed")).to_be_visible()
        page.goto(f"/contacts/{someone}#plan")
        page.locator("dialog#plan").get_by_role("button", name="Tomorrow").click()
        expect(page.get_by_text("Added: Call Bela Bartok")).to_be_visible()
        open_at(page, "/actions", "Actions", size)
        expect(_card(page, "Call Bela Bartok")).to_be_visible()
        expect(_card(page, "Send what was agreed")).to_be_visible()
        assert wrong_with(page) == []


def test_an_action_tells_why_and_what_became_of_it(
    context: BrowserContext, instance: Instance, shop: Tenant, api: httpx.Client
) -> None:
    email, password, member = _rep(instance, shop)
    someone = _person(api, "Clara Curie")
    event = api.post("/events", json={"type": "pricing_viewed", "contact": {"id": someone}}).json()["id"]
    action = _action(api, "Call Clara", member, person_id=someone, evidence=[event])
    instance.sign_in(context, email, password)
    page = context.new_page()
    open_at(page, f"/actions/{action}", "Call Clara")
    expect(page.get_by_text("Why Call Clara")).to_be_visible()
    expect(page.locator(".events .event")).to_have_count(1)
    assert wrong_with(page) == []
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_role("dialog").get_by_label("What", exact=True).fill("Call Clara again")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Call Clara again")).to_be_visible()
    page.get_by_label("Write a remark").fill("She is at a fair")
    page.get_by_role("button", name="Save remark").click()
    expect(page.locator(".changes").get_by_text("She is at a fair")).to_be_visible()
    page.get_by_role("link", name="Done", exact=True).click()
    page.get_by_role("button", name="No answer").click()
    expect(page.locator(".note.success")).to_contain_text("No answer")


def test_actions_stand_in_a_list_on_a_board_and_in_a_calendar(
    context: BrowserContext, instance: Instance, shop: Tenant, api: httpx.Client
) -> None:
    email, password, member = _rep(instance, shop)
    someone = _person(api, "Dora Duncan")
    _action(api, "Call Dora", member, person_id=someone)
    instance.sign_in(context, email, password)
    page = context.new_page()
    open_at(page, "/actions", "Actions")
    expect(_card(page, "Call Dora")).to_be_visible()
    page.get_by_label("Search actions by their words and names").fill("nothing like it")
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    page.get_by_role("link", name="Clear filters").click()
    expect(_card(page, "Call Dora")).to_be_visible()
    page.get_by_role("link", name="Board", exact=True).click()
    expect(page.get_by_role("region", name="To do").get_by_text("Call Dora")).to_be_visible()
    assert wrong_with(page) == []
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("region", name="In progress").get_by_text("Call Dora")).to_be_visible()
    page.get_by_role("link", name="Calendar", exact=True).click()
    expect(page.locator(".calendar-day.today")).to_be_visible()
    assert wrong_with(page) == []
