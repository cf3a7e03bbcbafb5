"""Random trees over the catalogue: every field, every operator, values that are there and values that are not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from salescompass.conditions import OF_KIND, OPERATORS, Catalogue, Field, Kind, Match, Takes
from tests.conditions.worlds import NOW, TYPES, WORDS, World

Json = dict[str, Any]
_PIECES = ["re", "RE", "ß", "ss", "park", "zü", "_b%", "😀", "ω", "example", "shop", "a", "n"]


class Trees:
    """Strategies for trees over a world's catalogue."""

    def __init__(self, world: World, catalogue: Catalogue) -> None:
        self.world, self.catalogue = world, catalogue
        self.ids = [str(one) for one in (*world.members, *world.stages, *world.by_id, *world.tags)]
        self._made: dict[tuple[str, int], st.SearchStrategy[Json]] = {}
        self._leaves: dict[str, st.SearchStrategy[Json]] = {}

    def trees(self, kind: str) -> st.SearchStrategy[Json]:
        """Trees on records of a kind."""
        return self._group(kind, 2).map(lambda group: {"version": 1, "object": kind, **group})

    def _group(self, kind: str, deep: int) -> st.SearchStrategy[Json]:
        if (kind, deep) not in self._made:
            self._made[kind, deep] = self._new_group(kind, deep)
        return self._made[kind, deep]

    def _new_group(self, kind: str, deep: int) -> st.SearchStrategy[Json]:
        node = self._leaf(kind)
        if deep:
            node = st.one_of(
                node, node, node, self._related(kind, deep - 1), st.deferred(lambda: self._group(kind, deep - 1))
            )
        return st.fixed_dictionaries(
            {
                "combinator": st.sampled_from(["and", "or"]),
                "not": st.sampled_from([False, False, True]),
                "rules": st.lists(node, min_size=1, max_size=3),
            }
        )

    def _paths(self, kind: str, *, many: bool, longest: int = 2) -> list[tuple[str, str]]:
        """Paths to one record, or to several, and what stands there."""
        found = [] if many else [("", kind)]
        for relation in self.catalogue.type(kind).relations.values():
            if relation.many is many:
                found.append((relation.key, relation.to))
            if not relation.many and longest > 1:
                more = self._paths(relation.to, many=many, longest=longest - 1)
                found += [(f"{relation.key}.{path}", to) for path, to in more if path]
        return found

    def _related(self, kind: str, deep: int) -> st.SearchStrategy[Json]:
        def rule(place: tuple[str, str]) -> st.SearchStrategy[Json]:
            match = st.sampled_from(list(Match)).flatmap(
                lambda mode: st.fixed_dictionaries(
                    {"mode": st.just(mode.value), **({"threshold": st.integers(0, 3)} if mode.counts else {})}
                )
            )
            return st.fixed_dictionaries(
                {
                    "field": st.just(place[0]),
                    "operator": st.just("="),
                    "match": match,
                    "value": self._group(place[1], deep),
                }
            )

        return st.sampled_from(self._paths(kind, many=True)).flatmap(rule)

    def _leaf(self, kind: str) -> st.SearchStrategy[Json]:
        if kind not in self._leaves:
            self._leaves[kind] = self._new_leaf(kind)
        return self._leaves[kind]

    def _new_leaf(self, kind: str) -> st.SearchStrategy[Json]:
        choices = [
            (f"{path}.{field.key}" if path else field.key, field, operator)
            for path, to in self._paths(kind, many=False)
            for field in self.catalogue.type(to).fields.values()
            for operator in OF_KIND[field.kind]
        ]

        def rule(chosen: tuple[str, Field, str]) -> st.SearchStrategy[Json]:
            path, field, operator = chosen
            value = self._value(field, OPERATORS[operator].takes)
            return st.fixed_dictionaries({"field": st.just(path), "operator": st.just(operator), "value": value})

        return st.sampled_from(choices).flatmap(rule)

    def _value(self, field: Field, takes: Takes) -> st.SearchStrategy[Any]:
        if takes is Takes.NOTHING:
            return st.none()
        if takes is Takes.DAYS or field.kind is Kind.AGE:
            one: st.SearchStrategy[Any] = st.integers(0, 45)
        elif takes is Takes.COUNT:
            return st.fixed_dictionaries(
                {
                    "count": st.integers(0, 4),
                    "types": st.lists(st.sampled_from(list(TYPES)), max_size=2, unique=True).map(sorted),
                    "who": st.sampled_from(["human", "machine", "any"]),
                    "days": st.one_of(st.none(), st.integers(0, 45)),
                }
            )
        else:
            one = _ONE[field.kind](self, field, takes)
        if takes is Takes.LIST:
            return st.lists(one, min_size=1, max_size=3)
        return st.tuples(one, one).map(list) if takes is Takes.PAIR else one


def _text(trees: Trees, field: Field, takes: Takes) -> st.SearchStrategy[Any]:
    rows = getattr(trees.world, {"sku": "product", "domain": "account"}.get(field.key, "person"))
    there = [str(row[field.key]) for row in rows[:5] if row.get(field.key)] or ["shop1.example"]
    return st.sampled_from(_PIECES if takes is Takes.PART else WORDS + there)


def _reference(trees: Trees, field: Field, _: Takes) -> st.SearchStrategy[Any]:
    return st.sampled_from([*trees.ids, "me"] if field.refers_to == "membership" else trees.ids)


_DAYS = [(NOW.date() + timedelta(days=n)).isoformat() for n in range(-45, 45)]
_ONE: dict[Kind, Callable[[Trees, Field, Takes], st.SearchStrategy[Any]]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: lambda _, field, __: st.sampled_from(
        [-5, 0, 5, 10, 50] if field.whole else [-2.5, 0.0, 0.1, 15, 40.0]
    ),
    Kind.MONEY: lambda *_: st.sampled_from([0, 1, 99, 100, 10**12]),
    Kind.DAY: lambda *_: st.sampled_from(_DAYS),
    Kind.MOMENT: lambda *_: st.sampled_from(_DAYS),
    Kind.CHOICE: lambda _, field, __: st.sampled_from([choice.value for choice in field.choices]),
    Kind.BOOLEAN: lambda *_: st.booleans(),
    Kind.REFERENCE: _reference,
    Kind.TAGS: lambda trees, *_: st.sampled_from([str(tag) for tag in trees.world.tags]),
}
