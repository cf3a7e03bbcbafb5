"""Event types as they are listed, read from a form, and sent."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from salescompass.events import BUILT_IN
from salescompass.kit.errors import Invalid
from salescompass.ui.admin_types.rows import type_fields, type_row

SCHEMA = {
    "type": "object",
    "required": ["plan", "seats"],
    "properties": {"plan": {"enum": ["gold", "silver"]}, "seats": {"type": "integer", "minimum": 5}},
}


def _form(**fields: str) -> Any:
    base = {"new": "new", "key": "quote_requested", "label": "Quote requested", "direction": "in", "channel": "web"}
    return {**base, "points": "8", "group": "intent", "object_key": "", "window": "", "json_schema": "", **fields}


def test_a_form_says_what_a_type_is() -> None:
    fields = type_fields(_form(object_key="quote_id", window="600", json_schema=json.dumps(SCHEMA)))
    assert (fields.key, fields.points, fields.group) == ("quote_requested", 8.0, "intent")
    assert (fields.object_key, fields.window, fields.schema) == ("quote_id", 600, SCHEMA)
    assert type_fields(_form(points="")).schema is None


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"points": "much"}, "points"), ({"window": "soon"}, "window"), ({"json_schema": "{"}, "json_schema"),
     ({"json_schema": "[]"}, "json_schema")],
)  # fmt: skip
def test_what_cannot_be_read_is_told_at_its_field(fields: dict[str, str], wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        type_fields(_form(**fields))
    assert [error.field for error in refused.value.errors] == [wrong]


def test_a_row_tells_what_is_checked_and_what_is_told_twice() -> None:
    row = type_row(BUILT_IN["proposal_viewed"], 15.0, "intent", 1234)
    assert row.checks == "once per document in 30 minutes"
    assert (row.points, row.count, row.own, row.changed) == ("15", "1,234", False, False)
    changed = replace(BUILT_IN["proposal_viewed"], name="Offer read", json_schema=SCHEMA)
    assert type_row(changed, -60.0, "intent", 0).changed
    assert type_row(changed, -60.0, "intent", 0).points == "−60"
    assert "properties checked" in type_row(changed, 0, "intent", 0).checks


def test_the_sample_fits_the_types_own_schema() -> None:
    known = replace(BUILT_IN["proposal_viewed"], json_schema=SCHEMA)
    sent = json.loads(type_row(known, 15.0, "intent", 0).sample)
    assert sent["type"] == "proposal_viewed"
    assert sent["properties"] == {"document_id": "example-1", "plan": "gold", "seats": 5}
    assert "properties" not in json.loads(type_row(BUILT_IN["signed_up"], 15.0, "intent", 0).sample)
