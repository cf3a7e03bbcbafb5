"""Accounts, contacts and scores out, as a program reads them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from salescompass.api.record_shapes import LISTS
from salescompass.kit.database import tenant_session
from salescompass.vocabulary import RecordKind
from workers import drains

from .conftest import Client

EVENT = {
    "type": "proposal_viewed",
    "account": {"domain": "acme.example", "name": "Acme"},
    "contact": {"email": "ada@acme.example", "name": "Ada"},
}


@pytest.fixture
def told(api: Client, tenant: UUID) -> dict[str, str]:
    """An event that was recorded and reacted to: its answer."""
    answer = api.post("/api/v1/events", EVENT).json()
    drains.drain(str(tenant), "events.recorded")
    return answer


def test_an_event_is_read_by_its_id(api: Client, told: dict[str, str]) -> None:
    answer = api.get(f"/api/v1/events/{told['id']}")
    assert answer.status_code == 200
    assert answer.json() == {name: value for name, value in told.items() if name != "duplicate"}
    assert api.get(f"/api/v1/events/{uuid4()}").status_code == 404


def test_accounts_and_contacts_come_with_their_scores(api: Client, told: dict[str, str]) -> None:
    (account,) = api.get("/api/v1/accounts").json()["items"]
    (contact,) = api.get("/api/v1/contacts", params={"account_id": account["id"]}).json()["items"]
    assert (account["id"], contact["id"]) == (told["account_id"], told["contact_id"])
    assert (account["name"], account["domain"]) == ("Acme", "acme.example")
    assert (contact["email"], contact["kind"]) == ("ada@acme.example", "contact")
    assert contact["score"] == pytest.approx(31.27, abs=0.01)
    assert (contact["band"], account["band"]) == ("cool", "cool")
    assert api.get(f"/api/v1/accounts/{account['id']}").json() == account
    assert api.get(f"/api/v1/contacts/{contact['id']}").json() == contact


def test_a_score_adds_up_and_names_who(api: Client, told: dict[str, str]) -> None:
    found = api.get(f"/api/v1/accounts/{told['account_id']}/score").json()
    (one,) = found["contributions"]
    assert one["person_id"] == told["contact_id"]
    assert (one["rule"], one["type"], one["count"], one["points"]) == ("proposal_viewed", "proposal_viewed", 1, 15.0)
    assert one["share"] == pytest.approx(found["score"], abs=1e-6)
    assert found["configuration_version"] == 1
    assert found["velocity"] == pytest.approx(found["score"])
    own = api.get(f"/api/v1/contacts/{told['contact_id']}/score").json()
    assert own["score"] > found["score"]


def test_lists_are_narrowed_and_paged(api: Client) -> None:
    for place in range(5):
        contact = {"email": f"p{place}@acme.example"}
        assert api.post("/api/v1/events", {"type": "page_viewed", "contact": contact}).status_code == 201
    first = api.get("/api/v1/contacts", params={"limit": 3}).json()
    second = api.get("/api/v1/contacts", params={"limit": 3, "cursor": first["next_cursor"]}).json()
    seen = [one["email"] for one in (*first["items"], *second["items"])]
    assert seen == [f"p{place}@acme.example" for place in (4, 3, 2, 1, 0)]
    assert second["next_cursor"] is None
    (found,) = api.get("/api/v1/contacts", params={"email": "P3@Acme.example"}).json()["items"]
    assert found["email"] == "p3@acme.example"
    assert api.get("/api/v1/accounts", params={"domain": "nobody.example"}).json()["items"] == []
    assert api.get("/api/v1/accounts", params={"cursor": "nonsense"}).status_code == 422


def test_scopes_are_asked_for(client_with: Callable[..., Client], told: dict[str, str]) -> None:
    reader = client_with("crm:read")
    assert reader.get("/api/v1/accounts").status_code == 200
    refused = reader.get(f"/api/v1/accounts/{told['account_id']}/score")
    assert (refused.status_code, refused.json()["scope"]) == (403, "scores:read")
    scores = client_with("scores:read")
    assert scores.get(f"/api/v1/contacts/{told['contact_id']}/score").status_code == 200
    assert scores.get("/api/v1/contacts").status_code == 403


def test_another_tenants_are_unknown(
    client_with: Callable[..., Client], told: dict[str, str], make_tenant: Callable[[], UUID]
) -> None:
    stranger = client_with(tenant_id=make_tenant())
    for path in (
        f"/api/v1/accounts/{told['account_id']}",
        f"/api/v1/accounts/{told['account_id']}/score",
        f"/api/v1/contacts/{told['contact_id']}",
        f"/api/v1/contacts/{told['contact_id']}/score",
        f"/api/v1/events/{told['id']}",
    ):
        assert stranger.get(path).status_code == 404, path


def test_a_tenants_own_type_is_taken_and_its_schema_holds(api: Client, tenant: UUID) -> None:
    from salescompass import events, identity

    schema = {"properties": {"seats": {"type": "integer", "minimum": 1}}, "required": ["seats"]}
    with tenant_session(tenant) as session:
        actor = identity.system_actor(tenant, "Test")
        fields = events.TypeFields("seats_added", "Seats added", "in", "product", points=12, schema=schema)
        events.save_type(session, actor, fields)
    body = {"type": "seats_added", "contact": {"email": "ada@acme.example"}}
    wrong = api.post("/api/v1/events", {**body, "properties": {"seats": 0}})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "/properties/seats"
    assert api.post("/api/v1/events", body).json()["errors"][0]["pointer"] == "/properties/seats"
    right = api.post("/api/v1/events", {**body, "properties": {"seats": 5}})
    assert right.status_code == 201
    drains.drain(str(tenant), "events.recorded")
    score = api.get(f"/api/v1/contacts/{right.json()['contact_id']}/score").json()
    assert [one["points"] for one in score["contributions"]] == [12.0]


def test_a_list_is_filtered_by_conditions(api: Client) -> None:
    for name, city, size in (("Acme", "Oslo", 10), ("Beta", "Rome", 300), ("Gamma", "Oslo", 500)):
        made = api.post("/api/v1/accounts", {"name": name, "city": city, "size": size})
        assert made.status_code == 201
    gamma = made.json()["id"]
    for name, account in (("Ann", gamma), ("Bob", None)):
        assert api.post("/api/v1/contacts", {"name": name, "account_id": account}).status_code == 201

    def found(path: str, tree: Any) -> Any:
        return api.get(path, params={"filter": json.dumps(tree)})

    oslo = {"field": "city", "operator": "is", "value": "oslo"}
    large = {"field": "size", "operator": "gte", "value": 100}
    both = {"combinator": "and", "rules": [oslo, large]}
    assert [one["name"] for one in found("/api/v1/accounts", both).json()["items"]] == ["Gamma"]
    either = {"combinator": "or", "rules": [oslo, large], "not": True}
    assert found("/api/v1/accounts", either).json()["items"] == []
    at_large = {"rules": [{**large, "field": "account.size"}]}
    assert [one["name"] for one in found("/api/v1/contacts", at_large).json()["items"]] == ["Ann"]


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("{", ""),
        ("[]", ""),
        ('{"rules": [{"field": "nothing", "operator": "is", "value": 1}]}', "/rules/0/field"),
        ('{"rules": [{"rules": [{"field": "city", "operator": "~", "value": 1}]}]}', "/rules/0/rules/0/operator"),
        ('{"rules": [], "combinator": "xor"}', "/combinator"),
    ],
)
def test_a_filter_that_cannot_be_read_says_where(api: Client, text: str, pointer: str) -> None:
    answer = api.get("/api/v1/accounts", params={"filter": text})
    assert answer.status_code == 422
    (told,) = answer.json()["errors"]
    assert (told["parameter"], told["pointer"]) == ("filter", pointer)
    assert api.get("/api/v1/accounts", params={"filter": "x" * 9000}).status_code == 422


@pytest.mark.parametrize("kind", list(LISTS))
def test_a_list_has_the_shape_that_is_documented(api: Client, told: dict[str, str], kind: RecordKind) -> None:
    assert api.post(f"/api/v1/{kind.value}", {"name": "One", "tags": ["a"]}).status_code == 201
    answer = api.get(f"/api/v1/{kind.value}")
    shaped = LISTS[kind].model_validate_json(answer.content)
    assert answer.json() == shaped.model_dump(mode="json")
