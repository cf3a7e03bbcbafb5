"""What was changed, by whom and when: on one record, lately on all, and in a batch that may be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select, tuple_

from salescompass.crm.lists import in_reach
from salescompass.crm.record_fields import RECORD_TYPES
from salescompass.crm.views import names_of
from salescompass.kit.errors import NotFound
from salescompass.kit.pagination import Page, Position, position
from salescompass.models import RecordChange

_MOST = 500


@dataclass(frozen=True)
class ChangeView:
    """An act on a record. `changes` has the values before and after, by field; ids are named in `names`.

    `alone` says that the act's batch is nothing but this act, so that undoing the batch undoes this act.
    `actor_kind` is member, key (over the API) or system; with `batch_id` it was one of many that are undone together.
    """

    id: UUID
    object_type: str
    object_id: UUID
    act: str
    changes: Mapping[str, Any]
    actor_id: UUID | None
    actor: str
    at: datetime
    batch_id: UUID | None
    names: Mapping[str, str]
    record: str = ""
    alone: bool = False
    actor_kind: str = "member"


def record_changes(
    session: Session,
    *,
    object_type: str | None = None,
    object_id: UUID | None = None,
    batch_id: UUID | None = None,
    actor_id: UUID | None = None,
    since: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ChangeView]:
    """Acts, the latest first: on one record, on one kind, of one batch, by one actor, since a moment.

    Records out of reach are left out.
    """
    limit = max(1, min(limit, _MOST))
    if object_type and object_id and object_id not in in_reach(session, object_type, [object_id]):
        raise NotFound("There is no such record")
    query = select(RecordChange).order_by(col(RecordChange.at).desc(), col(RecordChange.id).desc()).limit(limit + 1)
    known = {of.object_type for of in RECORD_TYPES.values()}
    query = query.where(col(RecordChange.object_type).in_(known & {object_type} if object_type else known))
    if object_id is not None:
        query = query.where(RecordChange.object_id == object_id)
    if batch_id is not None:
        query = query.where(RecordChange.batch_id == batch_id)
    if actor_id is not None:
        query = query.where(RecordChange.actor_id == actor_id)
    if since is not None:
        query = query.where(col(RecordChange.at) >= since)
    after = position(cursor)
    if after:
        query = query.where(tuple_(col(RecordChange.at), col(RecordChange.id)) < (after.at, after.id))
    rows = session.exec(query).all()
    shown = rows[:limit]
    more = Position(shown[-1].at, shown[-1].id).cursor() if len(rows) > limit else None
    return Page(tuple(change_views(session, shown)), more)


def change_views(session: Session, rows: Sequence[RecordChange]) -> list[ChangeView]:
    """Rows as views, with the names of what they refer to; those of records out of reach are left out."""
    by_type: dict[str, set[UUID]] = {}
    for row in rows:
        by_type.setdefault(row.object_type, set()).add(row.object_id)
    seen = {one for name, ids in by_type.items() for one in in_reach(session, name, sorted(ids))}
    called = {one: known for name, ids in by_type.items() for one, known in names_of(session, name, ids).items()}
    names, alone = _names(session, rows), _alone(session, rows)
    return [
        ChangeView(
            row.id, row.object_type, row.object_id, row.act, row.changes, row.actor_id, row.actor_name, row.at,
            row.batch_id, {one: names[one] for one in _ids(row) if one in names}, called[row.object_id],
            row.batch_id in alone, row.actor_kind,
        )
        for row in rows
        if row.object_id in seen
    ]  # fmt: skip


def _alone(session: Session, rows: Sequence[RecordChange]) -> set[UUID]:
    """The batches among these that are one act each."""
    batches = [row.batch_id for row in rows if row.batch_id is not None]
    if not batches:
        return set()
    query = "SELECT batch_id FROM record_change WHERE batch_id = ANY(:ids) GROUP BY batch_id HAVING count(*) = 1"
    return set(session.connection().execute(text(query), {"ids": batches}).scalars())


def _ids(row: RecordChange) -> list[str]:
    return [
        str(value) for name, pair in row.changes.items() if name.endswith("_id") for value in pair if value is not None
    ]


def _names(session: Session, rows: Sequence[RecordChange]) -> dict[str, str]:
    tables = {one.key: one.refers_to for of in RECORD_TYPES.values() for one in of.fields.values() if one.refers_to}
    wanted: dict[str, set[UUID]] = {}
    for row in rows:
        for name, pair in row.changes.items():
            if name in tables:
                wanted.setdefault(tables[name], set()).update(UUID(value) for value in pair if value)
    found: dict[str, str] = {}
    for table, ids in wanted.items():
        found |= {str(one): name for one, name in names_of(session, table, ids).items()}
    return found
