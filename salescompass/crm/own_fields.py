"""Fields of a tenant's own, as conditions look at them: their values are typed rows beside the records."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Date, cast, func, select
from sqlmodel import Session, col
from sqlmodel import select as rows_of

from salescompass.conditions import AsOf, Beside, Choice, Field, Kind
from salescompass.crm.names import name_norm
from salescompass.models import CustomField, CustomValue

_KINDS = {
    "text": Kind.TEXT,
    "number": Kind.NUMBER,
    "date": Kind.DAY,
    "boolean": Kind.BOOLEAN,
    "choice": Kind.CHOICE,
}


def own_fields(session: Session) -> dict[str, list[Field]]:
    """The fields in use that a tenant gave to its records, by type of record. Their keys begin with `custom_`."""
    found: dict[str, list[Field]] = defaultdict(list)
    in_use = rows_of(CustomField).where(col(CustomField.retired_at).is_(None))
    for row in session.exec(in_use.order_by(col(CustomField.position), col(CustomField.key))):
        found[row.object_type].append(_field(row))
    return found


def _field(row: CustomField) -> Field:
    choices = tuple(Choice(str(value), str(value)) for value in row.choices) if row.kind == "choice" else ()
    norm = name_norm if row.kind == "text" else str
    return Field(f"custom_{row.key}", row.label, _KINDS[row.kind], Beside(_rows(row)), norm=norm, choices=choices)


def _rows(row: CustomField) -> Any:
    field_id = row.id
    values: dict[str, Any] = {
        "text": col(CustomValue.text_norm),
        "number": col(CustomValue.number),
        "date": cast(func.timezone("UTC", col(CustomValue.at)), Date),
        "boolean": col(CustomValue.text) == "true",
        "choice": col(CustomValue.text),
    }
    value = values[row.kind]

    def rows(_: AsOf) -> Any:
        return select(col(CustomValue.object_id).label("id"), value.label("value")).where(
            col(CustomValue.field_id) == field_id
        )

    return rows
