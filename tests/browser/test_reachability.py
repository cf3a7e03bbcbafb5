"""The running product is walked from its entry as each role: all is reached in three clicks, and no link is dead."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from salescompass.ui import routes
from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import post_event

CLICKS = 3
ROUTES = {value for name, value in vars(routes).items() if name.isupper() and str(value).startswith("/")}
# Pages that nobody clicks to from inside.
DOORS = {
    routes.HOME: "leads to Today",
    routes.SIGN_IN: "is where the walk of those who are not signed in begins",
    routes.RESET: "is reached from there",
    routes.INVITATION: "is reached from a letter",
}
# What each role's walk must see at least; an administrator sees everything.
SEEN = {
    "rep": {routes.TODAY, routes.FEED, routes.ACCOUNT, routes.CONTACT, routes.LEADS, routes.BOARD, routes.DEAL},
    "marketer": {routes.TODAY, routes.IMPORTS, routes.EXPORTS},
    "manager": {routes.TODAY, routes.USERS, routes.IMPORTS, routes.EXPORTS},
    "admin": ROUTES - set(DOORS),
}
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
# Sheets of an action are drawn when they are opened; the tests of Today open them.
_SHEET = re.compile(r"(done|snooze|dismiss|delegate|more)-[0-9a-f-]{36}")
_LINKS = "() => [...document.querySelectorAll('a[href]:not([download])')].map((a) => a.href)"
_OPENS = "(names) => names.filter((name) => !document.getElementById(name))"


@pytest.fixture(scope="module")
def company(instance: Instance) -> Tenant:
    """A tenant with a record of each kind."""
    own = instance.tenant()
    key = str(instance.command("key", "create", "--tenant", own.slug, "--name", "Test", "--scopes", "*")["key"])
    with httpx.Client(base_url=f"{instance.url}/api/v1", headers={"Authorization": f"Bearer {key}"}) as api:
        ada = {"name": "Ada Lovelace", "email": "ada@engines.example"}
        event = post_event(instance, key, contact=ada, account={"name": "Engines Ltd", "domain": "engines.example"})
        assert event.status_code == 201, event.text
        for path, body in (("/leads", {"name": "Mary Somerville"}), ("/opportunities", {"name": "Spring order"})):
            api.post(path, json=body).raise_for_status()
    return own


def _route(path: str) -> str:
    """The route that an address is of: each record's page is one page."""
    return _ID.sub("[record_id]", path.rstrip("/") or "/")


def _look(page: Page, path: str) -> tuple[set[str], list[str]]:
    """Where a page's links lead inside the product, and what is wrong with it."""
    page.goto(path)
    heading = page.get_by_role("heading", level=1).first
    expect(heading).to_be_attached()
    expect(page.locator("main .skeleton")).to_have_count(0)
    wrong = [f"{path} is no page"] if "nothing here" in (heading.text_content() or "") else []
    here = urlsplit(page.url)
    links = [urlsplit(one) for one in page.evaluate(_LINKS)]
    own = [one for one in links if one.netloc == here.netloc and not re.match("/(auth|files|api|docs)/", one.path)]
    names = {unquote(one.fragment) for one in own if one.fragment and one.path == here.path}
    names = {name for name in names if not _SHEET.fullmatch(name)}
    wrong += [f"{path}: nothing opens at #{name}" for name in page.evaluate(_OPENS, sorted(names))]
    return {one.path for one in own}, wrong


def _walk(page: Page, start: str) -> tuple[dict[str, int], list[str]]:
    """Every route that is reached from a page, by how many clicks, and what is wrong on the way."""
    clicks = {start: 0}
    waiting, wrong = [start], []
    while waiting:
        path = waiting.pop(0)
        found, flaws = _look(page, path)
        wrong += flaws
        for one in sorted(found):
            if _route(one) not in clicks:
                clicks[_route(one)] = clicks[_route(path)] + 1
                waiting.append(one)
    return clicks, wrong


@pytest.mark.parametrize(
    "role",
    [
        "admin",
        "rep",
        pytest.param("manager", marks=pytest.mark.slow),
        pytest.param("marketer", marks=pytest.mark.slow),
    ],
)
def test_every_page_is_reached_and_no_link_is_dead(
    context: BrowserContext, instance: Instance, company: Tenant, role: str
) -> None:
    who = (company.email, company.password) if role == "admin" else instance.user(company, role)
    instance.sign_in(context, *who)
    page = context.new_page()
    if role == "admin":
        page.goto(f"{routes.TODAY}#plan")
        sheet = page.locator("dialog#plan")
        sheet.get_by_label("What", exact=True).fill("Call somebody")
        sheet.get_by_role("button", name="Today").click()
        expect(page.get_by_text("Added: Call somebody")).to_be_visible()
    clicks, wrong = _walk(page, routes.TODAY)
    assert wrong == []
    assert {path: n for path, n in clicks.items() if n > CLICKS} == {}
    assert SEEN[role] - set(clicks) == set()
    assert set(clicks) - ROUTES == set()


def test_who_is_not_signed_in_finds_the_doors(page: Page) -> None:
    clicks, wrong = _walk(page, routes.SIGN_IN)
    assert (set(clicks), wrong) == ({routes.SIGN_IN, routes.RESET}, [])
