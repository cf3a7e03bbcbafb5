"""The same step on many actions: asked for, watched and taken back. What is done is in `bulk_work`.

Which actions they are is written down first, so each is done once, whatever happens in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, insert, literal
from sqlalchemy import select as columns_of
from sqlmodel import Session, col, select

from salescompass.actions.bulk_work import AT_ONCE, KIND, go_on_with_bulk, kept
from salescompass.actions.seeing import seen
from salescompass.actions.shapes import Act
from salescompass.actions.views import ACTION
from salescompass.actions.worklist import Query, narrowed
from salescompass.identity import Actor
from salescompass.kit import clock, jobs
from salescompass.kit.errors import Conflict, Denied, Invalid, NotFound
from salescompass.kit.ids import new_id
from salescompass.models import BulkEdit, BulkEditRow
from salescompass.vocabulary import ActionVerb, Topic

MOST = 10_000
TAKEN_FOR = timedelta(hours=1)
"""How long many steps can be taken back: after that, events of theirs stay in the ledger."""
_VERBS = (ActionVerb.ASSIGN, ActionVerb.EDIT, ActionVerb.SNOOZE, ActionVerb.COMPLETE, ActionVerb.DISMISS)


@dataclass(frozen=True)
class BulkView:
    """How far a step on many actions came. `state` is running, cancelled, done, undoing or undone."""

    id: UUID
    words: str
    state: str
    total: int
    changed: int
    failed: int
    undone: int

    @property
    def moving(self) -> bool:
        """Whether a job is at work on it."""
        return self.state in ("running", "undoing")


@dataclass(frozen=True)
class BulkRow:
    """What became of an action: changed, failed, or nothing yet; the title is empty where it is out of sight."""

    action_id: UUID
    title: str
    outcome: str
    reason: str


def bulk(
    session: Session,
    actor: Actor,
    *,
    act: Act,
    words: str = "",
    ids: Sequence[UUID] | None = None,
    query: Query | None = None,
    now: datetime | None = None,
) -> BulkView:
    """Do one step on these actions, or on all of a worklist: up to 200 now, more by a job, each with its outcome."""
    now = now or clock.now()
    actor.must("actions.write")
    if actor.member_id is None:
        raise Denied("Steps on many actions belong to members")
    if act.verb not in _VERBS or act.next is not None:
        raise Invalid("This is not done on many at once", field="act")
    row = BulkEdit(
        id=new_id(), member_id=actor.member_id, kind=KIND, act=kept(act), words=(words or act.verb.value)[:500],
        created_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    row.total = _write_down(session, actor, row.id, ids, query or Query(), now)
    if not row.total:
        raise Invalid("Nothing is selected", field="picked")
    if row.total > MOST:
        raise Invalid(f"At most {MOST:,} actions at once: narrow the list", field="picked")
    session.add(row)
    session.flush()
    if row.total <= AT_ONCE:
        go_on_with_bulk(session, bulk_id=row.id, actor=actor, now=now)
    else:
        jobs.put(session, Topic.BULK_ACTIONS, {"bulk": str(row.id)})
    return bulk_state(session, actor, bulk_id=row.id)


def _write_down(
    session: Session, actor: Actor, bulk_id: UUID, ids: Sequence[UUID] | None, query: Query, now: datetime
) -> int:
    table = BulkEditRow.__table__  # type: ignore[attr-defined]
    if ids is not None:
        given = [{"bulk_edit_id": bulk_id, "record_id": one} for one in dict.fromkeys(ids)][: MOST + 1]
        if given:
            session.connection().execute(insert(table), given)
        return len(given)
    found = columns_of(literal(bulk_id), ACTION.c.id).where(narrowed(session, actor, query, now)).limit(MOST + 1)
    session.connection().execute(insert(table).from_select(["bulk_edit_id", "record_id"], found))
    count = columns_of(func.count()).where(table.c.bulk_edit_id == bulk_id)
    return int(session.connection().execute(count).scalar_one())


def bulk_state(session: Session, actor: Actor, *, bulk_id: UUID) -> BulkView:
    """A step on many actions of one's own."""
    return _view(_own(session, actor, bulk_id))


def undo_bulk(session: Session, actor: Actor, *, bulk_id: UUID, now: datetime | None = None) -> BulkView:
    """Take back what was done, where nobody has gone on since: a few actions now, many by a job."""
    now = now or clock.now()
    row = _own(session, actor, bulk_id, lock=True)
    if row.state not in ("done", "cancelled"):
        raise Conflict("This is not done, or taken back already")
    if now - row.created_at > TAKEN_FOR:
        raise Conflict("It is too late to undo this")
    row.state = "undoing"
    session.add(row)
    session.flush()
    if row.changed <= AT_ONCE:
        go_on_with_bulk(session, bulk_id=row.id, actor=actor, now=now)
    else:
        jobs.put(session, Topic.BULK_ACTIONS, {"bulk": str(row.id)})
    return bulk_state(session, actor, bulk_id=row.id)


def bulk_rows(session: Session, actor: Actor, *, bulk_id: UUID) -> list[BulkRow]:
    """What became of each action: those that failed first."""
    row = _own(session, actor, bulk_id)
    query = (
        columns_of(col(BulkEditRow.record_id), ACTION.c.title, col(BulkEditRow.outcome), col(BulkEditRow.reason))
        .outerjoin_from(BulkEditRow, ACTION, (ACTION.c.id == BulkEditRow.record_id) & seen(session, actor))
        .where(col(BulkEditRow.bulk_edit_id) == row.id)
    )
    found = [BulkRow(one[0], one[1] or "", one[2] or "", one[3]) for one in session.connection().execute(query)]
    order = {"failed": 0, "": 1, "changed": 2}
    return sorted(found, key=lambda one: (order[one.outcome], one.title.casefold(), one.action_id))


def _own(session: Session, actor: Actor, bulk_id: UUID, *, lock: bool = False) -> BulkEdit:
    query = select(BulkEdit).where(BulkEdit.id == bulk_id, BulkEdit.member_id == actor.member_id, BulkEdit.kind == KIND)
    row = session.exec(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound("There is no such step on many actions")
    return row


def _view(row: BulkEdit) -> BulkView:
    return BulkView(row.id, row.words, row.state, row.total, row.changed, row.failed, row.undone)
