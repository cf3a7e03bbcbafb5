"""No other site's page acts with a member's cookie, and no GET changes anything."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from salescompass import identity
from salescompass.api import auth, build_app
from salescompass.kit.database import tenant_session
from salescompass.kit.settings import settings

ROUTES = [route for route in auth.router.routes if isinstance(route, APIRoute)]
BODY = {"email": "rep@csrf.example", "password": "long enough for everybody", "token": "x" * 43, "name": "N",
        "tenant_id": str(UUID(int=1))}  # fmt: skip

FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:1"},
    {"origin": "http://127.0.0.1.evil.example:8000"},
    {"origin": "http://evil.example@127.0.0.1:8000"},
    {"origin": ""},
    {"origin": "file://"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": "OWN"},
    {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
]
OWN = [
    {},
    {"origin": "OWN"},
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "same-origin", "origin": "OWN"},
    {"sec-fetch-site": "none"},
]


@pytest.fixture
def browser(tenant: UUID) -> Iterator[TestClient]:
    """Somebody signed in."""
    with tenant_session(tenant) as session:
        email = f"rep@{tenant.hex}.example"
        identity.create_user(session, email=email, password=BODY["password"], role="rep")
    with TestClient(build_app(), base_url=settings().base_url, client=("198.19.2.1", 5000)) as client:
        assert client.post("/auth/sign-in", json={**BODY, "email": email}).status_code == 200
        yield client


def headers(given: dict[str, str]) -> dict[str, str]:
    return {name: settings().base_url if value == "OWN" else value for name, value in given.items()}


@pytest.mark.parametrize("path", sorted(route.path for route in ROUTES))
def test_another_sites_page_is_refused_at_every_route(browser: TestClient, path: str) -> None:
    token = browser.cookies[identity.session_cookie()]
    for foreign in FOREIGN:
        response = browser.post(path, json=BODY, headers=headers(foreign))
        assert response.status_code == 403, foreign
        assert "set-cookie" not in response.headers
    assert identity.authenticate(token) is not None


@pytest.mark.parametrize("path", sorted(route.path for route in ROUTES))
def test_our_own_pages_and_programs_are_heard(browser: TestClient, path: str) -> None:
    for own in OWN:
        assert browser.post(path, json=BODY, headers=headers(own)).status_code != 403, own


def test_behind_a_proxy_the_public_address_is_ours(browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESCOMPASS_PUBLIC_URL", "https://crm.example")
    settings.cache_clear()
    accepted = browser.post("/auth/refresh", headers={"origin": "https://crm.example"})
    plain = browser.post("/auth/refresh", headers={"origin": "http://crm.example"})
    monkeypatch.undo()
    settings.cache_clear()
    assert (accepted.status_code, plain.status_code) == (200, 403)


@pytest.mark.parametrize("path", sorted(route.path for route in ROUTES))
def test_a_get_changes_nothing(browser: TestClient, path: str) -> None:
    token = browser.cookies[identity.session_cookie()]
    for response in (browser.get(path), browser.head(path), browser.get(path, params=BODY)):
        assert response.status_code == 405
        assert "set-cookie" not in response.headers
    assert identity.authenticate(token) is not None


def test_every_route_here_is_a_post() -> None:
    assert len(ROUTES) >= 7
    assert {method for route in ROUTES for method in route.methods} == {"POST"}
