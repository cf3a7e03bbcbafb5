"""What lies in the trash, of every kind: what it is called, who deleted it and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, exists, literal, or_, select, tuple_
from sqlmodel import Session

from salescompass.crm.record_fields import RECORD_TYPES
from salescompass.crm.seeing import Sight
from salescompass.kit.pagination import Page, Position, position
from salescompass.models import RecordChange

_CHANGE: Any = RecordChange.__table__  # type: ignore[attr-defined]
_TABLES = {of.object_type: of.table for of in RECORD_TYPES.values()}


@dataclass(frozen=True)
class TrashView:
    """A record in the trash."""

    object_type: str
    id: UUID
    name: str
    actor: str
    at: datetime


def trashed(
    session: Session,
    *,
    since: datetime,
    object_type: str | None = None,
    actor_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[TrashView]:
    """What was deleted since a moment and is in the trash still, the latest first; out of reach is left out."""
    change = _CHANGE.c
    query = (
        select(change.object_type, change.object_id, change.actor_name, change.at, change.id)
        .where(change.act == "deleted", change.at >= since)
        .where(or_(*(_lies(session, name) for name in _TABLES if object_type in (None, name))))
        .order_by(change.at.desc(), change.id.desc())
        .limit(limit + 1)
    )
    if actor_id is not None:
        query = query.where(change.actor_id == actor_id)
    after = position(cursor)
    if after:
        query = query.where(tuple_(change.at, change.id) < (after.at, after.id))
    rows = session.connection().execute(query).all()
    shown = rows[:limit]
    names = _names(session, shown)
    more = Position(shown[-1].at, shown[-1].id).cursor() if len(rows) > limit else None
    return Page(tuple(TrashView(*row[:2], names[row.object_id], *row[2:4]) for row in shown), more)


def _lies(session: Session, name: str) -> ColumnElement[bool]:
    """The record of a change was deleted by that very change, and is seen."""
    there = _TABLES[name].alias()
    own = there.c.id == _CHANGE.c.object_id, there.c.deleted_at == _CHANGE.c.at
    seen = Sight.of(session, name).condition(there)
    return and_(_CHANGE.c.object_type == name, exists().where(*own, seen))


def _names(session: Session, rows: Sequence[Any]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for name, table in _TABLES.items():
        ids = [row.object_id for row in rows if row.object_type == name]
        if ids:
            query = select(table.c.id, table.c.name).where(table.c.id == any_(literal(ids, ARRAY(Uuid()))))
            found |= {row.id: row.name for row in session.connection().execute(query)}
    return found
