"""Columns that nothing here is like become fields of the tenant's own, where whoever brings them in says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sqlmodel import Session

from salescompass import crm
from salescompass.identity import Actor
from salescompass.imports.mapping import Column, ColumnMap
from salescompass.imports.planning import look
from salescompass.imports.reading import Reading
from salescompass.kit.errors import Invalid
from salescompass.vocabulary import RecordKind

NEW = {"new.text": "text", "new.number": "number", "new.date": "date", "new.boolean": "yes or no"}
"""What a mapping says of such a column, and what its values are."""


def make_fields(session: Session, actor: Actor, *, kind: str, path: Path, mapping: ColumnMap) -> ColumnMap:
    """The mapping with the fields that it asks for: each is called as its column, one that is there is taken.

    Raises Denied for whoever may not define fields, Exists where one of this name holds something else.
    """
    columns = dict(mapping.columns or {})
    wanted = {column: one.field for column, one in columns.items() if one.field in NEW}
    if not wanted:
        return mapping
    if kind not in set(RecordKind):
        raise Invalid(f"{kind} have no fields of your own", field="map")
    actor.must("records.manage")
    headers = look(session, kind, path, Reading(mapping.encoding, mapping.delimiter, mapping.sheet)).headers
    object_type = crm.RECORD_TYPES[RecordKind(kind)].object_type
    for column, field in wanted.items():
        if column not in headers:
            raise Invalid(f"The file has no column {column}", field="map", code="missing_columns")
        of = field.removeprefix("new.")
        columns[column] = Column(f"custom.{_field(session, actor, object_type, headers[column], of)}")
    return replace(mapping, columns=columns)


def _field(session: Session, actor: Actor, object_type: str, label: str, kind: str) -> str:
    known: Mapping[str, crm.CustomDefinition] = {
        crm.name_norm(one.label): one for one in crm.custom_fields(session, object_type) if not one.retired
    }
    there = known.get(crm.name_norm(label[:60]))
    if there is not None and there.kind == kind:
        return there.key
    return crm.save_custom_field(session, actor, object_type=object_type, key=None, label=label, kind=kind).key
