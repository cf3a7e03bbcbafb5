"""Lists of records: narrowed by a condition, a search and the reader's reach, sorted by any column of their own.

Pages go by key, never by offset.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
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

from salescompass.crm.list_order import Order, Ranking, cursor_of, order_of, placed, read_cursor, selected
from salescompass.crm.names import name_norm
from salescompass.crm.record_fields import RECORD_TYPES, RecordType
from salescompass.crm.seeing import Sight
from salescompass.crm.views import RecordView, read_columns, type_of, views
from salescompass.crm.words import words
from salescompass.kit.errors import Invalid, NotFound
from salescompass.kit.pagination import Page
from salescompass.models import SearchToken
from salescompass.vocabulary import RecordKind

MOST_COUNTED = 10_000
_MOST, _USUAL = 1000, "-created_at"
Condition = ColumnElement[bool]
_TOKENS: Any = SearchToken.__table__  # type: ignore[attr-defined]


def list_records(
    session: Session,
    kind: RecordKind | str,
    *,
    where: Condition | None = None,
    search: str = "",
    sort: str = _USUAL,
    cursor: str | None = None,
    limit: int = 50,
    rankings: Mapping[str, Ranking] | None = None,
    named: bool = True,
) -> Page[RecordView]:
    """A page of records. `where` is a condition on the record's table; `sort` a field, with a minus for descending.

    `rankings` are further orders by their names. Without `named` the views do not tell what their ids are called.
    """
    of = RECORD_TYPES[RecordKind(kind)]
    order = order_of(of, sort, rankings or {})
    rows, more = _rows(session, of, order, where=where, search=search, cursor=cursor, limit=limit)
    return Page(tuple(views(session, of, rows, named=named)), more)


def list_pages(
    session: Session, kind: RecordKind | str, asked: Sequence[tuple[str | None, int]]
) -> list[Page[RecordView] | Invalid]:
    """Pages of the whole list in its usual order, each by its cursor and limit, without names; or why there is none.

    What stands beside the records, custom fields and tags, is asked once for all of them.
    """
    of = RECORD_TYPES[RecordKind(kind)]
    order = order_of(of, _USUAL, {})
    pages: list[tuple[list[Any], str | None] | Invalid] = []
    for cursor, limit in asked:
        try:
            pages.append(_rows(session, of, order, where=None, search="", cursor=cursor, limit=limit))
        except Invalid as error:
            pages.append(error)
    shown = iter(views(session, of, [row for one in pages if isinstance(one, tuple) for row in one[0]], named=False))
    return [Page(tuple(islice(shown, len(one[0]))), one[1]) if isinstance(one, tuple) else one for one in pages]


def _rows(
    session: Session, of: RecordType, order: Order, *, where: Condition | None, search: str, cursor: str | None,
    limit: int,
) -> tuple[list[Any], str | None]:  # fmt: skip
    """The rows of a page as `views` takes them, and the next page's cursor."""
    limit = max(1, min(limit, _MOST))
    after = read_cursor(cursor, order)
    parts = order.parts if after is None else order.parts[order.parts.index(after[0] is not None) :]
    rows: list[Any] = []
    for valued in parts:
        if len(rows) > limit:
            break
        base = _narrowed(session, of, selected(of, order, valued), where, search)
        query = placed(base, order, of, valued=valued, after=after, limit=limit + 1 - len(rows))
        rows += session.connection().execute(query)
        after = None
    shown = rows[:limit]
    more = cursor_of(shown[-1], order) if len(rows) > limit else None
    return [row[:-1] for row in shown], more


def count_records(
    session: Session,
    kind: RecordKind | str,
    *,
    where: Condition | None = None,
    search: str = "",
    most: int = MOST_COUNTED,
) -> int:
    """How many records such a list has, up to `most`."""
    few = ids_of_list(session, kind, where=where, search=search).limit(most).subquery()
    return int(session.connection().execute(select(func.count()).select_from(few)).scalar_one())


def matching(
    session: Session, kind: RecordKind | str, *columns: Any, where: Condition | None = None, search: str = ""
) -> Select[Any]:
    """A query of these columns over all records of such a list, those out of reach left out."""
    return _narrowed(session, RECORD_TYPES[RecordKind(kind)], select(*columns), where, search)


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
    query = ids_of_list(session, kind, where=where, search=search)
    if after is not None:
        query = query.where(of.table.c.id > after)
    return list(session.connection().execute(query.order_by(of.table.c.id).limit(limit)).scalars())


def ids_of_list(
    session: Session, kind: RecordKind | str, *, where: Condition | None = None, search: str = ""
) -> Select[Any]:
    """A query of the ids of such a list, as far as the reader sees: for statements that take all of them."""
    of = RECORD_TYPES[RecordKind(kind)]
    return _narrowed(session, of, select(of.table.c.id), where, search)


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


def in_reach(session: Session, object_type: str, ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these records that are there and in reach: for whoever needs no more of them, in one query."""
    if not ids:
        return frozenset()
    of = type_of(object_type)
    query = select(of.table.c.id).where(of.table.c.id == any_(literal(list(ids), ARRAY(Uuid()))), *_seen(session, of))
    return frozenset(session.connection().execute(query).scalars())


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
