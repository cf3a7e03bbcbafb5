"""The frame of every page: palette, shortcuts, navigation, themes, focus, and the phone's bottom bar."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import PHONE, SIZES, WIDE, cuttable, open_at, size_name


@pytest.fixture
def today(admin_page: Page) -> Page:
    """Today, awake."""
    open_at(admin_page, "/today", "Today")
    return admin_page


def test_the_palette_is_driven_by_keys_alone(today: Page) -> None:
    today.keyboard.press("Control+k")
    box = today.get_by_placeholder("Search records, pages and actions")
    expect(box).to_be_focused()
    options = today.get_by_role("option")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    today.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    today.keyboard.press("ArrowUp")
    today.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    box.fill("audit")
    expect(options).to_have_count(1)
    today.keyboard.press("Enter")
    expect(today).to_have_url(re.compile("/admin/audit$"))
    expect(today.get_by_role("heading", level=1, name="Audit trail")).to_be_focused()


def test_escape_closes_the_palette_and_gives_the_focus_back(today: Page) -> None:
    feed = today.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Feed")
    feed.focus()
    today.keyboard.press("Control+k")
    expect(today.get_by_placeholder("Search records, pages and actions")).to_be_focused()
    today.keyboard.press("Escape")
    expect(today.get_by_placeholder("Search records, pages and actions")).to_have_count(0)
    expect(feed).to_be_focused()


def test_the_palette_runs_actions_from_any_focus(today: Page) -> None:
    today.keyboard.press("g")
    today.keyboard.press("u")
    expect(today.get_by_role("heading", level=1, name="Users and roles")).to_be_visible()
    today.get_by_role("link", name="Invite a colleague").click()
    today.get_by_label("Work email").focus()
    today.keyboard.press("Control+k")
    expect(today.get_by_placeholder("Search records, pages and actions")).to_be_focused()
    today.keyboard.type("create api")
    today.keyboard.press("Enter")
    expect(today.get_by_role("dialog", name="Create API key")).to_be_visible()


def test_letters_are_shortcuts_only_outside_of_fields(today: Page) -> None:
    today.keyboard.press("g")
    today.keyboard.press("f")
    expect(today.get_by_role("heading", level=1, name="Feed")).to_be_focused()
    expect(today).to_have_title("Feed · SalesCompass")
    today.keyboard.press("Shift+?")
    sheet = today.get_by_role("dialog", name="Help and shortcuts")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("Go to Audit trail")
    today.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    open_at(today, "/admin/users#invite", "Users and roles")
    today.get_by_role("textbox", name="Name", exact=True).press_sequentially("g f ? [")
    expect(today.get_by_role("textbox", name="Name", exact=True)).to_have_value("g f ? [")
    expect(today).to_have_url(re.compile("/admin/users#invite$"))


def test_shortcuts_can_be_switched_off(context: BrowserContext, instance: Instance, tenant: Tenant) -> None:
    instance.sign_in(context, *instance.user(tenant, "rep"))
    page = context.new_page()
    open_at(page, "/profile", "Profile")
    page.get_by_label("Single-letter shortcuts").uncheck()
    expect(page.get_by_text("Shortcuts are off")).to_be_visible()
    open_at(page, "/today", "Today")
    page.keyboard.press("g")
    page.keyboard.press("f")
    page.keyboard.press("Control+k")
    expect(page.get_by_placeholder("Search records, pages and actions")).to_be_visible()
    expect(page).to_have_url(re.compile("/today$"))


def test_the_bracket_folds_the_sidebar_and_it_stays_folded(today: Page) -> None:
    side = today.locator(".sidebar")
    assert round(side.bounding_box()["width"]) == 240  # type: ignore[index]
    today.keyboard.press("[")
    expect(today.locator("html")).to_have_attribute("data-rail", "")
    assert round(side.bounding_box()["width"]) == 56  # type: ignore[index]
    today.reload()
    expect(today.locator("html")).to_have_attribute("data-rail", "")
    expect(today.get_by_role("link", name="Feed", exact=True).first).to_be_visible()


def test_the_skip_link_leads_to_the_content(today: Page) -> None:
    today.keyboard.press("Tab")
    expect(today.get_by_role("link", name="Skip to content")).to_be_focused()
    today.keyboard.press("Enter")
    expect(today.locator("main")).to_be_focused()


def test_the_theme_follows_the_system_until_somebody_chooses(today: Page) -> None:
    def canvas() -> str:
        return str(today.evaluate("getComputedStyle(document.body).backgroundColor"))

    today.emulate_media(color_scheme="dark")
    expect(today.locator("html")).to_have_class(re.compile("dark"))
    assert canvas() == "rgb(17, 17, 19)"
    today.get_by_role("button", name=re.compile("^Your profile")).click()
    today.locator("#profile-menu").get_by_role("button", name="Light").click()
    expect(today.locator("html")).to_have_class(re.compile("light"))
    assert canvas() == "rgb(249, 249, 251)"
    today.reload()
    expect(today.locator("html")).to_have_class(re.compile("light"))
    assert canvas() == "rgb(249, 249, 251)"


def test_going_back_closes_a_dialog(today: Page) -> None:
    today.get_by_role("link", name="Help and shortcuts").first.click()
    sheet = today.get_by_role("dialog", name="Help and shortcuts")
    expect(sheet).to_be_visible()
    today.go_back()
    expect(sheet).to_be_hidden()
    expect(today).to_have_url(re.compile("/today$"))


def test_the_phone_has_a_bottom_bar_that_a_thumb_can_hit(admin_page: Page) -> None:
    open_at(admin_page, "/today", "Today", PHONE)
    bar = admin_page.get_by_role("navigation")
    expect(bar).to_have_count(1)
    for item in (*bar.get_by_role("link").all(), *bar.get_by_role("button").all()):
        box = item.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    bar.get_by_role("link", name="Feed").click()
    expect(admin_page.get_by_role("heading", level=1, name="Feed")).to_be_visible()
    bar.get_by_role("link", name="More").click()
    admin_page.get_by_role("dialog", name="More").get_by_role("link", name="API keys").click()
    expect(admin_page.get_by_role("heading", level=1, name="API keys")).to_be_visible()
    expect(admin_page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_a_rep_sees_no_administration(
    context: BrowserContext, instance: Instance, tenant: Tenant, size: dict[str, int]
) -> None:
    instance.sign_in(context, *instance.user(tenant, "rep"))
    page = context.new_page()
    open_at(page, "/today", "Today", size)
    expect(
        page.get_by_text("Your administrator connects the first application").or_(page.get_by_text("Latest")).first
    ).to_be_visible()
    expect(page.get_by_role("link", name="API keys")).to_have_count(0)
    expect(page.get_by_role("link", name="Audit trail")).to_have_count(0)


def test_signing_out_leaves_nothing_behind(context: BrowserContext, instance: Instance, tenant: Tenant) -> None:
    instance.sign_in(context, tenant.email, tenant.password)
    page = context.new_page()
    open_at(page, "/admin/users#invite", "Users and roles", WIDE)
    page.get_by_role("textbox", name="Name", exact=True).fill("Half an invitation")
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("^Your profile")).click()
    page.locator("#profile-menu").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    assert "Half" not in page.evaluate("JSON.stringify(localStorage)")
    page.goto("/admin/users")
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))


def test_an_address_that_leads_nowhere_shows_the_way_back(page: Page, allowed_errors: list[str]) -> None:
    allowed_errors.append("404")
    page.goto("/no/such/page")
    expect(page.get_by_role("heading", level=1, name="There is nothing here")).to_be_visible()
    page.get_by_role("link", name="Go to Today").click()
    expect(page).to_have_url(re.compile("/sign-in"))


def test_somebody_in_two_companies_switches_and_sees_only_the_one(
    context: BrowserContext, instance: Instance, tenant: Tenant
) -> None:
    other = instance.tenant()
    email, password = instance.user(tenant, "rep")
    words = ("--email", email, "--password", password, "--role", "admin")
    instance.command("user", "create", "--tenant", other.slug, *words)
    instance.sign_in(context, email, password)
    page = context.new_page()
    open_at(page, "/today", "Today")
    company = page.get_by_role("button", name=re.compile("^Company"))
    here = company.inner_text()
    company.click()
    menu = page.locator("#tenant-menu")
    expect(menu.get_by_role("button")).to_have_count(2)
    menu.get_by_role("button", disabled=False).click()
    expect(company).not_to_have_text(here)
    admin = here.strip().split()[-1] != other.slug.title()
    expect(page.get_by_role("link", name="API keys").first).to_be_visible(visible=admin)


def test_a_page_that_a_role_does_not_open_says_so(
    context: BrowserContext, instance: Instance, tenant: Tenant, allowed_errors: list[str]
) -> None:
    instance.sign_in(context, *instance.user(tenant, "rep"))
    page = context.new_page()
    page.goto("/admin/keys")
    expect(page.get_by_text("Your role does not open this page")).to_be_visible()
    expect(page.get_by_role("link", name="Create API key")).to_have_count(0)


def test_when_the_server_is_away_a_quiet_bar_says_so_and_goes_again(
    context: BrowserContext, instance: Instance, tenant: Tenant, allowed_errors: list[str]
) -> None:
    allowed_errors += ["WebSocket", "ERR_"]
    instance.sign_in(context, tenant.email, tenant.password)
    cut = cuttable(context)
    page = context.new_page()
    open_at(page, "/feed", "Feed")
    context.set_offline(True)
    cut()
    bar = page.get_by_text("Offline. What you type is kept")
    expect(bar).to_be_visible(timeout=20_000)
    expect(page.get_by_role("heading", level=1, name="Feed")).to_be_visible()
    context.set_offline(False)
    expect(bar).to_have_count(0, timeout=20_000)
