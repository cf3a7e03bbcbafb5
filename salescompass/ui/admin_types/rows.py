"""Event types as they are listed and edited, and what a form says of one. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypedDict

from salescompass.events import BUILT_IN, EventType, TypeFields
from salescompass.kit.errors import FieldError, Invalid
from salescompass.ui.arguments import Name, Text
from salescompass.ui.components.event_words import event_icon

Key = Annotated[str, Text(63)]
DIRECTIONS = (
    ("in", "In: the customer did it. It can score."),
    ("out", "Out: we did it. It counts as our effort and has no points."),
    ("own", "Own: a record of ours. It has no points."),
)
_WORDS = {"in": "In", "out": "Out", "own": "Own"}


class TypeForm(TypedDict):
    """What an administrator says of a type; points and group only of a new one."""

    new: Literal["", "new"]
    key: Key
    label: Name
    direction: Literal["in", "out", "own"]
    channel: Key
    points: Annotated[str, Text(20)]
    group: Key
    object_key: Key
    window: Annotated[str, Text(10)]
    json_schema: Annotated[str, Text(16_384)]


@dataclass(frozen=True)
class TypeRow:
    """A type as it is listed; an empty one is a new one."""

    key: str = ""
    label: str = ""
    icon: str = "shapes"
    own: bool = True
    changed: bool = False
    retired: bool = False
    direction: str = "in"
    direction_word: str = "In"
    channel: str = "web"
    points: str = "5"
    group: str = "active"
    object_key: str = ""
    window: str = ""
    json_schema: str = ""
    checks: str = ""
    count: str = "0"
    sample: str = ""


def type_row(known: EventType, points: float, group: str, count: int) -> TypeRow:
    """A type with what it is worth in the live scoring."""
    schema = json.dumps(known.json_schema, indent=2, ensure_ascii=False) if known.json_schema else ""
    return TypeRow(
        key=known.key,
        label=known.label,
        icon=event_icon(known.key) if not known.own else "shapes",
        own=known.own,
        changed=not known.own and known != BUILT_IN.get(known.key),
        retired=known.retired,
        direction=known.direction.value,
        direction_word=_WORDS[known.direction.value],
        channel=known.channel,
        points=f"{points:g}".replace("-", "−"),
        group=group.replace("_", " "),
        object_key=known.object_key or "",
        window=str(known.window or ""),
        json_schema=schema,
        checks=", ".join(_checks(known)),
        count=f"{count:,}",
        sample=_sample(known),
    )


def type_fields(form: TypeForm) -> TypeFields:
    """What a form says. Raises Invalid with every field that cannot be read."""
    problems: list[FieldError] = []
    points, window, schema = 0.0, 0, None
    try:
        points = float(form["points"] or 0)
    except ValueError:
        problems.append(FieldError("A number, like 5 or 2.5", field="points"))
    try:
        window = int(form["window"] or 0)
    except ValueError:
        problems.append(FieldError("A whole number of seconds", field="window"))
    try:
        schema = json.loads(form["json_schema"]) if form["json_schema"].strip() else None
        if schema is not None and not isinstance(schema, dict):
            raise ValueError
    except ValueError:
        problems.append(FieldError("This is no JSON object", field="json_schema"))
    if problems:
        raise Invalid("; ".join(one.message for one in problems), errors=tuple(problems))
    return TypeFields(
        key=form["key"].strip(),
        label=form["label"],
        direction=form["direction"],
        channel=form["channel"].strip(),
        points=points,
        group=form["group"] or "active",
        schema=schema,
        object_key=form["object_key"],
        window=window,
    )


def _checks(known: EventType) -> list[str]:
    found = ["properties checked"] if known.json_schema else []
    if known.window and known.object_key:
        found.append(f"once per {known.object_key.removesuffix('_id').replace('_', ' ')} in {_span(known.window)}")
    return found


def _span(seconds: int) -> str:
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds % size == 0:
            n = seconds // size
            return f"{n} {word}{'s' if n != 1 else ''}"
    return f"{seconds} seconds"


def _sample(known: EventType) -> str:
    """An event of this type, as an application may send it."""
    properties: dict[str, Any] = {known.object_key: _value(known, known.object_key)} if known.object_key else {}
    for name in (known.json_schema or {}).get("required", ()):
        properties[name] = _value(known, name)
    body: dict[str, Any] = {
        "type": known.key,
        "account": {"name": "Example Ltd", "domain": "example.com"},
        "contact": {"name": "Ada Example", "email": "ada@example.com"},
    }
    return json.dumps({**body, "properties": properties} if properties else body)


def _value(known: EventType, name: str) -> Any:
    described: Mapping[str, Any] = (known.json_schema or {}).get("properties", {}).get(name, {})
    if "const" in described:
        return described["const"]
    if described.get("enum"):
        return described["enum"][0]
    if "default" in described:
        return described["default"]
    kinds: dict[str, Any] = {
        "number": described.get("minimum", 1),
        "integer": described.get("minimum", 1),
        "boolean": True,
        "array": [],
        "object": {},
    }
    return kinds.get(str(described.get("type")), "https://example.com/page" if name == "url" else "example-1")
