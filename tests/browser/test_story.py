"""The first day: a colleague joins, a file arrives live, an application posts, the trail tells, others see nothing."""

from __future__ import annotations

import csv
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import SIZES, cuttable, letter_to, open_at, post_event, size_name

ROWS = 400


def _activity(folder: Path) -> Path:
    """A file of what people did: a third of them with a company, one row in ten made by a machine."""
    chance, file = random.Random(5), folder / "activity.csv"
    at = datetime.now(UTC) - timedelta(days=40)
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(
            ["occurred_at", "person_email", "person_name", "company_domain", "company_name", "activity", "actor"]
        )
        for n in range(ROWS):
            at += timedelta(hours=chance.random() * 4)
            who = chance.randrange(40)
            company = [f"firm{who}.example", f"Firm {who}"] if who % 3 == 0 else ["", ""]
            actor = "machine" if n % 10 == 0 else "human"
            email = f"person{who}@mail.example"
            rows.writerow([at.isoformat(), email, f"Person {who}", *company, "commit", actor])
    return file


def _sign_in_by_hand(page: Page, tenant: Tenant) -> None:
    page.goto("/")
    page.get_by_label("Work email").fill(tenant.email)
    page.get_by_label("Password", exact=True).fill(tenant.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()


def _invite(page: Page, email: str) -> None:
    page.get_by_role("link", name="Invite a colleague").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Email").fill(email)
    dialog.get_by_label("Name").fill("Rosa Lind")
    dialog.get_by_role("checkbox", name="Rep").check()
    dialog.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_role("row").filter(has_text=email)).to_contain_text("Invited")


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_the_first_day(
    chromium: Browser, context: BrowserContext, instance: Instance, size: dict[str, int], tmp_path: Path
) -> None:
    ours, strangers = instance.tenant(), instance.tenant()
    admin = context.new_page()
    admin.set_viewport_size(size)
    _sign_in_by_hand(admin, ours)

    email = f"rosa@{ours.slug}.example"
    open_at(admin, "/admin/users", "Users and roles", size)
    _invite(admin, email)

    # The rep joins by the letter, on a browser of her own, and opens the feed.
    hers = chromium.new_context(base_url=instance.url, viewport=size)  # type: ignore[arg-type]
    rep = hers.new_page()
    rep.goto(letter_to(instance, email))
    rep.get_by_label("Your name").fill("Rosa Lind")
    rep.get_by_label("Choose a password").fill("nine quiet lamps ashore")
    rep.keyboard.press("Enter")
    expect(rep.get_by_role("heading", level=1, name="Today")).to_be_visible()
    open_at(rep, "/feed", "Feed", size)
    expect(rep.get_by_text("No events yet")).to_be_visible()

    theirs = chromium.new_context(base_url=instance.url, viewport=size)  # type: ignore[arg-type]
    instance.sign_in(theirs, strangers.email, strangers.password)
    stranger = theirs.new_page()
    open_at(stranger, "/feed", "Feed", size)

    # A file arrives while the feed is open.
    file = _activity(tmp_path)
    done = instance.command("import", "events", str(file), "--tenant", ours.slug, "--shift-dates", "now")
    assert (done["created"], done["updated"], done["skipped"], done["failed"]) == (ROWS, 0, 0, 0)
    rows = rep.locator("ul.events > li")
    expect(rows.first).to_be_visible()
    again = instance.command("import", "events", str(file), "--tenant", ours.slug, "--shift-dates", "now")
    assert (again["created"], again["skipped"]) == (0, ROWS)

    # An application posts one more.
    key = instance.command("key", "create", "--tenant", ours.slug, "--name", "shop", "--scopes", "events:write")["key"]
    answer = post_event(instance, key, contact={"email": "devin@kan-code.example", "name": "Devin Okafor"})
    assert answer.status_code == 201
    pill = rep.get_by_role("button", name="new").or_(rep.get_by_text("Devin Okafor"))
    expect(pill.first).to_be_visible()
    if rep.get_by_role("button", name="new").count():
        rep.get_by_role("button", name="new").click()
    expect(rep.get_by_text("Devin Okafor").first).to_be_visible()

    # The trail tells who did what; strangers saw nothing of it.
    open_at(admin, "/admin/audit", "Audit trail", size)
    expect(admin.locator("main")).to_contain_text("shop")
    expect(admin.locator("main")).to_contain_text("Rosa Lind")
    expect(stranger.get_by_text("No events yet")).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_text("No events yet")).to_be_visible()
    assert "Devin" not in stranger.content()
    hers.close()
    theirs.close()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_text_survives_a_cut_socket_a_second_tab_and_a_reload(
    context: BrowserContext, instance: Instance, tenant: Tenant, size: dict[str, int]
) -> None:
    instance.sign_in(context, tenant.email, tenant.password)
    cut = cuttable(context)
    page = context.new_page()
    open_at(page, "/admin/users", "Users and roles", size)
    page.get_by_role("link", name="Invite a colleague").first.click()
    name = page.get_by_role("dialog").get_by_label("Name")
    name.fill("Half a na")
    cut()
    expect(name).to_have_value("Half a na")
    name.press_sequentially("me")
    expect(name).to_have_value("Half a name")
    page.wait_for_timeout(700)  # drafts are kept a moment after the last key

    second = context.new_page()
    open_at(second, "/admin/users", "Users and roles", size)
    second.get_by_role("link", name="Invite a colleague").first.click()
    expect(second.get_by_role("dialog").get_by_label("Name")).to_have_value("Half a name")

    # The dialog is part of the address, so it opens again by itself.
    page.reload()
    expect(page.get_by_role("dialog").get_by_label("Name")).to_have_value("Half a name")
