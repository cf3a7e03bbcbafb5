"""What is typed is never lost: not when the socket is cut, not by a reload, and a second tab finds it again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import PHONE, SIZES, cuttable, open_at, size_name


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_typed_text_survives_a_cut_socket_a_reload_and_a_second_tab(
    context: BrowserContext, instance: Instance, tenant: Tenant, size: dict[str, int], allowed_errors: list[str]
) -> None:
    allowed_errors.append("WebSocket")
    instance.sign_in(context, tenant.email, tenant.password)
    cut = cuttable(context)
    page = context.new_page()
    open_at(page, "/admin/users", "Users and roles", size)
    page.get_by_role("link", name="Invite a colleague").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Grace Hop")
    page.get_by_label("Work email").fill("grace@typed.example")
    page.get_by_role("dialog").get_by_label("Marketer").check()

    with page.expect_websocket():
        cut()
    page.get_by_role("textbox", name="Name", exact=True).press("End")
    page.keyboard.type("per")
    _shows(page, "Grace Hopper")

    page.reload()
    _shows(page, "Grace Hopper")
    expect(page.get_by_text("We kept what you typed")).to_be_visible()

    second = context.new_page()
    second.set_viewport_size(size)
    second.goto("/admin/users#invite")
    _shows(second, "Grace Hopper")

    second.get_by_role("button", name="Start over").click()
    expect(second.get_by_role("textbox", name="Name", exact=True)).to_have_value("")
    second.reload()
    expect(second.get_by_role("textbox", name="Name", exact=True)).to_have_value("")


def _shows(page: Page, name: str) -> None:
    dialog = page.get_by_role("dialog", name="Invite a colleague")
    expect(dialog.get_by_role("textbox", name="Name", exact=True)).to_have_value(name)
    expect(dialog.get_by_label("Work email")).to_have_value("grace@typed.example")
    expect(dialog.get_by_label("Marketer")).to_be_checked()


def test_a_form_can_be_sent_after_the_socket_was_cut(
    context: BrowserContext, instance: Instance, allowed_errors: list[str]
) -> None:
    allowed_errors.append("WebSocket")
    own = instance.tenant()
    instance.sign_in(context, own.email, own.password)
    cut = cuttable(context)
    page = context.new_page()
    open_at(page, "/admin/keys#create", "API keys")
    page.get_by_role("textbox", name="Name", exact=True).fill("Website")
    cut()
    page.get_by_role("button", name="Create key").click()
    expect(page.get_by_role("heading", name="Your new key: Website")).to_be_visible()


def test_errors_stand_beside_their_fields_and_take_the_focus(admin_page: Page) -> None:
    open_at(admin_page, "/admin/users#invite", "Users and roles", PHONE)
    admin_page.get_by_label("Work email").fill("nobody@")
    admin_page.get_by_role("textbox", name="Name", exact=True).fill("Nobody")
    admin_page.get_by_role("button", name="Send invitation").click()
    email = admin_page.get_by_label("Work email")
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(email).to_be_focused()
    expect(email).to_have_value("nobody@")
    described = email.get_attribute("aria-describedby") or ""
    error = admin_page.locator("#" + described.split()[-1])
    expect(error).to_contain_text("This is no email address")


def test_a_password_is_not_kept_in_the_browser(admin_page: Page) -> None:
    open_at(admin_page, "/profile", "Profile")
    admin_page.get_by_label("Present password").fill("a secret of mine")
    admin_page.get_by_role("textbox", name="Name", exact=True).fill("Another Name")
    stored = admin_page.evaluate("JSON.stringify(localStorage)")
    assert "Another Name" in stored
    assert "secret" not in stored


def test_what_one_person_typed_is_not_shown_to_the_next(
    context: BrowserContext, instance: Instance, tenant: Tenant
) -> None:
    instance.sign_in(context, tenant.email, tenant.password)
    page = context.new_page()
    open_at(page, "/admin/users#invite", "Users and roles")
    page.get_by_role("textbox", name="Name", exact=True).fill("A private plan")
    other = instance.user(tenant, "admin")
    context.clear_cookies()
    instance.sign_in(context, *other)
    page.reload()
    expect(page.get_by_role("button", name=re.compile("^Your profile: " + other[0].split("@")[0]))).to_have_count(1)
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("")
    assert "private plan" not in page.evaluate("JSON.stringify(localStorage)")


def test_a_form_is_not_sent_while_the_server_is_away(
    context: BrowserContext, instance: Instance, allowed_errors: list[str]
) -> None:
    allowed_errors += ["WebSocket", "ERR_INTERNET_DISCONNECTED"]
    own = instance.tenant()
    instance.sign_in(context, own.email, own.password)
    page = context.new_page()
    open_at(page, "/admin/keys#create", "API keys")
    page.get_by_role("textbox", name="Name", exact=True).fill("Website")
    context.set_offline(True)
    page.get_by_role("button", name="Create key").click()
    expect(page.get_by_text("The server is away, so nothing was sent.")).to_be_visible()
    context.set_offline(False)
    page.wait_for_timeout(1_000)
    expect(page.get_by_role("heading", name="Your new key: Website")).to_have_count(0)
    page.get_by_role("button", name="Create key").click()
    expect(page.get_by_role("heading", name="Your new key: Website")).to_be_visible()
    page.reload()
    expect(page.get_by_role("row", name=re.compile("Website"))).to_have_count(1)
    expect(page.get_by_role("heading", name="Your new key: Website")).to_have_count(0)


def test_an_answer_that_comes_late_is_taken(context: BrowserContext, instance: Instance) -> None:
    own = instance.tenant()
    instance.sign_in(context, own.email, own.password)
    held: list[str | bytes] = []
    holding: list[bool] = []

    def join(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        waits = route.send
        server.on_message(lambda message: held.append(message) if holding else waits(message))
        sockets.append(route)

    sockets: list[WebSocketRoute] = []
    context.route_web_socket(re.compile("/_event"), join)
    page = context.new_page()
    open_at(page, "/admin/keys#create", "API keys")
    page.get_by_role("textbox", name="Name", exact=True).fill("Website")
    holding.append(True)
    page.get_by_role("button", name="Create key").click()
    expect(page.get_by_text("No answer yet.")).to_be_visible(timeout=14_000)
    holding.clear()
    for message in held:
        sockets[-1].send(message)
    expect(page.get_by_role("dialog", name="Create API key")).to_be_hidden()
    expect(page.get_by_role("heading", name="Your new key: Website")).to_be_visible()
