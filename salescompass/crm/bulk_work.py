"""The work on a bulk edit: a part of its records, what became of them and the counts are one transaction.

So a worker that is killed leaves a part undone or done, never half, and the next one goes on behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, delete, select

from salescompass import identity
from salescompass.crm.custom_fields import custom_fields
from salescompass.crm.drafts import RowOutcome, RowRefused, read_row
from salescompass.crm.editing import edit_records
from salescompass.crm.record_fields import RECORD_TYPES
from salescompass.crm.tags import tag_records
from salescompass.crm.trash import delete_records
from salescompass.crm.undo import undo_batch
from salescompass.identity import Actor
from salescompass.kit import clock, jobs, live
from salescompass.kit.errors import Invalid, SalesCompassError
from salescompass.models import BulkEdit, BulkEditRow
from salescompass.vocabulary import RecordKind, Topic

AT_ONCE = 200
"""How many records are changed in the act itself, and by each turn of a job."""
KEPT = timedelta(days=30)
_CALLED = {"updated": "changed", "created": "changed", "skipped": "skipped", "failed": "failed"}


@dataclass(frozen=True)
class BulkAct:
    """What is done to each record: fields given a value, tags put on or taken off, or into the trash with it."""

    fields: dict[str, Any] = field(default_factory=dict)
    add_tags: list[str] = field(default_factory=list)
    remove_tags: list[str] = field(default_factory=list)
    delete: bool = False


def refuse_wrong_act(session: Session, kind: RecordKind, act: BulkAct) -> None:
    """Raises Invalid, naming the field, for values that no record of this kind can take."""
    of = RECORD_TYPES[kind]
    if not (act.fields or act.add_tags or act.remove_tags or act.delete):
        raise Invalid("Choose what shall be changed")
    known = {one.key: one for one in custom_fields(session, of.object_type) if not one.retired}
    try:
        read_row(of, {**act.fields, "tags": [*act.add_tags, *act.remove_tags]}, known)
    except RowRefused as refused:
        raise Invalid(refused.outcome.reason, field="value") from refused


def go_on_with_bulk_edit(
    session: Session, *, bulk_edit_id: UUID, actor: Actor | None = None, now: datetime | None = None
) -> None:
    """Do the next records of a bulk edit, or take the next back; what is left is another job.

    Whoever asked for it does it, with the rights they have by now: without the right to change records it ends.
    """
    now = now or clock.now()
    row = session.exec(select(BulkEdit).where(BulkEdit.id == bulk_edit_id).with_for_update()).first()
    if row is None or row.state not in ("running", "undoing"):
        return
    who = actor or _acting(session, row)
    if who is None:
        row.state, row.ended_at, more = "cancelled", now, False
    elif row.state == "running":
        more = _edit_some(session, who, row, now)
    else:
        more = _undo_some(session, who, row, now)
    row.updated_at = now
    session.add(row)
    session.flush()
    live.publish(session, Topic.BULK_EDITS, [row.id])
    if more:
        jobs.put(session, Topic.BULK_EDITS, {"bulk_edit": str(row.id)})


def forget_bulk_edits(session: Session, *, now: datetime) -> None:
    """Forget bulk edits that began more than 30 days ago; what they changed stays."""
    session.exec(delete(BulkEdit).where(col(BulkEdit.created_at) < now - KEPT))


def _acting(session: Session, row: BulkEdit) -> Actor | None:
    try:
        actor = identity.acting_member(session, row.member_id)
    except SalesCompassError:
        return None
    return actor if actor.may("records.write") else None


def _edit_some(session: Session, actor: Actor, row: BulkEdit, now: datetime) -> bool:
    waiting = select(BulkEditRow.record_id).where(
        BulkEditRow.bulk_edit_id == row.id, col(BulkEditRow.outcome).is_(None)
    ).order_by(col(BulkEditRow.record_id)).limit(AT_ONCE)  # fmt: skip
    ids = list(session.exec(waiting).all())
    outcomes = _outcomes(session, actor, row, ids, now) if ids else []
    session.connection().execute(
        text(
            "UPDATE bulk_edit_row SET outcome = t.outcome, reason = t.reason FROM unnest(CAST(:ids AS uuid[]), "
            "CAST(:outcomes AS text[]), CAST(:reasons AS text[])) AS t (id, outcome, reason) "
            "WHERE bulk_edit_id = :edit AND record_id = t.id"
        ),
        {
            "edit": row.id,
            "ids": ids,
            "outcomes": [_CALLED[one.status] for one in outcomes],
            "reasons": [one.reason for one in outcomes],
        },
    )
    called = [_CALLED[one.status] for one in outcomes]
    row.changed += called.count("changed")
    row.skipped += called.count("skipped")
    row.failed += called.count("failed")
    more = row.changed + row.skipped + row.failed < row.total and bool(ids)
    if not more:
        row.state, row.ended_at = "done", now
    return more


def _outcomes(
    session: Session, actor: Actor, row: BulkEdit, ids: Sequence[UUID], now: datetime
) -> Sequence[RowOutcome]:
    act, kind = BulkAct(**row.act), row.kind
    if act.delete:
        return delete_records(session, actor, kind, ids, batch_id=row.id, now=now)
    if act.fields:
        return edit_records(session, actor, kind, ids, act.fields, batch_id=row.id, now=now)
    add, remove = act.add_tags, act.remove_tags
    return tag_records(session, actor, kind, ids, add=add, remove=remove, batch_id=row.id, now=now)


def _undo_some(session: Session, actor: Actor, row: BulkEdit, now: datetime) -> bool:
    done = undo_batch(session, actor, batch_id=row.id, most=AT_ONCE, now=now)
    row.undone += done.undone
    if not done.more:
        row.state, row.ended_at = "undone", now
    return done.more
