"""Actions made, read and done by programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from salescompass import identity
from salescompass.kit.database import tenant_session

from .conftest import Client

PLACE = "/api/v1/actions"


@pytest.fixture
def acme(api: Client) -> dict[str, Any]:
    """An account."""
    found: dict[str, Any] = api.post("/api/v1/accounts", {"name": "Acme", "domain": "acme.example"}).json()
    return found


def test_an_action_is_made_read_changed_listed_and_done(api: Client, acme: dict[str, Any]) -> None:
    body = {"title": "Call Acme", "kind": "call", "account_id": acme["id"], "due_to": "2026-12-01T10:00:00+01:00",
            "reasons": ["They asked for it"], "value_minor": 120_000}  # fmt: skip
    made = api.post(PLACE, body)
    assert made.status_code == 201, made.text
    told, at = made.json(), made.headers["location"]
    assert (told["state"], told["assignee_id"], told["due_to"]) == ("accepted", None, "2026-12-01T09:00:00Z")
    assert (told["reasons"], told["evidence"], told["outcome"]) == (["They asked for it"], [], None)
    assert told["priority"] > 0
    assert (api.get(at).json(), api.get(at).headers["etag"]) == (told, '"1"')
    changed = api("PATCH", at, json={"title": "Call them"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["title"], changed.headers["etag"]) == (200, "Call them", '"2"')
    assert api("PATCH", at, json={"title": "Late"}, headers={"If-Match": '"1"'}).status_code == 412
    follow = {"outcome": "positive", "note": "An offer", "next": {"title": "Send it", "kind": "email"}}
    done = api.post(f"{at}/complete", follow).json()
    assert (done["state"], done["outcome"], done["success"], done["note"]) == ("done", "positive", True, "An offer")
    assert api.get(f"{PLACE}/{done['next_id']}").json()["parent_id"] == told["id"]
    assert [one["type"] for one in api.get("/api/v1/events").json()["items"]] == ["call_completed"]
    again = api.post(f"{at}/complete", {"outcome": "positive"})
    assert (again.status_code, again.json()["type"], again.json()["detail"]) == (
        409,
        "/problems/conflict",
        "This action is done already",
    )


def test_lists_are_narrowed_and_come_page_by_page(api: Client, acme: dict[str, Any]) -> None:
    ids = [api.post(PLACE, {"title": f"Look {n}", "account_id": acme["id"]}).json()["id"] for n in range(3)]
    other = api.post(PLACE, {"title": "Other", "due_to": "2030-01-01T00:00:00Z"}).json()["id"]
    api.post(f"{PLACE}/{ids[0]}/dismiss", {"reason": "not_relevant"})

    def listed(**params: Any) -> list[str]:
        return [one["id"] for one in api.get(PLACE, params=params).json()["items"]]

    assert listed() == [other, *reversed(ids)]
    assert listed(account_id=acme["id"]) == ids[::-1]
    assert listed(state="dismissed") == ids[:1]
    assert listed(state=["dismissed", "accepted"], account_id=acme["id"]) == ids[::-1]
    assert listed(due_after="2029-01-01T00:00:00Z") == [other]
    assert listed(due_before="2029-01-01T00:00:00Z") == []
    assert listed(assignee_id=str(uuid4())) == []
    first = api.get(PLACE, params={"limit": 3}).json()
    rest = api.get(PLACE, params={"limit": 3, "cursor": first["next_cursor"]}).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == [other, *reversed(ids)]
    assert rest["next_cursor"] is None
    assert api.get(PLACE, params={"status": "done"}).status_code == 422
    assert api.get(PLACE, params={"due_before": "soon"}).json()["errors"][0]["parameter"] == "due_before"


def test_what_is_wrong_is_named_by_a_pointer(api: Client, acme: dict[str, Any]) -> None:
    wrong = api.post(PLACE, {"title": "", "kind": "dance", "colour": "red", "due_to": "soon"})
    assert wrong.status_code == 422
    assert {one["pointer"] for one in wrong.json()["errors"]} == {"/kind", "/colour", "/due_to"}
    assert api.post(PLACE, {"title": " "}).json()["errors"][0]["pointer"] == "/title"
    assert api.post(PLACE, {"title": "x", "account_id": str(uuid4())}).json()["errors"][0]["pointer"] == "/account_id"
    at = api.post(PLACE, {"title": "Look", "account_id": acme["id"]}).headers["location"]
    assert api.post(f"{at}/snooze", {}).json()["errors"][0]["pointer"] == "/until"
    assert api.post(f"{at}/snooze", {"until_event": "eaten"}).json()["errors"][0]["pointer"] == "/until_event"
    assert api.post(f"{at}/complete", {"outcome": "fine"}).json()["errors"][0]["pointer"] == "/outcome"
    assert api.post(f"{at}/assign", {}).json()["errors"][0]["pointer"] == "/member_id"
    assert api.post(f"{at}/assign", {"member_id": str(uuid4())}).json()["errors"][0]["pointer"] == "/member_id"
    assert api.post(f"{PLACE}/{uuid4()}/dismiss", {"reason": "not_mine"}).status_code == 404


def test_it_is_snoozed_given_and_a_repeated_request_is_done_once(
    api: Client, acme: dict[str, Any], tenant: UUID
) -> None:
    with tenant_session(tenant) as session:
        member = identity.create_user(session, email=f"rep-{uuid4().hex}@house.example", role="rep", name="Rep").id
    at = api.post(PLACE, {"title": "Look", "account_id": acme["id"]}).headers["location"]
    slept = api.post(f"{at}/snooze", {"until": "2027-06-01T08:00:00Z"}).json()
    assert (slept["state"], slept["snoozed_until"]) == ("snoozed", "2027-06-01T08:00:00Z")
    given = api.post(f"{at}/assign", {"member_id": str(member)}).json()
    assert (given["state"], given["assignee_id"]) == ("snoozed", str(member))
    once = {"Idempotency-Key": "done-1"}
    first, again = (api.post(f"{at}/complete", {"outcome": "connected"}, headers=once) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == first.json()
    same = {"title": "Twice", "dedupe_key": "k"}
    assert [api.post(PLACE, same).status_code for _ in range(2)] == [201, 409]


def test_scopes_are_asked_for(api: Client, client_with: Callable[..., Client], acme: dict[str, Any]) -> None:
    at = api.post(PLACE, {"title": "Look", "account_id": acme["id"]}).headers["location"]
    reader, writer, none = client_with("actions:read"), client_with("actions:write"), client_with("crm:write")
    assert (reader.get(at).status_code, none.get(at).status_code) == (200, 403)
    refused = reader.post(f"{at}/dismiss", {"reason": "not_mine"})
    assert (refused.status_code, refused.json()["scope"]) == (403, "actions:write")
    assert writer.post(f"{at}/dismiss", {"reason": "not_mine"}).status_code == 200
