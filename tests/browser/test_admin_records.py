"""Teams, what roles see, custom fields, pipelines and products, as an administrator sets them up."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import PHONE, WIDE, open_at


@pytest.fixture
def admin(context: BrowserContext, instance: Instance) -> Page:
    """A page of the administrator of a tenant that only this test changes."""
    own: Tenant = instance.tenant()
    instance.sign_in(context, own.email, own.password)
    return context.new_page()


def test_a_company_is_set_up(admin: Page) -> None:
    open_at(admin, "/admin/teams", "Teams", WIDE)
    make_team(admin, "North")
    make_team(admin, "Harbour", below="North")
    row = admin.get_by_role("row").filter(has_text="Harbour")
    expect(row).to_contain_text("Nobody yet")
    row.get_by_role("link", name="Delete").click()
    admin.get_by_role("dialog", name="Delete the team Harbour?").get_by_role("button", name="Delete team").click()
    expect(row).to_have_count(0)

    open_at(admin, "/admin/users", "Users and roles", WIDE)
    rep = admin.get_by_role("row").filter(has_text="Built in").filter(has_text="Rep")
    rep.get_by_role("link", name="Records seen").click()
    reach = admin.get_by_role("dialog", name="Records that the role Rep sees")
    reach.get_by_label("Deals").select_option(label="Their own")
    reach.get_by_role("button", name="Save").click()
    expect(rep).to_contain_text("deals their own")

    open_at(admin, "/admin/products", "Products", WIDE)
    admin.get_by_role("link", name="Add product").click()
    product = admin.get_by_role("dialog", name="Add product")
    product.get_by_label("Name").fill("Compass")
    product.get_by_label("List price").fill("12.50")
    product.get_by_role("button", name="Save product").click()
    expect(product.get_by_text("A price needs its currency").first).to_be_visible()
    product.get_by_label("Currency").fill("eur")
    product.get_by_role("button", name="Save product").click()
    row = admin.get_by_role("row").filter(has_text="Compass")
    expect(row).to_contain_text("€12.50")
    row.get_by_role("button", name="Retire").click()
    expect(row).to_contain_text("Sold no more")
    admin.get_by_role("button", name="Undo").click()
    expect(row).not_to_contain_text("Sold no more")


def make_team(page: Page, name: str, *, below: str = "") -> None:
    page.get_by_role("link", name="Create").first.click()
    dialog = page.get_by_role("dialog", name="Create team")
    dialog.get_by_label("Name").fill(name)
    if below:
        dialog.get_by_label("Below").select_option(label=below)
    dialog.get_by_role("button", name="Save team").click()
    expect(page.get_by_role("row").filter(has_text=name)).to_be_visible()


def test_fields_and_stages_are_set_up_on_a_phone(admin: Page) -> None:
    open_at(admin, "/admin/fields?of=opportunity", "Custom fields", PHONE)
    for label, kind in (("Contract", "text"), ("Level", "choice")):
        admin.get_by_role("link", name="Add").first.click()
        dialog = admin.get_by_role("dialog", name="Add a field to deals")
        dialog.get_by_label("Label").fill(label)
        dialog.get_by_label("Kind").select_option(kind)
        dialog.get_by_role("button", name="Save field").click()
        if kind == "choice":
            expect(dialog.get_by_text("Enter at least one choice").first).to_be_visible()
            dialog.get_by_label("Options").fill("Gold\nSilver")
            dialog.get_by_role("button", name="Save field").click()
        expect(admin.get_by_role("row").filter(has_text=label)).to_be_visible()
    level = admin.get_by_role("row").filter(has_text="custom.level")
    level.get_by_role("button", name="Move up").click()
    expect(admin.get_by_role("row").nth(1)).to_contain_text("Level")
    level.get_by_role("button", name="Retire").click()
    expect(level).to_contain_text("Retired")
    level.get_by_role("button", name="Use again").click()
    expect(level).not_to_contain_text("Retired")

    open_at(admin, "/admin/pipelines", "Pipelines", PHONE)
    admin.get_by_role("link", name="Add stage").click()
    dialog = admin.get_by_role("dialog", name="Add a stage to Sales")
    dialog.get_by_label("Name").fill("Pilot")
    dialog.get_by_label("Probability").fill("160")
    dialog.get_by_role("button", name="Save stage").click()
    expect(dialog.get_by_text("is not between 0 and 100").first).to_be_visible()
    dialog.get_by_label("Probability").fill("60")
    dialog.get_by_role("button", name="Save stage").click()
    pilot = admin.get_by_role("row").filter(has_text="Pilot")
    expect(pilot).to_contain_text("60 %")
    pilot.get_by_role("link", name="Remove").click()
    admin.get_by_role("dialog", name="Remove the stage Pilot?").get_by_role("button", name="Remove stage").click()
    expect(pilot).to_have_count(0)
