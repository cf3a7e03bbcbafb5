"""Steps that several browser tests take: open a page at a size, read a letter, post an event, cut the socket."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default

import httpx
from playwright.sync_api import BrowserContext, Page, ViewportSize, WebSocketRoute, expect

from tests.browser.conftest import Instance

WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
SIZES = [WIDE, PHONE]


def size_name(size: dict[str, int]) -> str:
    """How a test at this size is called."""
    return str(size["width"])


def open_at(page: Page, path: str, heading: str, size: dict[str, int] = WIDE) -> None:
    """Open a page and wait until it is awake and has its facts."""
    page.set_viewport_size(ViewportSize(width=size["width"], height=size["height"]))
    page.goto(path)
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    expect(page.locator("main .skeleton")).to_have_count(0)


def post_event(instance: Instance, key: str, **body: object) -> httpx.Response:
    """Send an event as an application does."""
    event = {"type": "pricing_viewed", **body}
    return httpx.post(f"{instance.url}/api/v1/events", json=event, headers={"Authorization": f"Bearer {key}"})


def letter_to(instance: Instance, address: str, *, patience: float = 30.0) -> str:
    """The link in the newest letter to an address; waits for the worker that sends it."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        for file in sorted((instance.data / "mail").glob("*"), key=lambda one: one.stat().st_mtime, reverse=True):
            message = message_from_bytes(file.read_bytes(), policy=default)
            if address in str(message["To"]):
                body = message.get_body(("plain",))
                assert body is not None
                found = re.search(r"https?://\S+", body.get_content())
                assert found, body.get_content()
                return found[0].rstrip(".)")
        time.sleep(0.2)
    raise AssertionError(f"no letter to {address}")


def cuttable(context: BrowserContext) -> Callable[[], None]:
    """Put a wire cutter on every socket the pages of a context open from now on; call it to cut them all."""
    routes: list[tuple[WebSocketRoute, WebSocketRoute]] = []

    def join(route: WebSocketRoute) -> None:
        routes.append((route, route.connect_to_server()))

    context.route_web_socket(re.compile("/_event"), join)

    def cut() -> None:
        assert routes, "no page has opened a socket"
        for route, server in routes:
            server.close()
            route.close(code=1012, reason="cut by the test")
        routes.clear()

    return cut
