"""The condition tree: groups of conditions, and conditions on records that are related. Plain data.

Its JSON form is that of react-querybuilder: `{"combinator": "and", "not": false, "rules": [{"field", "operator",
"value"}, ...]}`; a rule with `match` asks how many related records hold the group in its `value`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from salescompass.conditions.fields import EventCount

VERSION = 1
Value = str | int | float | bool | tuple[str | int | float, ...] | None


class Match(StrEnum):
    """How many of the related records must hold."""

    SOME = "some"
    NONE = "none"
    ALL = "all"
    AT_LEAST = "atLeast"
    AT_MOST = "atMost"
    EXACTLY = "exactly"

    @property
    def counts(self) -> bool:
        """Whether a number belongs to it."""
        return self in (Match.AT_LEAST, Match.AT_MOST, Match.EXACTLY)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One comparison. `path` is a field of the record, or leads to one: `account.industry`."""

    path: str
    operator: str
    value: Value = None
    counted: EventCount | None = None

    def to_json(self) -> dict[str, Any]:
        """As the editor knows it."""
        value: Any = list(self.value) if isinstance(self.value, tuple) else self.value
        if self.counted is not None:
            value = {
                "count": self.value, "types": list(self.counted.types), "who": self.counted.who,
                "days": self.counted.days,
            }  # fmt: skip
        return {"field": self.path, "operator": self.operator, "value": value}


@dataclass(frozen=True, slots=True)
class Related:
    """So many of the related records hold a group of conditions."""

    path: str
    match: Match
    group: Group
    number: int = 0

    def holds_for(self, held: int, of: int) -> bool:
        """Whether it is enough that so many hold of so many."""
        return {
            Match.SOME: held > 0,
            Match.NONE: held == 0,
            Match.ALL: held == of,
            Match.AT_LEAST: held >= self.number,
            Match.AT_MOST: held <= self.number,
            Match.EXACTLY: held == self.number,
        }[self.match]

    def to_json(self) -> dict[str, Any]:
        """As the editor knows it."""
        threshold = {"threshold": self.number} if self.match.counts else {}
        match = {"mode": self.match.value, **threshold}
        return {"field": self.path, "operator": "=", "match": match, "value": self.group.to_json()}


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions joined by and, or by or. A group without conditions holds for everything."""

    nodes: tuple[Node, ...] = ()
    any_of: bool = False
    negated: bool = False

    def to_json(self) -> dict[str, Any]:
        """As the editor knows it."""
        return {
            "combinator": "or" if self.any_of else "and",
            "not": self.negated,
            "rules": [node.to_json() for node in self.nodes],
        }

    def leaves(self) -> Iterator[Leaf]:
        """Every comparison of this record, not those of related ones."""
        for node in self.nodes:
            if isinstance(node, Leaf):
                yield node
            elif isinstance(node, Group):
                yield from node.leaves()

    def relateds(self) -> Iterator[Related]:
        """Every condition on related records."""
        for node in self.nodes:
            if isinstance(node, Related):
                yield node
            elif isinstance(node, Group):
                yield from node.relateds()


Node = Leaf | Related | Group


@dataclass(frozen=True, slots=True)
class Tree:
    """Conditions on records of one type."""

    object: str
    root: Group = field(default_factory=Group)

    def to_json(self) -> dict[str, Any]:
        """As it is stored and sent."""
        return {"version": VERSION, "object": self.object, **self.root.to_json()}

    @property
    def empty(self) -> bool:
        """True when it asks for nothing."""
        return not self.root.nodes
