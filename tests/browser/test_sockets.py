"""The socket from outside: who may open it, what it may carry, how fast, and when it ends."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest

from salescompass.ui.limits import LONGEST_FRAME
from salescompass.ui.namespace import WATCH_SECONDS
from tests.browser.conftest import Instance, Tenant
from tests.browser.wire import HYDRATE, Closed, Refused, Wire

SHELL = "reflex___state____state.salescompass___ui___shell_state____shell_state"
LOAD = f"{SHELL}.load"
SignIn = Callable[[str, str], str]


@pytest.fixture
def sign_in(instance: Instance) -> SignIn:
    """The Cookie header of a new session."""

    def act(email: str, password: str) -> str:
        body = {"email": email, "password": password}
        answer = httpx.post(f"{instance.url}/auth/sign-in", json=body, headers={"Origin": instance.url})
        assert answer.status_code == 200, answer.text
        return "; ".join(f"{name}={value}" for name, value in answer.cookies.items())

    return act


@pytest.fixture
def cookie(sign_in: SignIn, tenant: Tenant) -> str:
    """A session of the shared tenant's administrator."""
    return sign_in(tenant.email, tenant.password)


def test_a_page_of_ours_may_open_a_socket(instance: Instance, cookie: str, tenant: Tenant) -> None:
    with Wire(instance.url, cookie=cookie) as wire:
        wire.send(LOAD)
        assert tenant.email in wire.wait_for("email_rx_state_")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1"])
def test_a_foreign_page_may_not(instance: Instance, cookie: str, origin: str) -> None:
    with pytest.raises(Refused):
        Wire(instance.url, cookie=cookie, origin=origin)


def test_without_origin_only_a_session_opens_a_socket(instance: Instance, cookie: str) -> None:
    with pytest.raises(Refused):
        Wire(instance.url, origin=None)
    with pytest.raises(Refused):
        Wire(instance.url, origin=None, cookie=cookie.split("=")[0] + "=" + "A" * 43)
    with Wire(instance.url, origin=None, cookie=cookie) as wire:
        wire.send(LOAD)
        wire.wait_for("email_rx_state_")


@pytest.mark.parametrize("token", ["x", "' OR 1=1", "a" * 500])
def test_a_token_that_is_none_is_refused(instance: Instance, token: str) -> None:
    with pytest.raises(Refused):
        Wire(instance.url, token=token)


def test_a_frame_over_the_cap_ends_the_socket(instance: Instance, cookie: str) -> None:
    with Wire(instance.url, cookie=cookie) as wire:
        wire.send(LOAD, {"text": "x" * (LONGEST_FRAME // 2)})
        wire.listen(0.5)
        wire.say("42/_event," + json.dumps(["event", "x" * LONGEST_FRAME]))
        assert wire.is_closed_within(10)


@pytest.mark.parametrize(
    "frame",
    [
        "42/_event,[",
        "42/_event," + "[" * 5000,
        '42/_event,["event",{"name":5}]',
        '42/_event,["event",[]]',
        '42/_event,["event",{"name":"reflex___state____state.setvar","payload":{"var_name":"x","value":1}}]',
        '42/_event,["event",{"name":"os.system","payload":{}}]',
        '42/_event,["nothing",{}]',
        "51-",
        "9",
        "",
    ],
)
def test_frames_that_are_nonsense_harm_nobody(instance: Instance, cookie: str, frame: str) -> None:
    with Wire(instance.url, cookie=cookie) as wire:
        wire.say(frame)
        with contextlib.suppress(Closed):
            wire.listen(0.5)
        assert "Traceback" not in "".join(wire.heard)
    with Wire(instance.url, cookie=cookie) as wire:
        wire.send(LOAD)
        wire.wait_for("email_rx_state_")


def test_a_flood_is_throttled_and_ended_while_others_are_served(
    instance: Instance, sign_in: SignIn, cookie: str, tenant: Tenant
) -> None:
    sent = 0

    def pour(wire: Wire) -> None:
        nonlocal sent
        begin = time.monotonic()
        with contextlib.suppress(Closed, OSError):
            while time.monotonic() - begin < 40:
                for _ in range(300):
                    wire.send(LOAD)
                    sent += 1
                time.sleep(0.1)

    with Wire(instance.url, cookie=sign_in(tenant.email, tenant.password)) as flood:
        poured = threading.Thread(target=pour, args=(flood,), daemon=True)
        poured.start()
        answered = 0
        while poured.is_alive():
            with Wire(instance.url, cookie=cookie) as other:
                other.send(LOAD)
                other.wait_for("email_rx_state_", seconds=10)
                answered += 1
        assert answered >= 3
        assert flood.is_closed_within(10)
        assert len(flood.heard) < sent


def test_a_revoked_session_ends_its_sockets(instance: Instance, sign_in: SignIn, tenant: Tenant) -> None:
    cookie = sign_in(tenant.email, tenant.password)
    with Wire(instance.url, cookie=cookie) as wire:
        wire.send(LOAD)
        wire.wait_for("email_rx_state_")
        answer = httpx.post(f"{instance.url}/auth/sign-out", headers={"Origin": instance.url, "Cookie": cookie})
        assert answer.status_code < 400, answer.text
        assert WATCH_SECONDS < 45
        assert wire.is_closed_within(60)


def test_a_tokens_state_is_not_handed_to_another_session(instance: Instance, cookie: str, tenant: Tenant) -> None:
    token = str(uuid4())
    with Wire(instance.url, cookie=cookie, token=token) as wire:
        wire.send(LOAD)
        wire.wait_for("email_rx_state_")
    for stranger in ("", cookie.split("=")[0] + "=" + "A" * 43):
        for _ in range(6):  # there are several web processes
            with Wire(instance.url, cookie=stranger, token=token) as wire:
                wire.send(HYDRATE)
                wire.wait_for("email_rx_state_")
                assert tenant.email not in "".join(wire.heard)


def test_no_header_and_no_secret_comes_back(instance: Instance, cookie: str) -> None:
    headers = {"X-Internal-Token": "inside-only", "Authorization": "Bearer not-yours", "X-Forwarded-Secret": "hush"}
    with Wire(instance.url, cookie=cookie, headers=headers) as wire:
        wire.send(HYDRATE)
        wire.send(LOAD)
        wire.listen(2.0)
    said = "".join(wire.heard).lower()
    session = cookie.split("=", 1)[1].split(";")[0].lower()
    for secret in ("inside-only", "not-yours", "hush", session, "x-internal"):
        assert secret not in said


def test_no_token_is_in_the_logs(instance: Instance, cookie: str) -> None:
    with Wire(instance.url, cookie=cookie) as wire:
        wire.send(LOAD)
        wire.wait_for("email_rx_state_")
        token = wire.token
    session = cookie.split("=", 1)[1].split(";")[0]
    for log in [instance.log, *(instance.data / "logs").rglob("*.log")]:
        text = log.read_text(errors="replace")
        assert token not in text, log.name
        assert session not in text, log.name
