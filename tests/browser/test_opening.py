"""Opening a page is one event; what listens goes on while other views of the same page are opened, and not longer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.browser.conftest import Instance, Tenant
from tests.browser.steps import post_event
from tests.browser.wire import Wire

OPEN = "reflex___state____state.reflex___state____on_load_internal_state.on_load_internal"
OPENED, ROWS, NEW = '"is_hydrated_rx_state_":true', '"days_rx_state_"', '"fresh_rx_state_":'
Post = Callable[[], None]


@pytest.fixture
def own(instance: Instance) -> Tenant:
    """A tenant without events."""
    return instance.tenant()


@pytest.fixture
def post(instance: Instance, own: Tenant) -> Post:
    """Send it an event; one is there already."""
    key = str(instance.command("key", "create", "--tenant", own.slug, "--name", "Test", "--scopes", "*")["key"])

    def act() -> None:
        assert post_event(instance, key, contact={"email": "ada@engines.example"}).status_code == 201

    act()
    return act


@pytest.fixture
def wire(instance: Instance, own: Tenant) -> Iterator[Wire]:
    """The socket of its administrator's page."""
    body = {"email": own.email, "password": own.password}
    answer = httpx.post(f"{instance.url}/auth/sign-in", json=body, headers={"Origin": instance.url})
    with Wire(instance.url, cookie="; ".join(f"{name}={value}" for name, value in answer.cookies.items())) as found:
        yield found


def test_what_a_page_has_is_not_sent_again_and_another_view_of_it_still_hears(wire: Wire, post: Post) -> None:
    wire.send(OPEN, path="/feed")
    wire.wait_for(OPENED)
    wire.listen(1)
    before = len(wire.heard)
    wire.send(OPEN, path="/feed", type="pricing_viewed")
    wire.wait_for(OPENED)
    wire.listen(1)
    assert [one for one in wire.heard[before:] if ROWS in one]
    before = len(wire.heard)
    wire.send(OPEN, path="/feed", type="pricing_viewed")
    wire.wait_for(OPENED)
    assert not [one for one in wire.heard[before:] if ROWS in one], "what is there already was sent again"
    post()
    assert f"{NEW}1" in wire.wait_for(NEW)


def test_a_page_that_was_left_hears_nothing_any_more(wire: Wire, post: Post) -> None:
    for path in ("/feed", "/today"):
        wire.send(OPEN, path=path)
        wire.wait_for(OPENED)
    wire.listen(1)
    post()
    assert not [one for one in wire.listen(3) if NEW in one]
    wire.send(OPEN, path="/feed")
    wire.wait_for(OPENED)
    wire.listen(1)
    post()
    assert f"{NEW}2" in wire.wait_for(NEW), "one came while the page was another"
