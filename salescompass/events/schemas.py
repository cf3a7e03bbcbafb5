"""JSON Schema for properties of events: the part of it that describes plain data, checked strictly. Pure.

A schema with a keyword that is not understood here is refused when it is saved, never ignored when events are checked.
Patterns are left out on purpose: a tenant's regular expression would run on every event.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from salescompass.events.plain_data import flaw_in_data
from salescompass.kit.errors import FieldError

LARGEST, DEEPEST, MOST_NESTED = 16_384, 6, 32
_KINDS: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": lambda value: _is_number(value) and float(value).is_integer(),
    "number": lambda value: _is_number(value),
}
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems")
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_WORDS = ("title", "description", "$schema", "$id", "default", "examples")
KEYWORDS = (
    "type", "enum", "const", "properties", "required", "additionalProperties", "items", *_COUNTS, *_NUMBERS, *_WORDS,
)  # fmt: skip


def check_schema(schema: Any) -> list[FieldError]:
    """What is wrong with a schema itself; `pointer` leads to the place in it."""
    unkept = flaw_in_data(schema, deepest=MOST_NESTED)
    if unkept:
        return [FieldError(unkept, field="json_schema", pointer="")]
    if len(json.dumps(schema)) > LARGEST:
        return [FieldError(f"larger than {LARGEST // 1024} KiB", field="json_schema", pointer="")]
    if not isinstance(schema, Mapping) or schema.get("type", "object") != "object":
        return [FieldError("properties are an object: give a schema of one", field="json_schema", pointer="")]
    return [FieldError(f"{at or '/'}: {flaw}", field="json_schema", pointer=at) for at, flaw in _flaws(schema, "", 1)]


def flaws_in(value: Any, schema: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, str]]:
    """Where a value is not as the schema says: (JSON pointer, what is wrong)."""
    kinds = schema.get("type")
    if kinds is not None and not any(_KINDS[kind](value) for kind in _list(kinds)):
        yield at, f"must be {' or '.join(_list(kinds))}"
        return
    if "enum" in schema and not any(_equal(value, one) for one in schema["enum"]):
        yield at, f"must be one of {', '.join(json.dumps(one, ensure_ascii=False) for one in schema['enum'][:20])}"
    if "const" in schema and not _equal(value, schema["const"]):
        yield at, f"must be {json.dumps(schema['const'], ensure_ascii=False)}"
    if _is_number(value):
        yield from ((at, flaw) for flaw in _of_number(value, schema))
    elif isinstance(value, str):
        yield from ((at, flaw) for flaw in _of_size(len(value), schema, "minLength", "maxLength", "characters"))
    elif isinstance(value, list):
        yield from ((at, flaw) for flaw in _of_size(len(value), schema, "minItems", "maxItems", "items"))
        for place, one in enumerate(value):
            yield from flaws_in(one, schema.get("items", {}), f"{at}/{place}")
    elif isinstance(value, dict):
        yield from _of_object(value, schema, at)


def _of_object(value: dict[str, Any], schema: Mapping[str, Any], at: str) -> Iterator[tuple[str, str]]:
    known = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{at}/{_escaped(name)}", "this property is needed"
    more = schema.get("additionalProperties", True)
    for name, one in value.items():
        inner = known.get(name, more)
        if inner is False:
            yield f"{at}/{_escaped(name)}", "no such property in this type"
        elif isinstance(inner, Mapping):
            yield from flaws_in(one, inner, f"{at}/{_escaped(name)}")


def _of_number(value: float, schema: Mapping[str, Any]) -> Iterator[str]:
    if "minimum" in schema and value < schema["minimum"]:
        yield f"must be at least {schema['minimum']}"
    if "maximum" in schema and value > schema["maximum"]:
        yield f"must be at most {schema['maximum']}"
    if "exclusiveMinimum" in schema and value <= schema["exclusiveMinimum"]:
        yield f"must be more than {schema['exclusiveMinimum']}"
    if "exclusiveMaximum" in schema and value >= schema["exclusiveMaximum"]:
        yield f"must be less than {schema['exclusiveMaximum']}"


def _of_size(size: int, schema: Mapping[str, Any], least: str, most: str, what: str) -> Iterator[str]:
    if least in schema and size < schema[least]:
        yield f"at least {schema[least]} {what}"
    if most in schema and size > schema[most]:
        yield f"at most {schema[most]} {what}"


def _flaws(schema: Any, at: str, depth: int) -> Iterator[tuple[str, str]]:
    if not isinstance(schema, Mapping):
        yield at, "a schema is an object"
        return
    if depth > DEEPEST:
        yield at, f"nested more than {DEEPEST} deep"
        return
    for keyword in schema:
        if keyword not in KEYWORDS:
            yield f"{at}/{_escaped(str(keyword))}", f"not understood here; known are {', '.join(KEYWORDS)}"
    kinds = _list(schema.get("type", []))
    if not all(isinstance(kind, str) and kind in _KINDS for kind in kinds) or ("type" in schema and not kinds):
        yield f"{at}/type", f"choose from {', '.join(_KINDS)}"
    if "enum" in schema and (not isinstance(schema["enum"], list) or not schema["enum"]):
        yield f"{at}/enum", "give a list of values"
    for keyword in _COUNTS:
        if keyword in schema and not (_is_number(schema[keyword]) and schema[keyword] >= 0):
            yield f"{at}/{keyword}", "give a number of 0 or more"
    for keyword in _NUMBERS:
        if keyword in schema and not _is_number(schema[keyword]):
            yield f"{at}/{keyword}", "give a number"
    required = schema.get("required", [])
    if not isinstance(required, list) or not all(isinstance(name, str) for name in required):
        yield f"{at}/required", "give a list of names"
    yield from _inner_flaws(schema, at, depth)


def _inner_flaws(schema: Mapping[str, Any], at: str, depth: int) -> Iterator[tuple[str, str]]:
    known = schema.get("properties", {})
    if not isinstance(known, Mapping):
        yield f"{at}/properties", "give an object of schemas"
    else:
        for name, inner in known.items():
            yield from _flaws(inner, f"{at}/properties/{_escaped(str(name))}", depth + 1)
    if "items" in schema:
        yield from _flaws(schema["items"], f"{at}/items", depth + 1)
    more = schema.get("additionalProperties", True)
    if not isinstance(more, bool):
        yield from _flaws(more, f"{at}/additionalProperties", depth + 1)


def _list(kinds: Any) -> list[Any]:
    return kinds if isinstance(kinds, list) else [kinds]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _equal(one: Any, other: Any) -> bool:
    """Equal as JSON is: true is not 1."""
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
