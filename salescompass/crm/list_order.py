"""The orders of a list: by a column of the records' own, or by what another table holds; their pages and cursors.

What has no value for a column comes last. Every page's query bounds its sorted column, also the first one's, so that
its index is read from a place on and never the tenant's whole rows.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Float,
    Select,
    and_,
    literal,
    null,
    or_,
    select,
)

from salescompass.crm.drafts import plain
from salescompass.crm.record_fields import RECORD_TYPES, RecordType
from salescompass.crm.views import read_columns
from salescompass.kit.errors import Invalid
from salescompass.kit.ids import parse_id
from salescompass.vocabulary import RecordKind

Condition = ColumnElement[bool]
Place = tuple[Any, UUID]
"""Where a page ended: the last value, None among records without one, and the record."""


@dataclass(frozen=True)
class Ranking:
    """An order by what another table holds of a record: `value`, in one row of `record_id` at most, where `fixed` is.

    A record without a row has the lowest value of all. The rows' index has `value` one way and `record_id` the other.
    """

    value: Any
    record_id: Any
    fixed: Condition


@dataclass(frozen=True)
class Order:
    """A column to sort by, and which way; with `ranking` it is another table's."""

    name: str
    column: Any
    down: bool
    row_id: Any
    ranking: Ranking | None = None

    @property
    def ids_down(self) -> bool:
        """Which way records of one value go."""
        return self.down is (self.ranking is None)

    @property
    def parts(self) -> tuple[bool, ...]:
        """The parts of the list in their order: True for records with a value, False for those without."""
        if self.ranking is not None:
            return (self.down, not self.down)
        return (True, False) if self.column.nullable else (True,)


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


def order_of(of: RecordType, given: str, rankings: Mapping[str, Ranking]) -> Order:
    """The order that is asked for by a field's name, or a ranking's, with a minus for descending. Raises Invalid."""
    name, down = given.removeprefix("-"), given.startswith("-")
    if name in rankings:
        return Order(name, rankings[name].value, down, rankings[name].record_id, rankings[name])
    column = sortable(of.kind).get(name)
    if column is None:
        raise Invalid(f"Sort by one of {', '.join(sorted((*sortable(of.kind), *rankings)))}", field="sort")
    return Order(name, of.table.c[column], down, of.table.c.id)


def selected(of: RecordType, sort: Order, valued: bool) -> Select[Any]:
    """The columns of views and the sorted one, of records that have a value, or of those that have none."""
    ranking = sort.ranking
    if ranking is None:
        return _own(of.kind, sort.column.name)
    if valued:
        ranked = and_(ranking.record_id == of.table.c.id, ranking.fixed)
        return select(*read_columns(of), ranking.value).join_from(of.table, ranking.value.table, ranked)
    held = select(ranking.record_id).where(ranking.record_id == of.table.c.id, ranking.fixed)
    return select(*read_columns(of), null()).where(~held.correlate(of.table).exists())


@cache
def _own(kind: RecordKind, column: str) -> Select[Any]:
    """The columns of views and one of these: made once, because that takes as long as asking for a page."""
    of = RECORD_TYPES[kind]
    return select(*read_columns(of), of.table.c[column])


def placed(
    query: Select[Any], sort: Order, of: RecordType, *, valued: bool, after: Place | None, limit: int
) -> Select[Any]:
    """A query of `selected` in its order, from a place on."""
    ordered = (_valued if valued else _unvalued)(query, sort, of, after)
    return ordered.limit(limit)


def _valued(base: Select[Any], sort: Order, of: RecordType, after: Place | None) -> Select[Any]:
    column, row_id = sort.column, sort.row_id
    if after is None:
        query = base.where(column >= _lowest(column))
    else:
        value, last = literal(after[0], column.type), after[1]
        beyond = column < value if sort.down else column > value
        further = row_id < last if sort.ids_down else row_id > last
        reached = column <= value if sort.down else column >= value
        query = base.where(reached, or_(beyond, and_(column == value, further)))
    return query.order_by(
        column.desc() if sort.down else column.asc(), row_id.desc() if sort.ids_down else row_id.asc()
    )  # fmt: skip


def _unvalued(base: Select[Any], sort: Order, of: RecordType, after: Place | None) -> Select[Any]:
    row_id = of.table.c.id
    query = base if sort.ranking else base.where(sort.column.is_(None))
    if after is not None:
        query = query.where(row_id < after[1] if sort.down else row_id > after[1])
    by_id = row_id.desc() if sort.down else row_id.asc()
    # In the order of the column's index, also where it holds nothing: so the index is entered there.
    by_value = () if sort.ranking else (sort.column.desc() if sort.down else sort.column,)
    return query.order_by(*by_value, by_id)


def _lowest(column: Any) -> Any:
    kind = column.type
    for known, value in (
        (DateTime, datetime(1, 1, 2, tzinfo=UTC)), (Date, date(1, 1, 1)), (Boolean, False), (BigInteger, -(2**63)),
        (Float, -1e300),
    ):  # fmt: skip
        if isinstance(kind, known):
            return literal(value, kind)
    return literal("", kind)


def cursor_of(row: Any, sort: Order) -> str:
    """Where a page ended, for the next one to begin."""
    return base64.urlsafe_b64encode(json.dumps([sort.name, plain(row[-1]), str(row[0])]).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, sort: Order) -> Place | None:
    """Where a page begins. Raises Invalid for a cursor of another order."""
    if not cursor:
        return None
    try:
        name, value, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        found = parse_id(row_id)
        if name != sort.name or found is None or (value is not None) not in sort.parts:
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
    kinds: dict[type, type] = {Boolean: bool, BigInteger: int, Float: float}
    wanted = next((python for sql, python in kinds.items() if isinstance(kind, sql)), str)
    if not isinstance(given, wanted):
        raise ValueError(given)
    return given
