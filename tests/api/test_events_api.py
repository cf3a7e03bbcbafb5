"""Events in and out over HTTP."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from salescompass.api import callers
from salescompass.kit import wire
from salescompass.kit.rate_limit import Limit
from salescompass.kit.settings import settings

from .conftest import Client

EVENT = {"type": "proposal_viewed", "contact": {"email": "ada@acme.example"}, "account": {"domain": "acme.example"}}
PATH = "/api/v1/events"


def pointers(answer: Any) -> list[str]:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    assert answer.json()["type"].startswith("/problems/")
    return [one.get("pointer", one.get("parameter")) for one in answer.json().get("errors", [])]


def test_an_event_is_recorded_and_told_back(api: Client) -> None:
    answer = api.post(PATH, {**EVENT, "occurred_at": "2026-01-02T03:04:05+01:00", "properties": {"n": 1}})
    assert answer.status_code == 201
    told = answer.json()
    assert set(told) == {
        "id", "type", "occurred_at", "received_at", "account_id", "contact_id", "opportunity_id", "direction",
        "channel", "verdict", "properties", "duplicate_of", "actor", "duplicate",
    }  # fmt: skip
    assert told["occurred_at"] == "2026-01-02T02:04:05Z"
    assert (told["type"], told["direction"], told["verdict"], told["duplicate"]) == (
        "proposal_viewed", "in", "unknown", False,
    )  # fmt: skip
    assert told["properties"] == {"n": 1}
    assert api.get(PATH).json() == {"items": [{k: v for k, v in told.items() if k != "duplicate"}], "next_cursor": None}


@pytest.mark.parametrize("how", ["body", "header", "both"])
def test_a_repeated_key_is_answered_with_the_first_event(api: Client, how: str) -> None:
    body = {**EVENT, **({"idempotency_key": "k1"} if how != "header" else {})}
    headers = {"Idempotency-Key": "k1"} if how != "body" else {}
    first, again = (api.post(PATH, body, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "duplicate": True}
    other = api.post(PATH, {**body, "type": "page_viewed"}, headers=headers)
    assert (other.status_code, pointers(other)) == (422, ["/idempotency_key"])


def test_two_different_keys_for_one_event_are_refused(api: Client) -> None:
    answer = api.post(PATH, {**EVENT, "idempotency_key": "a"}, headers={"Idempotency-Key": "b"})
    assert (answer.status_code, pointers(answer)) == (422, ["/idempotency_key"])


def test_fifty_at_once_with_one_key_make_one_event(app: FastAPI, make_key: Callable[..., str]) -> None:
    client, answers = Client(app, make_key("events:write")), []

    def send() -> None:
        answers.append(client.post(PATH, {**EVENT, "idempotency_key": "same"}))

    threads = [threading.Thread(target=send) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(client.get(PATH).json()["items"]) == 1


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({**EVENT, "type": "no_such_type"}, ["/type"]),
        ({**EVENT, "occurred_at": "2026-01-02T03:04:05"}, ["/occurred_at"]),
        ({**EVENT, "contact": {"email": "nobody"}}, ["/contact/email"]),
        ({**EVENT, "colour": "red"}, ["/colour"]),
        ({**EVENT, "unknown_subjects": "perhaps"}, ["/unknown_subjects"]),
        ({**EVENT, "unknown_subjects": "reject"}, ["/account/domain"]),
        ([EVENT], [""]),
        ("text", [""]),
    ],
)
def test_a_wrong_body_is_told_by_pointers(api: Client, body: Any, where: list[str]) -> None:
    answer = api.post(PATH, body)
    assert (answer.status_code, pointers(answer)) == (422, where)
    assert api.get(PATH).json()["items"] == []


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"type": NaN}', b"[" * 100_000, b"1" * 5000])
def test_what_is_no_json_is_refused(api: Client, content: bytes) -> None:
    answer = api.post(PATH, content=content)
    assert (answer.status_code, pointers(answer)) == (422, [""])


def test_large_bodies_are_not_read(api: Client) -> None:
    large = json.dumps({**EVENT, "properties": {"a": "x" * 200_000}}).encode()
    assert api.post(PATH, content=large).status_code == 413

    async def endless() -> Any:
        while True:
            yield b" " * 65_536

    answer = api.post(PATH, content=endless())
    assert (answer.status_code, pointers(answer)) == (413, [])


def test_a_bulk_answers_for_each_event(api: Client) -> None:
    body = {"events": [{**EVENT, "idempotency_key": "a"}, {**EVENT, "idempotency_key": "a"}, {"type": "x"}, 7, EVENT]}
    answer = api.post(f"{PATH}/bulk", body)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["created"], told["duplicates"], told["invalid"]) == (2, 1, 2)
    assert [(one["index"], one["status"]) for one in told["results"]] == [
        (0, "created"), (1, "duplicate"), (2, "invalid"), (3, "invalid"), (4, "created"),
    ]  # fmt: skip
    assert told["results"][1]["id"] == told["results"][0]["id"]
    assert told["results"][2]["error"]["pointer"] == "/events/2/type"
    assert "id" not in told["results"][3]
    assert api.post(f"{PATH}/bulk", body).json()["duplicates"] == 2


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 422), ({"events": {}}, 422), ([], 422), ({"events": [EVENT] * 5001}, 413), ({"events": []}, 200)],
)
def test_a_bulk_has_a_shape_and_bounds(api: Client, body: Any, status: int) -> None:
    assert api.post(f"{PATH}/bulk", body).status_code == status


def test_lists_go_page_by_page(api: Client) -> None:
    api.post(f"{PATH}/bulk", {"events": [{**EVENT, "contact": {"email": f"p{n}@acme.example"}} for n in range(25)]})
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = api.get(PATH, params={"limit": 10, **({"cursor": cursor} if cursor else {})}).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 25
    contact = api.get(PATH, params={"limit": 1}).json()["items"][0]["contact_id"]
    assert len(api.get(PATH, params={"contact_id": contact}).json()["items"]) == 1
    assert len(api.get(PATH, params={"type": "page_viewed"}).json()["items"]) == 0


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "cursor=zz", "contact_id=7"])
def test_a_wrong_parameter_is_named(api: Client, query: str) -> None:
    answer = api.get(f"{PATH}?{query}")
    assert (answer.status_code, pointers(answer)) == (422, [query.split("=")[0]])


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer sc_wrong"}, {"Authorization": "Basic eDp5"}])
def test_without_a_good_key_nothing_answers(anonymous: Client, header: dict[str, str]) -> None:
    for method, path in (("POST", PATH), ("POST", f"{PATH}/bulk"), ("GET", PATH)):
        answer = anonymous(method, path, headers=header, content=b"{")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [("events:read", {"GET"}), ("events:write", {"GET", "POST"}), ("*", {"GET", "POST"}), ("crm:write", set())],
)
def test_a_key_does_what_its_scope_says(client_with: Callable[..., Client], scope: str, allowed: set[str]) -> None:
    client = client_with(scope)
    for method, needed in (("POST", "events:write"), ("GET", "events:read")):
        answer = client(method, PATH, **({"json": EVENT} if method == "POST" else {}))
        assert answer.is_success == (method in allowed)
        if not answer.is_success:
            assert (answer.status_code, answer.json()["scope"]) == (403, needed)


def test_another_tenants_key_sees_and_names_nothing_here(
    api: Client, client_with: Callable[..., Client], make_tenant: Callable[[], UUID]
) -> None:
    mine = api.post(PATH, {**EVENT, "idempotency_key": "k"}).json()
    assert api.get(PATH, params={"contact_id": mine["contact_id"]}).json()["items"]
    theirs = client_with(tenant_id=make_tenant())
    assert theirs.get(PATH).json()["items"] == []
    assert theirs.get(PATH, params={"contact_id": mine["contact_id"]}).json()["items"] == []
    answer = theirs.post(PATH, {"type": "page_viewed", "contact": {"id": mine["contact_id"]}})
    assert (answer.status_code, pointers(answer)) == (422, ["/contact/id"])
    answer = theirs.post(PATH, {"type": "page_viewed", "account": {"id": mine["account_id"]}})
    assert (answer.status_code, pointers(answer)) == (422, ["/account/id"])
    assert theirs.post(PATH, {**EVENT, "idempotency_key": "k"}).json()["id"] != mine["id"]


def test_a_key_that_calls_too_often_is_told_when_to_come_back(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "PER_KEY", Limit("api-key-test", times=3, seconds=60))
    codes = [api.get(PATH).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    answer = api.get(PATH)
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert pointers(answer) == []


def test_events_are_accepted_while_redis_is_away(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "_away_until", 0.0)
    monkeypatch.setenv("REDIS_URL", "unix:///nowhere/valkey.sock")
    settings.cache_clear()
    try:
        assert api.post(PATH, EVENT).status_code == 201
        ready = api.get("/health/ready")
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert (ready.status_code, ready.json()["status"], ready.json()["checks"]["redis"]) == (200, "degraded", "away")
    assert len(api.get(PATH).json()["items"]) == 1


def test_unknown_paths_and_methods_are_problems(api: Client) -> None:
    assert pointers(api.get("/api/v1/nothing")) == []
    assert api("DELETE", PATH).status_code == 405


def test_an_error_of_ours_is_a_problem_with_a_reference(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("ada@acme.example broke it")

    monkeypatch.setattr("salescompass.api.events.events.feed", broken)
    answer = api.get(PATH)
    assert answer.status_code == 500
    assert answer.json()["reference"]
    assert "ada@" not in answer.text


def test_the_document_describes_every_body(anonymous: Client) -> None:
    document = anonymous.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert named <= set(document["components"]["schemas"])
    body = document["paths"][PATH]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert {"type", "occurred_at", "account", "contact", "unknown_subjects"} <= set(body["properties"])
    assert document["paths"][PATH]["post"]["security"]


def test_times_are_utc(api: Client) -> None:
    told = api.post(PATH, EVENT).json()
    assert all(datetime.fromisoformat(told[name]).utcoffset() is not None for name in ("occurred_at", "received_at"))
    assert told["received_at"].endswith("Z")


@pytest.mark.parametrize(
    ("path", "name"), [("events", "type"), ("accounts", "external_id"), ("contacts", "external_id")]
)
def test_a_parameter_with_nul_is_refused(api: Client, path: str, name: str) -> None:
    answer = api.get(f"/api/v1/{path}?{name}=%00")
    assert (answer.status_code, pointers(answer)) == (422, [name])


def test_a_field_of_a_bulk_that_nobody_knows_is_refused(api: Client) -> None:
    answer = api.post(f"{PATH}/bulk", {"events": [EVENT], "unknown_subject": "reject"})
    assert (answer.status_code, pointers(answer)) == (422, ["/unknown_subject"])
    assert api.get(PATH).json()["items"] == []


def test_an_unknown_field_of_half_a_letter_is_refused(api: Client) -> None:
    assert api.post(f"{PATH}/bulk", content=b'{"events": [], "\\ud800": 1}').status_code == 422


def test_a_bulk_is_only_sent(api: Client) -> None:
    answer = api.get(f"{PATH}/bulk")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json()["type"] == "/problems/not_allowed"


@pytest.mark.parametrize("path", ["events", "accounts", "contacts", "leads", "opportunities"])
def test_an_id_that_is_none_is_refused(api: Client, path: str) -> None:
    answer = api.get(f"/api/v1/{path}/%00")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")


@pytest.mark.parametrize("subject", ["account", "contact"])
def test_a_name_of_which_nothing_can_be_seen_is_refused(api: Client, subject: str) -> None:
    answer = api.post(PATH, {**EVENT, subject: {"name": "\u200b \u2060"}})
    assert (answer.status_code, pointers(answer)) == (422, [f"/{subject}/name"])
