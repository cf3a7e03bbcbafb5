"""What the first reading looks at, for many records at once: a statement for each table, however many records.

Only what a tree asks for is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, any_, literal, select
from sqlmodel import Session

from salescompass.conditions.compile import records
from salescompass.conditions.evaluate import Facts
from salescompass.conditions.fields import Beside, Catalogue, EventCount, Field, Kind, ObjectType, Own, Relation
from salescompass.conditions.meaning import Reader
from salescompass.conditions.tree import Group, Tree

Value = str | tuple[str, EventCount]


@dataclass
class _Needs:
    """What is asked of records of a type: fields with what is counted, and what is asked of related ones."""

    fields: set[tuple[str, EventCount | None]] = default(default_factory=set)
    related: dict[str, _Needs] = default(default_factory=dict)

    def along(self, path: Iterable[str]) -> _Needs:
        """What is asked at the end of a path."""
        place = self
        for key in path:
            place = place.related.setdefault(key, _Needs())
        return place

    def add(self, group: Group) -> _Needs:
        """Also what a group asks."""
        for leaf in group.leaves():
            *way, key = leaf.path.split(".")
            self.along(way).fields.add((key, leaf.counted))
        for related in group.relateds():
            self.along(related.path.split(".")).add(related.group)
        return self


def facts(
    session: Session, tree: Tree, ids: Sequence[UUID], *, catalogue: Catalogue, now: datetime
) -> dict[UUID, Facts]:
    """The facts that a tree asks for of these records; who is not there has none."""
    loader = _Loader(session, catalogue, Reader(now, catalogue.zone))
    return loader.load(catalogue.type(tree.object), list(dict.fromkeys(ids)), _Needs().add(tree.root))


@dataclass(frozen=True)
class _Loader:
    session: Session
    catalogue: Catalogue
    reader: Reader

    def load(self, kind: ObjectType, ids: list[UUID], needs: _Needs) -> dict[UUID, Facts]:
        asked = [(kind.fields[key], counted) for key, counted in sorted(needs.fields, key=str)]
        relations = [kind.relations[key] for key in sorted(needs.related)]
        own = [field for field, _ in asked if isinstance(field.at, Own)]
        rows = self.rows(kind, ids, own, relations)
        values: dict[UUID, dict[Value, Any]] = {row["id"]: {f.key: self.value(f, row) for f in own} for row in rows}
        for field, counted in asked:
            if isinstance(field.at, Beside):
                found = self.beside(field, field.at, counted, list(values))
                for one, mine in values.items():
                    mine[field.key if counted is None else (field.key, counted)] = found.get(one, field.at.absent)
        shown = {
            row["id"]: {f.key: row[f.at.shown] for f in own if isinstance(f.at, Own) and f.at.shown} for row in rows
        }
        related = {
            relation.key: self.related(relation, [row[relation.here] for row in rows], needs.related[relation.key])
            for relation in relations
        }
        return {
            row["id"]: Facts(
                row["id"],
                values[row["id"]],
                shown[row["id"]],
                {relation.key: tuple(related[relation.key].get(row[relation.here], ())) for relation in relations},
            )
            for row in rows
        }

    def rows(
        self, kind: ObjectType, ids: list[UUID], own: list[Field], relations: list[Relation]
    ) -> list[Mapping[str, Any]]:
        names = {"id"} | {relation.here for relation in relations}
        for field in own:
            if isinstance(field.at, Own):
                names |= {name for name in (field.at.column, field.at.shown, field.at.currency) if name}
        columns = [kind.table.c[name] for name in sorted(names)]
        statement = select(*columns).where(_one_of(kind.table.c.id, ids))
        return [dict(row) for row in self.session.connection().execute(statement).mappings()]

    def value(self, field: Field, row: Mapping[str, Any]) -> Any:
        if not isinstance(field.at, Own):
            raise TypeError("only columns of the record are read with it")
        foreign = field.at.currency and row[field.at.currency] not in (None, self.catalogue.currency)
        return None if foreign else row[field.at.column]

    def beside(self, field: Field, at: Beside, counted: EventCount | None, ids: list[UUID]) -> dict[UUID, Any]:
        source = at.rows(self.reader.as_of(counted)).subquery()
        statement = select(source.c.id, source.c.value).where(_one_of(source.c.id, ids))
        found = self.session.connection().execute(statement)
        if field.kind is not Kind.TAGS:
            return {row.id: row.value for row in found}
        several: dict[UUID, set[Any]] = defaultdict(set)
        for one, value in found:
            several[one].add(value)
        return {one: frozenset(mine) for one, mine in several.items()}

    def related(self, relation: Relation, heres: Iterable[Any], needs: _Needs) -> dict[Any, list[Facts]]:
        there, joined, key = records(self.catalogue, relation)
        wanted = sorted({here for here in heres if here is not None})
        present = self.catalogue.type(relation.to).present(there)
        statement = select(key, there.c.id).select_from(joined).where(_one_of(key, wanted), *present).distinct()
        pairs = sorted(tuple(row) for row in self.session.connection().execute(statement))
        known = self.load(self.catalogue.type(relation.to), sorted({one for _, one in pairs}), needs)
        found: dict[Any, list[Facts]] = defaultdict(list)
        for here, one in pairs:
            if one in known:
                found[here].append(known[one])
        return found


def _one_of(column: ColumnElement[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    return column == any_(literal(list(values), ARRAY(column.type)))
