"""The same with the screens: an account's page opened before the first kill shows the last score, never reloaded."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import FLAGS

from .comparing import compare
from .conftest import House
from .killing import open_tenant, send_and_kill
from .sending import Sender
from .story import WATCHED, Story

RING = ".strip .ring > .num"
_LOADS = "performance.getEntriesByType('navigation').length + performance.timeOrigin"


@contextmanager
def _account_page(house: House, slug: str, account: str) -> Iterator[Page]:
    """The account's page, open in a browser of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        context = browser.new_context(base_url=house.api)
        told = {"email": f"a@{slug}.example", "password": f"pass phrase {slug}"}
        assert context.request.post("/auth/sign-in", data=told, headers={"Origin": house.api}).ok
        page = context.new_page()
        page.goto(f"/accounts/{account}")
        expect(page.get_by_role("heading", level=1, name=WATCHED)).to_be_visible(timeout=60_000)
        expect(page.locator(RING)).to_have_text("1", timeout=30_000)
        yield page
        browser.close()


@pytest.mark.slow
@pytest.mark.browser
def test_fifty_thousand_events_while_everything_is_killed(house_at: Callable[..., Any]) -> None:
    with house_at(lease=60, sweep=5, monitor=5, screens=True) as house:
        tenant, slug, key = open_tenant(house)
        sender = Sender(house, key, Story(50_000, people=1000), seconds=310, exactly=100)
        with httpx.Client(base_url=f"{house.api}/api/v1", headers={"Authorization": f"Bearer {key}"}) as client:
            # The first event of the account that is watched, so that it has a page; it is sent again with the others.
            assert client.post("/events", json=sender.story.event(999)).status_code == 201
            account = client.get("/accounts").json()["items"][0]["id"]
            house.wait(lambda: client.get(f"/accounts/{account}/score").json()["score"] > 0, 30, "the first score")
        with _account_page(house, slug, account) as page:
            loads, shown = page.evaluate(_LOADS), set()
            kills = send_and_kill(
                house,
                sender,
                dict.fromkeys(("workers", "valkey", "postgres", "web"), 6),
                lambda: shown.update(page.locator(RING).all_inner_texts()),
            )
            print(
                f"kills {dict(kills.done)}, the last at {kills.sent_at_last:.1%}; sent in {kills.seconds:.0f} s, "
                f"{sender.tried_again} requests tried again; resumed after {max(kills.resumed):.1f} s at most; "
                f"page showed {sorted(shown, key=len)}"
            )
            answer = httpx.get(
                f"{house.api}/api/v1/accounts/{account}/score", headers={"Authorization": f"Bearer {key}"}
            )
            final = float(answer.json()["score"])
            # The ring shows whole points, rounded down.
            house.wait(lambda: abs(int(page.locator(RING).inner_text()) + 0.5 - final) <= 0.6, 120, f"page: {final}")
            assert page.evaluate(_LOADS) == loads, "the page was loaded again"
        compare(house, tenant, sender.story)
    assert min(kills.done.values()) >= 5, kills.done
    assert kills.seconds >= 300
