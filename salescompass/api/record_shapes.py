"""Records as the API gives and takes them: one shape for each kind, made from the table of fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic_core import to_json
from sqlmodel import Session

from salescompass import scoring
from salescompass.crm import RECORD_TYPES, Holds, RecordField, RecordType, RecordView
from salescompass.kit.pagination import Page
from salescompass.vocabulary import RecordKind, SubjectKind

_TYPES: dict[Holds, type] = {
    Holds.INTEGER: int, Holds.MINOR: int, Holds.DAY: date, Holds.MOMENT: datetime, Holds.BOOLEAN: bool,
    Holds.REFERENCE: UUID,
}  # fmt: skip
_ALWAYS = ("name", "status", "active", "stage_id", "pipeline_id", "created_at")
_READ_ONLY: dict[str, dict[str, Any]] = {
    "person": {"kind": (str, ...), "converted_at": (datetime | None, None)},
    "opportunity": {"state": (str, ...), "probability": (int, ...), "stage_entered_at": (datetime, ...)},
}
_SCORED = {"score": (float, ...), "band": (str, ...), "score_as_of": (datetime | None, None)}
SUBJECTS = {"account": SubjectKind.ACCOUNT, "person": SubjectKind.PERSON}


def _names(kind: RecordKind) -> str:
    return {"opportunities": "Opportunity"}.get(kind.value, kind.value[:-1].capitalize())


def _out(of: RecordType) -> type[BaseModel]:
    fields: dict[str, Any] = {"id": (UUID, ...)}
    for key, one in of.fields.items():
        kind = _TYPES.get(one.holds, str)
        fields[key] = (kind, ...) if key in _ALWAYS else (kind | None, None)
    fields |= _READ_ONLY.get(of.object_type, {})
    fields |= {"custom": (dict[str, Any], ...), "tags": (list[str], ...), "row_version": (int, ...)}
    fields |= {"updated_at": (datetime, ...), **(_SCORED if of.object_type in SUBJECTS else {})}
    return create_model(f"{_names(of.kind)}Out", __doc__=f"One of the {of.many}.", **fields)


def _in(of: RecordType) -> type[BaseModel]:
    fields: dict[str, Any] = {
        key: (_TYPES.get(one.holds, str) | None, _described(one)) for key, one in of.fields.items()
    }
    if "source_latest" in of.fields:
        fields["source"] = (str | None, Field(None, description="Where the record comes from this time."))
    fields["custom"] = (dict[str, Any] | None, Field(None, description="Fields of your own, by their keys."))
    fields["tags"] = (list[str] | None, Field(None, description="All tags; those left out are taken off."))
    config = ConfigDict(extra="forbid")
    return create_model(f"{_names(of.kind)}In", __config__=config, __doc__=f"Fields of one of the {of.many}.", **fields)


def _described(one: RecordField) -> Any:
    told = f"One of {', '.join(one.choices)}." if one.choices else one.label + "."
    if one.holds is Holds.MINOR:
        told = f"{one.label}, in the currency's smallest unit."
    return Field(None, description=told)


def _list(kind: RecordKind, item: Any) -> type[BaseModel]:
    doc = f"A page of {kind.value}, the last made first."
    fields: dict[str, Any] = {"items": (list[item], ...), "next_cursor": (str | None, ...)}
    return create_model(f"{_names(kind)}List", __doc__=doc, **fields)


_API_KINDS = (RecordKind.ACCOUNTS, RecordKind.CONTACTS, RecordKind.LEADS, RecordKind.OPPORTUNITIES)
OUT = {kind: _out(RECORD_TYPES[kind]) for kind in _API_KINDS}
IN = {kind: _in(RECORD_TYPES[kind]) for kind in _API_KINDS}
LISTS = {kind: _list(kind, OUT[kind]) for kind in _API_KINDS}


def body_of(kind: RecordKind) -> dict[str, Any]:
    """The body in the OpenAPI document."""
    schema = IN[kind].model_json_schema(ref_template="#/components/schemas/{model}")
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def pages_given(session: Session, kind: RecordKind, pages: Sequence[Page[RecordView]]) -> list[bytes]:
    """Pages of records with their scores. What the database holds fits its shape, so it is not checked again."""
    told = iter(_told(session, kind, [one for page in pages for one in page.items]))
    return [
        to_json({"items": list(islice(told, len(page.items))), "next_cursor": page.next_cursor}) for page in pages
    ]  # fmt: skip


def one_given(session: Session, kind: RecordKind, view: RecordView) -> dict[str, Any]:
    """One record, as the API gives it."""
    return OUT[kind].model_validate(_told(session, kind, [view])[0]).model_dump(mode="json")


def _told(session: Session, kind: RecordKind, found: Sequence[RecordView]) -> list[dict[str, Any]]:
    """Records with their scores, in the fields of their shape."""
    of = RECORD_TYPES[kind]
    subject = SUBJECTS.get(of.object_type)
    scores: Mapping[UUID, Any] = scoring.scores(session, subject, [one.id for one in found]) if subject else {}
    shown = []
    for one in found:
        record = {
            "id": one.id, **one.values, "custom": one.custom, "tags": one.tags, "row_version": one.row_version,
            "created_at": one.created_at, "updated_at": one.updated_at,
        }  # fmt: skip
        if subject:
            score = scores[one.id]
            record |= {"score": score.score, "band": score.band, "score_as_of": score.as_of}
        shown.append(record)
    return shown
