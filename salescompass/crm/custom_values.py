"""Fields that a tenant gave to its records: their values, typed so that they can be compared. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from salescompass.crm.names import name_norm, tidy
from salescompass.crm.record_fields import Holds, RecordField
from salescompass.crm.values import Refused, stored

KINDS = ("text", "number", "date", "boolean", "choice")


@dataclass(frozen=True)
class CustomDefinition:
    """A field of a tenant's own."""

    id: UUID
    object_type: str
    key: str
    label: str
    kind: str
    choices: tuple[str, ...]
    required: bool
    position: int
    retired: bool = False


@dataclass(frozen=True)
class Typed:
    """A value in the columns it is stored in; `plain` is how the API gives it."""

    plain: Any
    text: str | None = None
    text_norm: str | None = None
    number: float | None = None
    at: datetime | None = None


_DAY = RecordField("day", "Day", Holds.DAY)
_TEXT = RecordField("text", "Text", most=1000)


def typed(definition: CustomDefinition, given: Any) -> Typed | None:
    """The value as it is stored; None empties the field. Raises Refused."""
    if given is None or (isinstance(given, str) and not given.strip()):
        if definition.required:
            raise Refused("this field cannot be empty")
        return None
    if definition.kind == "number":
        return _number(given)
    if definition.kind == "date":
        day = stored(_DAY, given)
        return Typed(day.isoformat(), at=datetime.combine(day, time(), UTC))
    if definition.kind == "boolean":
        value = stored(RecordField("flag", "Flag", Holds.BOOLEAN), given)
        return Typed(value, text="true" if value else "false", text_norm="true" if value else "false")
    text = stored(_TEXT, given if isinstance(given, str) else str(given))
    if definition.kind == "choice":
        known = {name_norm(choice): choice for choice in definition.choices}
        if name_norm(text) not in known:
            raise Refused(f"choose from {', '.join(definition.choices[:20])}")
        text = known[name_norm(text)]
    return Typed(text, text=text, text_norm=name_norm(text))


def _number(given: Any) -> Typed:
    try:
        if isinstance(given, bool):
            raise ValueError(given)
        value = float(tidy(given) if isinstance(given, str) else given)
    except (TypeError, ValueError, OverflowError):
        raise Refused("give a number") from None
    if not math.isfinite(value):
        raise Refused("give a number")
    return Typed(int(value) if value.is_integer() and abs(value) < 2**53 else value, number=value)


def from_row(kind: str, text: str | None, number: float | None, at: datetime | None) -> Typed:
    """A value as it was stored."""
    if kind == "number" and number is not None:
        return _number(number)
    if kind == "date" and at is not None:
        return Typed(at.astimezone(UTC).date().isoformat(), at=at)
    if kind == "boolean":
        return Typed(text == "true", text=text, text_norm=text)
    return Typed(text, text=text, text_norm=name_norm(text or ""))
