"""Whoever may only read records meets no button that would be refused, on any page of theirs."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import SIZES, open_at, size_name
from tests.browser.test_accessibility import wrong_with

WRITES = re.compile(
    r"(New|Add|Edit|Delete|Move|Change|Close as|Convert|Bring|Take|Select|Undo|Write|Tags|Save note|Export|Import)\b"
)
LISTS = {"/accounts": "Accounts", "/contacts": "Contacts", "/leads": "Leads", "/opportunities": "Deals"}


@pytest.fixture
def own(instance: Instance) -> Tenant:
    """A tenant of its own."""
    return instance.tenant()


@pytest.fixture
def records(instance: Instance, own: Tenant) -> dict[str, str]:
    """The pages of one record of each kind, and what they are called."""
    key = instance.command("key", "create", "--tenant", own.slug, "--name", "Test", "--scopes", "*")["key"]
    with httpx.Client(base_url=f"{instance.url}/api/v1", headers={"Authorization": f"Bearer {key}"}) as api:

        def made(kind: str, **fields: str) -> str:
            answer = api.post(f"/{kind}", json=fields)
            answer.raise_for_status()
            return str(answer.json()["id"])

        account = made("accounts", name="Kan-code", industry="Software")
        contact = made("contacts", name="Devin Okafor", account_id=account, email="devin@kan-code.example")
        lead = made("leads", name="Ada Lind")
        deal = made("opportunities", name="Spring order", account_id=account)
    return {
        f"/accounts/{account}": "Kan-code",
        f"/contacts/{contact}": "Devin Okafor",
        f"/contacts/{lead}": "Ada Lind",
        f"/opportunities/{deal}": "Spring order",
    }


@pytest.fixture
def reader(context: BrowserContext, instance: Instance, own: Tenant) -> Page:
    """A page of somebody whose role lets them read records and the feed."""
    instance.sign_in(context, own.email, own.password)
    admin = context.new_page()
    open_at(admin, "/admin/users#role", "Users and roles")
    dialog = admin.get_by_role("dialog", name="Create role")
    dialog.get_by_label("Name").fill("Reader")
    for permission in ("records.read", "feed.read", "account.self"):
        dialog.locator(f"input[value='{permission}']").check()
    dialog.get_by_role("button", name="Save role").click()
    expect(admin.get_by_role("row").filter(has_text="Reader")).to_be_visible()
    admin.close()
    context.clear_cookies()
    instance.sign_in(context, *instance.user(own, "reader"))
    return context.new_page()


def _acts(page: Page) -> list[str]:
    """What can be pressed in the page, by its words."""
    hits = page.get_by_role("main").locator("button:visible, a:visible, input[type=checkbox]:visible").all()
    return [(hit.get_attribute("aria-label") or hit.inner_text()).strip() for hit in hits]


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_who_only_reads_meets_no_button_that_writes(
    reader: Page, records: dict[str, str], size: dict[str, int]
) -> None:
    pages = {**LISTS, "/opportunities/board": "Deals", **records}
    for path, heading in pages.items():
        open_at(reader, path, heading, size)
        expect(reader.get_by_role("main")).to_contain_text(re.compile("Kan-code|Devin|Ada Lind|Spring order"))
        assert [one for one in _acts(reader) if WRITES.match(one)] == [], path
        assert wrong_with(reader) == [], path
        reader.goto(f"{path}#new")
        expect(reader.get_by_role("heading", level=1, name=heading)).to_be_visible()
        expect(reader.get_by_role("dialog")).to_have_count(0)
    open_at(reader, next(path for path in records if "opportunities" in path), "Spring order", size)
    stages = reader.get_by_role("list", name="Stages")
    expect(stages.locator("[aria-current=step]")).to_contain_text("Prospecting")
    expect(stages.get_by_role("button")).to_have_count(0)
