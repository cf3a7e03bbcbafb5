"""Every byte that a page's socket brings, on every page, for each role: only what the role may see, no secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, WebSocket

from salescompass.ui import routes
from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import post_event

ROLES = ["rep", "manager", "marketer", "admin"]
PATHS = [place.href for place in routes.PLACES] + [routes.PROFILE]
# What Reflex itself sends about the request.
REQUEST = {"rx_router_headers", "rx_router_page", "rx_router_session", "rx_router_url", "rx_router_route_id"}
SECRET_NAMES = ("password_hash", "token_hash", "key_hash", "secret", "previous_hash")
STRANGER = "Canary-Winter-Orchard"


@pytest.fixture(scope="module")
def stranger(instance: Instance) -> Tenant:
    """Another tenant, with a record whose name must never be seen."""
    other = instance.tenant()
    key = instance.command("key", "create", "--tenant", other.slug, "--name", STRANGER, "--scopes", "*")["key"]
    answer = post_event(instance, key, account={"name": STRANGER}, contact={"name": STRANGER})
    assert answer.status_code == 201, answer.text
    return other


@pytest.fixture
def inside(chromium: Browser, instance: Instance) -> Iterator[BrowserContext]:
    """A browser behind a proxy that adds headers for somebody else's eyes."""
    headers = {"X-Internal-Token": "inside-only", "X-Forwarded-Secret": "hush-hush"}
    opened = chromium.new_context(base_url=instance.url, extra_http_headers=headers)
    yield opened
    opened.close()


def _record(page: Page) -> list[str]:
    frames: list[str] = []

    def opened(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(frame if isinstance(frame, str) else frame.decode()))

    page.on("websocket", opened)
    return frames


def _variables(frames: list[str]) -> Iterator[tuple[str, str, Any]]:
    """Each variable that was sent: its state, its name, its value."""
    for frame in frames:
        if not frame.startswith("42/_event,"):
            continue
        _, update = json.loads(frame.split(",", 1)[1])
        for state, values in (update.get("delta") or {}).items() if isinstance(update, dict) else ():
            for name, value in values.items():
                yield state, name.removesuffix("_rx_state_"), value


@pytest.mark.parametrize("role", ROLES)
def test_the_socket_brings_what_the_role_may_see(
    inside: BrowserContext, instance: Instance, tenant: Tenant, stranger: Tenant, role: str
) -> None:
    email, password = instance.user(tenant, role)
    instance.sign_in(inside, email, password)
    page = inside.new_page()
    frames = _record(page)
    for path in PATHS:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(400)
    text = "".join(frames)
    assert email in text, "the positive control: the member's own address is on every page"

    for cookie in inside.cookies():
        assert cookie["value"] not in text, cookie["name"]
    for secret in ("inside-only", "hush-hush", "x_internal", password, *SECRET_NAMES):
        assert secret not in text, secret
    for foreign in (STRANGER, stranger.slug, stranger.tenant_id):
        assert foreign not in text, foreign
    if role == "rep":
        assert tenant.email not in text, "a rep's pages show no list of members"
    for state, name, _ in _variables(frames):
        assert not name.startswith("_"), f"{state}.{name}"
        assert name in REQUEST or "salescompass" in state or name in ("is_hydrated",), f"{state}.{name}"


def test_nobody_gets_nothing(inside: BrowserContext, tenant: Tenant, stranger: Tenant) -> None:
    page = inside.new_page()
    frames = _record(page)
    for path in [*PATHS, routes.SIGN_IN, routes.RESET, routes.INVITATION]:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(300)
    text = "".join(frames)
    assert "/sign-in" in text
    for foreign in (STRANGER, stranger.slug, tenant.slug, tenant.email, "inside-only"):
        assert foreign not in text
