"""Making and changing records: one, or the same change on many. All of it goes the way of `upsert_records`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.crm.drafts import RowOutcome
from salescompass.crm.lists import get_record
from salescompass.crm.record_fields import RECORD_TYPES
from salescompass.crm.upserts import upsert_records
from salescompass.crm.views import RecordView
from salescompass.identity import Actor
from salescompass.kit.database import hold
from salescompass.kit.errors import Changed, Exists, FieldError, Invalid, NotFound
from salescompass.vocabulary import RecordKind


def create_record(
    session: Session,
    actor: Actor,
    kind: RecordKind | str,
    fields: Mapping[str, Any],
    *,
    now: datetime | None = None,
) -> RecordView:
    """A new record. Raises Invalid, naming each wrong field, and Exists where another has one of its keys."""
    (outcome,) = upsert_records(session, actor, kind, [fields], mode="insert", now=now)
    return _done(session, kind, outcome)


def update_record(
    session: Session,
    actor: Actor,
    kind: RecordKind | str,
    record_id: UUID,
    fields: Mapping[str, Any],
    *,
    version: int | None = None,
    batch_id: UUID | None = None,
    now: datetime | None = None,
) -> RecordView:
    """Change some fields of a record. With `version` only if that is still its version; raises Changed otherwise."""
    of = RECORD_TYPES[RecordKind(kind)]
    _refuse_an_id(fields)
    if of.object_type in ("account", "person"):
        hold(session, "subjects")  # before the record, as batches do: two who wait for each other would both fail
    found = _locked_version(session, of.object_type, record_id)
    get_record(session, kind, record_id)
    if version is not None and found != version:
        raise Changed(
            f"Somebody has changed this {of.one} meanwhile: look at it again, then repeat your change",
            row_version=found,
        )
    row = {**fields, "id": record_id}
    (outcome,) = upsert_records(session, actor, kind, [row], key="id", mode="update", batch_id=batch_id, now=now)
    return _done(session, kind, outcome)


def edit_records(
    session: Session,
    actor: Actor,
    kind: RecordKind | str,
    ids: Sequence[UUID],
    fields: Mapping[str, Any],
    *,
    batch_id: UUID | None = None,
    now: datetime | None = None,
) -> list[RowOutcome]:
    """The same change on many records, at most 5,000: a new owner, a status, a stage. One outcome a record."""
    _refuse_an_id(fields)
    rows = [{**fields, "id": record_id} for record_id in ids]
    return upsert_records(session, actor, kind, rows, key="id", mode="update", batch_id=batch_id, now=now)


def move_stage(
    session: Session,
    actor: Actor,
    *,
    opportunity_id: UUID,
    stage_id: UUID,
    lost_reason: str | None = None,
    version: int | None = None,
    batch_id: UUID | None = None,
    now: datetime | None = None,
) -> RecordView:
    """Put a deal into another stage; one that is won or lost closes, one that is reopened is open again.

    With `batch_id` it can be undone by `undo_batch`: then it never left the stage it was in.
    """
    fields: dict[str, Any] = {"stage_id": stage_id}
    if lost_reason is not None:
        fields["lost_reason"] = lost_reason
    return update_record(
        session, actor, RecordKind.OPPORTUNITIES, opportunity_id, fields, version=version, batch_id=batch_id, now=now
    )


def _refuse_an_id(fields: Mapping[str, Any]) -> None:
    """An id is no field of a record: it is given once, by us, and names it from outside."""
    if "id" in fields:
        raise Invalid("Leave id out", field="id", errors=(FieldError("no such field", field="id", pointer="/id"),))


def _locked_version(session: Session, table: str, record_id: UUID) -> int | None:
    """The version of a record, locked so that nobody changes it in between."""
    query = f"SELECT row_version FROM {table} WHERE id = :id AND deleted_at IS NULL FOR UPDATE"  # noqa: S608
    found: int | None = session.connection().execute(text(query), {"id": record_id}).scalar()
    return found


def _done(session: Session, kind: RecordKind | str, outcome: RowOutcome) -> RecordView:
    if outcome.id is not None and outcome.status != "failed":
        return get_record(session, kind, outcome.id)
    raise _refusal(outcome)


def _refusal(outcome: RowOutcome) -> Exception:
    errors = tuple(FieldError(one.message, one.field, one.pointer) for one in outcome.errors)
    if outcome.field == "id" and not errors:
        return NotFound(outcome.reason)
    refused = Exists if outcome.taken else Invalid
    return refused(outcome.reason, field=outcome.field, errors=errors)
