"""The second reading: a tree as one condition in SQL, for lists and counts.

Two rules keep it equal to the first. NULL never decides: a comparison that is wanted may be NULL where it is false,
since AND and OR treat both alike; one that is not wanted says IS NOT TRUE; and NOT is carried down to the comparisons.

What stands in other tables is asked by IN, with a query that knows nothing of the row outside: PostgreSQL makes a join
of it, or answers it once and keeps the answer, but never asks it anew for each row, however deep it lies. Only what
must not be there, and is not one of several choices, is asked by NOT EXISTS, which becomes a join as well.

A comparison with a column of the record is that bare column and a parameter, so that an index serves it: under a
policy only operators that leak nothing may be index conditions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    any_,
    distinct,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from salescompass.conditions.evaluate import holds
from salescompass.conditions.fields import Beside, Catalogue, Field, Own, Relation
from salescompass.conditions.meaning import All, Among, Known, Meaning, Piece, Reader, Test, Within, meaning
from salescompass.conditions.tree import Group, Leaf, Match, Node, Related, Tree

Condition = ColumnElement[bool]
MOST_GAPS = 20
"""Of more values what is left is not told range by range."""


def where(
    tree: Tree, *, catalogue: Catalogue, now: datetime, me: UUID | None = None, rows: FromClause | None = None
) -> Condition:
    """The tree as a condition on its record type's table, or on `rows`, an alias of it."""
    table = catalogue.type(tree.object).table if rows is None else rows
    return _Compilation(catalogue, Reader(now, catalogue.zone, me)).group(tree.root, tree.object, _Place(table), True)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a condition stands: on which rows, and whether every condition around it must hold as well."""

    rows: FromClause
    chained: bool = True


@dataclass(frozen=True, slots=True)
class _Compilation:
    """Each method gives what is true just when its node holds; with `wanted` false, just when it does not."""

    catalogue: Catalogue
    reader: Reader

    def node(self, node: Node, start: str, place: _Place, wanted: bool) -> Condition:
        if isinstance(node, Group):
            return self.group(node, start, place, wanted)
        if isinstance(node, Leaf):
            return self.leaf(node, start, place, wanted)
        return self.related(node, start, place, wanted)

    def group(self, group: Group, start: str, place: _Place, wanted: bool) -> Condition:
        wanted = wanted is not group.negated
        if not group.nodes:
            return true() if wanted else false()
        if group.any_of is not wanted or len(group.nodes) == 1:
            return and_(*(self.node(node, start, place, wanted) for node in group.nodes))
        inside = replace(place, chained=False)
        return or_(*(self.node(node, start, inside, wanted) for node in group.nodes))

    def leaf(self, leaf: Leaf, start: str, place: _Place, wanted: bool) -> Condition:
        relations, field = self.catalogue.field(start, leaf.path)
        asked = meaning(field, leaf, self.reader)

        def at_the_end(there: _Place, asked: Meaning) -> Condition:
            return self.compare(field, leaf, there, asked)

        return self.along(relations, place, asked if wanted else asked.opposite(), at_the_end)

    def along(
        self,
        relations: tuple[Relation, ...],
        place: _Place,
        asked: Meaning,
        at_the_end: Callable[[_Place, Meaning], Condition],
    ) -> Condition:
        """Follow relations to one; where there is nobody, the value is missing."""
        if not relations:
            return at_the_end(place, asked)
        first, *others = relations
        there, joined, key = records(self.catalogue, first)
        wanted = not holds(asked, None)
        inner = self.along(tuple(others), _Place(there), asked if wanted else asked.opposite(), at_the_end)
        found = select(key).select_from(joined).where(*self.present(first, there), inner)
        return _is_among(place, place.rows.c[first.here], key, found, wanted)

    def present(self, relation: Relation, there: FromClause) -> list[Condition]:
        return self.catalogue.type(relation.to).present(there)

    def compare(self, field: Field, leaf: Leaf, place: _Place, asked: Meaning) -> Condition:
        if isinstance(field.at, Own):
            column = place.rows.c[field.at.column]
            found = sql_not(asked.test, column, field) if asked.turned else sql(asked.test, column)
            if field.at.currency:
                comparable = self.comparable(place.rows.c[field.at.currency])
                return or_(found, not_(comparable)) if asked.turned else and_(found, comparable)
            return found
        return self.beside(field.at, field.at.rows(self.reader.as_of(leaf.counted)), place, asked)

    def comparable(self, currency: ColumnElement[Any]) -> Condition:
        return or_(currency.is_(None), currency == literal(self.catalogue.currency, Text()))

    def beside(self, at: Beside, rows: Select[Any], place: _Place, asked: Meaning) -> Condition:
        """Rows of another table: one at most, or any number for tags."""
        if isinstance(asked.test, All):
            inside = replace(place, chained=place.chained and not asked.turned)
            each = [self.beside(at, rows, inside, Meaning(Among((one,)), asked.turned)) for one in asked.test.values]
            return or_(*each) if asked.turned else and_(*each)
        source = rows.subquery()
        wanted = not holds(asked, at.absent)
        inner = asked if wanted else asked.opposite()
        test = sql(inner.test, source.c.value)
        found = select(source.c.id).where(test.is_not(True) if inner.turned else test)
        return _is_among(place, place.rows.c.id, source.c.id, found, wanted)

    def related(self, node: Related, start: str, place: _Place, wanted: bool) -> Condition:
        way, last = self.catalogue.related(start, node.path)
        # Whoever is not there has no related records: this meaning holds nobody's missing value just when that is
        # what is wanted, and whether it comes out turned says whether the opposite is asked at the end.
        asked = Meaning(Known(), turned=node.holds_for(0, 0) is wanted)

        def at_the_end(there: _Place, at_last: Meaning) -> Condition:
            return self.matched(node, last, there, wanted is (at_last == asked))

        return self.along(way, place, asked, at_the_end)

    def matched(self, node: Related, last: Relation, place: _Place, wanted: bool) -> Condition:
        if node.match is Match.SOME:
            return self.at_least(node.group, True, 1, last, place, wanted)
        if node.match in (Match.NONE, Match.ALL):
            return self.at_least(node.group, node.match is Match.NONE, 1, last, place, not wanted)
        if node.match is Match.AT_LEAST:
            return self.at_least(node.group, True, node.number, last, place, wanted)
        if node.match is Match.AT_MOST:
            return self.at_least(node.group, True, node.number + 1, last, place, not wanted)
        inside = replace(place, chained=place.chained and wanted)
        enough = self.at_least(node.group, True, node.number, last, inside, wanted)
        few = self.at_least(node.group, True, node.number + 1, last, inside, not wanted)
        return and_(enough, few) if wanted else or_(enough, few)

    def at_least(self, group: Group, held: bool, number: int, last: Relation, place: _Place, wanted: bool) -> Condition:
        """At least so many related records hold a group, or do not hold it."""
        if number <= 0:
            return true() if wanted else false()
        there, joined, key = records(self.catalogue, last)
        inner = self.group(group, last.to, _Place(there), held)
        found = select(key).select_from(joined).where(key.is_not(None), *self.present(last, there), inner)
        if number == 1:
            return _is_among(place, place.rows.c[last.here], key, found, wanted)
        several = found.group_by(key).having(func.count(distinct(there.c.id)) >= literal(number))
        enough = several.with_only_columns(key.label("id")).subquery()
        return _is_among(place, place.rows.c[last.here], enough.c.id, select(enough.c.id), wanted)


def _is_among(
    place: _Place, column: ColumnElement[Any], key: ColumnElement[Any], found: Select[Any], wanted: bool
) -> Condition:
    """Whether the column's value is one of the keys found, or is not."""
    if wanted:
        return column.in_(found)
    if place.chained:
        return not_(exists(found.where(key == column).with_only_columns(literal(1)).correlate(place.rows)))
    return column.in_(found).is_not(True)


def records(catalogue: Catalogue, relation: Relation) -> tuple[FromClause, FromClause, ColumnElement[Any]]:
    """Related records, what to select them from, and the column that says whose they are."""
    there = catalogue.type(relation.to).table.alias()
    if relation.link is None:
        return there, there, there.c[relation.there]
    link = relation.link.table.alias()
    joined = link.join(there, there.c[relation.there] == link.c[relation.link.far])
    return there, joined, link.c[relation.link.near]


def sql(test: Test, column: ColumnElement[Any]) -> Condition:
    """A test on a column: true when it holds, false or NULL when it does not."""
    if isinstance(test, Known):
        return column.is_not(None)
    if isinstance(test, Among):
        if len(test.values) == 1:
            return column == literal(test.values[0], column.type)
        return column == any_(literal(list(test.values), ARRAY(column.type)))
    if isinstance(test, Piece):
        return _piece(test, column)
    if isinstance(test, All):
        raise TypeError("only rows beside a record have several values")
    bounds = []
    if test.low is not None:
        low = literal(test.low, column.type)
        bounds.append(column > low if test.above else column >= low)
    if test.high is not None:
        high = literal(test.high, column.type)
        bounds.append(column < high if test.below else column <= high)
    return and_(true(), *bounds)


def sql_not(test: Test, column: ColumnElement[Any], field: Field) -> Condition:
    """A test on a record's own column that must not hold, which it does not where the value is missing.

    Said as what is left: the ranges below, between and above, which an index serves where they are nearly empty.
    """
    if isinstance(test, Known):
        return column.is_(None)
    if isinstance(test, Among) and field.choices:
        left = tuple(one.value for one in field.choices if one.value not in test.values)
        return or_(column.is_(None), sql(Among(left), column)) if left else column.is_(None)
    if isinstance(test, Among) and 0 < len(test.values) <= MOST_GAPS:
        # By code point here and there: texts without choices are compared so.
        values = [literal(one, column.type) for one in sorted(set(test.values))]
        between = (and_(column > low, column < high) for low, high in pairwise(values))
        return or_(column.is_(None), column < values[0], *between, column > values[-1])
    if isinstance(test, Within):
        outside: list[Condition] = [column.is_(None)]
        if test.low is not None:
            low = literal(test.low, column.type)
            outside.append(column <= low if test.above else column < low)
        if test.high is not None:
            high = literal(test.high, column.type)
            outside.append(column >= high if test.below else column > high)
        return or_(*outside)
    return sql(test, column).is_not(True)


def _piece(test: Piece, column: ColumnElement[Any]) -> Condition:
    text = literal(test.text, Text())
    if test.how == "contains":
        return func.strpos(column, text) > 0
    if test.how == "ends_with":
        return func.right(column, len(test.text)) == text
    # A range of code points, which an index serves; LIKE would not be one under a policy.
    if getattr(column.type, "collation", None) != "C":
        column = column.collate("C")
    after = _after(test.text)
    low = column >= text
    return and_(low, column < literal(after, Text())) if after else low


def _after(text: str) -> str:
    """The first text behind all that start with `text`, in the order of code points; empty when there is none."""
    kept = text.rstrip(chr(0x10FFFF))
    if not kept:
        return ""
    following = ord(kept[-1]) + 1
    return kept[:-1] + chr(0xE000 if following == 0xD800 else following)
