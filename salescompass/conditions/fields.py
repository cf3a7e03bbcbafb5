"""What conditions can look at: fields of record types, where their values stand, and how records are related.

Slices describe their fields in tables of these; whoever assembles them makes a `Catalogue`, which knows the tenant's
custom fields, its zone and its currency as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as default
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, Select, Table

from salescompass.kit.errors import Invalid


class Kind(StrEnum):
    """What a field holds; it decides the operators. An age is how many days ago a moment was."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DAY = "day"
    MOMENT = "moment"
    AGE = "age"
    CHOICE = "choice"
    BOOLEAN = "boolean"
    REFERENCE = "reference"
    TAGS = "tags"
    EVENTS = "events"


@dataclass(frozen=True)
class Choice:
    """A value that a field can have, and its name."""

    value: str
    label: str


@dataclass(frozen=True)
class EventCount:
    """Which events are counted: types (none named: whatever customers do), who is behind them, in how many days.

    `days` counts back from today in the tenant's zone, today and that many days before it; None is ever.
    """

    types: tuple[str, ...] = ()
    who: str = "human"
    days: int | None = None


@dataclass(frozen=True)
class AsOf:
    """The moment of reading, and the first moment of an event count's window."""

    now: datetime
    since: datetime | None = None
    counted: EventCount | None = None


@dataclass(frozen=True)
class Own:
    """A column of the record. For text it is the `_norm` column, and `shown` what people see.

    An amount is missing as long as its `currency` is another than the tenant's: there is nothing to compare it with.
    """

    column: str
    shown: str | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Beside:
    """Rows of another table: `rows` selects columns `id` (the record's) and `value`, for each record one at most.

    `absent` is the value of a record without a row. Tags have any number of rows.
    """

    rows: Callable[[AsOf], Select[Any]]
    absent: Any = None


def as_given(text: str) -> str:
    """The text itself: for columns that are compared as they are."""
    return text


@dataclass(frozen=True)
class Field:
    """Something that a condition can compare.

    `norm` brings a wanted text into the form of the column, `part_norm` a piece of it. `refers_to` names what a
    reference points at, `whole` numbers have no fractions.
    """

    key: str
    label: str
    kind: Kind
    at: Own | Beside
    norm: Callable[[str], str | None] = as_given
    part_norm: Callable[[str], str | None] | None = None
    choices: tuple[Choice, ...] = ()
    refers_to: str = ""
    whole: bool = False


@dataclass(frozen=True)
class Link:
    """The table between records of which each may have many of the other: `near` is this side's column."""

    table: Table
    near: str
    far: str


@dataclass(frozen=True)
class Relation:
    """Records that belong to a record: those whose `there` column equals its `here` column, or a link joins them."""

    key: str
    label: str
    to: str
    here: str
    there: str
    many: bool = False
    link: Link | None = None


@dataclass(frozen=True)
class ObjectType:
    """A kind of records: its table has a column `id`, and `deleted_at` if records can lie in the trash."""

    key: str
    label: str
    plural: str
    table: Table
    fields: Mapping[str, Field] = default(default_factory=dict)
    relations: Mapping[str, Relation] = default(default_factory=dict)
    seen: Callable[[FromClause], ColumnElement[bool]] | None = None
    """Which rows the reader sees; None is all."""

    def present(self, rows: FromClause) -> list[ColumnElement[bool]]:
        """What leaves out rows in the trash, and those that the reader does not see."""
        alive: list[ColumnElement[bool]] = [rows.c.deleted_at.is_(None)] if "deleted_at" in rows.c else []
        return [*alive, self.seen(rows)] if self.seen else alive

    def with_fields(self, fields: Iterable[Field]) -> ObjectType:
        """The same with more fields."""
        return replace(self, fields={**self.fields, **{field.key: field for field in fields}})


class Unknown(Invalid):
    """A path that leads nowhere."""


@dataclass(frozen=True)
class Catalogue:
    """All record types a tenant has, its zone and its currency."""

    types: Mapping[str, ObjectType]
    zone: ZoneInfo
    currency: str = "EUR"

    def type(self, key: str) -> ObjectType:
        """A record type. Raises Unknown."""
        if key not in self.types:
            raise Unknown(f"there are no records called {key}", field="object")
        return self.types[key]

    def steps(self, start: str, path: Iterable[str]) -> tuple[tuple[Relation, ...], ObjectType]:
        """The relations along a path, and where it ends. Raises Unknown."""
        place, found = self.type(start), []
        for key in path:
            relation = place.relations.get(key)
            if relation is None:
                raise Unknown(f"{place.plural} have no {key}", field="field")
            found.append(relation)
            place = self.type(relation.to)
        return tuple(found), place

    def field(self, start: str, path: str) -> tuple[tuple[Relation, ...], Field]:
        """The relations that lead to a field, each to one record, and the field. Raises Unknown."""
        *way, key = path.split(".")
        relations, place = self.steps(start, way)
        many = next((relation for relation in relations if relation.many), None)
        if many is not None:
            raise Unknown(f"there may be several {many.label}: say how many of them, then what they are", field="field")
        if key not in place.fields:
            raise Unknown(f"{place.plural} have no field {key}", field="field")
        return relations, place.fields[key]

    def related(self, start: str, path: str) -> tuple[tuple[Relation, ...], Relation]:
        """The relations, each to one record, that lead to a relation to many, and that one. Raises Unknown."""
        relations, _ = self.steps(start, path.split("."))
        *way, last = relations
        if not last.many or any(relation.many for relation in way):
            raise Unknown(f"{path} does not lead to several records", field="field")
        return tuple(way), last
