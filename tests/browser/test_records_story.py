"""A company's records from file to file: brought in, filtered, kept as a view, opened, a deal moved, a person given a
part, the list written out. By keyboard alone on a desktop and by touch alone on a phone, and no page is loaded anew."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import PHONE, WIDE

FILE = b"Name,Domain,Industry\nKan-code Works,kan-code.example,Software\nRiver Mills,river.example,Paper\n"
_MARK = "window.scNeverReloaded = true"
Press = Callable[[Locator], None]


@pytest.fixture
def own(instance: Instance) -> Tenant:
    """A tenant in which a deal and a person wait for their company."""
    return instance.tenant()


def _by_keys(target: Locator) -> None:
    """As somebody without a mouse does: the focus goes there, Enter acts."""
    target.focus()
    expect(target).to_be_focused()
    target.page.keyboard.press("Enter")


def _by_touch(target: Locator) -> None:
    target.tap()


def _prepare(instance: Instance, own: Tenant) -> None:
    """What belongs to the company of the file: somebody who works there, and a deal."""
    key = instance.command("key", "create", "--tenant", own.slug, "--name", "Test", "--scopes", "*")["key"]
    with httpx.Client(base_url=f"{instance.url}/api/v1", headers={"Authorization": f"Bearer {key}"}) as api:
        (account,) = [one for one in api.get("/accounts").json()["items"] if one["name"] == "Kan-code Works"]
        api.post("/contacts", json={"name": "Devin Okafor", "account_id": account["id"]}).raise_for_status()
        deal = {"name": "Kan-code spring order", "account_id": account["id"]}
        api.post("/opportunities", json=deal).raise_for_status()


@pytest.mark.slow
@pytest.mark.parametrize(("size", "press"), [(WIDE, _by_keys), (PHONE, _by_touch)], ids=["1280-keys", "390-touch"])
def test_from_a_file_to_a_moved_deal_and_out_again(
    chromium: Browser, instance: Instance, own: Tenant, size: dict[str, int], press: Press
) -> None:
    touch = size is PHONE
    context = chromium.new_context(base_url=instance.url, viewport=size, has_touch=touch, is_mobile=touch)  # type: ignore[arg-type]
    instance.sign_in(context, own.email, own.password)
    page = context.new_page()
    page.goto("/today")
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()
    page.evaluate(_MARK)
    _bring_in(page, press, touch=touch)
    _prepare(instance, own)
    _filter_and_keep(page, press, touch=touch)
    _move_and_join(page, press, touch=touch)
    _write_out(page, press, touch=touch)
    assert page.evaluate("window.scNeverReloaded") is True
    context.close()


def _go(page: Page, words: str, *, touch: bool) -> None:
    """To a page or a record by the palette."""
    if touch:
        page.get_by_role("button", name="Search", exact=True).tap()
    else:
        page.keyboard.press("Control+k")
    page.get_by_placeholder("Search records, pages and actions").fill(words)
    first = page.get_by_role("option").first
    expect(first).to_contain_text(re.compile(words, re.IGNORECASE))
    if touch:
        first.tap()
    else:
        expect(first).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Search and commands")).to_have_count(0)


def _bring_in(page: Page, press: Press, *, touch: bool) -> None:
    _go(page, "Import a file", touch=touch)
    page.get_by_label("What the rows are").select_option(label="Accounts")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "companies.csv", "mimeType": "text/csv", "buffer": FILE}
    )
    press(page.get_by_role("button", name="Upload and continue"))
    expect(page.get_by_label("Field of the column Domain")).to_have_value("domain")
    press(page.get_by_role("button", name="Check every row"))
    press(page.get_by_role("button", name="Import 2 rows"))
    expect(page.get_by_label("Rows", exact=True)).to_contain_text(re.compile(r"Created\s*2"))


def _filter_and_keep(page: Page, press: Press, *, touch: bool) -> None:
    _go(page, "Accounts", touch=touch)
    expect(page.get_by_role("heading", level=1, name="Accounts")).to_be_visible()
    rows = page.locator("tbody .row-link")
    expect(rows).to_have_count(2)
    press(page.get_by_role("link", name="Filter", exact=True))
    panel = page.locator(".panel")
    panel.get_by_role("combobox", name="Field").select_option("industry")
    panel.get_by_role("textbox", name="Industry").fill("software")
    expect(panel.get_by_role("status")).to_contain_text("1 of 2 accounts")
    press(panel.get_by_role("link", name="Apply").or_(panel.get_by_role("button", name="Apply")))
    expect(rows).to_have_text(["Kan-code Works"])
    press(page.get_by_role("link", name="Save view"))
    dialog = page.get_by_role("dialog", name="Save view")
    dialog.get_by_label("Name").fill("Software houses")
    press(dialog.get_by_role("button", name="Save view"))
    views = page.get_by_role("navigation", name="Views of accounts")
    expect(views.get_by_role("link", name="Software houses")).to_have_attribute("aria-current", "page")
    press(rows.first)
    expect(page.get_by_role("heading", level=1, name="Kan-code Works")).to_be_visible()


def _move_and_join(page: Page, press: Press, *, touch: bool) -> None:
    _go(page, "Kan-code spring", touch=touch)
    expect(page.get_by_role("heading", level=1, name="Kan-code spring order")).to_be_visible()
    stages = page.get_by_role("list", name="Stages")
    press(stages.get_by_role("button", name="Proposal"))
    expect(stages.locator("[aria-current=step]")).to_contain_text("Proposal")
    press(page.get_by_role("link", name="Add person").first)
    dialog = page.get_by_role("dialog", name="Add a person to the deal")
    dialog.get_by_label("Person").select_option(label="Devin Okafor")
    dialog.get_by_label("Part").select_option("champion")
    press(dialog.get_by_role("button", name="Add person"))
    expect(page.locator(".deal-people")).to_contain_text("Devin Okafor")
    expect(page.locator(".deal-people")).to_contain_text("Champion")


def _write_out(page: Page, press: Press, *, touch: bool) -> None:
    _go(page, "Accounts", touch=touch)
    expect(page.get_by_role("heading", level=1, name="Accounts")).to_be_visible()
    press(page.get_by_role("navigation", name="Views of accounts").get_by_role("link", name="Software houses"))
    expect(page.locator("tbody .row-link")).to_have_count(1)
    press(page.get_by_role("link", name="Export"))
    dialog = page.get_by_role("dialog", name="Export accounts")
    with page.expect_download() as saved:
        press(dialog.get_by_role("button", name=re.compile("Export")))
    text = saved.value.path().read_text(encoding="utf-8-sig")
    assert "Kan-code Works" in text
    assert "River Mills" not in text
