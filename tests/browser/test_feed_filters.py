"""The feed's lanes, filters, bursts, keys and the sheet of an event: all of it in the address."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import PHONE, SIZES, WIDE, open_at, post_event, size_name

ADA = {"email": "ada@engines.example", "name": "Ada Lovelace"}
KEN = {"email": "ken@hottechi.example", "name": "Ken Ito"}
ENGINES = {"name": "Engines Ltd", "domain": "engines.example"}
HOTTECHI = {"name": "Hottechi", "domain": "hottechi.example"}


@pytest.fixture
def own(instance: Instance) -> Tenant:
    """A tenant of this test."""
    return instance.tenant()


@pytest.fixture
def key(instance: Instance, own: Tenant) -> str:
    """A key of its."""
    return str(instance.command("key", "create", "--tenant", own.slug, "--name", "Test", "--scopes", "*")["key"])


@pytest.fixture
def told(instance: Instance, key: str) -> str:
    """Three views of a proposal, a form of somebody else, a machine, a letter of ours, something of ten days ago."""
    start = datetime.now(UTC) - timedelta(minutes=30)
    bodies: list[dict[str, Any]] = [
        *({"type": "proposal_viewed", "contact": ADA, "account": ENGINES, "at": n * 9} for n in range(3)),
        {"type": "form_submitted", "contact": KEN, "account": HOTTECHI, "at": 10, "actor": "human"},
        {"type": "link_clicked", "contact": ADA, "at": 11, "actor": "machine"},
        {"type": "email_sent", "contact": KEN, "at": 12},
        {"type": "pricing_viewed", "contact": KEN, "at": -60 * 24 * 10},
    ]
    events = []
    for n, body in enumerate(bodies):
        at = start + timedelta(minutes=body.pop("at"))
        events.append(
            {**body, "occurred_at": at.isoformat(), "properties": {"page": f"Page {n}", "document_id": f"P{n}"}}
        )
    answer = httpx.post(
        f"{instance.url}/api/v1/events/bulk", json={"events": events}, headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.json()["created"] == len(events)
    return key


@pytest.fixture
def reader(context: BrowserContext, instance: Instance, own: Tenant) -> Page:
    """A page of its administrator."""
    instance.sign_in(context, own.email, own.password)
    return context.new_page()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_signals_and_noise_are_two_lanes_and_a_day_folds_its_noise(
    reader: Page, told: str, size: dict[str, int]
) -> None:
    open_at(reader, "/feed", "Feed", size)
    lanes = reader.get_by_role("group", name="Lane")
    expect(lanes).to_contain_text(re.compile(r"Signals\s*5\s*Noise\s*2"))
    expect(reader.locator(".event")).to_have_count(3)
    folded = reader.locator(".folded").first
    expect(folded).to_contain_text("Folded as noise: 1 machine hit, 1 of our own")
    folded.get_by_role("link", name="Show").click()
    expect(reader).to_have_url(re.compile("lane=noise"))
    expect(reader.locator(".event")).to_have_count(2)
    expect(reader.locator(".event").first).to_contain_text("Ours")
    reader.go_back()
    expect(reader.locator(".event")).to_have_count(3)
    lanes.get_by_role("link", name=re.compile("Noise")).click()
    expect(reader.locator(".event")).to_have_count(2)
    expect(reader.locator(".event > .effect").first).to_have_text("")


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_filters_are_in_the_address_back_takes_one_off_and_clear_all(
    reader: Page, told: str, size: dict[str, int]
) -> None:
    open_at(reader, "/feed", "Feed", size)
    reader.get_by_label("Type", exact=True).select_option("form_submitted")
    expect(reader.locator(".event")).to_have_count(1)
    expect(reader).to_have_url(re.compile(r"type=form_submitted"))
    reader.get_by_label("Dates", exact=True).select_option("7d")
    expect(reader).to_have_url(re.compile(r"type=form_submitted&when=7d"))
    shared = reader.url
    week = reader.locator(".filter.on", has_text="Last 7 days")
    expect(week).to_be_visible()
    reader.go_back()
    expect(reader).to_have_url(re.compile(r"type=form_submitted$"))
    expect(week).to_have_count(0)
    expect(reader.get_by_label("Type", exact=True)).to_have_value("form_submitted")
    reader.get_by_role("link", name="Any type").click()
    expect(reader.locator(".event")).to_have_count(3)
    reader.get_by_label("Verdict", exact=True).select_option("human")
    expect(reader.locator(".event")).to_have_count(1)
    reader.get_by_label("Channel", exact=True).select_option("email")
    expect(reader.get_by_role("heading", name="Nothing matches")).to_be_visible()
    reader.get_by_role("link", name="Clear filters").click()
    expect(reader).to_have_url(re.compile(r"/feed$"))
    expect(reader.locator(".event")).to_have_count(3)

    other = reader.context.new_page()
    other.goto(shared)
    expect(other.locator(".event")).to_have_count(1)
    expect(other.get_by_label("Type", exact=True)).to_have_value("form_submitted")
    expect(other.get_by_text("Last 7 days")).to_be_visible()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_an_account_or_person_is_found_by_name_and_days_are_chosen(
    reader: Page, told: str, size: dict[str, int]
) -> None:
    open_at(reader, "/feed", "Feed", size)
    reader.get_by_role("link", name="Who", exact=True).click()
    dialog = reader.get_by_role("dialog", name="Account or person")
    dialog.get_by_label("Name").fill("hot")
    dialog.get_by_role("link", name="Hottechi hottechi.example").click()
    expect(dialog).to_be_hidden()
    expect(reader).to_have_url(re.compile(r"account=[0-9a-f-]{36}"))
    expect(reader.locator(".event")).to_have_count(2)
    expect(reader.locator(".filter.on")).to_contain_text("Hottechi")
    reader.get_by_label("Dates", exact=True).select_option("dates")
    dates = reader.get_by_role("dialog", name="Choose dates")
    day = (datetime.now(UTC) - timedelta(days=10, minutes=30)).date()
    dates.get_by_label("From").fill((day + timedelta(days=1)).isoformat())
    dates.get_by_label("To", exact=True).fill(day.isoformat())
    dates.get_by_role("button", name="Show events").click()
    expect(dates).to_contain_text("This day lies before the first one")
    dates.get_by_label("From").fill(day.isoformat())
    dates.get_by_role("button", name="Show events").click()
    expect(dates).to_be_hidden()
    expect(reader.locator(".event")).to_have_count(1)
    expect(reader.locator(".event")).to_contain_text("viewed pricing")


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_a_burst_is_one_line_that_opens_to_its_events(reader: Page, told: str, size: dict[str, int]) -> None:
    open_at(reader, "/feed", "Feed", size)
    burst = reader.locator(".event").filter(has_text="Ada Lovelace viewed the proposal")
    expect(burst).to_have_count(1)
    expect(burst.locator(".parts li")).to_have_count(3)
    expect(burst.locator(".parts").first).to_be_hidden()
    burst.get_by_text("×3 in 18 min").click()
    expect(burst.locator(".parts a")).to_have_text(["Page 2", "Page 1", "Page 0"])
    burst.get_by_role("link", name="Page 1").click()
    expect(reader.locator(".panel")).to_contain_text("Page 1")
    expect(burst).to_have_class(re.compile("current"))


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_the_sheet_tells_an_event_whole_and_has_an_address(reader: Page, told: str, size: dict[str, int]) -> None:
    open_at(reader, "/feed", "Feed", size)
    reader.get_by_role("link", name="Ken Ito sent a form").click()
    panel = reader.locator(".panel")
    expect(panel.get_by_role("heading", name="Form submitted")).to_be_visible()
    expect(panel.get_by_role("heading", name="Form submitted")).to_be_focused()
    expect(panel).to_contain_text(re.compile(r"\+10\.0 points, worth (10\.0|9\.9) now"))
    expect(panel).to_contain_text("Judged human")
    expect(panel).to_contain_text("declared human by the sender")
    panel.get_by_text("As it was sent").click()
    expect(panel.locator("pre")).to_contain_text('"type": "form_submitted"')
    address = reader.url
    reader.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    assert "event=" not in reader.url
    reader.go_back()
    expect(panel).to_be_visible()

    other = reader.context.new_page()
    other.set_viewport_size(size)  # type: ignore[arg-type]
    other.goto(address)
    expect(other.locator(".panel").get_by_role("heading", name="Form submitted")).to_be_visible()
    other.locator(".panel").get_by_role("link", name="Hottechi").first.click()
    expect(other.get_by_role("heading", level=1, name="Hottechi")).to_be_visible()


def test_who_may_not_see_raw_events_sees_no_raw_event(
    context: BrowserContext, instance: Instance, own: Tenant, told: str
) -> None:
    instance.sign_in(context, *instance.user(own, "rep"))
    page = context.new_page()
    open_at(page, "/feed", "Feed")
    page.get_by_role("link", name="Ken Ito sent a form").click()
    expect(page.locator(".panel")).to_contain_text("Judged human")
    expect(page.get_by_text("As it was sent")).to_have_count(0)


def test_another_tenants_event_is_no_event(
    reader: Page, context: BrowserContext, instance: Instance, told: str, tenant: Tenant
) -> None:
    open_at(reader, "/feed", "Feed")
    reader.locator("a.title").first.click()
    expect(reader.locator(".panel .facts")).to_be_visible()
    address = reader.url
    instance.sign_in(context, tenant.email, tenant.password)
    other = context.new_page()
    other.goto(address)
    expect(other.locator(".panel")).to_contain_text("There is no such event")


def test_the_list_is_walked_with_keys_and_the_open_sheet_follows(reader: Page, told: str) -> None:
    open_at(reader, "/feed", "Feed", WIDE)
    titles = reader.locator("a[data-row]")
    expect(titles).to_have_count(3)
    reader.keyboard.press("j")
    expect(titles.nth(0)).to_be_focused()
    reader.keyboard.press("j")
    reader.keyboard.press("j")
    reader.keyboard.press("j")
    expect(titles.nth(2)).to_be_focused()
    reader.keyboard.press("k")
    expect(titles.nth(1)).to_be_focused()
    reader.keyboard.press("o")
    panel = reader.locator(".panel h2")
    expect(panel).to_have_text("Form submitted")
    reader.keyboard.press("j")
    expect(panel).to_have_text("Pricing viewed")
    reader.keyboard.press("Escape")
    expect(panel).to_have_count(0)


def test_pausing_holds_the_count_and_going_on_catches_up(reader: Page, instance: Instance, told: str) -> None:
    open_at(reader, "/feed", "Feed", PHONE)
    reader.get_by_role("button", name="Pause").click()
    expect(reader.get_by_text("Paused")).to_be_visible()
    other = reader.context.new_page()
    open_at(other, "/feed", "Feed")
    assert post_event(instance, told, type="signed_up", contact=ADA).status_code == 201
    expect(other.get_by_role("button", name="1 new")).to_be_visible()
    expect(reader.get_by_role("button", name="1 new")).to_have_count(0)
    reader.get_by_role("button", name="Resume").click()
    expect(reader.get_by_role("button", name="1 new")).to_be_visible()


def test_what_does_not_pass_the_filters_is_not_announced(reader: Page, instance: Instance, told: str) -> None:
    open_at(reader, "/feed?type=signed_up", "Feed")
    expect(reader.get_by_role("heading", name="Nothing matches")).to_be_visible()
    assert post_event(instance, told, type="page_viewed", contact=ADA).status_code == 201
    assert post_event(instance, told, type="signed_up", contact=ADA).status_code == 201
    expect(reader.locator(".event")).to_have_count(1)
    expect(reader.locator(".event")).to_contain_text("signed up")


def test_a_flood_is_counted_and_the_page_stays_as_it_is(reader: Page, instance: Instance, told: str) -> None:
    open_at(reader, "/feed", "Feed")
    expect(reader.locator(".event > .effect").last).to_have_text(re.compile(r"\d"))
    first = reader.locator(".event").first.inner_text()
    events = [{"type": "page_viewed", "contact": {"email": f"p{n}@engines.example"}} for n in range(1500)]
    answer = httpx.post(
        f"{instance.url}/api/v1/events/bulk",
        json={"events": events},
        headers={"Authorization": f"Bearer {told}"},
        timeout=60,
    )
    assert answer.json()["created"] == len(events)
    expect(reader.get_by_role("button", name="100 and more new")).to_be_visible()
    expect(reader.get_by_text("More than 200 events a second are arriving")).to_be_visible()
    expect(reader.locator(".event")).to_have_count(3)
    assert reader.locator(".event").first.inner_text() == first
    reader.get_by_role("button", name="Follow the newest").click()
    expect(reader.get_by_text("You see a sample")).to_be_visible()
    expect(reader.get_by_text("50 shown")).to_be_visible()
    told_once = {"type": "demo_requested", "contact": {"email": "late@engines.example"}}
    asked = httpx.post(
        f"{instance.url}/api/v1/events", json=told_once, headers={"Authorization": f"Bearer {told}"}, timeout=60
    )
    assert asked.status_code == 201
    expect(reader.locator(".event").first).to_contain_text("demo")
    reader.get_by_role("button", name="Hold the page still").click()
    expect(reader.get_by_text("You see a sample")).to_be_hidden()
