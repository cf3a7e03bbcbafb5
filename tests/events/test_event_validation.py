"""What an event from outside must look like: every problem has a place and a way to mend it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescompass.events import BUILT_IN, EventIn, hash_of, pointer, read_event
from salescompass.kit.errors import Invalid
from salescompass.vocabulary import ActorKind, Direction

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EVENT = {"type": "page_viewed", "contact": {"email": "ada@acme.example"}}


def read(**changes: Any) -> EventIn:
    return read_event({**EVENT, **changes}, now=NOW)


def problems(body: object) -> dict[str | None, str]:
    with pytest.raises(Invalid) as refused:
        read_event(body, now=NOW)
    return {one.pointer: one.message for one in refused.value.errors}


def test_the_catalog_has_the_built_in_types() -> None:
    assert len(BUILT_IN) == 56
    assert BUILT_IN["proposal_viewed"].points == 15
    assert BUILT_IN["email_sent"].direction is Direction.OUT
    assert all(known.key == key and known.label and known.channel for key, known in BUILT_IN.items())


def test_an_unknown_type_is_answered_with_the_list() -> None:
    message = problems({**EVENT, "type": "propsal_viewed"})["/type"]
    assert all(key in message for key in BUILT_IN)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20T10:42:00+01:00", datetime(2026, 11, 20, 9, 42, tzinfo=UTC)),
        ("2026-11-20T11:59:59.5Z", datetime(2026, 11, 20, 11, 59, 59, 500000, tzinfo=UTC)),
        ("2010-01-01T00:00:00Z", datetime(2010, 1, 1, tzinfo=UTC)),
        ("2026-11-20T12:04:00Z", NOW),
        ("2026-11-20T12:05:00Z", NOW),
    ],
)
def test_times_are_read_and_a_little_ahead_becomes_now(text: str, moment: datetime) -> None:
    assert read(occurred_at=text).occurred_at == moment


@pytest.mark.parametrize(
    "text",
    ["2026-11-20T10:42:00", "2026-11-20", "yesterday", "2026-11-20T12:05:01Z", "2009-12-31T23:59:59Z",
     "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+23:59", "2026-11-20T10:42:00+99:99"],
)  # fmt: skip
def test_times_without_offset_or_out_of_bounds_are_refused(text: str) -> None:
    assert list(problems({**EVENT, "occurred_at": text})) == ["/occurred_at"]


def test_without_a_time_it_happened_now() -> None:
    assert read().occurred_at == NOW


def test_who_acted_may_be_said() -> None:
    assert read(actor="machine").actor is ActorKind.MACHINE
    assert "/actor" in problems({**EVENT, "actor": "robot"})


@pytest.mark.parametrize("body", [None, 3, "x", [], [EVENT], True])
def test_an_event_is_an_object(body: object) -> None:
    assert problems(body) == {"": "give an object"}


def test_every_problem_is_told_at_once() -> None:
    found = problems({"occured_at": "x", "type": 3, "contact": {"mail": "a@b.example"}, "properties": []})
    assert set(found) == {"/occured_at", "/type", "/contact/mail", "/properties"}
    assert found["/occured_at"] == "no such field"
    assert set(problems({"type": "x", "occurred_at": "y", "account": {"domain": "z"}})) == {
        "/type", "/occurred_at", "/account/domain",
    }  # fmt: skip


def test_an_event_is_about_somebody() -> None:
    assert problems({"type": "page_viewed"}) == {"": "name an account or a contact"}
    assert "/account" in problems({"type": "page_viewed", "account": {}})
    assert "/contact/email" in problems({"type": "page_viewed", "contact": {"email": "nobody"}})
    assert "/account/id" in problems({"type": "page_viewed", "account": {"id": "7"}})
    assert "/opportunity" in problems({**EVENT, "opportunity": {"name": "Big deal"}})


@pytest.mark.parametrize(
    "properties",
    [
        {"a": "nul \0 here"},
        {"nul \0 here": 1},
        {"a": "\ud800"},
        {"a": [[[[[[[[1]]]]]]]]},
        {"a": "x" * 40_000},
        {"a": 10**30},
        {"a": float("inf")},
    ],
)
def test_properties_that_cannot_be_kept_are_refused(properties: dict[str, Any]) -> None:
    assert list(problems({**EVENT, "properties": properties})) == ["/properties"]


@pytest.mark.parametrize("text", ["", "x" * 256, "nul\0", "\udfff"])
def test_texts_have_bounds(text: str) -> None:
    assert list(problems({**EVENT, "idempotency_key": text})) == ["/idempotency_key"]
    assert list(problems({**EVENT, "contact": {"name": text}})) == ["/contact/name"]


def test_a_pointer_escapes_what_means_something_in_it() -> None:
    assert pointer(["a/b", "c~d", 3]) == "/a~1b/c~0d/3"


def test_bodies_that_say_the_same_have_one_hash() -> None:
    body = {"type": "page_viewed", "properties": {"a": 1, "b": [1, 2]}}
    turned = {"properties": {"b": [1, 2], "a": 1}, "idempotency_key": "k", "type": "page_viewed"}
    assert hash_of(body) == hash_of(turned)
    assert hash_of(body) != hash_of({**body, "properties": {"a": 1, "b": [2, 1]}})


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
fields = st.sampled_from([*EVENT, "occurred_at", "account", "properties", "idempotency_key", "actor", "opportunity"])


@given(st.dictionaries(fields, anything) | anything)
def test_whatever_is_sent_is_an_event_or_a_list_of_problems(body: object) -> None:
    try:
        event = read_event(body, now=NOW)
    except Invalid as error:
        refused = error
    else:
        json.dumps(event.properties, allow_nan=False).encode()
        assert datetime(2010, 1, 1, tzinfo=UTC) <= event.occurred_at <= NOW
        return
    assert refused.errors
    assert all(one.message and one.pointer is not None for one in refused.errors)


def test_the_size_of_properties_is_counted_in_bytes() -> None:
    assert read(properties={"n": "é" * 16_000})
    assert "32 KiB" in problems({**EVENT, "properties": {"n": "é" * 17_000}})["/properties"]
