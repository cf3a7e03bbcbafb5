"""The same change on many records: asked for, watched, cancelled and taken back. What is done is in `bulk_work`.

Which records they are is written down first, so each is done once, whatever happens in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, literal
from sqlalchemy import select as columns_of
from sqlmodel import Session, col, select

from salescompass.crm.bulk_work import AT_ONCE, BulkAct, go_on_with_bulk_edit, refuse_wrong_act
from salescompass.crm.lists import Condition, ids_of_list
from salescompass.crm.record_fields import RECORD_TYPES
from salescompass.crm.seeing import Sight
from salescompass.identity import Actor
from salescompass.kit import clock, jobs
from salescompass.kit.errors import Conflict, Denied, Invalid, NotFound
from salescompass.kit.ids import new_id
from salescompass.models import BulkEdit, BulkEditRow
from salescompass.vocabulary import RecordKind, Topic

MOST = 100_000


@dataclass(frozen=True)
class BulkEditView:
    """How far a bulk edit came. `words` say what is changed; `state` is running, cancelled, done, undoing or undone."""

    id: UUID
    kind: RecordKind
    words: str
    state: str
    total: int
    changed: int
    skipped: int
    failed: int
    undone: int

    @property
    def looked_at(self) -> int:
        """How many records it has come to."""
        return self.changed + self.skipped + self.failed

    @property
    def moving(self) -> bool:
        """Whether a job is at work on it."""
        return self.state in ("running", "undoing")


@dataclass(frozen=True)
class BulkResult:
    """What became of a record: changed, skipped, failed, or nothing yet; `name` is empty where it is out of reach."""

    record_id: UUID
    name: str
    outcome: str
    reason: str


def begin_bulk_edit(
    session: Session,
    actor: Actor,
    *,
    kind: RecordKind | str,
    act: BulkAct,
    words: str,
    ids: Sequence[UUID] | None = None,
    where: Condition | None = None,
    search: str = "",
    now: datetime | None = None,
) -> BulkEditView:
    """Change these records, or without `ids` all of a list: up to 200 now, more by a job. `words` say the change.

    Raises Invalid for a change that no record can take, for none and for more than 100,000 records.
    """
    kind, now = RecordKind(kind), now or clock.now()
    if actor.member_id is None:
        raise Denied("Bulk edits belong to members")
    refuse_wrong_act(session, kind, act)
    row = BulkEdit(
        id=new_id(), member_id=actor.member_id, kind=kind.value, act=asdict(act), words=words[:500], created_at=now
    )  # fmt: skip
    session.add(row)
    session.flush()
    row.total = _write_down(session, row.id, kind, ids, where, search)
    if not row.total:
        raise Invalid("Nothing is selected", field="picked")
    if row.total > MOST:
        raise Invalid(f"At most {MOST:,} records at once: narrow the list", field="picked")
    return _set_going(session, actor, row, row.total, now)


def _write_down(
    session: Session, edit_id: UUID, kind: RecordKind, ids: Sequence[UUID] | None, where: Condition | None, search: str
) -> int:
    table = BulkEditRow.__table__  # type: ignore[attr-defined]
    if ids is not None:
        given = [{"bulk_edit_id": edit_id, "record_id": one} for one in dict.fromkeys(ids)]
        if given:
            session.connection().execute(insert(table), given)
        return len(given)
    found = ids_of_list(session, kind, where=where, search=search).limit(MOST + 1).subquery()
    rows = columns_of(literal(edit_id), found.c.id)
    session.connection().execute(insert(table).from_select(["bulk_edit_id", "record_id"], rows))
    count = columns_of(func.count()).where(table.c.bulk_edit_id == edit_id)
    return int(session.connection().execute(count).scalar_one())


def bulk_edit(session: Session, actor: Actor, *, bulk_edit_id: UUID) -> BulkEditView:
    """A bulk edit of one's own."""
    return _view(_own(session, actor, bulk_edit_id))


def cancel_bulk_edit(
    session: Session, actor: Actor, *, bulk_edit_id: UUID, now: datetime | None = None
) -> BulkEditView:
    """Leave the records that are not done yet as they are. One that has ended stays what it is."""
    row = _own(session, actor, bulk_edit_id, lock=True)
    if row.state == "running":
        row.state, row.ended_at = "cancelled", now or clock.now()
        session.add(row)
        session.flush()
    return _view(row)


def undo_bulk_edit(session: Session, actor: Actor, *, bulk_edit_id: UUID, now: datetime | None = None) -> BulkEditView:
    """Take back what was changed, where nobody has changed it again: a few records now, many by a job."""
    row = _own(session, actor, bulk_edit_id, lock=True)
    if row.state not in ("done", "cancelled"):
        raise Conflict("This is not done, or taken back already")
    row.state = "undoing"
    return _set_going(session, actor, row, row.changed, now)


def bulk_results(session: Session, actor: Actor, *, bulk_edit_id: UUID) -> list[BulkResult]:
    """What became of each record of a bulk edit of one's own: those that failed first, then the skipped."""
    row = _own(session, actor, bulk_edit_id)
    of = RECORD_TYPES[RecordKind(row.kind)]
    seen = (of.table.c.id == BulkEditRow.record_id) & Sight.of(session, of.object_type, actor).condition(of.table)
    query = (
        columns_of(col(BulkEditRow.record_id), of.table.c.name, col(BulkEditRow.outcome), col(BulkEditRow.reason))
        .outerjoin_from(BulkEditRow, of.table, seen)
        .where(col(BulkEditRow.bulk_edit_id) == row.id)
    )
    found = [BulkResult(one[0], one[1] or "", one[2] or "", one[3]) for one in session.connection().execute(query)]
    order = {"failed": 0, "skipped": 1, "": 2, "changed": 3}
    return sorted(found, key=lambda one: (order[one.outcome], one.name.casefold(), one.record_id))


def _set_going(session: Session, actor: Actor, row: BulkEdit, records: int, now: datetime | None) -> BulkEditView:
    """Begin what a bulk edit has to do: a few records in this transaction, many by a job."""
    session.add(row)
    session.flush()
    if records <= AT_ONCE:
        go_on_with_bulk_edit(session, bulk_edit_id=row.id, actor=actor, now=now)
    else:
        jobs.put(session, Topic.BULK_EDITS, {"bulk_edit": str(row.id)})
    return bulk_edit(session, actor, bulk_edit_id=row.id)


def _own(session: Session, actor: Actor, bulk_edit_id: UUID, *, lock: bool = False) -> BulkEdit:
    query = select(BulkEdit).where(BulkEdit.id == bulk_edit_id, BulkEdit.member_id == actor.member_id)
    row = session.exec(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound("There is no such bulk edit")
    return row


def _view(row: BulkEdit) -> BulkEditView:
    return BulkEditView(
        row.id, RecordKind(row.kind), row.words, row.state, row.total, row.changed, row.skipped, row.failed, row.undone
    )
