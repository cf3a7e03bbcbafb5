"""A value changed in the cell of a list: what stands there for an editor, and giving it another."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from salescompass import crm
from salescompass.catalogue import catalogue
from salescompass.crm import RECORD_TYPES, Holds, RecordView
from salescompass.identity import Actor
from salescompass.kit.errors import Changed, Invalid
from salescompass.ui.money import typed
from salescompass.ui.record_words import said
from salescompass.ui.records.editors import value_of
from salescompass.ui.records.kinds import ListKind


@dataclass(frozen=True)
class CellOutcome:
    """What became of a change: `now` stands in the cell, in words `told`. In a conflict nothing was changed."""

    label: str
    now: str
    told: str
    conflict: bool = False


def cell_given(
    session: Session, actor: Actor, *, of: ListKind, record_id: UUID, key: str, text: str, was: str
) -> CellOutcome:
    """Give a field of a record a value, if `was` still stands there. Raises Invalid with what is wrong with it."""
    if key not in RECORD_TYPES[of.kind].fields:
        raise Invalid("This field cannot be changed here", field="value")
    record = crm.get_record(session, of.kind, record_id)
    currency = str(record.values.get("currency") or catalogue(session).currency)
    value = value_of(of, key, text, currency)
    if raw_of(record, key) != was:
        return _outcome(record, key, conflict=True)
    fields = {key: value}
    if RECORD_TYPES[of.kind].fields[key].holds is Holds.MINOR:
        fields["currency"] = currency
    try:
        changed = crm.update_record(session, actor, of.kind, record_id, fields, version=record.row_version)
    except Changed:
        return _outcome(crm.get_record(session, of.kind, record_id), key, conflict=True)
    return _outcome(changed, key)


def raw_of(record: RecordView, key: str) -> str:
    """A value as its editor takes it."""
    value = record.values.get(key)
    if value is None:
        return ""
    if key.endswith("_minor"):
        return typed(value, str(record.values.get("currency") or ""))
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _outcome(record: RecordView, key: str, *, conflict: bool = False) -> CellOutcome:
    known = RECORD_TYPES[record.kind].fields[key]
    value = record.values.get(key)
    told = record.names.get(key) or ("nothing" if value is None else said(value, known.holds, record.values))
    return CellOutcome(known.label, raw_of(record, key), told, conflict)
