"""The way of an account and of a deal: silences, a day to go back to, who was touched, how like deals ended."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import SIZES, open_at, post_event, size_name
from tests.browser.test_accessibility import wrong_with

NOW = datetime.now(UTC)
ACCOUNTS = (
    "Name,Domain,Industry,Employees\nKan-code,kan-code.example,Software,300\nLike Ltd,like.example,Software,400\n"
)
DEALS = (
    "External id,Name,Company,Stage,Amount,Opened on,Close date\n"
    "D1,Spring order,Kan-code,Prospecting,1000,,\n"
    "D2,Won one,Like Ltd,Won,900,2026-01-01,2026-01-31\n"
    "D3,Lost one,Like Ltd,Lost,500,2026-01-01,2026-01-11\n"
)


@pytest.fixture
def own(instance: Instance, tmp_path: Path) -> Tenant:
    """A tenant with an open deal and two closed ones like it."""
    tenant = instance.tenant()
    for kind, content in (("accounts", ACCOUNTS), ("opportunities", DEALS)):
        file = tmp_path / f"{kind}.csv"
        file.write_text(content)
        told = instance.command("import", kind, str(file), "--tenant", tenant.slug)
        assert told["failed"] == 0, told
    return tenant


@pytest.fixture
def pages(instance: Instance, own: Tenant) -> dict[str, str]:
    """The addresses of the account and its deal; somebody there wrote lately, somebody else long ago."""
    key = instance.command("key", "create", "--tenant", own.slug, "--name", "Test", "--scopes", "*")["key"]
    for who, days in (("devin", 3), ("devin", 33), ("ada", 200)):
        at = (NOW - timedelta(days=days)).isoformat()
        post_event(
            instance, key, type="email_replied", occurred_at=at, contact={"email": f"{who}@kan-code.example"}
        ).raise_for_status()
    with httpx.Client(base_url=f"{instance.url}/api/v1", headers={"Authorization": f"Bearer {key}"}) as api:
        account = next(one for one in api.get("/accounts").json()["items"] if one["name"] == "Kan-code")
        deal = next(one for one in api.get("/opportunities").json()["items"] if one["name"] == "Spring order")
    return {"account": f"/accounts/{account['id']}", "deal": f"/opportunities/{deal['id']}"}


@pytest.fixture
def rep(context: BrowserContext, instance: Instance, own: Tenant) -> Page:
    """A page of a rep of that tenant."""
    instance.sign_in(context, *instance.user(own, "rep"))
    return context.new_page()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_a_timeline_tells_silences_and_goes_back_from_a_day(
    rep: Page, pages: dict[str, str], size: dict[str, int]
) -> None:
    open_at(rep, f"{pages['account']}?tab=timeline", "Kan-code", size)
    timeline = rep.locator(".timeline")
    expect(timeline.get_by_text("Silent 30 days")).to_be_visible()
    expect(timeline.get_by_text("Silent 167 days")).to_be_visible()
    expect(timeline.locator(".event", has_text="replied")).to_have_count(3)
    assert wrong_with(rep) == []

    day = (NOW - timedelta(days=20)).date()
    rep.get_by_label("Jump to").fill(day.isoformat())
    expect(rep).to_have_url(re.compile(f"until={day}"))
    expect(timeline.locator(".event", has_text="replied")).to_have_count(2)
    expect(timeline.get_by_text("Silent 30 days")).to_have_count(0)
    rep.get_by_label("Jump to").fill("2020-01-01")
    expect(timeline.get_by_text("Nothing up to 1 January 2020")).to_be_visible()
    rep.get_by_role("link", name="Back to the newest").click()
    expect(timeline.locator(".event", has_text="replied")).to_have_count(3)


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_a_deal_tells_its_people_its_timeline_and_how_like_ones_ended(
    rep: Page, pages: dict[str, str], size: dict[str, int]
) -> None:
    open_at(rep, pages["deal"], "Spring order", size)
    for who, part in (("devin@kan-code.example", "Champion"), ("ada@kan-code.example", "User")):
        rep.get_by_role("link", name="Add person").click()
        dialog = rep.get_by_role("dialog", name="Add a person to the deal")
        dialog.get_by_label("Person", exact=True).select_option(label=who)
        dialog.get_by_label("Part").select_option(label=part)
        dialog.get_by_role("button", name="Add person").click()
        expect(dialog).to_be_hidden()
    people = rep.locator(".deal-people li")
    expect(people.filter(has_text="Champion")).to_contain_text("2 signals in 90 days, the last 3 days ago")
    expect(people.filter(has_text="User")).to_contain_text("Silent for 90 days")
    expect(rep.get_by_text("Nobody yet: Decides on money, Technical judge")).to_be_visible()

    similar = rep.locator("section", has=rep.get_by_role("heading", name="Similar deals"))
    expect(similar).to_contain_text("1 won, 1 lost; those won took 30 days (median)")
    expect(similar.get_by_role("link")).to_have_text(["Won one", "Lost one"])

    timeline = rep.locator(".timeline")
    expect(timeline.get_by_text("The deal opened in Prospecting")).to_be_visible()
    expect(timeline.locator(".event", has_text="replied")).to_have_count(3)
    assert wrong_with(rep) == []
    timeline.get_by_role("link", name=re.compile("replied")).first.click()
    expect(rep.get_by_role("heading", level=1, name="Feed")).to_be_visible()
    expect(rep).to_have_url(re.compile("event="))
