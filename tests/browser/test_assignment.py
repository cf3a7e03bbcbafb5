"""Assignment: a manager makes territories, says how much each takes on, and tries it; one says when one is away."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import SIZES, open_at, size_name
from tests.browser.test_accessibility import wrong_with


@pytest.fixture
def own(instance: Instance, tmp_path_factory: pytest.TempPathFactory) -> Tenant:
    """A tenant with three accounts that only this test changes."""
    tenant = instance.tenant()
    file = tmp_path_factory.mktemp("accounts") / "accounts.csv"
    file.write_text("Name,Country\nAlpen,DE\nDonau,DE\nSeine,FR\n")
    instance.command("import", "accounts", str(file), "--tenant", tenant.slug)
    return tenant


@pytest.fixture
def admin(context: BrowserContext, instance: Instance, own: Tenant) -> Page:
    """A page of its administrator."""
    instance.sign_in(context, own.email, own.password)
    return context.new_page()


def _team(page: Page, size: dict[str, int]) -> None:
    open_at(page, "/admin/teams#team", "Teams", size)
    dialog = page.get_by_role("dialog", name="Create team")
    dialog.get_by_label("Name").fill("North")
    dialog.get_by_role("checkbox").first.check()
    dialog.get_by_role("button", name="Save team").click()
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_a_manager_makes_territories_and_tries_them(admin: Page, size: dict[str, int]) -> None:
    open_at(admin, "/admin/assignment", "Assignment", size)
    expect(admin.get_by_role("heading", name="Territories need teams")).to_be_visible()
    _team(admin, size)

    open_at(admin, "/admin/assignment", "Assignment", size)
    admin.get_by_role("link", name="Create the first territory").click()
    dialog = admin.get_by_role("dialog", name="Create territory")
    dialog.get_by_label("Name of the territory").fill("Germany")
    dialog.get_by_label("Team").select_option("North")
    dialog.get_by_role("combobox", name="Field").select_option("country")
    dialog.get_by_role("textbox", name="Country").fill("DE")
    expect(dialog.get_by_role("status")).to_contain_text("2 of 3 accounts")
    assert wrong_with(admin) == []
    dialog.get_by_role("button", name="Save territory").click()
    expect(dialog).to_be_hidden()
    row = admin.get_by_role("row").filter(has_text="Germany")
    expect(row).to_contain_text("Country is DE")
    expect(row).to_contain_text("2")

    admin.get_by_role("link", name="Create territory").click()
    dialog.get_by_label("Name of the territory").fill("Everything else")
    dialog.get_by_label("Team").select_option("North")
    dialog.get_by_role("button", name="Save territory").click()
    expect(dialog).to_be_hidden()
    rest = admin.get_by_role("row").filter(has_text="Everything else")
    expect(rest).to_contain_text("Every account")
    rest.get_by_role("button", name="Move up").click()
    expect(rest.get_by_role("button", name="Move up")).to_be_disabled()
    expect(row.locator("td[data-label=Accounts]")).to_have_text("0")

    admin.get_by_role("button", name="Try it").click()
    expect(admin.get_by_text("There are no actions yet to try it on.")).to_be_visible()


def test_how_much_somebody_takes_on_is_set_by_a_manager(admin: Page, instance: Instance, own: Tenant) -> None:
    email, _ = instance.user(own, "rep")
    open_at(admin, "/admin/assignment", "Assignment")
    row = admin.get_by_role("row").filter(has_text=email.split("@")[0])
    row.get_by_role("link", name="Edit").click()
    dialog = admin.get_by_role("dialog").filter(has_text="Most open actions")
    dialog.get_by_label("Weight").fill("3")
    dialog.get_by_label("Most open actions").fill("25")
    dialog.get_by_label("First day out").fill("2026-01-01")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(row).to_contain_text("0 of 25")
    expect(row).to_contain_text("Out until further notice")
    admin.get_by_label("What nobody else gets goes to").select_option(index=1)
    admin.get_by_role("button", name="Save fallback").click()
    expect(admin.get_by_text("The fallback is saved")).to_be_visible()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_one_says_when_one_is_there(admin: Page, size: dict[str, int]) -> None:
    open_at(admin, "/profile", "Profile", size)
    admin.get_by_label("Work begins").fill("09:00")
    admin.get_by_label("Work ends").fill("08:00")
    admin.get_by_label("Sunday").uncheck()
    admin.get_by_label("Quiet from").fill("20:00")
    admin.get_by_role("button", name="Save hours").click()
    expect(admin.get_by_text("Give both a beginning and an end, or neither")).to_be_visible()
    admin.get_by_label("Quiet until").fill("07:00")
    admin.get_by_role("button", name="Save hours").click()
    expect(admin.get_by_text("Your hours are saved")).to_be_visible()
    admin.get_by_label("First day out").fill("2026-01-01")
    admin.get_by_role("button", name="Save out of office").click()
    expect(admin.get_by_text("Out until further notice").first).to_be_visible()
    admin.reload()
    expect(admin.get_by_label("Quiet until")).to_have_value("07:00")
    expect(admin.get_by_label("Sunday")).not_to_be_checked()
