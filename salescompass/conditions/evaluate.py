"""The first reading: a tree on the facts of one record, with what was seen for every condition. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from datetime import datetime
from typing import Any
from uuid import UUID

from salescompass.conditions.fields import Catalogue, EventCount
from salescompass.conditions.meaning import All, Among, Known, Meaning, Piece, Reader, Within, meaning
from salescompass.conditions.tree import Group, Leaf, Match, Node, Related, Tree

MOST_SEEN = 5


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a record: values by field, as they are compared; records related to it, by relation.

    `shown` has what people see where that is another form. Values of event counts stand under the field's key and
    what is counted.
    """

    id: UUID
    values: Mapping[str | tuple[str, EventCount], Any] = default(default_factory=dict)
    shown: Mapping[str, Any] = default(default_factory=dict)
    related: Mapping[str, tuple[Facts, ...]] = default(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """A condition, what was seen for it, and whether it holds. Groups have no `seen`; `of` is their conditions.

    For a condition on related records `seen` is how many of them hold it, `of` what was seen for some of them.
    """

    node: Node
    holds: bool
    seen: Any = None
    of: tuple[Seen, ...] = ()


def evaluate(tree: Tree, facts: Facts, *, catalogue: Catalogue, now: datetime, me: UUID | None = None) -> Seen:
    """Whether the record holds the tree, and why."""
    return _Evaluation(catalogue, Reader(now, catalogue.zone, me)).group(tree.root, tree.object, facts)


def holds(asked: Meaning, value: Any) -> bool:
    """Whether a value holds a meaning."""
    return _test(asked.test, value) is not asked.turned


def _test(test: Any, value: Any) -> bool:
    if isinstance(value, frozenset):
        if isinstance(test, All):
            return value.issuperset(test.values)
        return bool(value) if isinstance(test, Known) else not value.isdisjoint(test.values)
    if value is None:
        return False
    if isinstance(test, Among):
        return value in test.values
    if isinstance(test, Within):
        return _is_within(test, value)
    if isinstance(test, Piece):
        return _has_piece(test, value)
    return isinstance(test, Known)


def _is_within(test: Within, value: Any) -> bool:
    over = test.low is None or (value > test.low if test.above else value >= test.low)
    under = test.high is None or (value < test.high if test.below else value <= test.high)
    return bool(over and under)


def _has_piece(test: Piece, value: str) -> bool:
    if test.how == "contains":
        return test.text in value
    return value.startswith(test.text) if test.how == "starts_with" else value.endswith(test.text)


@dataclass(frozen=True, slots=True)
class _Evaluation:
    catalogue: Catalogue
    reader: Reader

    def node(self, node: Node, start: str, facts: Facts) -> Seen:
        if isinstance(node, Group):
            return self.group(node, start, facts)
        return self.leaf(node, start, facts) if isinstance(node, Leaf) else self.related(node, start, facts)

    def group(self, group: Group, start: str, facts: Facts) -> Seen:
        parts = tuple(self.node(node, start, facts) for node in group.nodes)
        found = any(part.holds for part in parts) if group.any_of and parts else all(part.holds for part in parts)
        return Seen(group, found is not group.negated, of=parts)

    def leaf(self, leaf: Leaf, start: str, facts: Facts) -> Seen:
        relations, field = self.catalogue.field(start, leaf.path)
        place = _along(facts, [relation.key for relation in relations])
        if place is None:
            return Seen(leaf, holds(meaning(field, leaf, self.reader), None))
        value = place.values[field.key if leaf.counted is None else (field.key, leaf.counted)]
        return Seen(leaf, holds(meaning(field, leaf, self.reader), value), place.shown.get(field.key, value))

    def related(self, node: Related, start: str, facts: Facts) -> Seen:
        way, last = self.catalogue.related(start, node.path)
        place = _along(facts, [relation.key for relation in way])
        parts = [self.group(node.group, last.to, one) for one in (place.related[last.key] if place else ())]
        held = sum(part.holds for part in parts)
        telling = sorted(parts, key=lambda part: part.holds is (node.match is Match.ALL))[:MOST_SEEN]
        return Seen(node, node.holds_for(held, len(parts)), held, tuple(telling))


def _along(facts: Facts, way: list[str]) -> Facts | None:
    """The record at the end of relations to one, or None where one of them leads to nobody."""
    for key in way:
        if not facts.related[key]:
            return None
        facts = facts.related[key][0]
    return facts
