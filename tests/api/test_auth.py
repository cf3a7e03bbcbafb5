"""Signing in over HTTP: what the cookies are, what is answered, and who is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from salescompass import identity, notifications
from salescompass.api import build_app
from salescompass.kit import jobs
from salescompass.kit.database import system_session, tenant_session
from salescompass.kit.settings import settings

PASSWORD = "long enough for everybody"
_numbers = count(1)


@pytest.fixture
def browser(servers: dict[str, str]) -> Iterator[TestClient]:
    """A browser of its own, at an address of its own."""
    number = next(_numbers)
    with TestClient(
        build_app(), base_url=settings().base_url, client=(f"198.19.0.{number}", 5000), follow_redirects=False
    ) as client:
        yield client


@pytest.fixture
def https(servers: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A browser at an installation with TLS."""
    monkeypatch.setenv("SALESCOMPASS_PUBLIC_URL", "https://crm.example")
    settings.cache_clear()
    with TestClient(build_app(), base_url="https://crm.example", client=("198.19.1.1", 5000)) as client:
        yield client
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def email(tenant: UUID) -> str:
    """The address of a rep of `tenant`."""
    found = f"rep{next(_numbers)}@doors.example"
    with tenant_session(tenant) as session:
        identity.create_user(session, email=found, password=PASSWORD, role="rep", name="Rita Rep")
    return found


def set_cookies(response) -> dict[str, str]:  # type: ignore[no-untyped-def]
    """The Set-Cookie headers, by the cookie's name."""
    return {line.split("=", 1)[0]: line for line in response.headers.get_list("set-cookie")}


def sign_in(browser: TestClient, email: str, **more: str):  # type: ignore[no-untyped-def]
    return browser.post("/auth/sign-in", json={"email": email, "password": PASSWORD, **more})


def test_signing_in_sets_cookies_no_script_can_read(browser: TestClient, email: str) -> None:
    response = sign_in(browser, email)
    assert (response.status_code, response.json()) == (200, {"ok": True, "next": "/today"})
    cookies = set_cookies(response)
    assert set(cookies) == {f"sc_{settings().instance_id}", f"scd_{settings().instance_id}"}
    for line in cookies.values():
        parts = {part.strip().lower() for part in line.split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= parts
        assert not any(part.startswith("domain") for part in parts)
        assert "secure" not in parts, "this installation is not reached by TLS"
    token = browser.cookies[identity.session_cookie()]
    actor = identity.authenticate(token)
    assert actor is not None
    assert actor.email == email
    assert token not in response.text


def test_with_tls_the_cookies_are_secure_and_bound_to_the_host(https: TestClient, email: str) -> None:
    cookies = set_cookies(sign_in(https, email))
    assert set(cookies) == {f"__Host-sc_{settings().instance_id}", f"__Host-scd_{settings().instance_id}"}
    assert all("; secure" in line.lower() and "; path=/" in line.lower() for line in cookies.values())


def test_a_token_planted_before_signing_in_is_worth_nothing_after(browser: TestClient, email: str) -> None:
    planted = "A" * 43
    browser.cookies.set(identity.session_cookie(), planted)
    response = sign_in(browser, email)
    token = re.match(r"[^=]+=([^;]+)", set_cookies(response)[identity.session_cookie()])
    assert token is not None
    assert token[1] != planted
    assert identity.authenticate(planted) is None


def test_signing_in_again_ends_the_session_this_browser_had(browser: TestClient, email: str) -> None:
    sign_in(browser, email)
    first = browser.cookies[identity.session_cookie()]
    device = browser.cookies[identity.device_cookie()]
    sign_in(browser, email)
    assert browser.cookies[identity.session_cookie()] != first
    assert browser.cookies[identity.device_cookie()] == device
    assert identity.authenticate(first) is None


def test_signing_out_ends_the_session_and_takes_the_cookie(browser: TestClient, email: str) -> None:
    sign_in(browser, email)
    token = browser.cookies[identity.session_cookie()]
    response = browser.post("/auth/sign-out", json={})
    assert response.json() == {"ok": True, "next": "/sign-in"}
    assert "max-age=0" in set_cookies(response)[identity.session_cookie()].lower()
    assert identity.session_cookie() not in browser.cookies
    assert identity.device_cookie() in browser.cookies, "the browser stays known"
    assert identity.authenticate(token) is None
    assert browser.post("/auth/sign-out").status_code == 200


def test_a_refusal_names_the_field_and_sets_nothing(browser: TestClient, email: str) -> None:
    response = browser.post("/auth/sign-in", json={"email": email, "password": "a wrong one"})
    unknown = browser.post("/auth/sign-in", json={"email": "nobody@doors.example", "password": "a wrong one"})
    assert (response.status_code, response.headers["content-type"]) == (401, "application/problem+json")
    assert response.json() == unknown.json()
    assert response.json()["errors"] == [
        {"pointer": "/email", "message": "Email or password is wrong, or the account is closed"}
    ]
    assert set_cookies(response) == {}


def test_too_many_failures_say_when_to_come_back(browser: TestClient, email: str) -> None:
    for _ in range(10):
        browser.post("/auth/sign-in", json={"email": email, "password": "a wrong one"})
    response = sign_in(browser, email)
    assert response.status_code == 429
    assert 1 <= int(response.headers["retry-after"]) <= 2


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/feed?day=2026-11-20", "/feed?day=2026-11-20"),
        ("//evil.example", "/today"),
        ("https://evil.example", "/today"),
        ("/\\evil.example", "/today"),
        ("/feed\r\nSet-Cookie: x=y", "/today"),
        ("javascript:alert(1)", "/today"),
        ("/" + "x" * 600, "/today"),
    ],
)
def test_one_is_led_to_pages_of_ours_only(browser: TestClient, email: str, wanted: str, given: str) -> None:
    assert sign_in(browser, email, next=wanted).json()["next"] == given


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "null",
        "[]",
        "not json",
        '{"email": 1, "password": {}}',
        '{"email": "a@b.example"}',
        '{"email": "x", "password": "' + "x" * 5000 + '"}',
        '{"email": "\\u0000", "password": "\\ud800"}',
    ],
)
def test_nonsense_is_refused_without_a_stumble(browser: TestClient, body: str) -> None:
    response = browser.post("/auth/sign-in", content=body, headers={"content-type": "application/json"})
    assert response.status_code in (401, 422)


@pytest.mark.parametrize("path", ["sign-in", "sign-out", "invitation", "reset-request", "reset", "switch-tenant"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_body_is_not_read_to_its_end(browser: TestClient, path: str, chunked: bool) -> None:
    content = (b" " * 10_000 for _ in range(7)) if chunked else b" " * 70_000
    response = browser.post(f"/auth/{path}", content=content, headers={"content-type": "application/json"})
    assert (response.status_code, response.json()["type"]) == (413, "/problems/too_large")


def test_a_body_nested_too_deep_is_a_problem_of_the_sender(browser: TestClient) -> None:
    for content in (b"[" * 60_000, b'{"email":' * 7_000):
        response = browser.post("/auth/sign-in", content=content, headers={"content-type": "application/json"})
        assert (response.status_code, response.json()["type"]) == (422, "/problems/invalid")


def test_a_form_of_another_kind_is_not_read(browser: TestClient, email: str) -> None:
    response = browser.post("/auth/sign-in", data={"email": email, "password": PASSWORD})
    assert response.status_code == 422
    assert set_cookies(response) == {}


def link(tenant: UUID) -> str:
    jobs.deliver(tenant, "mail", lambda row: notifications.deliver(tenant, row.id, row.payload))
    newest = max((settings().data / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    found = re.search(r"\?token=([\w-]+)", newest.read_text())
    assert found is not None
    return found[1]


def test_an_invitation_is_accepted_and_one_is_in(browser: TestClient, tenant: UUID) -> None:
    with tenant_session(tenant) as session:
        identity.invite(
            session, identity.system_actor(tenant), email="new@doors.example", name="New", role_keys=["rep"]
        )
    token = link(tenant)
    refused = browser.post("/auth/invitation", json={"token": token, "name": "New", "password": "short"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/password")
    body = {"token": token, "name": "New One", "password": PASSWORD}
    response = browser.post("/auth/invitation", json=body)
    assert response.json() == {"ok": True, "next": "/today"}
    actor = identity.authenticate(browser.cookies[identity.session_cookie()])
    assert actor is not None
    assert actor.name == "New One"
    again = browser.post("/auth/invitation", json=body)
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (422, "/token")


def test_a_forgotten_password_is_replaced_by_a_link(browser: TestClient, tenant: UUID, email: str) -> None:
    sign_in(browser, email)
    session = browser.cookies[identity.session_cookie()]
    known = browser.post("/auth/reset-request", json={"email": email})
    unknown = browser.post("/auth/reset-request", json={"email": "nobody@doors.example"})
    assert (known.status_code, known.json(), known.headers.get_list("set-cookie")) == (200, {"ok": True}, [])
    assert (unknown.status_code, unknown.json()) == (known.status_code, known.json())
    response = browser.post("/auth/reset", json={"token": link(tenant), "password": "another long sentence"})
    assert response.json() == {"ok": True, "next": "/sign-in"}
    assert identity.authenticate(session) is None
    assert sign_in(browser, email).status_code == 401
    renewed = browser.post("/auth/sign-in", json={"email": email, "password": "another long sentence"})
    assert renewed.status_code == 200


def test_switching_to_another_tenant_gives_another_session(
    browser: TestClient, make_tenant: Callable[[], UUID], email: str
) -> None:
    second, foreign = make_tenant(), make_tenant()
    with tenant_session(second) as session:
        identity.create_user(session, email=email, password=PASSWORD, role="manager")
    assert browser.post("/auth/switch-tenant", json={"tenant_id": str(second)}).status_code == 401
    sign_in(browser, email)
    first = browser.cookies[identity.session_cookie()]
    assert browser.post("/auth/switch-tenant", json={"tenant_id": str(foreign)}).status_code == 404
    assert browser.post("/auth/switch-tenant", json={"tenant_id": "no id"}).status_code == 422
    assert browser.post("/auth/switch-tenant", json={"tenant_id": str(second)}).status_code == 200
    actor = identity.authenticate(browser.cookies[identity.session_cookie()])
    assert actor is not None
    assert (actor.tenant_id, actor.roles) == (second, ("manager",))
    assert identity.authenticate(first) is None


def test_refreshing_a_young_session_changes_nothing(browser: TestClient, email: str) -> None:
    assert browser.post("/auth/refresh").json() == {"ok": True}
    sign_in(browser, email)
    response = browser.post("/auth/refresh")
    assert (response.json(), set_cookies(response)) == ({"ok": True}, {})


def test_refreshing_a_day_old_session_gives_a_new_cookie_and_the_old_one_stays_good(
    browser: TestClient, email: str
) -> None:
    sign_in(browser, email)
    old = browser.cookies[identity.session_cookie()]
    actor = identity.authenticate(old)
    assert actor is not None
    with system_session() as system:
        system.connection().execute(
            text("UPDATE session SET created_at = created_at - interval '25 hours' WHERE id = :id"),
            {"id": actor.session_id},
        )
    response = browser.post("/auth/refresh")
    assert "httponly" in set_cookies(response)[identity.session_cookie()].lower()
    fresh = browser.cookies[identity.session_cookie()]
    assert fresh != old
    assert identity.authenticate(fresh) is not None
    assert identity.authenticate(old) is not None, "open pages keep the cookie their socket was opened with"
    assert set_cookies(browser.post("/auth/refresh")) == {}


def test_the_trail_knows_the_address_as_trusted_proxies_tell_it(
    browser: TestClient, tenant: UUID, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def address_of_last_sign_in() -> str:
        with tenant_session(tenant) as session:
            return identity.audit_entries(session, action="session.signed_in").items[0].ip

    browser.headers["x-forwarded-for"] = "203.0.113.77"
    sign_in(browser, email)
    assert address_of_last_sign_in().startswith("198.19.0.")
    monkeypatch.setenv("SALESCOMPASS_TRUSTED_PROXIES", "198.19.0.0/16")
    settings.cache_clear()
    sign_in(browser, email)
    monkeypatch.undo()
    settings.cache_clear()
    assert address_of_last_sign_in() == "203.0.113.77"
