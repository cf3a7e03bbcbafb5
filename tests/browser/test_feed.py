"""The feed and Today: what customers do appears by itself, newest first, and never moves what one reads."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import PHONE, SIZES, open_at, post_event, size_name


@pytest.fixture
def own(instance: Instance) -> Tenant:
    """A tenant without events."""
    return instance.tenant()


@pytest.fixture
def key(instance: Instance, own: Tenant) -> str:
    """A key of its."""
    made = instance.command("key", "create", "--tenant", own.slug, "--name", "Test", "--scopes", "*")
    return str(made["key"])


@pytest.fixture
def reader(context: BrowserContext, instance: Instance, own: Tenant) -> Page:
    """A page of its administrator."""
    instance.sign_in(context, own.email, own.password)
    return context.new_page()


@pytest.mark.parametrize("size", SIZES, ids=size_name)
def test_the_first_event_appears_by_itself_and_the_next_wait_behind_a_pill(
    reader: Page, instance: Instance, key: str, size: dict[str, int]
) -> None:
    open_at(reader, "/feed", "Feed", size)
    expect(reader.get_by_role("heading", name="No events yet")).to_be_visible()
    ada = {"name": "Ada Lovelace", "email": "ada@engines.example"}
    assert post_event(instance, key, contact=ada, account={"name": "Engines Ltd"}).status_code == 201
    first = reader.get_by_role("listitem").filter(has_text="Ada Lovelace viewed pricing")
    expect(first).to_contain_text("Engines Ltd")
    place = first.bounding_box()

    assert post_event(instance, key, type="demo_requested", contact=ada).status_code == 201
    assert post_event(instance, key, type="signed_up", contact=ada).status_code == 201
    pill = reader.get_by_role("button", name="2 new")
    expect(pill).to_be_visible()
    assert first.bounding_box() == place
    expect(reader.get_by_text("asked for a demo")).to_have_count(0)
    pill.click()
    expect(reader.locator(".event")).to_have_text([re.compile("signed up"), re.compile("demo"), re.compile("pricing")])
    expect(pill).to_have_count(0)


def test_older_events_come_page_by_page(reader: Page, instance: Instance, key: str) -> None:
    for n in range(2):
        events = [
            {
                "type": "page_viewed",
                "contact": {"email": f"p{n}-{i}@engines.example"},
                "properties": {"page": f"p{n}-{i}"},
            }
            for i in range(60)
        ]
        _bulk(instance, key, events)
    open_at(reader, "/feed", "Feed")
    expect(reader.locator(".event")).to_have_count(50)
    reader.get_by_role("button", name="Load more").click()
    expect(reader.locator(".event")).to_have_count(100)
    reader.get_by_role("button", name="Load more").click()
    expect(reader.locator(".event")).to_have_count(120)
    expect(reader.get_by_text("That is everything.")).to_be_visible()
    seen = reader.locator(".event .detail").all_inner_texts()
    assert len(set(seen)) == 120
    expect(reader.get_by_role("heading", level=2)).to_have_text(["Today"])


def test_machines_are_named_as_such(reader: Page, instance: Instance, key: str) -> None:
    person = {"email": "bot@crawl.example", "name": "Crawler"}
    assert post_event(instance, key, type="link_clicked", contact=person, actor="machine").status_code == 201
    open_at(reader, "/feed", "Feed", PHONE)
    expect(reader.get_by_role("heading", name="No signals yet")).to_be_visible()
    reader.get_by_role("link", name="Look at the noise").click()
    expect(reader.locator(".event").first).to_contain_text("Machine")


def test_another_tenant_sees_none_of_it(
    reader: Page, context: BrowserContext, instance: Instance, key: str, tenant: Tenant
) -> None:
    post_event(instance, key, contact={"name": "Secret Person", "email": "s@engines.example"})
    open_at(reader, "/feed", "Feed")
    expect(reader.get_by_text("Secret Person").first).to_be_visible()
    instance.sign_in(context, tenant.email, tenant.password)
    other = context.new_page()
    open_at(other, "/feed", "Feed")
    expect(other.get_by_text("Secret Person")).to_have_count(0)


def test_today_begins_with_steps_that_exist_and_goes_on_with_counts(reader: Page, instance: Instance, key: str) -> None:
    open_at(reader, "/today", "Today")
    expect(reader.get_by_role("heading", name="What your customers do will appear here")).to_be_visible()
    reader.get_by_role("link", name=re.compile("Import activity A CSV")).click()
    expect(reader.get_by_role("dialog", name="Import activity")).to_contain_text("./compass import events")
    reader.keyboard.press("Escape")
    reader.get_by_role("link", name=re.compile("Invite a colleague So that")).click()
    expect(reader.get_by_role("dialog", name="Invite a colleague")).to_be_visible()
    reader.go_back()
    assert post_event(instance, key, contact={"name": "Ada", "email": "ada@engines.example"}).status_code == 201
    expect(reader.get_by_text("Ada viewed pricing")).to_be_visible()
    line = reader.get_by_role("link", name=re.compile("What customers did today: 1 event, 1 person"))
    expect(line).to_be_visible(timeout=20_000)
    line.click()
    expect(reader.get_by_role("heading", level=1, name="Feed")).to_be_visible()


def _bulk(instance: Instance, key: str, events: list[dict[str, object]]) -> None:
    answer = httpx.post(
        f"{instance.url}/api/v1/events/bulk", json={"events": events}, headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.json()["created"] == len(events)
