"""Administration: members, roles, keys, the audit trail, features, health, one's own profile."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import SIZES, letter_to, open_at, post_event, size_name
from tests.browser.test_accessibility import wrong_with


@pytest.fixture
def own(instance: Instance) -> Tenant:
    """A tenant that only this test changes."""
    return instance.tenant()


@pytest.fixture
def admin(context: BrowserContext, instance: Instance, own: Tenant) -> Page:
    """A page of its administrator."""
    instance.sign_in(context, own.email, own.password)
    return context.new_page()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_roles_are_changed_and_the_member_is_told(
    admin: Page, instance: Instance, own: Tenant, size: dict[str, int]
) -> None:
    email, password = instance.user(own, "rep")
    browser = admin.context.browser
    assert browser is not None
    theirs = browser.new_context(base_url=instance.url)
    instance.sign_in(theirs, email, password)
    rep = theirs.new_page()
    open_at(rep, "/today", "Today")

    open_at(admin, "/admin/users", "Users and roles", size)
    row = admin.get_by_role("row").filter(has_text=email)
    row.get_by_role("link", name="Change roles").click()
    dialog = admin.get_by_role("dialog", name=re.compile("^Roles of"))
    expect(dialog.get_by_label("Rep", exact=False).first).to_be_checked()
    dialog.get_by_label("Manager").check()
    dialog.get_by_role("button", name="Save roles").click()
    expect(dialog).to_be_hidden()
    expect(row).to_contain_text("Manager, Rep")

    expect(rep.get_by_role("link", name="Notifications, 1 new")).to_be_visible()
    rep.get_by_role("link", name="Notifications, 1 new").click()
    expect(rep.get_by_role("main")).to_contain_text("Your roles have changed")
    rep.get_by_role("button", name="Mark all as read").click()
    expect(rep.get_by_role("button", name="Mark all as read")).to_have_count(0)
    expect(rep.get_by_role("link", name="Users and roles").first).to_be_visible()
    theirs.close()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_disabling_somebody_can_be_undone(admin: Page, instance: Instance, own: Tenant, size: dict[str, int]) -> None:
    email, _ = instance.user(own, "rep")
    open_at(admin, "/admin/users", "Users and roles", size)
    row = admin.get_by_role("row").filter(has_text=email)
    row.get_by_role("button", name="Disable").click()
    expect(row).to_contain_text("Disabled")
    admin.get_by_role("button", name="Undo").click()
    expect(row).to_contain_text("Active")


def test_invitations_are_sent_again_and_withdrawn(admin: Page, own: Tenant) -> None:
    open_at(admin, "/admin/users#invite", "Users and roles")
    admin.get_by_role("textbox", name="Name", exact=True).fill("Linus")
    admin.get_by_label("Work email").fill(f"linus@{own.slug}.example")
    admin.keyboard.press("Enter")
    row = admin.get_by_role("row").filter(has_text="linus@")
    expect(row).to_contain_text("Invited")
    row.get_by_role("button", name="Send again").click()
    expect(admin.get_by_text("A new invitation is on its way")).to_be_visible()
    row.get_by_role("button", name="Withdraw").click()
    expect(row).to_have_count(0)


def test_who_came_from_a_file_is_given_an_address(admin: Page, instance: Instance, own: Tenant, tmp_path: Path) -> None:
    file = tmp_path / "team.csv"
    file.write_text("Name\nMoses Frase\n")
    instance.command("import", "users", str(file), "--tenant", own.slug)
    open_at(admin, "/admin/users", "Users and roles")
    row = admin.get_by_role("row").filter(has_text="Moses Frase")
    expect(row).to_contain_text("Cannot sign in yet")
    row.get_by_role("link", name="Give address").click()
    dialog = admin.get_by_role("dialog", name="Address of Moses Frase")
    dialog.get_by_label("Work email").fill(own.email)
    admin.keyboard.press("Enter")
    expect(dialog.get_by_text("is a member already")).to_be_visible()
    assert wrong_with(admin) == []
    address = f"moses@{own.slug}.example"
    dialog.get_by_label("Work email").fill(address)
    admin.keyboard.press("Enter")
    expect(row).to_contain_text("Invited")
    assert "/invitation?token=" in letter_to(instance, address)


def test_a_role_is_made_changed_and_removed(admin: Page) -> None:
    open_at(admin, "/admin/users", "Users and roles")
    admin.get_by_role("link", name="Create role").click()
    dialog = admin.get_by_role("dialog", name="Create role")
    dialog.get_by_role("textbox", name="Name").fill("Auditor")
    dialog.get_by_label("Read the audit trail").check()
    dialog.get_by_role("button", name="Save role").click()
    row = admin.get_by_role("row").filter(has_text="Auditor")
    expect(row).to_contain_text("Read the audit trail")
    row.get_by_role("link", name="Edit").click()
    dialog = admin.get_by_role("dialog", name="Edit role")
    expect(dialog.get_by_label("Read the audit trail")).to_be_checked()
    dialog.get_by_label("See events and the feed").check()
    dialog.get_by_role("button", name="Save role").click()
    expect(row).to_contain_text("see events and the feed")
    admin.mouse.move(0, 0)  # a toast under the mouse stays
    expect(admin.get_by_text("The role Auditor is saved")).to_have_count(0)
    row.get_by_role("link", name="Remove").click()
    admin.get_by_role("dialog", name="Remove the role Auditor?").get_by_role("button", name="Remove role").click()
    expect(row).to_have_count(0)


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_a_key_is_shown_once_works_and_is_revoked(admin: Page, instance: Instance, size: dict[str, int]) -> None:
    open_at(admin, "/admin/keys", "API keys", size)
    admin.get_by_role("link", name="Create API key").first.click()
    admin.get_by_role("textbox", name="Name").fill("Website")
    admin.get_by_role("button", name="Create key").click()
    panel = admin.get_by_role("status").filter(has_text="Your new key: Website")
    key = panel.locator(".secret code").inner_text()
    expect(panel.locator("pre")).to_contain_text(f"curl -X POST {instance.url}/api/v1/events")
    assert post_event(instance, key, contact={"email": "ada@one.example", "name": "Ada"}).status_code == 201
    panel.get_by_role("button", name="I have copied it").click()
    expect(panel).to_have_count(0)
    admin.reload()
    expect(admin.get_by_role("row").filter(has_text="Website")).to_contain_text("Active")
    assert key not in admin.content()
    admin.get_by_role("row").filter(has_text="Website").get_by_role("link", name="Revoke").click()
    admin.get_by_role("dialog", name="Revoke the key Website?").get_by_role("button", name="Revoke key").click()
    expect(admin.get_by_role("row").filter(has_text="Website")).to_contain_text("Revoked")
    assert post_event(instance, key, contact={"email": "ada@one.example"}).status_code == 401


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_the_audit_trail_is_filtered_by_its_address(
    admin: Page, instance: Instance, own: Tenant, size: dict[str, int]
) -> None:
    instance.command("key", "create", "--tenant", own.slug, "--name", "Robot", "--scopes", "events:write")
    open_at(admin, "/admin/audit", "Audit trail", size)
    expect(admin.get_by_role("row").filter(has_text="created an API key")).to_contain_text("Robot")
    expect(admin.get_by_text("Sealed and verified")).to_be_visible()
    admin.get_by_label("Filter by act").select_option(label="Signed in")
    expect(admin).to_have_url(re.compile(r"action=session\.signed_in"))
    expect(admin.get_by_role("row").filter(has_text="created an API key")).to_have_count(0)
    expect(admin.get_by_role("row").filter(has_text="signed in").first).to_be_visible()
    admin.reload()
    expect(admin.get_by_label("Filter by act")).to_have_value("session.signed_in")
    admin.go_back()
    expect(admin.get_by_role("row").filter(has_text="created an API key")).to_be_visible()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_the_companys_currency_is_changed_and_given_back(admin: Page, size: dict[str, int]) -> None:
    open_at(admin, "/admin/company", "Company", size)
    expect(admin.get_by_text("nothing is converted")).to_be_visible()
    currency = admin.get_by_label("Currency")
    expect(currency).to_have_value("USD")
    currency.fill("ZZZ")
    admin.get_by_role("button", name="Save company").click()
    expect(admin.get_by_text("Give a currency by its three letters")).to_be_visible()
    currency.fill("eur")
    admin.get_by_role("button", name="Save company").click()
    expect(currency).to_have_value("EUR")
    admin.get_by_role("button", name="Undo").click()
    expect(currency).to_have_value("USD")


def test_a_feature_is_switched_and_switched_back(admin: Page) -> None:
    open_at(admin, "/admin/flags", "Features")
    group = admin.get_by_role("group", name="Live updates")
    expect(group.get_by_role("button", name="Default")).to_have_attribute("aria-pressed", "true")
    group.get_by_role("button", name="Off").click()
    expect(group.get_by_role("button", name="Off")).to_have_attribute("aria-pressed", "true")
    admin.get_by_role("button", name="Undo").click()
    expect(group.get_by_role("button", name="Default")).to_have_attribute("aria-pressed", "true")


def test_health_says_how_the_servers_are(admin: Page) -> None:
    open_at(admin, "/admin/health", "Health")
    servers = admin.get_by_label("Servers")
    expect(servers).to_contain_text("PostgreSQL")
    expect(servers).to_contain_text("1 running")
    expect(admin.get_by_text("Nothing unexpected has happened.")).to_be_visible()
    admin.get_by_role("button", name="Check again").click()
    expect(admin.get_by_text("SalesCompass", exact=True).last).to_be_visible()


def test_one_changes_ones_own_profile_and_password(context: BrowserContext, instance: Instance, tenant: Tenant) -> None:
    email, password = instance.user(tenant, "rep")
    instance.sign_in(context, email, password)
    instance.sign_in(context, email, password)
    page = context.new_page()
    open_at(page, "/profile", "Profile")
    page.get_by_role("textbox", name="Name", exact=True).fill("Rosa Lind")
    page.get_by_label("Time zone").fill("Europe/Paris")
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_role("button", name="Your profile: Rosa Lind")).to_be_visible()
    page.get_by_label("Present password").fill("not this one")
    page.get_by_label("New password").fill("another sentence to remember")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("This is not your present password").first).to_be_visible()
    page.get_by_label("Present password").fill(password)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Your password is changed")).to_be_visible()
    answer = httpx.post(
        f"{instance.url}/auth/sign-in",
        json={"email": email, "password": "another sentence to remember"},
        headers={"Origin": instance.url},
    )
    assert answer.status_code == 200
