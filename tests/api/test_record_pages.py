"""Plain pages of records, which are read together with others that their key asks for at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from salescompass import crm, identity
from salescompass.api import callers
from salescompass.kit.database import tenant_session
from salescompass.kit.rate_limit import Limit
from salescompass.vocabulary import RecordKind

from .conftest import Client

PATH = "/api/v1/accounts"


@pytest.fixture
def many(tenant: UUID) -> tuple[str, ...]:
    """The names of some accounts, as the list has them; each has a tag of its own."""
    with tenant_session(tenant) as session:
        actor = identity.system_actor(tenant)
        for n in range(12):
            crm.create_record(session, actor, RecordKind.ACCOUNTS, {"name": f"Account {n}", "tags": [f"tag {n}"]})
        return tuple(one.name for one in crm.list_records(session, RecordKind.ACCOUNTS).items)


def _walked(client: Client, limit: int) -> Iterator[dict[str, Any]]:
    """All records of the list, page by page."""
    cursor: str | None = None
    while True:
        page = client.get(PATH, params={"limit": limit, **({"cursor": cursor} if cursor else {})}).json()
        yield from page["items"]
        if (cursor := page["next_cursor"]) is None:
            return


def test_walks_that_go_on_at_once_each_read_the_whole_list(api: Client, many: tuple[str, ...]) -> None:
    found: dict[int, list[dict[str, Any]]] = {}

    def walk(limit: int) -> None:
        found[limit] = list(_walked(api, limit))

    threads = [threading.Thread(target=walk, args=(limit,)) for limit in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    for records in found.values():
        assert tuple(one["name"] for one in records) == many
        assert all(one["tags"] == [one["name"].lower().replace("account", "tag")] for one in records)


def test_a_plain_page_is_the_page_that_the_application_reads(api: Client, many: tuple[str, ...]) -> None:
    plain = api.get(PATH, params={"limit": 5})
    nothing_narrower = '{"combinator": "and", "rules": [{"field": "name", "operator": "exists"}]}'
    narrowed = api.get(PATH, params={"limit": 5, "filter": nothing_narrower})
    assert (plain.status_code, narrowed.status_code) == (200, 200), narrowed.text
    assert plain.json() == narrowed.json()
    assert plain.headers["content-type"] == narrowed.headers["content-type"]
    assert len(api.get(PATH, params={"limit": 1000}).json()["items"]) == len(many)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("limit=0", "limit"), ("limit=1001", "limit"), ("limit=-1", "limit"), ("limit=5&limit=6", "limit"),
     ("limit=five", "limit"), ("cursor=none-of-ours", "cursor"), ("limit=5&colour=red", "colour")],
)  # fmt: skip
def test_what_is_wrong_with_a_pages_parameters_is_told(api: Client, query: str, parameter: str) -> None:
    answer = api.get(f"{PATH}?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, parameter)


def test_a_revoked_key_reads_nothing_more_though_it_read_just_now(
    app: FastAPI, make_key: Callable[..., str], tenant: UUID
) -> None:
    first, second = (Client(app, make_key("crm:read")) for _ in range(2))
    assert (first.get(PATH).status_code, second.get(PATH).status_code) == (200, 200)
    with tenant_session(tenant) as session:
        newest = identity.keys(session)[0]
        identity.revoke_key(session, identity.system_actor(tenant), key_id=newest.id)
    refused = second.get(PATH)
    assert (refused.status_code, refused.json()["type"]) == (401, "/problems/unauthenticated")
    assert first.get(PATH).status_code == 200


def test_plain_pages_count_against_the_rate_of_their_key(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "PER_KEY", Limit("api-key", times=3, seconds=10))
    answers = [api.get(PATH) for _ in range(5)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
