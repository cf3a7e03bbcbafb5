"""Every sort and every filter of a list's own columns, with values that are there and values that nobody has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from salescompass import crm
from salescompass.conditions import OF_KIND, Catalogue, Field, Kind, Own
from salescompass.vocabulary import RecordKind

USUAL = "-created_at"
PIECES = ("contains", "not_contains", "ends_with")
"""What no index serves: rows are read until a page is full."""
NOBODY = "01a1f95b-361a-7a47-a9ab-c788a716d30c"


@dataclass(frozen=True)
class Asked:
    """A first page: its sort and its filter. `way` is how it is found: by an index, by pieces, or far behind."""

    name: str
    sort: str
    rule: dict[str, Any] | None = None
    way: str = "index"


def every(session: Session, kind: RecordKind, known: Catalogue) -> Iterator[Asked]:
    """All of them for one list."""
    for sort in crm.sortable(kind):
        yield Asked(f"sort by {sort}", sort)
        yield Asked(f"sort by {sort}, downwards", f"-{sort}")
    of = crm.RECORD_TYPES[kind]
    for field in known.type(of.object_type).fields.values():
        if not isinstance(field.at, Own) or field.key == "kind":  # each list is of one kind
            continue
        for operator in OF_KIND[field.kind]:
            for which, value in _values(field, operator, _there(session, kind, field.at.column)):
                rule = {"field": field.key, "operator": operator, "value": value}
                way = "pieces" if operator in PIECES else "far" if which == "far" else "index"
                yield Asked(f"{field.key} {operator} {which}".strip(), USUAL, rule, way)


def _there(session: Session, kind: RecordKind, column: str) -> Any:
    """A value that a record has which is neither the first nor the last."""
    of = crm.RECORD_TYPES[kind]
    held, fixed = of.table.c[column], [of.table.c[name] == value for name, value in of.fixed.items()]
    query = select(held).where(held.is_not(None), *fixed).order_by(of.table.c.id).offset(50).limit(1)
    return session.connection().execute(query).scalar()


def _values(field: Field, operator: str, there: Any) -> Iterator[tuple[str, Any]]:
    if operator in ("exists", "missing"):
        yield "", None
        return
    for which, value in _OF_KIND[field.kind](field, operator, there):
        listed = operator in ("in", "not_in")
        yield which, [value] if listed else value
    if field.choices and operator in ("in", "not_in"):
        yield "every", [one.value for one in field.choices]


def _texts(field: Field, operator: str, there: Any) -> Iterator[tuple[str, Any]]:
    one = str(there or "abc")
    if operator in (*PIECES, "starts_with"):
        piece = one[-3:] if operator == "ends_with" else one[:3]
        yield "far" if operator == "starts_with" else "many", piece
    if operator not in PIECES:
        yield "one", one
    yield "none", "zqzq.example"


def _choices(field: Field, operator: str, there: Any) -> Iterator[tuple[str, Any]]:
    for one in field.choices:
        yield one.value, one.value


def _booleans(field: Field, operator: str, there: Any) -> Iterator[tuple[str, Any]]:
    yield "true", True
    yield "false", False


def _references(field: Field, operator: str, there: Any) -> Iterator[tuple[str, Any]]:
    yield "one", str(there or NOBODY)
    yield "none", NOBODY


def _numbers(field: Field, operator: str, there: Any) -> Iterator[tuple[str, Any]]:
    one = int(there or 5)
    if operator == "between":
        yield from (("one", [one, one]), ("many", [0, 10**9]), ("none", [10**9, 10**9 + 5]))
        return
    yield from (("one", one), ("low", -5), ("high", 10**9))


def _ages(field: Field, operator: str, there: Any) -> Iterator[tuple[str, Any]]:
    for days in (0, 300, 36_000):
        far = days == 300 and operator not in ("lt", "lte", "is_not")
        which = "far" if far else f"{days} days"
        yield which, [days, days + 3] if operator == "between" else days


def _days(field: Field, operator: str, there: Any) -> Iterator[tuple[str, Any]]:
    if operator in ("in_last", "in_next", "older_than"):
        for days in (0, 3, 300, 3000):
            yield "far" if days == 300 and operator == "older_than" else f"{days} days", days
        return
    for day in ("1990-01-01", "2025-06-01", "2100-01-01"):
        which = "far" if day == "2025-06-01" and operator in ("before", "is", "between") else day
        yield which, [day, day] if operator == "between" else day


_OF_KIND = {
    Kind.TEXT: _texts, Kind.CHOICE: _choices, Kind.BOOLEAN: _booleans, Kind.REFERENCE: _references,
    Kind.NUMBER: _numbers, Kind.MONEY: _numbers, Kind.AGE: _ages, Kind.DAY: _days, Kind.MOMENT: _days,
}  # fmt: skip
