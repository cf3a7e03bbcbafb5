"""Every page in both sizes and themes: nothing serious for axe, no sideways scrolling, one heading, targets to hit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import PHONE, WIDE

# Path, the heading to wait for, and the dialog that the address opens, if any.
PAGES = [
    ("/today", "Today", ""),
    ("/today#import", "Today", "Import activity"),
    ("/feed", "Feed", ""),
    ("/feed#shortcuts", "Feed", "Help and shortcuts"),
    ("/actions", "Actions", ""),
    ("/actions#plan", "Actions", "New action"),
    ("/actions?show=board", "Actions", ""),
    ("/actions?show=calendar", "Actions", ""),
    ("/today#log", "Today", "Log what happened"),
    ("/actions/numbers", "Action numbers", ""),
    ("/admin/rules", "Rules", ""),
    ("/admin/templates", "Templates", ""),
    ("/admin/templates#template", "Templates", "New template"),
    ("/admin/rules#new-rule", "Rules", "New rule"),
    ("/trash", "Trash and changes", ""),
    ("/trash?tab=changes", "Trash and changes", ""),
    ("/profile", "Profile", ""),
    ("/inbox", "Inbox", ""),
    ("/inbox?tab=mentions", "Inbox", ""),
    ("/admin/users", "Users and roles", ""),
    ("/admin/users#invite", "Users and roles", "Invite a colleague"),
    ("/admin/users#role", "Users and roles", "Create role"),
    ("/admin/teams#team", "Teams", "Create team"),
    ("/admin/assignment", "Assignment", ""),
    ("/admin/assignment?territory=new#territory", "Assignment", "Create territory"),
    ("/admin/fields#own-field", "Custom fields", "Add a field to accounts"),
    ("/admin/pipelines", "Pipelines", ""),
    ("/admin/products#product", "Products", "Add product"),
    ("/admin/imports", "Imports", ""),
    ("/admin/imports?step=file", "Imports", ""),
    ("/admin/keys#create", "API keys", "Create API key"),
    ("/admin/audit", "Audit trail", ""),
    ("/admin/company", "Company", ""),
    ("/admin/flags", "Features", ""),
    ("/admin/health", "Health", ""),
]
DOORS = [
    ("/sign-in", "Sign in"),
    ("/reset", "Reset your password"),
    ("/reset?token=x", "Reset your password"),
    ("/invitation?token=x", "Join your team"),
    ("/no-such-page", "There is nothing here"),
]
LOOKS = [
    pytest.param((WIDE, "light"), id="1280-light"),
    pytest.param((PHONE, "dark"), id="390-dark"),
    pytest.param((WIDE, "dark"), id="1280-dark", marks=pytest.mark.slow),
    pytest.param((PHONE, "light"), id="390-light", marks=pytest.mark.slow),
]
PROBE = """() => {
  const shown = {visibilityProperty: true, opacityProperty: true};
  const seen = e => e.checkVisibility(shown) && e.getBoundingClientRect().width > 1;
  const small = [...document.querySelectorAll('button, a[href], input, select')].filter(seen).filter(e => {
    const r = e.getBoundingClientRect();
    return (r.width < 24 || r.height < 24) && getComputedStyle(e).display !== 'inline';
  });
  const tiny = [...document.querySelectorAll('body *')].filter(e => seen(e)
    && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) < 12);
  return {
    sideways: Math.max(0, document.documentElement.scrollWidth - innerWidth),
    small: small.map(e => e.outerHTML.slice(0, 90)),
    tiny: tiny.map(e => e.outerHTML.slice(0, 90)),
    headings: document.querySelectorAll('h1').length,
  };
}"""


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest, chromium: Browser, instance: Instance, tenant: Tenant) -> Iterator[Page]:
    """A page of the administrator in one size and theme."""
    size, theme = request.param
    context = chromium.new_context(
        base_url=instance.url,
        viewport=size,
        color_scheme=theme,
        is_mobile=size is PHONE,
        has_touch=size is PHONE,
        reduced_motion="reduce",
    )
    instance.sign_in(context, tenant.email, tenant.password)
    yield context.new_page()
    context.close()


# What turns for ever, as a spinner does, is no movement to wait for.
STILL = """() => document.getAnimations().every(
  one => one.playState !== "running" || one.effect?.getTiming().iterations === Infinity)"""


def wrong_with(page: Page) -> list[str]:
    """What a machine can find wrong in what is shown, once nothing moves or fades in any more."""
    page.wait_for_function(STILL)
    found = page.evaluate(PROBE)
    wrong = [f"{name}: {value}" for name, value in found.items() if name != "headings" and value]
    wrong += [] if found["headings"] == 1 else [f"{found['headings']} headings of level 1"]
    for violation in Axe().run(page).response["violations"]:
        if violation["impact"] in ("serious", "critical"):
            wrong.append(f"axe {violation['id']}: {violation['nodes'][0]['html'][:120]}")
    return wrong


def test_pages_are_accessible(look: Page) -> None:
    wrong = {}
    for path, heading, dialog in PAGES:
        look.goto("about:blank")
        look.goto(path)
        expect(look.get_by_role("heading", level=1, name=heading, include_hidden=True)).to_be_visible()
        expect(look.locator("main .skeleton")).to_have_count(0)
        if dialog:
            expect(look.get_by_role("dialog", name=dialog)).to_be_visible()
        wrong[path] = wrong_with(look)
    assert {path: found for path, found in wrong.items() if found} == {}


def test_doors_are_accessible(look: Page) -> None:
    look.context.clear_cookies()
    wrong = {}
    for path, heading in DOORS:
        look.goto(path)
        expect(look.get_by_role("heading", level=1, name=heading)).to_be_visible()
        wrong[path] = wrong_with(look)
    assert {path: found for path, found in wrong.items() if found} == {}
