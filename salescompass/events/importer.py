"""Events from CSV files: which column means what. Columns nobody knows become properties of the event."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from salescompass.events.catalog import EventType
from salescompass.events.registry import types
from salescompass.events.service import Outcome, record_many
from salescompass.events.validation import EventIn, flaw_of_time, read_event
from salescompass.kit.clock import parse_rfc3339, rfc3339
from salescompass.kit.errors import FieldError, Invalid
from salescompass.kit.ids import parse_id
from salescompass.kit.importing import BatchResult, DateShift, FileRow, RowResult, Target
from salescompass.models import Event
from salescompass.vocabulary import Source

OCCURRED_AT = "occurred_at"
EVENT_ID, PROPERTIES = "event_id", "properties"
"""Columns of an export: whose event is there still is skipped; properties as one JSON object."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "type": ("type",),
    OCCURRED_AT: ("occurred_at",),
    "actor": ("actor",),
    "contact.email": ("person_email", "contact_email", "email"),
    "contact.name": ("person_name", "contact_name"),
    "contact.external_id": ("person_external_id", "contact_external_id", "person_id", "contact_id"),
    "account.domain": ("company_domain", "account_domain", "domain"),
    "account.name": ("company_name", "account_name", "company", "account"),
    "account.external_id": ("company_external_id", "account_external_id", "company_id", "account_id"),
    "account.owner_email": ("owner_email",),
}
"""The field of an event, and the columns it may come from."""

ACTIVITY = "activity"
ACTIVITY_TYPE = "community_contribution"
"""A file of community activity says what was done in `activity` and needs no type."""

_FIELD_OF = {column: name for name, columns in COLUMNS.items() for column in columns}
_WHOLE_NUMBER = re.compile(r"0|-?[1-9]\d{0,14}")


class EventImporter:
    """Rows become events; their people and companies become records."""

    def targets(self) -> tuple[Target, ...]:
        """What a column may become: for each field of an event the first of its columns."""
        return tuple(
            Target(first, first.replace("_", " ").capitalize(), synonyms=tuple(one.replace("_", " ") for one in more))
            for first, *more in COLUMNS.values()
        )

    def knows(self, column: str) -> bool:
        """Whether a column is no property but a field of the event."""
        return column in _FIELD_OF

    def check_columns(self, columns: Sequence[str]) -> None:
        """Raises Invalid when time, type or subject cannot be told."""
        fields = {_FIELD_OF.get(column, column) for column in columns}
        missing = [name for name in (OCCURRED_AT,) if name not in fields]
        if not {"type", ACTIVITY} & fields:
            missing.append("type")
        if not any(name.startswith(("contact.", "account.")) for name in fields):
            missing.append("person_email or company_domain")
        if missing:
            raise Invalid(f"The file has no column {', '.join(missing)}", field="file", code="missing_columns")

    def moment(self, cells: Mapping[str, str], now: datetime) -> datetime | None:
        """When the row happened; None when it does not say, or says a time that the ledger refuses."""
        try:
            at = parse_rfc3339(cells[OCCURRED_AT].strip())
        except (ValueError, KeyError):
            return None
        return None if flaw_of_time(at, now) else at

    def apply(self, session: Session, rows: Sequence[FileRow], *, shift: DateShift, now: datetime) -> BatchResult:
        """Record a batch; a row that was imported before is skipped."""
        known = types(session)
        there = _there(session, rows)
        new = [row for row in rows if row.cells.get(EVENT_ID) not in there]
        items = [self._read(row, shift, now, known) for row in new]
        recorded = record_many(session, items, source=Source.IMPORT, now=now)
        made = {"accounts": recorded.accounts_made, "contacts": recorded.people_made}
        told = {row.number: _result(row, outcome) for row, outcome in zip(new, recorded.results, strict=True)}
        return BatchResult(tuple(told.get(row.number, RowResult("skipped")) for row in rows), made)

    def _read(self, row: FileRow, shift: DateShift, now: datetime, known: Mapping[str, EventType]) -> EventIn | Invalid:
        try:
            body = self._body(row.cells, shift, now)
            body["idempotency_key"] = f"import:{row.digest}"
            return read_event(body, now=now, body_hash=bytes.fromhex(row.digest), types=known)
        except Invalid as refused:
            return refused

    def _body(self, cells: Mapping[str, str], shift: DateShift, now: datetime) -> dict[str, Any]:
        """The event a row tells, as the API would be told it."""
        body: dict[str, Any] = {"properties": {}}
        for column, text in cells.items():
            value = text.strip()
            if not value:
                continue
            if column == EVENT_ID:
                continue
            if column == PROPERTIES and value.startswith("{"):
                body["properties"] |= _told(value)
                continue
            field, _, part = _FIELD_OF.get(column, "").partition(".")
            if part:
                body.setdefault(field, {})[part] = value
            elif field:
                body[field] = value
            else:
                body["properties"][column] = int(value) if _WHOLE_NUMBER.fullmatch(value) else value
        if "type" not in body and ACTIVITY in cells:
            body["type"] = ACTIVITY_TYPE
        at = self.moment(cells, now)
        if shift.newest and at:
            body[OCCURRED_AT] = rfc3339(shift.move(at))
        return body


def _there(session: Session, rows: Sequence[FileRow]) -> set[str]:
    """The ids in a file that this tenant exported, of events that are still there."""
    ids = {text: found for row in rows if (text := row.cells.get(EVENT_ID)) and (found := parse_id(text))}
    if not ids:
        return set()
    query = select(Event.id).where(col(Event.id).in_(ids.values()))
    known = set(session.exec(query).all())
    return {text for text, found in ids.items() if found in known}


def _told(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid("this is no JSON", pointer=f"/{PROPERTIES}") from None
    if not isinstance(found, dict):
        raise Invalid("this is no JSON object", pointer=f"/{PROPERTIES}")
    return found


def _result(row: FileRow, outcome: Outcome) -> RowResult:
    if outcome.status == "invalid":
        return RowResult("failed", "; ".join(_reason(row, one) for one in outcome.errors))
    return RowResult("created" if outcome.status == "created" else "skipped")


def _reason(row: FileRow, error: FieldError) -> str:
    """The problem as the file's owner knows it: by column."""
    field = (error.pointer or "").lstrip("/").replace("/", ".")
    column = next((name for name in row.cells if _FIELD_OF.get(name) == field), field)
    return f"{column}: {error.message}" if column else error.message


IMPORTER = EventImporter()
