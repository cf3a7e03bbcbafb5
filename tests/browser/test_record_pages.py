"""The page of one record: facts changed in place, tags, notes, people, deals, a lead that is converted, the trash."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import PHONE, SIZES, WIDE, open_at, size_name
from tests.browser.test_accessibility import LOOKS, wrong_with


@pytest.fixture
def own(instance: Instance) -> Tenant:
    """A tenant without records."""
    return instance.tenant()


@pytest.fixture
def key(instance: Instance, own: Tenant) -> str:
    """A key of its."""
    return str(instance.command("key", "create", "--tenant", own.slug, "--name", "Test", "--scopes", "*")["key"])


@pytest.fixture
def rep(context: BrowserContext, instance: Instance, own: Tenant) -> Page:
    """A page of a rep of that tenant."""
    instance.sign_in(context, *instance.user(own, "rep"))
    return context.new_page()


def _made(instance: Instance, key: str, kind: str, **fields: Any) -> str:
    answer = httpx.post(
        f"{instance.url}/api/v1/{kind}", json=fields, headers={"Authorization": f"Bearer {key}"}, timeout=30
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _part(page: Page, size: dict[str, int], name: str) -> None:
    """On phones, turn to a part of the page."""
    if size == PHONE:
        page.get_by_role("navigation", name="Parts of this page").get_by_role("link", name=name).click()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_an_account_is_changed_where_its_facts_stand(
    rep: Page, instance: Instance, key: str, size: dict[str, int]
) -> None:
    _made(instance, key, "accounts", name="Above Ltd")
    account = _made(instance, key, "accounts", name="Kan-code", industry="Software", domain="kan-code.example")
    open_at(rep, f"/accounts/{account}", "Kan-code", size)
    _part(rep, size, "Facts")
    industry = rep.get_by_role("button", name="Industry: Software. Change")
    industry.focus()
    industry.press("Enter")
    field = rep.get_by_role("textbox", name="Industry")
    field.fill("Robots")
    field.press("Escape")
    expect(industry).to_be_focused()
    industry.press("F2")
    field.fill("Robots")
    field.press("Enter")
    expect(rep.get_by_role("button", name="Industry: Robots. Change")).to_be_focused()
    rep.get_by_role("button", name="Undo").click()
    expect(industry).to_be_visible()

    rep.get_by_role("button", name="Change Domain").click()
    rep.get_by_role("textbox", name="Domain").fill("no domain")
    rep.get_by_role("button", name="Save", exact=True).click()
    expect(rep.locator(".field-error")).to_contain_text("give one like acme.com")
    rep.get_by_role("button", name="Cancel").click()

    rep.get_by_text("fields without a value").click()
    rep.get_by_role("button", name="Parent company: nothing. Change").click()
    above = rep.get_by_role("combobox", name="Parent company")
    above.press_sequentially("abov")
    expect(rep.locator("datalist option")).to_have_attribute("value", "Above Ltd")
    above.fill("Above Ltd")
    above.press("Enter")
    expect(rep.get_by_role("link", name="Above Ltd")).to_be_visible()

    rep.get_by_role("button", name="Add tag").click()
    rep.get_by_role("textbox", name="New tag").fill("Key account")
    rep.get_by_role("button", name="Add tag").click()
    expect(rep.get_by_role("list", name="Tags")).to_contain_text("Key account")
    rep.get_by_role("button", name="Take off the tag Key account").click()
    expect(rep.get_by_role("list", name="Tags").get_by_text("Key account")).to_have_count(0)
    expect(rep.locator(".changes-card")).to_contain_text("Industry: Robots to Software")
    expect(rep.locator(".changes-card")).to_contain_text("over the API")


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_notes_people_and_deals_are_added_from_the_account(
    rep: Page, instance: Instance, key: str, size: dict[str, int]
) -> None:
    account = _made(instance, key, "accounts", name="Kan-code")
    open_at(rep, f"/accounts/{account}", "Kan-code", size)
    _part(rep, size, "Timeline")
    rep.get_by_label("Write a note").fill("Their plan: https://kan-code.example/plan. Ask <b>Ada</b>")
    rep.get_by_role("button", name="Save note").click()
    body = rep.locator(".note-body")
    expect(body).to_have_text("Their plan: https://kan-code.example/plan. Ask <b>Ada</b>")
    expect(body.get_by_role("link")).to_have_attribute("href", "https://kan-code.example/plan")
    rep.get_by_role("button", name="Edit note").click()
    rep.get_by_role("textbox", name="Note", exact=True).fill("They decide in March")
    rep.get_by_role("button", name="Save", exact=True).click()
    expect(body).to_have_text("They decide in March")
    rep.get_by_role("button", name="Delete note").click()
    expect(body).to_have_count(0)
    rep.get_by_role("button", name="Undo").click()
    expect(body).to_have_text("They decide in March")

    _part(rep, size, "People")
    rep.get_by_role("link", name="Add person").click()
    person = rep.get_by_role("dialog", name="Add a person")
    person.get_by_label("Name").fill("Ada Lovelace")
    person.get_by_label("Email").fill("no address")
    person.get_by_role("button", name="Add person").click()
    expect(person.get_by_text("give one like ada@acme.com")).to_be_visible()
    person.get_by_label("Email").fill("ada@kan-code.example")
    person.get_by_role("button", name="Add person").click()
    expect(rep.locator(".people")).to_contain_text("Ada Lovelace")

    rep.get_by_role("link", name="Add deal").click()
    deal = rep.get_by_role("dialog", name="Add a deal")
    deal.get_by_label("Name").fill("Spring order")
    deal.get_by_label("Amount").fill("12,500")
    deal.get_by_label("Close date").fill("2035-03-31")
    deal.get_by_role("button", name="Add deal").click()
    expect(rep.get_by_role("heading", level=1, name="Spring order")).to_be_visible()
    rep.get_by_role("link", name="Add person").click()
    part = rep.get_by_role("dialog", name="Add a person to the deal")
    part.get_by_label("Part").select_option("Champion")
    part.get_by_role("button", name="Add person").click()
    expect(rep.locator(".deal-people")).to_contain_text("Ada Lovelace")
    rep.get_by_role("button", name="Move to Qualification").click()
    expect(rep.locator("[aria-current=step]")).to_contain_text("Qualification")
    rep.get_by_role("link", name="Kan-code").first.click()
    expect(rep.get_by_role("heading", level=1, name="Kan-code")).to_be_visible()
    expect(rep.locator(".deal-rows")).to_contain_text("Spring order")
    expect(rep.locator(".deals-card")).to_contain_text("12,500 open")
    if size == WIDE:
        expect(rep.locator(".planned")).to_contain_text("Spring order should close")
    _part(rep, size, "People")
    expect(rep.locator(".people")).to_contain_text("Champion")
    _part(rep, size, "Timeline")
    titles = rep.locator(".timeline .event .title")
    expect(titles).to_have_count(3)
    expect(titles.first).to_have_text("Spring order moved from Prospecting to Qualification")
    rep.get_by_role("navigation", name="What the timeline tells").get_by_role("link", name="Notes").click()
    expect(titles).to_have_count(1)
    expect(rep).to_have_url(re.compile("only=note"))


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_a_deal_without_an_account_takes_any_person_in_reach(
    rep: Page, instance: Instance, key: str, size: dict[str, int]
) -> None:
    deal = _made(instance, key, "opportunities", name="Loose end")
    _made(instance, key, "contacts", name="Grace Hopper", email="grace@navy.example")
    open_at(rep, f"/opportunities/{deal}", "Loose end", size)
    rep.get_by_role("link", name="Add person").click()
    part = rep.get_by_role("dialog", name="Add a person to the deal")
    expect(part.get_by_text("Type a name to find somebody")).to_be_visible()
    part.get_by_label("Find a person").fill("nobody at all")
    expect(part.get_by_text("Nobody you see is called so")).to_be_visible()
    part.get_by_label("Find a person").fill("hopper")
    expect(part.get_by_label("Person", exact=True)).to_contain_text("Grace Hopper")
    part.get_by_label("Part").select_option("Champion")
    part.get_by_role("button", name="Add person").click()
    expect(rep.locator(".deal-people")).to_contain_text("Grace Hopper")


def test_a_lead_is_converted_and_an_account_goes_to_the_trash_and_back(rep: Page, instance: Instance, key: str) -> None:
    lead = _made(instance, key, "leads", name="Sofia Kowalewski", source="Fair", phone="+44 20 7946 0000")
    open_at(rep, f"/contacts/{lead}", "Sofia Kowalewski", WIDE)
    expect(rep.locator("#facts").get_by_role("link", name="+44 20 7946 0000")).to_have_attribute(
        "href", "tel:+442079460000"
    )
    rep.get_by_role("link", name="Convert").click()
    dialog = rep.get_by_role("dialog", name="Make a contact of this lead")
    dialog.get_by_label("Account").fill("Nordwind")
    dialog.get_by_label("Deal to open").fill("First order")
    dialog.get_by_role("button", name="Convert").click()
    expect(rep.locator(".deal-rows")).to_contain_text("First order")
    expect(rep.locator(".deal-rows")).to_contain_text("Champion")
    expect(rep.locator("#facts")).to_contain_text("Fair")
    expect(rep.get_by_role("link", name="Convert")).to_have_count(0)

    rep.locator(".about-line").get_by_role("link", name="Nordwind").click()
    expect(rep.get_by_role("heading", level=1, name="Nordwind")).to_be_visible()
    rep.get_by_role("button", name="More", exact=True).click()
    rep.get_by_role("button", name="Move to trash").click()
    expect(rep.get_by_role("heading", level=1, name="In the trash")).to_be_visible()
    rep.get_by_role("button", name="Bring it back").click()
    expect(rep.get_by_role("heading", level=1, name="Nordwind")).to_be_visible()


def test_what_two_change_at_once_is_told(rep: Page, instance: Instance, key: str) -> None:
    account = _made(instance, key, "accounts", name="Kan-code", industry="Software")
    open_at(rep, f"/accounts/{account}", "Kan-code", WIDE)
    rep.get_by_role("button", name="Industry: Software. Change").click()
    field = rep.get_by_role("textbox", name="Industry")
    field.fill("Robots")
    url, headers = f"{instance.url}/api/v1/accounts/{account}", {"Authorization": f"Bearer {key}"}
    assert httpx.patch(url, json={"industry": "Toys", "city": "Oslo"}, headers=headers).status_code == 200
    expect(rep.locator("#facts")).to_contain_text("Oslo")
    expect(field).to_have_value("Robots")
    field.press("Enter")
    expect(rep.locator(".field-error")).to_contain_text("it is “Toys” now")
    field.press("Enter")
    expect(rep.get_by_role("button", name="Industry: Robots. Change")).to_be_visible()
    expect(rep.locator(".changes-card")).to_contain_text(re.compile("Industry: Toys to Robots"))


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_wrong_with_the_pages_of_records(
    rep: Page, instance: Instance, key: str, look: tuple[dict[str, int], str]
) -> None:
    size, theme = look
    rep.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    long = "A company whose name is long enough to break on a phone of this width"
    account = _made(instance, key, "accounts", name=long, domain="kan-code.example", tags=["Key"], city="Oslo")
    person = _made(instance, key, "contacts", name="Ada Lovelace", email="ada@kan-code.example", account_id=account)
    for path, heading in ((f"/accounts/{account}", long), (f"/contacts/{person}", "Ada Lovelace")):
        for part in ("", "?tab=timeline", "?tab=facts"):
            open_at(rep, path + part, heading, size)
            assert wrong_with(rep) == [], path + part
