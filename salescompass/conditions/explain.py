"""A tree in words: "Industry is Retail and at least 2 human events Link clicked in the last 30 days". Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salescompass.conditions.fields import Catalogue, EventCount, Field, Kind
from salescompass.conditions.operators import OPERATORS, Takes
from salescompass.conditions.tree import Group, Leaf, Match, Node, Related, Tree

_AND, _OR = " and ", " or "
_MATCHES = {
    Match.SOME: "some of {there} are such that",
    Match.NONE: "none of {there} are such that",
    Match.ALL: "all of {there} are such that",
    Match.AT_LEAST: "at least {number} of {there} are such that",
    Match.AT_MOST: "at most {number} of {there} are such that",
    Match.EXACTLY: "exactly {number} of {there} are such that",
}
EVERYTHING = "everything"


def explain(tree: Tree, *, catalogue: Catalogue, names: Mapping[str, str] | None = None) -> str:
    """The tree in words. `names` has the names of what is told by id or key: members, tags, stages, event types."""
    return _Words(catalogue, names or {}).group(tree.root, tree.object, outermost=True)


def explain_node(node: Node, start: str, *, catalogue: Catalogue, names: Mapping[str, str] | None = None) -> str:
    """One condition on records of a type in words."""
    return _Words(catalogue, names or {}).node(node, start)


class _Words:
    def __init__(self, catalogue: Catalogue, names: Mapping[str, str]) -> None:
        self.catalogue, self.names = catalogue, names

    def node(self, node: Node, start: str) -> str:
        if isinstance(node, Group):
            return self.group(node, start)
        return self.leaf(node, start) if isinstance(node, Leaf) else self.related(node, start)

    def group(self, group: Group, start: str, *, outermost: bool = False) -> str:
        parts = [self.node(node, start) for node in group.nodes]
        words = (_OR if group.any_of else _AND).join(parts) or EVERYTHING
        if group.negated:
            return f"not ({words})"
        return words if outermost or len(parts) < 2 else f"({words})"

    def related(self, node: Related, start: str) -> str:
        way, last = self.catalogue.related(start, node.path)
        there = " ".join([*(relation.label for relation in way), last.label])
        what = _MATCHES[node.match].format(there=there, number=f"{node.number:,}")
        if not node.group.nodes:
            return what.removesuffix(" are such that") + " are there"
        return f"{what} {self.group(node.group, last.to)}"

    def leaf(self, leaf: Leaf, start: str) -> str:
        relations, field = self.catalogue.field(start, leaf.path)
        whose = " ".join(relation.label for relation in relations)
        operator = OPERATORS[leaf.operator]
        if leaf.counted is not None:
            words = self.events(leaf, leaf.counted)
            return f"{whose} has {words}" if whose else words
        label = f"{whose} {field.label.lower()}" if whose else field.label
        if operator.takes is Takes.NOTHING:
            return f"{label} {operator.label}"
        if operator.takes is Takes.DAYS:
            return f"{label} {operator.label} {_days(leaf.value)}"
        values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
        told = [self.value(field, value) for value in values]
        joined = f"{told[0]} to {told[-1]}" if operator.takes is Takes.PAIR else ", ".join(told)
        return f"{label} {operator.label} {joined}"

    def value(self, field: Field, value: Any) -> str:
        if field.kind is Kind.MONEY:
            return f"{self.catalogue.currency} {value / 100:,.2f}"
        if field.kind is Kind.BOOLEAN:
            return "yes" if value else "no"
        if field.kind is Kind.AGE:
            return _days(value)
        if isinstance(value, int | float):
            return f"{value:,.15g}"
        choices = {choice.value: choice.label for choice in field.choices}
        return choices.get(value, self.names.get(value, str(value)))

    def events(self, leaf: Leaf, counted: EventCount) -> str:
        none = leaf.operator in ("at_most", "exactly") and leaf.value == 0
        many = "no" if none else f"{OPERATORS[leaf.operator].label} {leaf.value:,}"
        who = "" if counted.who == "any" else f" {counted.who}"
        types = " or ".join(self.names.get(key, key) for key in counted.types)
        event = "event" if leaf.value == 1 else "events"
        window = "" if counted.days is None else f" in the last {_days(counted.days)}"
        return f"{many}{who} {event}{' ' + types if types else ''}{window}"


def _days(number: Any) -> str:
    return "1 day" if number == 1 else f"{number:,} days"
