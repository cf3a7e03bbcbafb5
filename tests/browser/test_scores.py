"""Scores on the screen: an act appears with its reason in a colleague's open page, and one click says why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import PHONE, SIZES, WIDE, open_at, post_event, size_name
from tests.browser.test_accessibility import LOOKS, wrong_with

DEVIN = {"email": "devin@kan-code.example", "name": "Devin Okafor"}
MARTA = {"email": "marta@kan-code.example", "name": "Marta Lindqvist"}
KAN = {"name": "Kan-code", "domain": "kan-code.example"}


@pytest.fixture
def own(instance: Instance) -> Tenant:
    """A tenant without events."""
    return instance.tenant()


@pytest.fixture
def key(instance: Instance, own: Tenant) -> str:
    """A key of its."""
    return str(instance.command("key", "create", "--tenant", own.slug, "--name", "Test", "--scopes", "*")["key"])


@pytest.fixture
def reader(context: BrowserContext, instance: Instance, own: Tenant) -> Page:
    """A page of its administrator."""
    instance.sign_in(context, own.email, own.password)
    return context.new_page()


@pytest.fixture
def account(instance: Instance, key: str) -> str:
    """The id of Kan-code, whose Marta has replied once."""
    body = {"account": KAN, "contact": MARTA, "actor": "human"}
    assert post_event(instance, key, type="email_replied", **body).status_code == 201
    return str(_get(instance, key, "/accounts?limit=1")["items"][0]["id"])


def _get(instance: Instance, key: str, path: str) -> Any:
    answer = httpx.get(f"{instance.url}/api/v1{path}", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def _shares(page: Page, rows: str) -> list[int]:
    return [round(float(text.replace("−", "-")) * 10) for text in page.locator(rows).all_inner_texts()]


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_an_act_moves_the_score_of_an_open_page_and_says_why_and_strangers_see_nothing(
    chromium: Browser,
    context: BrowserContext,
    instance: Instance,
    own: Tenant,
    key: str,
    tenant: Tenant,
    size: dict[str, int],
) -> None:
    owner = instance.user(own, "rep")
    instance.sign_in(context, *owner)
    first = post_event(
        instance, key, type="email_replied", account={**KAN, "owner_email": owner[0]}, contact=MARTA, actor="human"
    )
    account = first.json()["account_id"]
    rep, feed = context.new_page(), context.new_page()
    open_at(rep, f"/accounts/{account}", "Kan-code", size)
    expect(rep.locator(".about-line")).to_contain_text("Owner")
    open_at(feed, "/feed", "Feed", size)
    expect(feed.locator(".event")).to_have_count(1)
    theirs = chromium.new_context(base_url=instance.url, viewport=size)  # type: ignore[arg-type]
    instance.sign_in(theirs, tenant.email, tenant.password)
    stranger, strangers_feed = theirs.new_page(), theirs.new_page()
    open_at(stranger, f"/accounts/{account}", "There is nothing here", size)
    strangers_feed.goto("/feed")
    before = int(rep.locator(".strip .ring > .num").inner_text())

    properties = {"document": "GTX Plus Pro proposal v2", "document_id": "P-2"}
    body = {"account": KAN, "contact": DEVIN, "actor": "human", "properties": properties}
    assert post_event(instance, key, type="proposal_viewed", **body).status_code == 201

    said = rep.get_by_role("status").filter(has_text="Devin Okafor viewed the proposal")
    expect(said).to_contain_text(re.compile(r"score \+\d+\.\d, now \d+\.\d"))
    expect(rep.locator(".strip .ring > .num")).not_to_have_text(str(before))
    assert int(rep.locator(".strip .ring > .num").inner_text()) > before
    row = rep.locator(".event").first
    expect(row).to_be_visible()
    expect(row).to_contain_text("Devin Okafor viewed the proposal")
    expect(row.locator("> .effect")).to_have_text(re.compile(r"^\+\d+\.\d$"))
    feed.get_by_role("button", name="1 new").click()
    expect(feed.locator(".event").first).to_contain_text("Kan-code, GTX Plus Pro proposal v2")
    expect(feed.locator(".event").first.locator("> .effect")).to_have_text(re.compile(r"^\+\d+\.\d$"))

    for page in (stranger, strangers_feed):
        assert "Kan-code" not in page.content()
        page.reload()
        expect(page.locator("main h1")).to_be_visible()
        expect(page.locator("main .skeleton")).to_have_count(0)
        assert "Kan-code" not in page.content()
    theirs.close()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_one_click_on_the_score_opens_to_events_whose_shares_add_up(
    reader: Page, instance: Instance, key: str, account: str, size: dict[str, int]
) -> None:
    for n in range(3):
        post_event(instance, key, type="proposal_viewed", contact=DEVIN, properties={"document_id": f"P-{n}"})
    post_event(instance, key, type="link_clicked", contact=DEVIN, actor="machine")
    post_event(instance, key, type="email_sent", contact=MARTA)
    open_at(reader, f"/accounts/{account}", "Kan-code", size)
    expect(reader.locator(".people li")).to_have_count(2)
    reader.get_by_role("link", name="Why this score").click()
    panel = reader.get_by_label("Why this score", exact=True)
    expect(panel.get_by_text("Proposal viewed ×3")).to_be_visible()
    expect(panel).to_contain_text("1 machine hit not counted")
    expect(panel).to_contain_text("Your own effort 1")
    people = _shares(reader, ".why-person .share")
    (total,) = _shares(reader, ".why-sum .num")
    assert sum(people) == total
    assert sum(_shares(reader, ".why-group li .share")) == total
    assert total == round(_get(instance, key, f"/accounts/{account}/score")["score"] * 10)

    panel.get_by_role("link", name="Show raw points").click()
    expect(panel).to_contain_text(re.compile(r"30\.0 points, (30\.0|29\.9) left"))
    panel.get_by_role("link", name="Devin Okafor").click()
    expect(reader.get_by_role("heading", level=1, name="Devin Okafor")).to_be_visible()
    expect(reader.get_by_label("Why this score", exact=True).get_by_text("Proposal viewed ×3")).to_be_visible()
    reader.keyboard.press("Escape")
    expect(reader.get_by_label("Why this score", exact=True)).to_have_count(0)
    reader.go_back()
    expect(reader.get_by_label("Why this score", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_the_trend_has_a_table_and_the_timeline_the_noise_on_request(
    reader: Page, instance: Instance, key: str, account: str, size: dict[str, int]
) -> None:
    post_event(instance, key, type="email_sent", contact=MARTA, properties={"subject": "Delivery options"})
    open_at(reader, f"/accounts/{account}", "Kan-code", size)
    expect(reader.locator(".event")).to_have_count(1)
    reader.get_by_text("View as table").click()
    expect(reader.get_by_role("region", name="Score by day").get_by_role("row")).to_have_count(92)
    if size == PHONE:
        parts = reader.get_by_role("navigation", name="Parts of this page")
        parts.get_by_role("link", name="People").click()
        expect(reader.get_by_role("link", name="Marta Lindqvist")).to_be_visible()
        expect(reader.locator(".event").first).to_be_hidden()
        parts.get_by_role("link", name="Timeline").click()
    reader.get_by_role("link", name="Everything").click()
    expect(reader.locator(".event")).to_have_count(2)
    expect(reader.locator(".event").first).to_contain_text("Marta Lindqvist was sent an email")
    expect(reader).to_have_url(re.compile(r"show=all$"))
    reader.locator("a.title").last.click()
    expect(reader.get_by_role("heading", level=2, name="Email replied")).to_be_visible()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_accounts_stand_in_the_order_of_scores_and_are_found_by_name(
    reader: Page, instance: Instance, key: str, account: str, size: dict[str, int]
) -> None:
    bolt = {"name": "Bolt Works", "domain": "bolt.example"}
    for _ in range(4):
        post_event(instance, key, type="demo_requested", account=bolt, contact={"email": "a@bolt.example"})
    open_at(reader, "/accounts", "Accounts", size)
    names = reader.locator(".row-link")
    expect(names).to_have_text(["Bolt Works", "Kan-code"])
    if size == WIDE:
        expect(reader.get_by_role("columnheader", name="Score")).to_have_attribute("aria-sort", "descending")
    reader.get_by_label("Search accounts").fill("kan")
    expect(names).to_have_text(["Kan-code"])
    expect(reader).to_have_url(re.compile(r"/accounts\?q=kan$"))
    expect(reader.locator(".page-head")).to_contain_text("1 of 2")
    reader.get_by_label("Search accounts").fill("zzz")
    expect(reader.get_by_role("heading", name="Nothing matches")).to_be_visible()
    reader.get_by_role("link", name="Clear filters").click()
    expect(names).to_have_count(2)
    expect(reader.get_by_label("Search accounts")).to_have_value("")
    reader.get_by_label("Band").select_option("hot")
    expect(reader).to_have_url(re.compile("band=hot"))
    reader.go_back()
    expect(names).to_have_count(2)
    score = reader.locator("tr", has=reader.get_by_role("link", name="Kan-code")).locator(".of-score .num")
    before = score.inner_text()
    post_event(instance, key, type="demo_requested", account=KAN, contact=DEVIN, actor="human")
    expect(score).not_to_have_text(before)
    names.first.click()
    expect(reader.get_by_role("heading", level=1, name="Bolt Works")).to_be_visible()


def test_ids_that_are_nobodys_show_nothing(reader: Page) -> None:
    for path in ("/accounts/01a1f89d-7dc8-7bd7-8900-d09c0c1568be", "/contacts/not-an-id"):
        reader.goto(path)
        expect(reader.get_by_role("heading", level=1, name="There is nothing here")).to_be_visible()


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


def test_pages_of_scores_are_accessible(look: Page, instance: Instance, key: str, account: str) -> None:
    post_event(instance, key, type="proposal_viewed", contact=DEVIN, properties={"document": "Offer"})
    post_event(instance, key, type="link_clicked", contact=DEVIN, actor="machine")
    event = _get(instance, key, "/events?type=proposal_viewed&limit=1")["items"][0]
    pages = {
        "/accounts": "Accounts",
        f"/accounts/{account}": "Kan-code",
        f"/accounts/{account}?panel=why&raw=1": "Kan-code",
        f"/contacts/{event['contact_id']}?show=all": "Devin Okafor",
        f"/feed?event={event['id']}": "Feed",
        "/feed?lane=noise&type=link_clicked": "Feed",
        "/feed#who": "Feed",
        "/feed#dates": "Feed",
    }
    wrong = {}
    for path, heading in pages.items():
        look.goto("about:blank")
        look.goto(path)
        expect(look.get_by_role("heading", level=1, name=heading, include_hidden=True)).to_be_visible()
        expect(look.locator("main .skeleton")).to_have_count(0)
        if "?panel" in path or "?event" in path:
            expect(look.locator(".panel h2")).to_be_visible()
        wrong[path] = wrong_with(look)
    assert {path: found for path, found in wrong.items() if found} == {}
