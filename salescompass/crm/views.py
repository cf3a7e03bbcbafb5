"""A record as it is read: its fields by the API's names, custom fields, tags, and the names of what it refers to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.crm.custom_values import from_row
from salescompass.crm.record_fields import RECORD_TYPES, RecordType
from salescompass.crm.seeing import Sight
from salescompass.vocabulary import PersonKind, RecordKind

_BESIDE: dict[str, tuple[str, ...]] = {
    "person": ("kind", "converted_at"),
    "opportunity": ("state", "probability", "stage_entered_at"),
}
"""Columns that are read, but never written as such."""


@dataclass(frozen=True)
class RecordView:
    """A record. `values` has its fields, `custom` what the tenant added, by key, `names` what ids are called."""

    kind: RecordKind
    id: UUID
    values: Mapping[str, Any]
    custom: Mapping[str, Any]
    tags: tuple[str, ...]
    names: Mapping[str, str]
    row_version: int
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None

    def __getitem__(self, field: str) -> Any:
        """The value of a field."""
        return self.values[field]

    @property
    def name(self) -> str:
        """What the record is called."""
        return str(self.values["name"])


def read_columns(of: RecordType) -> list[Any]:
    """The columns a view is made of, in the order `views` takes them."""
    plain = ("id", "row_version", "created_at", "updated_at", "deleted_at")
    shown = (one.shown for one in of.fields.values() if one.key != "created_at")
    return [of.table.c[name] for name in (*plain, *_BESIDE.get(of.object_type, ()), *shown)]


def views(session: Session, of: RecordType, rows: Sequence[Any], *, named: bool = True) -> list[RecordView]:
    """Rows of `read_columns` as views, with a handful of further queries for all of them.

    Without `named` what their ids refer to stays without names: a query less for each table.
    """
    if not rows:
        return []
    ids = [row[0] for row in rows]
    beside = _BESIDE.get(of.object_type, ())
    keys = [*beside, *(one.key for one in of.fields.values() if one.key != "created_at")]
    values = [dict(zip(keys, row[5:], strict=True)) for row in rows]
    customs, tags = _customs(session, ids), _tags(session, of.object_type, ids)
    names = _names(session, of, values) if named else {}
    found = []
    for row, held in zip(rows, values, strict=True):
        called = {name: names[held[name]] for name, one in of.fields.items() if one.refers_to and held[name] in names}
        kind = of.kind
        if of.object_type == "person":
            kind = RecordKind.LEADS if held["kind"] == PersonKind.LEAD else RecordKind.CONTACTS
        version, created, updated, deleted = row[1:5]
        found.append(
            RecordView(
                kind, row[0], held, customs.get(row[0], {}), tuple(tags.get(row[0], ())), called, version, created,
                updated, deleted,
            )
        )  # fmt: skip
    return found


def type_of(object_type: str) -> RecordType:
    """The description of a table's records: of people, contacts."""
    return next(one for one in RECORD_TYPES.values() if one.object_type == object_type)


def _customs(session: Session, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = session.connection().execute(
        text(
            "SELECT v.object_id, f.key, f.kind, v.text, v.number, v.at FROM custom_value v "
            "JOIN custom_field f ON f.id = v.field_id WHERE v.object_id = ANY(:ids) AND f.retired_at IS NULL "
            "ORDER BY f.position"
        ),
        {"ids": list(ids)},
    )
    found: dict[UUID, dict[str, Any]] = {}
    for object_id, key, kind, words, number, at in rows:
        found.setdefault(object_id, {})[key] = from_row(kind, words, number, at).plain
    return found


def _tags(session: Session, object_type: str, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    rows = session.connection().execute(
        text(
            "SELECT r.object_id, array_agg(tag.name ORDER BY tag.name_norm) FROM record_tag r "
            "JOIN tag ON tag.id = r.tag_id WHERE r.object_type = :type AND r.object_id = ANY(:ids) GROUP BY 1"
        ),
        {"type": object_type, "ids": list(ids)},
    )
    return {row[0]: row[1] for row in rows}


def _names(session: Session, of: RecordType, values: Iterable[Mapping[str, Any]]) -> dict[UUID, str]:
    """What the ids are called that these records refer to; one query for each table."""
    wanted: dict[str, set[UUID]] = {}
    for held in values:
        for name, one in of.fields.items():
            if one.refers_to and held.get(name):
                wanted.setdefault(one.refers_to, set()).add(held[name])
    found: dict[UUID, str] = {}
    for table, ids in wanted.items():
        found |= names_of(session, table, ids)
    return found


def names_of(session: Session, table: str, ids: Collection[UUID]) -> dict[UUID, str]:
    """What these are called; a record that is out of reach is not named."""
    query = text(f"SELECT id, name FROM {table} WHERE id = ANY(:ids)")  # noqa: S608 - a table of ours
    hidden = Sight.of(session, table).hidden(session, ids)
    rows = session.connection().execute(query, {"ids": list(ids)})
    return {row[0]: row[1] for row in rows if row[0] not in hidden}
