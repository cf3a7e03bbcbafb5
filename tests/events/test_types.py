"""A tenant's own event types, and what it changes of the built-in ones: no code needed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from salescompass import events, identity
from salescompass.events import TypeFields
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Exists, Invalid, NotFound
from salescompass.vocabulary import Direction, Source

SEATS = TypeFields("seats_added", "Seats added", "in", "product", points=12, group="intent")


@pytest.fixture
def actor(session: Session) -> Actor:
    return identity.system_actor(session.info["tenant_id"], "Test")


def read(session: Session, **body: Any) -> events.EventIn:
    whole = {"contact": {"email": "ada@acme.example"}, **body}
    return events.read_event(whole, now=clock.now(), types=events.types(session))


def test_an_own_type_is_known_everywhere_at_once(session: Session, actor: Actor) -> None:
    made = events.save_type(session, actor, SEATS, new=True)
    assert (made.label, made.own, made.direction, made.points) == ("Seats added", True, Direction.IN, 12)
    events.record(session, read(session, type="seats_added"), source=Source.API)
    (entry,) = events.feed(session).items
    assert (entry.type, entry.direction, entry.channel) == ("seats_added", "in", "product")
    assert events.type_use(session, since=entry.occurred_at) == {"seats_added": 1}


def test_a_key_is_defined_once(session: Session, actor: Actor) -> None:
    events.save_type(session, actor, SEATS, new=True)
    with pytest.raises(Exists):
        events.save_type(session, actor, SEATS, new=True)
    with pytest.raises(Exists):
        events.save_type(session, actor, TypeFields("page_viewed", "Page", "in", "web"), new=True)


def test_a_built_in_type_may_be_called_otherwise_but_keeps_its_points(session: Session, actor: Actor) -> None:
    changed = events.save_type(session, actor, TypeFields("pricing_viewed", "Looked at prices", "in", "web", points=99))
    assert (changed.label, changed.points, changed.own, changed.family) == ("Looked at prices", 8, False, "web")
    assert events.types(session)["pricing_viewed"] == changed


def test_points_of_a_type_that_is_there_change_only_by_publishing(session: Session, actor: Actor) -> None:
    events.save_type(session, actor, SEATS)
    again = events.save_type(session, actor, TypeFields("seats_added", "Seats!", "in", "product", points=500))
    assert (again.points, again.group) == (12, "intent")


def test_a_retired_type_is_taken_no_more_and_can_come_back(session: Session, actor: Actor) -> None:
    events.save_type(session, actor, SEATS)
    events.retire_type(session, actor, key="seats_added")
    with pytest.raises(Invalid, match="retired"):
        read(session, type="seats_added")
    events.retire_type(session, actor, key="seats_added", retired=False)
    assert read(session, type="seats_added").type.points == 12
    with pytest.raises(NotFound):
        events.retire_type(session, actor, key="nothing")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        (TypeFields("Seats Added", "x", "in", "web"), "key"),
        (TypeFields("a_type", " ", "in", "web"), "label"),
        (TypeFields("a_type", "x", "in", "The web"), "channel"),
        (TypeFields("a_type", "x", "sideways", "web"), "direction"),
        (TypeFields("a_type", "x", "in", "web", points=float("inf")), "points"),
        (TypeFields("a_type", "x", "in", "web", window=60), "object_key"),
        (TypeFields("a_type", "x", "in", "web", object_key="url", window=10**9), "window"),
        (TypeFields("a_type", "x", "in", "web", schema={"pattern": "x"}), "json_schema"),
    ],
)
def test_what_makes_no_type_is_refused(session: Session, actor: Actor, fields: TypeFields, wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        events.save_type(session, actor, fields)
    assert wrong in {error.field for error in refused.value.errors}


def test_a_tenants_direction_decides_what_counts(session: Session, actor: Actor) -> None:
    events.save_type(session, actor, TypeFields("page_viewed", "Page viewed", "own", "web"))
    events.record(session, read(session, type="page_viewed"), source=Source.API)
    assert events.check_buckets(session) == events.BucketCheck(0, 0)


def test_blanks_around_a_key_make_no_other_key(session: Session, actor: Actor) -> None:
    with pytest.raises(Exists):
        events.save_type(session, actor, TypeFields(" page_viewed ", "Page", "in", "web", points=99), new=True)
    again = events.save_type(session, actor, TypeFields("page_viewed ", "Page", "in", "web", points=99))
    assert (again.own, again.points) == (False, 1)


def test_of_two_administrators_at_once_one_is_told_that_the_key_is_there(actor: Actor, tenant: UUID) -> None:
    def define(_: int) -> str:
        try:
            with tenant_session(tenant) as own:
                events.save_type(own, actor, SEATS, new=True)
        except Exists:
            return "exists"
        return "made"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(define, range(4))) == ["exists", "exists", "exists", "made"]


def _nested(deep: int) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for _ in range(deep):
        schema = {"items": schema}
    return schema


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": {"minimum": 10**400}}},
        {"description": "\0"},
        {"properties": {"\ud800": {}}},
        {"enum": [{"a": float("inf")}]},
        {"const": float("nan")},
        _nested(3000),
        {"const": [_nested(3000)]},
    ],
    ids=["huge", "nul", "half a letter", "infinite", "nan", "deep", "deep value"],
)
def test_a_schema_that_cannot_be_kept_is_refused(session: Session, actor: Actor, schema: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        events.save_type(session, actor, TypeFields("own_one", "Own", "in", "web", schema=schema), new=True)
    assert refused.value.errors[0].field == "json_schema"
    assert "own_one" not in events.types(session)
