"""Records made and changed by programs: fields named by pointers, versions, writes that are sent again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from salescompass import identity
from salescompass.kit import clock
from salescompass.kit.database import tenant_session

from .conftest import Client

BODIES = {
    "accounts": {"name": "Acme", "domain": "acme.example", "revenue_minor": 110_004, "founded": 1996, "tags": ["Hot"]},
    "contacts": {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@acme.example", "title": "CTO"},
    "leads": {"external_id": "660737", "source": "Olark Chat", "lead_status": "New"},
    "opportunities": {"name": "Anvils", "amount_minor": 105_400, "currency": "EUR", "close_date": "2026-12-31"},
}


@pytest.mark.parametrize("kind", list(BODIES))
def test_a_record_is_made_read_changed_and_listed(api: Client, kind: str) -> None:
    made = api.post(f"/api/v1/{kind}", BODIES[kind])
    assert made.status_code == 201, made.text
    told = made.json()
    assert made.headers["location"] == f"/api/v1/{kind}/{told['id']}"
    assert made.headers["etag"] == '"1"'
    shown = {name: value for name, value in told.items() if name in BODIES[kind]}
    assert shown == {name: value for name, value in BODIES[kind].items() if name != "source"}
    found = api.get(made.headers["location"])
    assert (found.json(), found.headers["etag"]) == (told, '"1"')
    changed = api("PATCH", made.headers["location"], json={"name": "Other"})
    assert (changed.status_code, changed.json()["name"], changed.headers["etag"]) == (200, "Other", '"2"')
    assert api.get(f"/api/v1/{kind}").json() == {"items": [changed.json()], "next_cursor": None}


def test_wrong_fields_are_named_by_pointers(api: Client) -> None:
    refused = api.post("/api/v1/contacts", {"email": "x", "colour": "red", "custom": {"z": 1}})
    assert refused.status_code == 422
    assert {one["pointer"] for one in refused.json()["errors"]} == {"/email", "/colour", "/custom/z"}
    assert api.post("/api/v1/contacts", {}).json()["errors"][0]["pointer"] == "/name"
    unseen = api.post("/api/v1/contacts", {"name": "\u200b", "email": "eve@acme.example"})
    assert [one["pointer"] for one in unseen.json()["errors"]] == ["/name"]
    assert api.post("/api/v1/contacts", []).status_code == 422
    assert api.post("/api/v1/contacts", content=b"{").status_code == 422
    api.post("/api/v1/contacts", {"email": "ada@acme.example"})
    named = api.post("/api/v1/contacts", {"email": "x", "id": "01a1f95b-361a-7a47-a9ab-c788a716d30c"})
    assert named.status_code == 422
    assert {one["pointer"] for one in named.json()["errors"]} == {"/email", "/id"}
    place = api.post("/api/v1/contacts", {"name": "Bo"}).headers["location"]
    moved = api("PATCH", place, json={"name": "Bob", "id": place.rpartition("/")[2]})
    assert (moved.status_code, moved.json()["errors"][0]["pointer"]) == (422, "/id")
    taken = api.post("/api/v1/leads", {"email": "ADA@acme.example"})
    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/exists")
    assert taken.json()["errors"][0]["pointer"] == "/email"


def test_if_match_guards_a_change(api: Client) -> None:
    place = api.post("/api/v1/accounts", BODIES["accounts"]).headers["location"]
    first = api("PATCH", place, json={"city": "Oslo"}, headers={"If-Match": '"1"'})
    late = api("PATCH", place, json={"city": "Bergen"}, headers={"If-Match": '"1"'})
    assert (first.status_code, late.status_code) == (200, 412)
    assert (late.json()["type"], late.json()["row_version"]) == ("/problems/changed", 2)
    assert api("PATCH", place, json={"city": "Bergen"}, headers={"If-Match": "*"}).status_code == 200
    assert api("PATCH", place, json={"city": "Bergen"}, headers={"If-Match": "three"}).status_code == 422
    assert api("PATCH", f"/api/v1/accounts/{uuid4()}", json={"city": "Bergen"}).status_code == 404


def test_a_write_sent_again_is_answered_as_before(api: Client, tenant: UUID) -> None:
    headers = {"Idempotency-Key": "one"}
    first = api.post("/api/v1/accounts", BODIES["accounts"], headers=headers)
    again = api.post("/api/v1/accounts", BODIES["accounts"], headers=headers)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert (again.headers["etag"], again.headers["location"]) == (first.headers["etag"], first.headers["location"])
    assert (again.headers["idempotency-replayed"], "idempotency-replayed" in first.headers) == ("true", False)
    other = api.post("/api/v1/accounts", {"name": "Other"}, headers=headers)
    assert (other.status_code, other.json()["errors"][0]["parameter"]) == (422, "Idempotency-Key")
    assert len(api.get("/api/v1/accounts").json()["items"]) == 1
    with tenant_session(tenant) as session:
        assert identity.forget_answers(session, now=clock.now() + timedelta(hours=23)) == 0
        assert identity.forget_answers(session, now=clock.now() + timedelta(hours=25)) == 1


def test_a_refusal_is_given_again_too(api: Client) -> None:
    headers = {"Idempotency-Key": "two"}
    wrong = {"domain": "acme.example"}
    first = api.post("/api/v1/accounts", wrong, headers=headers)
    assert first.status_code == 422
    assert api.post("/api/v1/accounts", wrong, headers=headers).json() == first.json()
    place = api.post("/api/v1/accounts", {"name": "Acme"}).headers["location"]
    late = {"Idempotency-Key": "three", "If-Match": '"7"'}
    assert api("PATCH", place, json={"city": "Oslo"}, headers=late).status_code == 412
    assert api("PATCH", place, json={"city": "Oslo"}, headers=late).headers["idempotency-replayed"] == "true"


def test_keys_of_two_programs_are_apart(client_with: Callable[..., Client]) -> None:
    one, two, headers = client_with("crm:write"), client_with("crm:write"), {"Idempotency-Key": "same"}
    assert one.post("/api/v1/accounts", {"name": "One"}, headers=headers).json()["name"] == "One"
    assert two.post("/api/v1/accounts", {"name": "Two"}, headers=headers).json()["name"] == "Two"


def test_writing_needs_its_scope(client_with: Callable[..., Client]) -> None:
    reader = client_with("crm:read")
    for kind, body in BODIES.items():
        refused = reader.post(f"/api/v1/{kind}", body)
        assert (refused.status_code, refused.json()["scope"]) == (403, "crm:write")
        assert reader("PATCH", f"/api/v1/{kind}/{uuid4()}", json={}).status_code == 403


def test_lists_are_narrowed(api: Client) -> None:
    account = api.post("/api/v1/accounts", BODIES["accounts"]).json()
    deal = api.post("/api/v1/opportunities", {"name": "Anvils", "account_id": account["id"]}).json()
    api.post("/api/v1/opportunities", {"name": "Other"})
    for params in ({"account_id": account["id"]}, {"stage_id": deal["stage_id"], "account_id": account["id"]}):
        items = api.get("/api/v1/opportunities", params=params).json()["items"]
        assert [one["name"] for one in items] == ["Anvils"]
    assert api.get("/api/v1/opportunities", params={"state": "won"}).json()["items"] == []
    assert len(api.get("/api/v1/opportunities", params={"state": "open"}).json()["items"]) == 2
    first = api.get("/api/v1/opportunities", params={"limit": 1}).json()
    second = api.get("/api/v1/opportunities", params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert [first["items"][0]["name"], second["items"][0]["name"]] == ["Other", "Anvils"]
    assert second["next_cursor"] is None


def test_a_key_reaches_as_far_as_the_member_who_made_it(app, tenant: UUID, api: Client) -> None:  # type: ignore[no-untyped-def]
    boss = identity.system_actor(tenant)
    with tenant_session(tenant) as session:
        ann = identity.create_user(session, email=f"ann-{uuid4().hex[:6]}@house.example", role="rep", name="Ann").id
        bob = identity.create_user(session, email=f"bob-{uuid4().hex[:6]}@house.example", role="rep", name="Bob").id
        identity.set_role_scope(
            session, boss, key="rep", levels=dict.fromkeys(("account", "person", "opportunity"), "own")
        )
        maker = identity.Actor(tenant, "Ann", "member", frozenset(identity.PERMISSIONS), member_id=ann)
        key = identity.create_key(session, maker, name="Ann's", scopes=["*"]).key
    hers = Client(app, key)
    account = api.post("/api/v1/accounts", {"name": "Bob's", "owner_id": str(bob)}).json()
    for kind, body in BODIES.items():
        body = (
            {"name": "Of Bob's", "owner_id": str(bob)} if kind == "accounts" else {**body, "account_id": account["id"]}
        )
        place = api.post(f"/api/v1/{kind}", body).headers["location"]
        assert hers.get(f"/api/v1/{kind}").json()["items"] == []
        assert hers.get(place).status_code == 404
        assert hers("PATCH", place, json={"name": "Mine"}).status_code == 404
    for path in (f"accounts/{account['id']}/score",):
        assert hers.get(f"/api/v1/{path}").status_code == 404
    with tenant_session(tenant) as session:
        assert session.connection().execute(text("SELECT count(*) FROM account WHERE name = 'Mine'")).scalar() == 0
