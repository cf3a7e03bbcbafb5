"""The second reading: a tree as one condition in SQL, for lists and counts.

Two rules keep it equal to the first. NULL never decides: a comparison that is wanted may be NULL where it is false,
since AND and OR treat both alike; one that is not wanted says IS NOT TRUE; and NOT is carried down to the comparisons.
What stands in other tables is asked by EXISTS, which PostgreSQL turns into joins, each row policy included.

A comparison with a column of the record is that bare column and a parameter, so that an index serves it: under a
policy only operators that leak nothing may be index conditions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
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
from salescompass.conditions.meaning import All, Among, Known, Meaning, Piece, Reader, Test, meaning
from salescompass.conditions.tree import Group, Leaf, Match, Node, Related, Tree

Condition = ColumnElement[bool]


def where(
    tree: Tree, *, catalogue: Catalogue, now: datetime, me: UUID | None = None, rows: FromClause | None = None
) -> Condition:
    """The tree as a condition on its record type's table, or on `rows`, an alias of it."""
    compiled = _Compilation(catalogue, Reader(now, catalogue.zone, me))
    return compiled.group(tree.root, tree.object, catalogue.type(tree.object).table if rows is None else rows, True)


@dataclass(frozen=True, slots=True)
class _Compilation:
    """Each method gives what is true just when its node holds; with `wanted` false, just when it does not."""

    catalogue: Catalogue
    reader: Reader

    def node(self, node: Node, start: str, rows: FromClause, wanted: bool) -> Condition:
        if isinstance(node, Group):
            return self.group(node, start, rows, wanted)
        if isinstance(node, Leaf):
            return self.leaf(node, start, rows, wanted)
        return self.related(node, start, rows, wanted)

    def group(self, group: Group, start: str, rows: FromClause, wanted: bool) -> Condition:
        wanted = wanted is not group.negated
        if not group.nodes:
            return true() if wanted else false()
        join = or_ if group.any_of is wanted else and_
        return join(*(self.node(node, start, rows, wanted) for node in group.nodes))

    def leaf(self, leaf: Leaf, start: str, rows: FromClause, wanted: bool) -> Condition:
        relations, field = self.catalogue.field(start, leaf.path)
        asked = meaning(field, leaf, self.reader)
        asked = asked if wanted else asked.opposite()

        def at_the_end(there: FromClause, asked: Meaning) -> Condition:
            return self.compare(field, leaf, there, asked)

        return self.along(relations, rows, asked, at_the_end)

    def along(
        self,
        relations: tuple[Relation, ...],
        rows: FromClause,
        asked: Meaning,
        at_the_end: Callable[[FromClause, Meaning], Condition],
    ) -> Condition:
        """Follow relations to one; where there is nobody, the value is missing."""
        if not relations:
            return at_the_end(rows, asked)
        first, *others = relations
        there, joined, key = records(self.catalogue, first)
        of_it = exists().select_from(joined).where(key == rows.c[first.here], *alive(there))
        if not holds(asked, None):
            return of_it.where(self.along(tuple(others), there, asked, at_the_end))
        return not_(of_it.where(self.along(tuple(others), there, asked.opposite(), at_the_end)))

    def compare(self, field: Field, leaf: Leaf, rows: FromClause, asked: Meaning) -> Condition:
        if isinstance(field.at, Own):
            column = rows.c[field.at.column]
            found = sql(asked.test, column)
            if field.at.currency:
                found = and_(found, self.comparable(rows.c[field.at.currency]))
            return found.is_not(True) if asked.turned else found
        return self.beside(field.at, field.at.rows(self.reader.as_of(leaf.counted)), rows, asked)

    def comparable(self, currency: ColumnElement[Any]) -> Condition:
        return or_(currency.is_(None), currency == literal(self.catalogue.currency, Text()))

    def beside(self, at: Beside, found: Select[Any], rows: FromClause, asked: Meaning) -> Condition:
        """Rows of another table: one at most, or any number for tags."""
        source = found.subquery()
        of_it = exists().select_from(source).where(source.c.id == rows.c.id)
        if isinstance(asked.test, All):
            each = [self.beside(at, found, rows, Meaning(Among((value,)))) for value in asked.test.values]
            return not_(and_(*each)) if asked.turned else and_(*each)
        if not holds(asked, at.absent):
            return of_it.where(_plainly(asked, source.c.value))
        return not_(of_it.where(_plainly(asked.opposite(), source.c.value)))

    def related(self, node: Related, start: str, rows: FromClause, wanted: bool) -> Condition:
        way, last = self.catalogue.related(start, node.path)
        if not way:
            return self.matched(node, last, rows, wanted)
        # Whoever is not there has no related records: as if the number of those that hold were missing or 0.
        asked = Meaning(Known(), turned=node.holds_for(0, 0) is wanted)
        return self.along(way, rows, asked, lambda there, at_last: self.matched(
            node, last, there, wanted is (at_last.turned is asked.turned)
        ))  # fmt: skip

    def matched(self, node: Related, last: Relation, rows: FromClause, wanted: bool) -> Condition:
        there, joined, key = records(self.catalogue, last)
        mine = (key == rows.c[last.here], *alive(there))
        if node.match in (Match.SOME, Match.NONE, Match.ALL):
            inner = self.group(node.group, last.to, there, node.match is not Match.ALL)
            found: Condition = exists().select_from(joined).where(*mine, inner)
            return found if (node.match is Match.SOME) is wanted else not_(found)
        if node.match is Match.AT_LEAST:
            found = self.at_least(node, last, node.number, rows)
        elif node.match is Match.AT_MOST:
            found = not_(self.at_least(node, last, node.number + 1, rows))
        else:
            more = self.at_least(node, last, node.number + 1, rows)
            found = and_(self.at_least(node, last, node.number, rows), not_(more))
        return found if wanted else not_(found)

    def at_least(self, node: Related, last: Relation, number: int, rows: FromClause) -> Condition:
        if number <= 0:
            return true()
        there, joined, key = records(self.catalogue, last)
        inner = self.group(node.group, last.to, there, True)
        enough = (
            select(key.label("id"))
            .select_from(joined)
            .where(key.is_not(None), *alive(there), inner)
            .group_by(key)
            .having(func.count(distinct(there.c.id)) >= literal(number))
            .subquery()
        )
        return exists().select_from(enough).where(enough.c.id == rows.c[last.here])


def records(catalogue: Catalogue, relation: Relation) -> tuple[FromClause, FromClause, ColumnElement[Any]]:
    """Related records, what to select them from, and the column that says whose they are."""
    there = catalogue.type(relation.to).table.alias()
    if relation.link is None:
        return there, there, there.c[relation.there]
    link = relation.link.table.alias()
    joined = link.join(there, there.c[relation.there] == link.c[relation.link.far])
    return there, joined, link.c[relation.link.near]


def alive(rows: FromClause) -> list[Condition]:
    """What leaves out records in the trash."""
    return [rows.c.deleted_at.is_(None)] if "deleted_at" in rows.c else []


def _plainly(asked: Meaning, column: ColumnElement[Any]) -> Condition:
    """A meaning on a column of a row that is there."""
    return sql(asked.test, column).is_not(True) if asked.turned else sql(asked.test, column)


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
