"""JSON Schema for properties: the part that is understood, checked; the rest refused, never ignored."""

from __future__ import annotations

from typing import Any

import pytest

from salescompass.events.schemas import check_schema, flaws_in

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "plan": {"enum": ["free", "pro"]},
        "seats": {"type": "integer", "minimum": 1, "exclusiveMaximum": 1000},
        "name": {"type": ["string", "null"], "minLength": 2, "maxLength": 5},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
        "owner": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
        "fixed": {"const": True},
    },
    "required": ["plan"],
    "additionalProperties": False,
}


def test_the_schema_itself_is_fine() -> None:
    assert check_schema(SCHEMA) == []


def test_what_is_as_the_schema_says() -> None:
    assert list(flaws_in({"plan": "pro", "seats": 5.0, "name": None, "tags": ["a"], "fixed": True}, SCHEMA)) == []


@pytest.mark.parametrize(
    ("properties", "at"),
    [
        ({}, "/plan"),
        ({"plan": "gold"}, "/plan"),
        ({"plan": "pro", "seats": 0}, "/seats"),
        ({"plan": "pro", "seats": 1000}, "/seats"),
        ({"plan": "pro", "seats": 1.5}, "/seats"),
        ({"plan": "pro", "seats": True}, "/seats"),
        ({"plan": "pro", "name": "x"}, "/name"),
        ({"plan": "pro", "name": "abcdef"}, "/name"),
        ({"plan": "pro", "tags": ["a", 1]}, "/tags/1"),
        ({"plan": "pro", "tags": ["a", "b", "c"]}, "/tags"),
        ({"plan": "pro", "owner": {}}, "/owner/id"),
        ({"plan": "pro", "fixed": 1}, "/fixed"),
        ({"plan": "pro", "more/less": 1}, "/more~1less"),
    ],
)
def test_what_is_not_is_named_with_its_place(properties: dict[str, Any], at: str) -> None:
    assert [pointer for pointer, _ in flaws_in(properties, SCHEMA)] == [at]


@pytest.mark.parametrize(
    "schema",
    [
        {"pattern": "x+"},
        {"type": "string"},
        {"properties": {"a": {"type": "text"}}},
        {"properties": {"a": {"enum": []}}},
        {"properties": {"a": {"minLength": -1}}},
        {"properties": {"a": {"minimum": "1"}}},
        {"properties": ["a"]},
        {"properties": {"a": "string"}},
        {"required": "a"},
        {"properties": {"a": {"items": {"format": "date"}}}},
        {"additionalProperties": {"oneOf": []}},
        {"properties": {"a": {"description": "x" * 20_000}}},
    ],
)
def test_a_schema_that_is_not_understood_is_refused(schema: dict[str, Any]) -> None:
    assert check_schema(schema)


def test_depth_is_bounded() -> None:
    schema: dict[str, Any] = {}
    for _ in range(10):
        schema = {"properties": {"a": schema}}
    assert any("nested" in error.message for error in check_schema(schema))
