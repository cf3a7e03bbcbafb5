"""HTTP from outside: headers on every answer, and no write that another site's page started."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.browser.conftest import Instance

WRITES = ["/auth/sign-in", "/auth/sign-out", "/api/v1/events", "/feed", "/no-such-path"]
PAGES = ["/sign-in", "/feed", "/admin/users"]


@pytest.mark.parametrize("path", WRITES)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=lambda headers: next(iter(headers.values())),
)
def test_a_write_from_another_site_is_refused(
    instance: Instance, path: str, method: str, headers: dict[str, str]
) -> None:
    answer = httpx.request(method, instance.url + path, json={}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/cross-site"


def test_a_write_from_our_own_page_is_read(instance: Instance) -> None:
    headers = {"Origin": instance.url, "Sec-Fetch-Site": "same-origin"}
    answer = httpx.post(
        f"{instance.url}/auth/sign-in", json={"email": "x@y.example", "password": "no"}, headers=headers
    )
    assert answer.status_code in (401, 422)


@pytest.mark.parametrize("path", PAGES)
def test_pages_carry_the_headers_of_safety(instance: Instance, path: str) -> None:
    answer = httpx.get(instance.url + path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["x-request-id"]
    assert "strict-transport-security" not in answer.headers


def test_a_page_asked_for_again_keeps_its_policy(instance: Instance) -> None:
    first = httpx.get(f"{instance.url}/sign-in")
    again = httpx.get(f"{instance.url}/sign-in", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_hashed_files_are_kept_for_ever_and_come_compressed(instance: Instance, encoding: str) -> None:
    page = httpx.get(f"{instance.url}/sign-in", headers={"Accept-Encoding": "identity"}).text
    script = re.search(r'href="(/assets/[^"]+\.js)"', page)
    assert script
    with httpx.stream("GET", instance.url + script[1], headers={"Accept-Encoding": encoding}) as answer:
        assert answer.headers["content-encoding"] == encoding
        assert "immutable" in answer.headers["cache-control"]


def test_nobody_knows_what_is_not_there(instance: Instance) -> None:
    assert httpx.get(f"{instance.url}/no-such-page").status_code == 404
    assert httpx.get(f"{instance.url}/../../etc/passwd").status_code in (404, 400)
    assert httpx.get(f"{instance.url}/assets/../../../build-id").status_code in (404, 400)
    assert httpx.get(f"{instance.url}/script-hashes.json").status_code == 404


def test_the_hosts_name_alone_leads_to_sign_in(instance: Instance) -> None:
    answer = httpx.get(f"{instance.url}/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/sign-in")


def test_a_request_id_is_taken_over_or_made(instance: Instance) -> None:
    given = httpx.get(f"{instance.url}/health/live", headers={"X-Request-ID": "abcdef-123456"})
    assert given.headers["x-request-id"] == "abcdef-123456"
    made = httpx.get(f"{instance.url}/health/live", headers={"X-Request-ID": "no good; at all"})
    assert made.headers["x-request-id"] != "no good; at all"
