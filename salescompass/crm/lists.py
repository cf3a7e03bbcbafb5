"""Lists of records: narrowed by a condition, a search and the reader's reach, sorted by any column of their own.

Pages go by key, never by offset. What has no value for the sort comes last. Every page's query bounds its sorted
column, also the first one's, so that its index is read from a place on and never the tenant's whole rows.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Select,
    Uuid,
    and_,
    any_,
    func,
    literal,
    or_,
    select,
)
from sqlmodel import Session

from salescompass.crm.drafts import plain
from salescompass.crm.names import name_norm
from salescompass.crm.record_fields import RECORD_TYPES, RecordType
from salescompass.crm.seeing import Sight
from salescompass.crm.views import RecordView, read_columns, type_of, views
from salescompass.crm.words import words
from salescompass.kit.errors import Invalid, NotFound
from salescompass.kit.ids import parse_id
from salescompass.kit.pagination import Page
from salescompass.models import SearchToken
from salescompass.vocabulary import RecordKind

MOST_COUNTED = 10_000
_MOST = 1000
Condition = ColumnElement[bool]
_TOKENS: Any = SearchToken.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class _Sort:
    """A column to sort by, and which way."""

    name: str
    column: Any
    down: bool


def list_records(
    session: Session,
    kind: RecordKind | str,
    *,
    where: Condition | None = None,
    search: str = "",
    sort: str = "-created_at",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[RecordView]:
    """A page of records. `where` is a condition on the record's table; `sort` a field, with a minus for descending."""
    of = RECORD_TYPES[RecordKind(kind)]
    order = _sort(of, sort)
    limit = max(1, min(limit, _MOST))
    base = _narrowed(session, of, select(*read_columns(of), order.column), where, search)
    after = _read(cursor, order)
    rows: list[Any] = []
    if after is None or after[0] is not None:
        rows = list(session.connection().execute(_with_value(base, order, of, after).limit(limit + 1)))
        after = None
    if len(rows) <= limit and order.column.nullable:
        rows += session.connection().execute(_without_value(base, order, of, after).limit(limit + 1 - len(rows)))
    shown = rows[:limit]
    more = _cursor(shown[-1], order) if len(rows) > limit else None
    return Page(tuple(views(session, of, [row[:-1] for row in shown])), more)


def count_records(
    session: Session,
    kind: RecordKind | str,
    *,
    where: Condition | None = None,
    search: str = "",
    most: int = MOST_COUNTED,
) -> int:
    """How many records such a list has, up to `most`."""
    of = RECORD_TYPES[RecordKind(kind)]
    few = _narrowed(session, of, select(of.table.c.id), where, search).limit(most).subquery()
    return int(session.connection().execute(select(func.count()).select_from(few)).scalar_one())


def record_ids(
    session: Session,
    kind: RecordKind | str,
    *,
    where: Condition | None = None,
    search: str = "",
    after: UUID | None = None,
    limit: int = 5000,
) -> list[UUID]:
    """The ids of such a list in the order they were made, from one on: for work on all that match."""
    of = RECORD_TYPES[RecordKind(kind)]
    query = _narrowed(session, of, select(of.table.c.id), where, search)
    if after is not None:
        query = query.where(of.table.c.id > after)
    return list(session.connection().execute(query.order_by(of.table.c.id).limit(limit)).scalars())


def get_record(session: Session, kind: RecordKind | str, record_id: UUID) -> RecordView:
    """A record; a person, lead or contact. Raises NotFound, also for one out of reach or in the trash."""
    of = RECORD_TYPES[RecordKind(kind)]
    found = get_records(session, of.object_type, [record_id])
    if record_id not in found:
        raise NotFound(f"no such {of.one}")
    return found[record_id]


def get_records(session: Session, object_type: str, ids: Sequence[UUID]) -> dict[UUID, RecordView]:
    """Those of these records that are there and in reach, by their ids."""
    of = type_of(object_type)
    query = select(*read_columns(of)).where(
        of.table.c.id == any_(literal(list(ids), ARRAY(Uuid()))), *_seen(session, of)
    )
    return {one.id: one for one in views(session, of, session.connection().execute(query).all())}


@cache
def sortable(kind: RecordKind) -> Mapping[str, str]:
    """The fields that a list can be sorted by, and their columns: those that have an index."""
    of = RECORD_TYPES[kind]
    indexed = set()
    for index in of.table.indexes:
        names = [name for name in (getattr(one, "name", "") for one in index.expressions) if name not in of.fixed]
        if names[:1] == ["tenant_id"] and len(names) >= 2 and (names[2:] == ["id"] or _always_there(of, names[1])):
            indexed.add(names[1])
    fields = {one.key: one.norm or one.shown for one in of.fields.values() if not one.refers_to}
    fields |= {name: name for name in ("created_at", "updated_at", "state", "probability", "stage_entered_at")}
    return {key: column for key, column in fields.items() if column in indexed}


def _always_there(of: RecordType, column: str) -> bool:
    return not of.table.c[column].nullable


def _sort(of: RecordType, given: str) -> _Sort:
    name = given.removeprefix("-")
    column = sortable(of.kind).get(name)
    if column is None:
        raise Invalid(f"Sort by one of {', '.join(sorted(sortable(of.kind)))}", field="sort")
    return _Sort(name, of.table.c[column], given.startswith("-"))


def _narrowed(
    session: Session, of: RecordType, query: Select[Any], where: Condition | None, search: str
) -> Select[Any]:
    fixed = [of.table.c[name] == value for name, value in of.fixed.items()]
    query = query.where(*fixed, *_seen(session, of))
    if where is not None:
        query = query.where(where)
    for piece in name_norm(search).split()[:8]:
        query = query.where(found_by(of, piece))
    return query


def found_by(of: RecordType, piece: str) -> Condition:
    """Records found by a piece of a search: whole, as addresses are, or by each of its words."""
    whole = of.table.c.id.in_(_named(of.object_type, piece[:80]))
    parts = words(piece)[:8]
    if parts == [piece] or not parts:
        return whole
    return or_(whole, and_(*(of.table.c.id.in_(_named(of.object_type, part)) for part in parts)))


def _seen(session: Session, of: RecordType) -> list[Condition]:
    return [of.table.c.deleted_at.is_(None), Sight.of(session, of.object_type).condition(of.table)]


def _named(object_type: str, word: str) -> Select[Any]:
    """Records with a word that begins so: a range, which the index serves."""
    tokens = _TOKENS.c
    return select(tokens.object_id).where(
        tokens.object_type == object_type, tokens.token >= word, tokens.token < word + "\U0010ffff"
    )


def _with_value(base: Select[Any], sort: _Sort, of: RecordType, after: tuple[Any, UUID] | None) -> Select[Any]:
    column, row_id = sort.column, of.table.c.id
    if after is None:
        query = base.where(column >= _lowest(column))
    else:
        value, last = literal(after[0], column.type), after[1]
        beyond = column < value if sort.down else column > value
        further = row_id < last if sort.down else row_id > last
        reached = column <= value if sort.down else column >= value
        query = base.where(reached, or_(beyond, and_(column == value, further)))
    return _ordered(query, sort, row_id)


def _without_value(base: Select[Any], sort: _Sort, of: RecordType, after: tuple[Any, UUID] | None) -> Select[Any]:
    row_id = of.table.c.id
    query = base.where(sort.column.is_(None))
    if after is not None:
        query = query.where(row_id < after[1] if sort.down else row_id > after[1])
    return _ordered(query, sort, row_id)


def _ordered(query: Select[Any], sort: _Sort, row_id: Any) -> Select[Any]:
    """In the order of the column's index, also where it holds nothing: so the index is entered there."""
    return query.order_by(*((sort.column.desc(), row_id.desc()) if sort.down else (sort.column, row_id)))


def _lowest(column: Any) -> Any:
    kind = column.type
    for known, value in (
        (DateTime, datetime(1, 1, 2, tzinfo=UTC)), (Date, date(1, 1, 1)), (Boolean, False), (BigInteger, -(2**63)),
    ):  # fmt: skip
        if isinstance(kind, known):
            return literal(value, kind)
    return literal("", kind)


def _cursor(row: Any, sort: _Sort) -> str:
    return base64.urlsafe_b64encode(json.dumps([sort.name, plain(row[-1]), str(row[0])]).encode()).decode().rstrip("=")


def _read(cursor: str | None, sort: _Sort) -> tuple[Any, UUID] | None:
    if not cursor:
        return None
    try:
        name, value, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        found = parse_id(row_id)
        if name != sort.name or found is None:
            raise ValueError(cursor)
        return _value(sort.column, value), found
    except (ValueError, TypeError) as error:
        raise Invalid("This cursor is none of ours: start again without it", field="cursor") from error


def _value(column: Any, given: Any) -> Any:
    if given is None:
        return None
    kind = column.type
    if isinstance(kind, DateTime | Date):
        return (datetime if isinstance(kind, DateTime) else date).fromisoformat(given)
    wanted: type = bool if isinstance(kind, Boolean) else int if isinstance(kind, BigInteger) else str
    if not isinstance(given, wanted):
        raise ValueError(given)
    return given
