"""Together: a colleague is named by keyboard and by touch, hears of it in the inbox, and what is done there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Instance, Tenant, browsing
from tests.browser.steps import PHONE, WIDE, open_at, post_event
from tests.browser.test_accessibility import LOOKS, wrong_with


@pytest.fixture
def own(instance: Instance) -> Tenant:
    """A tenant that only this test changes."""
    return instance.tenant()


@pytest.fixture
def key(instance: Instance, own: Tenant) -> str:
    """A key of its."""
    return str(instance.command("key", "create", "--tenant", own.slug, "--name", "Test", "--scopes", "*")["key"])


@pytest.fixture
def account(instance: Instance, key: str) -> str:
    """An account that everybody sees."""
    answer = httpx.post(
        f"{instance.url}/api/v1/accounts", json={"name": "Kan-code"}, headers={"Authorization": f"Bearer {key}"}
    )
    return str(answer.json()["id"])


@pytest.fixture
def colleague(instance: Instance, own: Tenant) -> tuple[str, str]:
    """Somebody to name."""
    return instance.user(own, "rep")


@pytest.fixture
def theirs(chromium: Browser, instance: Instance, colleague: tuple[str, str]) -> Iterator[Page]:
    """The colleague's page."""
    with browsing(chromium, instance, [], viewport=WIDE) as context:
        instance.sign_in(context, *colleague)
        yield context.new_page()


@pytest.fixture
def mine(chromium: Browser, instance: Instance, own: Tenant) -> Iterator[Page]:
    """The administrator's page, with keys."""
    with browsing(chromium, instance, [], viewport=WIDE) as context:
        instance.sign_in(context, own.email, own.password)
        yield context.new_page()


@pytest.fixture
def phone(chromium: Browser, instance: Instance, own: Tenant) -> Iterator[Page]:
    """The administrator's phone."""
    with browsing(chromium, instance, [], viewport=PHONE, has_touch=True, is_mobile=True) as context:
        instance.sign_in(context, own.email, own.password)
        yield context.new_page()


def _name_of(colleague: tuple[str, str]) -> str:
    return colleague[0].partition("@")[0]


def test_somebody_is_named_by_keys_and_finds_it_in_the_inbox(
    mine: Page, theirs: Page, account: str, colleague: tuple[str, str]
) -> None:
    name = _name_of(colleague)
    open_at(theirs, "/inbox", "Inbox")
    expect(theirs.get_by_text("Nothing was told to you yet")).to_be_visible()
    open_at(mine, f"/accounts/{account}", "Kan-code")
    field = mine.get_by_label("Write a note")
    field.press_sequentially("Please call, @rep")
    expect(mine.get_by_role("option", name=name)).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(mine.get_by_role("option", name=name)).to_have_count(0)
    field.press_sequentially("-")
    expect(mine.get_by_role("option", name=name)).to_be_visible()
    field.press("Enter")
    expect(field).to_have_value(f"Please call, @{name} ")
    mine.get_by_role("button", name="Save note").click()
    expect(mine.locator(".note-body .mention")).to_have_text(f"@{name}")
    expect(mine.get_by_role("button", name="Following, leave off")).to_be_visible()

    line = theirs.locator(".inbox-lines > li")
    expect(line).to_contain_text("mentioned you: Kan-code")
    expect(line).to_have_class(re.compile("unread"))
    theirs.get_by_role("button", name="Acknowledge").click()
    expect(line).to_contain_text("Acknowledged")
    theirs.get_by_role("link", name="Mentions").click()
    theirs.locator("main").get_by_role("link", name=re.compile("mentioned you")).click()
    expect(theirs).to_have_url(re.compile(f"/accounts/{account}"))
    expect(theirs.locator(".note-body")).to_contain_text("Please call")

    mine.get_by_role("button", name="Edit note").click()
    mine.get_by_role("textbox", name="Note", exact=True).fill("Done by now")
    mine.get_by_role("button", name="Save", exact=True).click()
    mine.get_by_role("button", name="edited").click()
    expect(mine.locator(".note-history")).to_contain_text("Please call")


def test_somebody_is_named_by_touch_on_an_event_and_the_note_is_the_teams(
    phone: Page, instance: Instance, key: str, account: str, colleague: tuple[str, str]
) -> None:
    name = _name_of(colleague)
    post_event(instance, key, account={"id": account})
    open_at(phone, "/feed", "Feed", PHONE)
    phone.locator("[data-row]").first.tap()
    sheet = phone.get_by_role("dialog")
    sheet.get_by_role("button", name="Mention somebody").tap()
    option = sheet.get_by_role("option", name=name)
    box = option.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    option.tap()
    expect(sheet.get_by_label("Write a note")).to_have_value(f"@{name} ")
    sheet.get_by_label("Who reads it").select_option("team")
    sheet.get_by_role("button", name="Save note").tap()
    expect(sheet.locator(".notes")).to_contain_text("Your team")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("shown", LOOKS)
def test_the_inbox_with_lines_and_the_sheet_with_notes_hold_no_barrier(
    theirs: Page, mine: Page, account: str, colleague: tuple[str, str], shown: tuple[dict[str, int], str]
) -> None:
    size, look = shown
    open_at(mine, f"/accounts/{account}", "Kan-code")
    mine.get_by_label("Write a note").press_sequentially(f"@{_name_of(colleague)}")
    mine.get_by_role("option", name=_name_of(colleague)).click()
    mine.get_by_role("button", name="Save note").click()
    expect(mine.locator(".note-body")).to_be_visible()
    theirs.emulate_media(color_scheme=look)  # type: ignore[arg-type]
    open_at(theirs, "/inbox", "Inbox", size)
    expect(theirs.locator(".inbox-lines > li")).to_have_count(1)
    assert wrong_with(theirs) == []


def test_lines_are_put_off_and_done_with_together(mine: Page, theirs: Page, account: str) -> None:
    open_at(theirs, f"/accounts/{account}", "Kan-code")
    theirs.get_by_role("button", name="Follow").click()
    expect(theirs.get_by_role("button", name="Following, leave off")).to_be_visible()
    open_at(mine, f"/accounts/{account}", "Kan-code")
    mine.get_by_label("Write a note").fill("News")
    mine.get_by_role("button", name="Save note").click()
    expect(mine.locator(".note-body")).to_be_visible()
    open_at(theirs, "/inbox", "Inbox")
    line = theirs.locator(".inbox-lines > li")
    expect(line).to_contain_text("wrote a note: Kan-code")
    line.get_by_role("checkbox").check()
    theirs.get_by_role("button", name="Apply to those ticked").click()
    expect(line).to_have_class(re.compile("read"))
    line.get_by_role("button", name="Put off").click()
    theirs.get_by_role("button", name="Tomorrow morning").click()
    expect(line).to_have_count(0)
