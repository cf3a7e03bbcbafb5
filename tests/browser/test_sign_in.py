"""Coming in: by password, by invitation, and by a new password, at both sizes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import PHONE, SIZES, letter_to, open_at, size_name

NEW = "four kind words for a lock"


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_sign_in_leads_to_the_page_one_was_on_the_way_to(page: Page, tenant: Tenant, size: dict[str, int]) -> None:
    page.set_viewport_size(size)
    page.goto("/admin/keys")
    expect(page).to_have_url(re.compile(r"/sign-in\?next=%2Fadmin%2Fkeys"))
    page.get_by_label("Work email").fill(tenant.email)
    page.get_by_label("Password", exact=True).fill(tenant.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="API keys")).to_be_visible()


def test_a_wrong_password_says_so_and_keeps_the_address(page: Page, tenant: Tenant, allowed_errors: list[str]) -> None:
    allowed_errors.append("401")
    page.goto("/sign-in")
    page.get_by_label("Work email").fill(tenant.email)
    page.get_by_label("Password", exact=True).fill("not the password at all")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Email or password is wrong")).to_be_visible()
    expect(page.get_by_label("Work email")).to_have_value(tenant.email)
    assert tenant.email not in page.evaluate("JSON.stringify(localStorage)")


def test_the_form_is_one_a_password_manager_knows(page: Page) -> None:
    page.goto("/sign-in")
    expect(page.locator("input[type=email]")).to_have_attribute("autocomplete", "username")
    expect(page.locator("input[type=password]")).to_have_attribute("autocomplete", "current-password")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


def test_a_form_sent_before_the_page_is_awake_is_sent_once_it_is(context: BrowserContext, tenant: Tenant) -> None:
    page = context.new_page()
    scripts: list[Route] = []

    def hold(route: Route) -> None:
        scripts.append(route)

    page.route(re.compile(r"/assets/.*\.js"), hold)
    page.goto("/sign-in", wait_until="commit")
    page.get_by_label("Work email").fill(tenant.email)
    page.get_by_label("Password", exact=True).fill(tenant.password)
    page.keyboard.press("Enter")
    for route in list(scripts):
        route.continue_()
    page.unroute(re.compile(r"/assets/.*\.js"))
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_an_invitation_becomes_a_member(context: BrowserContext, instance: Instance, size: dict[str, int]) -> None:
    own = instance.tenant()
    instance.sign_in(context, own.email, own.password)
    page = context.new_page()
    address = f"grace@{own.slug}.example"
    open_at(page, "/admin/users#invite", "Users and roles", size)
    page.get_by_role("textbox", name="Name", exact=True).fill("Grace Hopper")
    page.get_by_label("Work email").fill(address)
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text(f"An invitation is on its way to {address}")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Grace Hopper"))).to_contain_text("Invited")
    link = letter_to(instance, address)

    context.clear_cookies()
    page.goto(link)
    page.get_by_role("textbox", name="Your name").fill("Grace B. Hopper")
    page.get_by_label(re.compile("password", re.IGNORECASE)).first.fill(NEW)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()
    expect(page.get_by_role("link", name="Audit trail")).to_have_count(0)


def test_a_used_link_says_what_to_do(page: Page) -> None:
    page.goto("/invitation?token=" + "x" * 43)
    expect(page.get_by_role("alert")).to_contain_text("ask for a new one")
    expect(page.get_by_role("button", name="Join")).to_have_count(0)
    page.goto("/invitation")
    expect(page.get_by_text("lacks the code of an invitation")).to_be_visible()
    expect(page.get_by_role("button", name="Join")).to_have_count(0)


def test_a_forgotten_password_is_replaced_by_letter(
    context: BrowserContext, instance: Instance, tenant: Tenant
) -> None:
    email, _ = instance.user(tenant, "rep")
    page = context.new_page()
    page.set_viewport_size(PHONE)
    page.goto("/sign-in")
    page.get_by_role("link", name="Forgot your password?").click()
    # Both pages ask for an address: wait for the second.
    expect(page.get_by_role("button", name="Send the link")).to_be_visible()
    page.get_by_label("Work email").fill(email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text("a letter is on its way")).to_be_visible()
    page.goto(letter_to(instance, email))
    page.get_by_label("New password").fill(NEW)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
    page.get_by_label("Work email").fill(email)
    page.get_by_label("Password", exact=True).fill(NEW)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()


def test_sign_in_leads_on_who_is_signed_in_already(admin_page: Page) -> None:
    admin_page.goto("/sign-in?next=%2Fadmin%2Fkeys%3Fkey%3D1")
    expect(admin_page.get_by_role("heading", level=1, name="API keys")).to_be_visible()
    for elsewhere in ("", "?next=//example.com", "?next=/sign-in"):
        admin_page.goto(f"/sign-in{elsewhere}")
        expect(admin_page).to_have_url(re.compile("/today$"))


def test_a_role_that_may_not_read_the_feed_has_a_today(
    context: BrowserContext, instance: Instance, tenant: Tenant
) -> None:
    instance.sign_in(context, *instance.user(tenant, "admin"))
    admin = context.new_page()
    open_at(admin, "/admin/users#role", "Users and roles")
    admin.get_by_role("textbox", name="Name", exact=True).fill("W" * 100)
    admin.get_by_role("dialog").get_by_label(re.compile("keys.manage")).check()
    admin.get_by_role("button", name="Save role").click()
    row = admin.get_by_role("row", name=re.compile("W" * 100))
    expect(row).to_be_visible()
    key = (row.get_by_role("link", name="Edit").get_attribute("href") or "").split("role=")[1].split("#")[0]
    for path, heading in (("/admin/users", "Users and roles"), ("/admin/audit", "Audit trail")):
        open_at(admin, path, heading, PHONE)
        assert admin.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    context.clear_cookies()
    instance.sign_in(context, *instance.user(tenant, key))
    open_at(admin, "/today", "Today")
    expect(admin.get_by_text("Your role does not show what customers do")).to_be_visible()
    expect(admin.locator("[data-sonner-toast]")).to_have_count(0)
