"""The state of an open page is lost: the page comes back by itself, and nothing typed is gone."""

from __future__ import annotations

import os
import signal
import time

import psutil
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import cuttable, open_at

PATIENCE = 30_000


def _web_processes(instance: Instance) -> list[psutil.Process]:
    """The processes that serve: the children of the one that was started for this port."""
    port = instance.url.rsplit(":", 1)[1]
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "salescompass.serve" in words and port in words:
            found.append(process)
    parents = {process.pid for process in found}
    return [process for process in found if process.ppid() in parents]


def test_killed_web_processes_take_neither_the_page_nor_the_text(
    context: BrowserContext, instance: Instance, tenant: Tenant, allowed_errors: list[str]
) -> None:
    allowed_errors += ["WebSocket", "ERR_CONNECTION", "Failed to load resource", "websocket error"]
    instance.sign_in(context, tenant.email, tenant.password)
    page = context.new_page()
    open_at(page, "/admin/users", "Users and roles")
    page.get_by_role("link", name="Invite a colleague").first.click()
    email = page.get_by_role("dialog").get_by_label("Email")
    email.fill("half.typed@")
    loads = page.evaluate("performance.getEntriesByType('navigation').length + performance.timeOrigin")

    before = _web_processes(instance)
    assert len(before) >= 2
    for process in before:
        os.kill(process.pid, signal.SIGKILL)

    expect(email).to_have_value("half.typed@")
    until = time.monotonic() + PATIENCE / 1000
    while len(_web_processes(instance)) < 2 and time.monotonic() < until:
        time.sleep(0.2)
    email.fill("half.typed@visitors.example")
    page.get_by_role("dialog").get_by_label("Name").fill("Ha Lf")
    page.get_by_role("dialog").get_by_role("checkbox").first.check()
    page.get_by_role("dialog").get_by_role("button", name="Send invitation").click()
    expect(page.get_by_role("row").filter(has_text="half.typed@visitors.example")).to_be_visible(timeout=PATIENCE)
    assert page.evaluate("performance.getEntriesByType('navigation').length + performance.timeOrigin") == loads


def test_after_a_cut_the_page_shows_what_happened_meanwhile(
    context: BrowserContext, instance: Instance, tenant: Tenant
) -> None:
    instance.sign_in(context, tenant.email, tenant.password)
    cut = cuttable(context)
    page = context.new_page()
    open_at(page, "/admin/users", "Users and roles")
    email, _ = instance.user(tenant, "rep")
    expect(page.get_by_text(email)).to_have_count(0)
    cut()
    expect(page.get_by_text(email).first).to_be_visible(timeout=PATIENCE)


def test_a_session_that_ends_sends_an_open_page_to_sign_in(
    context: BrowserContext, instance: Instance, tenant: Tenant
) -> None:
    instance.sign_in(context, *instance.user(tenant, "rep"))
    page: Page = context.new_page()
    open_at(page, "/feed", "Feed")
    answer = context.request.post(f"{instance.url}/auth/sign-out", headers={"Origin": instance.url})
    assert answer.ok
    page.get_by_role("link", name="Today").first.click()
    page.wait_for_url("**/sign-in**")
    assert tenant.slug not in page.content()


def test_a_session_that_is_revoked_elsewhere_ends_the_open_page(
    context: BrowserContext, instance: Instance, tenant: Tenant
) -> None:
    instance.sign_in(context, *instance.user(tenant, "rep"))
    page = context.new_page()
    open_at(page, "/feed", "Feed")
    context.request.post(f"{instance.url}/auth/sign-out", headers={"Origin": instance.url})
    page.wait_for_url("**/sign-in**", timeout=60_000)
