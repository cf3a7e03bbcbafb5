"""Scoring and event types for administrators: a draft with its effect, publishing, going back, a type of one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import PHONE, SIZES, open_at, post_event, size_name
from tests.browser.test_accessibility import LOOKS, wrong_with

ADA = {"email": "ada@engines.example", "name": "Ada Lovelace"}
ENGINES = {"name": "Engines Ltd", "domain": "engines.example"}


@pytest.fixture
def own(instance: Instance) -> Tenant:
    """A tenant of this test."""
    return instance.tenant()


@pytest.fixture
def key(instance: Instance, own: Tenant) -> str:
    """A key of its."""
    return str(instance.command("key", "create", "--tenant", own.slug, "--name", "Test", "--scopes", "*")["key"])


@pytest.fixture
def admin(context: BrowserContext, instance: Instance, own: Tenant, key: str) -> Page:
    """A page of its administrator; Engines has viewed a proposal of the gold plan."""
    body = {"contact": ADA, "account": ENGINES, "properties": {"plan": "gold"}}
    assert post_event(instance, key, type="proposal_viewed", **body).status_code == 201
    instance.sign_in(context, own.email, own.password)
    return context.new_page()


def _score(instance: Instance, key: str) -> float:
    headers = {"Authorization": f"Bearer {key}"}
    account = httpx.get(f"{instance.url}/api/v1/accounts?limit=1", headers=headers).json()["items"][0]["id"]
    return float(httpx.get(f"{instance.url}/api/v1/accounts/{account}/score", headers=headers).json()["score"])


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_a_draft_shows_its_effect_is_published_and_taken_back(
    admin: Page, instance: Instance, key: str, size: dict[str, int]
) -> None:
    open_at(admin, "/admin/scoring", "Scoring", size)
    before = _score(instance, key)
    admin.get_by_role("button", name="Start draft").click()
    expect(admin.get_by_text("Draft of version 2, not live")).to_be_visible()
    expect(admin.get_by_text("1 account looked at.")).to_be_visible()
    named = admin.locator(".scoring tr").filter(has_text="Engines Ltd").first
    expect(named).to_contain_text("0")

    admin.get_by_label("Points for a score of 63").fill("a lot")
    admin.get_by_role("button", name="Save and see the effect").click()
    expect(admin.get_by_text("A number, like 30 or 7.5")).to_be_visible()
    admin.get_by_label("Points for a score of 63").fill("20")
    admin.get_by_label("What you change and why (optional)").fill("Scores rise faster")
    admin.get_by_role("button", name="Save and see the effect").click()
    expect(named.locator(".up")).to_have_text(re.compile(r"^\+\d+\.\d$"))
    assert _score(instance, key) == pytest.approx(before, abs=0.1)

    admin.get_by_role("link", name="Publish draft").click()
    dialog = admin.get_by_role("dialog", name="Publish version 2?")
    dialog.get_by_role("button", name="Publish").click()
    expect(admin.get_by_text("Version 2 is live", exact=True)).to_be_visible()
    assert _score(instance, key) > before + 5
    version = admin.get_by_role("row").filter(has_text="Version 2")
    expect(version).to_contain_text("Scores rise faster")

    admin.get_by_role("row").filter(has_text="Version 1").get_by_role("link", name="Go back to it").click()
    admin.get_by_role("dialog", name="Go back to version 1?").get_by_role("button", name="Go back").click()
    expect(admin.get_by_text("Version 3 is live", exact=True)).to_be_visible()
    assert _score(instance, key) == pytest.approx(before, abs=0.1)


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_a_rule_that_looks_at_properties_is_previewed_and_counted_anew(
    admin: Page, instance: Instance, key: str, size: dict[str, int]
) -> None:
    open_at(admin, "/admin/scoring", "Scoring", size)
    before = _score(instance, key)
    admin.get_by_role("button", name="Start draft").click()
    admin.get_by_role("link", name="Add rule").click()
    dialog = admin.get_by_role("dialog", name="Add rule")
    dialog.get_by_label("Event").select_option("proposal_viewed")
    dialog.get_by_label("Name (optional)").fill("Gold plan")
    dialog.get_by_label("Points", exact=True).fill("60")
    dialog.get_by_label("Group").select_option("intent")
    dialog.get_by_role("button", name="Save rule").click()
    expect(dialog).to_contain_text("Say which events it counts")
    dialog.get_by_label("Property 1").fill("plan")
    dialog.get_by_label("Value 1").fill("gold")
    dialog.get_by_role("button", name="Save rule").click()
    expect(dialog).to_be_hidden()
    row = admin.get_by_role("row").filter(has_text="when plan is gold")
    expect(row).to_contain_text("gold plan")
    expect(admin.locator(".scoring tr").filter(has_text="Engines Ltd").first.locator(".up")).to_be_visible()

    admin.get_by_role("link", name="Publish draft").click()
    admin.get_by_role("dialog", name="Publish version 2?").get_by_role("button", name="Publish").click()
    expect(admin.get_by_text("Version 2 is live", exact=True)).to_be_visible()
    assert _score(instance, key) > before + 10


def test_a_draft_is_thrown_away_and_reps_cannot_open_the_page(
    admin: Page, instance: Instance, own: Tenant, context: BrowserContext
) -> None:
    open_at(admin, "/admin/scoring", "Scoring")
    admin.get_by_role("button", name="Start draft").click()
    admin.get_by_role("link", name="Discard").click()
    admin.get_by_role("dialog", name="Discard the draft?").get_by_role("button", name="Discard draft").click()
    expect(admin.get_by_role("button", name="Start draft")).to_be_visible()
    expect(admin.get_by_role("row").filter(has_text="Version 1")).to_contain_text("Live")
    instance.sign_in(context, *instance.user(own, "rep"))
    rep = context.new_page()
    for path, heading in (("/admin/scoring", "Scoring"), ("/admin/event-types", "Event types")):
        rep.goto(path)
        expect(rep.get_by_role("heading", level=1, name=heading)).to_be_visible()
        expect(rep.get_by_text("Your role does not open this page")).to_be_visible()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_a_type_of_ones_own_is_defined_sent_checked_and_retired(
    admin: Page, instance: Instance, key: str, size: dict[str, int]
) -> None:
    open_at(admin, "/admin/event-types", "Event types", size)
    admin.get_by_role("link", name="Create type").click()
    dialog = admin.get_by_role("dialog", name="Create type")
    dialog.get_by_label("Name", exact=True).fill("Quote requested")
    dialog.get_by_label("Key", exact=True).fill("Quote Requested")
    dialog.get_by_label("Points to begin with").fill("12")
    dialog.get_by_label("JSON schema").fill('{"type": "object", "required": ["amount"]')
    dialog.get_by_role("button", name="Save type").click()
    expect(dialog).to_contain_text("This is no JSON object")
    dialog.get_by_label("JSON schema").fill('{"type": "object", "required": ["amount"]}')
    dialog.get_by_role("button", name="Save type").click()
    expect(dialog).to_contain_text("small letters, digits and _")
    dialog.get_by_label("Key", exact=True).fill("quote_requested")
    dialog.get_by_role("button", name="Save type").click()
    expect(dialog).to_be_hidden()
    row = admin.get_by_role("row").filter(has_text="quote_requested")
    expect(row).to_contain_text("Yours")
    expect(row).to_contain_text("12")

    refused = post_event(instance, key, type="quote_requested", contact=ADA)
    assert refused.status_code == 422
    taken = post_event(instance, key, type="quote_requested", contact=ADA, properties={"amount": 9})
    assert taken.status_code == 201
    feed = admin.context.new_page()
    open_at(feed, "/feed", "Feed", size)
    expect(feed.locator(".event").first).to_contain_text("Ada Lovelace: Quote requested")
    expect(feed.locator(".event").first.locator("> .effect")).to_have_text(re.compile(r"^\+"))

    row.get_by_role("link", name="Send one").click()
    sample = admin.get_by_role("dialog", name="Send Quote requested")
    expect(sample.locator("pre")).to_contain_text('"type": "quote_requested"')
    admin.keyboard.press("Escape")
    row.get_by_role("link", name="Edit").click()
    edit = admin.get_by_role("dialog", name="Edit Quote requested")
    expect(edit.get_by_label("Name", exact=True)).to_have_value("Quote requested")
    edit.get_by_role("button", name="Retire type").click()
    expect(edit.get_by_role("button", name="Take events again")).to_be_visible()
    assert post_event(instance, key, type="quote_requested", contact=ADA, properties={"amount": 9}).status_code == 422


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest, chromium: Browser, instance: Instance, own: Tenant) -> Iterator[Page]:
    """A page of the tenant's administrator in one size and theme."""
    size, theme = request.param
    phone = size is PHONE
    opened = chromium.new_context(
        base_url=instance.url,
        viewport=size,
        color_scheme=theme,
        is_mobile=phone,
        has_touch=phone,
        reduced_motion="reduce",
    )
    instance.sign_in(opened, own.email, own.password)
    yield opened.new_page()
    opened.close()


def test_pages_for_administrators_are_accessible(look: Page, instance: Instance, key: str) -> None:
    post_event(instance, key, type="proposal_viewed", contact=ADA, account=ENGINES)
    look.goto("/admin/scoring")
    look.get_by_role("button", name="Start draft").click()
    expect(look.get_by_text("looked at")).to_be_visible()
    pages = {
        "/admin/scoring": ("Scoring", ""),
        "/admin/scoring#rule": ("Scoring", "Add rule"),
        "/admin/scoring?rule=proposal_viewed#rule": ("Scoring", "Rule for Proposal viewed"),
        "/admin/scoring#publish": ("Scoring", "Publish version 2?"),
        "/admin/event-types": ("Event types", ""),
        "/admin/event-types#type": ("Event types", "Create type"),
        "/admin/event-types?type=proposal_viewed#type": ("Event types", "Edit Proposal viewed"),
        "/admin/event-types?type=proposal_viewed#send": ("Event types", "Send Proposal viewed"),
    }
    wrong = {}
    for path, (heading, dialog) in pages.items():
        look.goto("about:blank")
        look.goto(path)
        expect(look.get_by_role("heading", level=1, name=heading, include_hidden=True)).to_be_visible()
        expect(look.locator("main .skeleton")).to_have_count(0)
        if dialog:
            expect(look.get_by_role("dialog", name=dialog)).to_be_visible()
        wrong[path] = wrong_with(look)
    assert {path: found for path, found in wrong.items() if found} == {}
