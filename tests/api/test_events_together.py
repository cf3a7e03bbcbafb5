"""Events that come at once, and batches that come again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from salescompass import events, identity
from salescompass.api import callers
from salescompass.kit.database import tenant_session
from salescompass.kit.rate_limit import Limit

from .conftest import Client

EVENT = {"type": "proposal_viewed", "contact": {"email": "ada@acme.example"}, "account": {"domain": "acme.example"}}
PATH = "/api/v1/events"


def test_events_that_come_at_once_each_get_their_own_answer(app: FastAPI, make_key: Callable[..., str]) -> None:
    client = Client(app, make_key("events:write"))
    answers: dict[int, Any] = {}
    bodies = [{**EVENT, "properties": {"n": n}} if n % 3 else {**EVENT, "type": f"no_such_{n}"} for n in range(30)]

    def send(n: int) -> None:
        answers[n] = client.post(PATH, bodies[n])

    threads = [threading.Thread(target=send, args=(n,)) for n in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n, answer in answers.items():
        assert answer.status_code == (201 if n % 3 else 422)
        assert (
            answer.json()["properties"]["n"] == n
            if n % 3
            else [one["pointer"] for one in answer.json()["errors"]] == ["/type"]
        )
    assert len(client.get(PATH).json()["items"]) == 20


def test_a_replayed_bulk_answers_as_before_even_where_a_type_was_retired_since(api: Client, tenant: UUID) -> None:
    body = {"events": [{**EVENT, "idempotency_key": key} for key in ("a", "b")]}
    first = api.post(f"{PATH}/bulk", body).json()
    with tenant_session(tenant) as session:
        events.retire_type(session, identity.system_actor(tenant), key=EVENT["type"])
    again = api.post(f"{PATH}/bulk", body).json()
    assert (again["duplicates"], [one["id"] for one in again["results"]]) == (
        2,
        [one["id"] for one in first["results"]],
    )
    changed = {"events": [{**one, "properties": {"n": 1}} for one in body["events"]]}
    assert api.post(f"{PATH}/bulk", changed).json()["invalid"] == 2


def test_a_bulk_with_a_key_in_the_header_is_answered_again(api: Client) -> None:
    body = {"events": [EVENT, {**EVENT, "type": "no_such"}]}
    first = api.post(f"{PATH}/bulk", body, headers={"Idempotency-Key": "bulk 1"})
    again = api.post(f"{PATH}/bulk", body, headers={"Idempotency-Key": "bulk 1"})
    assert (first.status_code, first.json()["created"], first.json()["invalid"]) == (200, 1, 1)
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(api.get(PATH).json()["items"]) == 1
    other = api.post(f"{PATH}/bulk", {"events": [EVENT]}, headers={"Idempotency-Key": "bulk 1"})
    assert other.status_code == 422


def test_a_revoked_key_is_one_at_once_though_it_called_just_now(
    app: FastAPI, make_key: Callable[..., str], tenant: UUID
) -> None:
    first, second = (Client(app, make_key("events:write")) for _ in range(2))
    assert (first.post(PATH, EVENT).status_code, second.post(PATH, EVENT).status_code) == (201, 201)
    with tenant_session(tenant) as session:
        newest = identity.keys(session)[0]
        identity.revoke_key(session, identity.system_actor(tenant), key_id=newest.id)
    refused = second.post(PATH, EVENT)
    assert (refused.status_code, refused.json()["type"]) == (401, "/problems/unauthenticated")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert first.post(PATH, EVENT).status_code == 201


def test_single_events_count_against_the_rate_of_their_key(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "PER_KEY", Limit("api-key", times=3, seconds=10))
    answers = [api.post(PATH, EVENT) for _ in range(5)]
    assert [one.status_code for one in answers] == [201, 201, 201, 429, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_a_name_given_twice_in_a_body_is_refused(api: Client) -> None:
    twice = b'{"type": "page_viewed", "contact": {"email": "a@b.example", "email": "c@d.example"}}'
    for path, content in ((PATH, twice), (f"{PATH}/bulk", b'{"events": [' + twice + b"]}")):
        answer = api.post(path, content=content)
        assert answer.status_code == 422
        assert '"email" is given twice' in answer.json()["detail"]
    assert api.get(PATH).json()["items"] == []


def test_a_key_in_the_header_has_bounds(client_with: Callable[..., Client]) -> None:
    client = client_with()
    answer = client.post(PATH, EVENT, headers={"Idempotency-Key": "x" * 256})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "Idempotency-Key")
    assert client.post(PATH, EVENT, headers={"Idempotency-Key": "x" * 255}).status_code == 201
