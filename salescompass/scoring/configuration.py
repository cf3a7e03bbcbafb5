"""How a tenant scores: groups with half-life and cap, the points of rules, the edges of bands. Pure.

A configuration is a value: read from JSON strictly, compared, and handed to whoever computes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from salescompass.events import Condition, EventType, read_conditions
from salescompass.kit.errors import FieldError, Invalid
from salescompass.vocabulary import Band

How = Literal["diminishing", "once", "capped"]
HOWS: tuple[How, ...] = ("diminishing", "once", "capped")
"""How often a rule counts on one day: each time less, once, or up to so many times."""

BANDS = (Band.COLD, Band.COOL, Band.WARM, Band.HOT)
MOST_RULES, MOST_GROUPS, MOST_POINTS = 300, 8, 1000.0
NARROWEST_BAND = 10.0
"""Edges stand further apart than a score must move for a crossing to count again, so it is near one at most."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class Group:
    """How fast evidence fades (half-life in days) and how much of it counts at once."""

    key: str
    half_life: float
    cap: float


@dataclass(frozen=True, slots=True)
class Rule:
    """What events of a type are worth; with conditions, only those whose properties hold."""

    key: str
    type: str
    points: float
    group: str
    how: How = "diminishing"
    most: int = 0
    conditions: tuple[Condition, ...] = ()

    @property
    def narrows(self) -> bool:
        """True for a rule that counts only some events of its type."""
        return self.key != self.type


@dataclass(frozen=True, slots=True)
class Config:
    """A version of how a tenant scores. Types without a rule count as the registry says."""

    version: int = 1
    k: float = 40.0
    groups: tuple[Group, ...] = (
        Group("passive", 7.0, 25.0),
        Group("active", 21.0, 60.0),
        Group("intent", 45.0, 90.0),
    )
    edges: tuple[float, float, float] = (15.0, 40.0, 70.0)
    rules: tuple[Rule, ...] = ()
    half_lives: tuple[float, ...] = field(init=False, repr=False, compare=False)
    caps: tuple[float, ...] = field(init=False, repr=False, compare=False)
    placed: Mapping[str, tuple[Rule, int]] = field(init=False, repr=False, compare=False)
    """Each rule by its key, with the place of its group."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "half_lives", tuple(group.half_life for group in self.groups))
        object.__setattr__(self, "caps", tuple(group.cap for group in self.groups))
        places = {group.key: place for place, group in reversed(list(enumerate(self.groups)))}
        object.__setattr__(self, "placed", {rule.key: (rule, places.get(rule.group, 0)) for rule in self.rules})

    def group_at(self, key: str) -> int:
        """Where a group stands; a type of a group that is gone counts in the first."""
        for place, group in enumerate(self.groups):
            if group.key == key:
                return place
        return 0

    def narrowing(self) -> tuple[Rule, ...]:
        """The rules with conditions, in the order in which they are tried."""
        return tuple(rule for rule in self.rules if rule.narrows)

    def with_types(self, types: Mapping[str, EventType]) -> Config:
        """The same with a rule for every type: the registry's where the tenant set none."""
        named = {rule.key for rule in self.rules}
        bare = (
            Rule(known.key, known.key, float(known.points), str(known.group))
            for known in types.values()
            if known.key not in named
        )
        return Config(self.version, self.k, self.groups, self.edges, (*self.rules, *bare))

    def with_coming(self, rules: Iterable[Rule]) -> Config:
        """The same while events are counted anew for these rules: until they are live, each counts as its bare type."""
        known = {rule.key: rule for rule in self.rules}
        coming = (
            replace(known[rule.type], key=rule.key) for rule in rules if rule.key not in known and rule.type in known
        )
        return Config(self.version, self.k, self.groups, self.edges, (*self.rules, *coming))


DEFAULT = Config()


def to_json(config: Config) -> dict[str, Any]:
    """What is stored of a configuration (its version is the row's)."""
    return {
        "k": config.k,
        "groups": [{"key": g.key, "half_life": g.half_life, "cap": g.cap} for g in config.groups],
        "edges": list(config.edges),
        "rules": [
            {
                "key": rule.key,
                "type": rule.type,
                "points": rule.points,
                "group": rule.group,
                "how": rule.how,
                "most": rule.most,
                "conditions": [condition.to_json() for condition in rule.conditions],
            }
            for rule in config.rules
        ],
    }


def from_json(content: Mapping[str, Any], version: int) -> Config:
    """A configuration as it was stored. What was stored had been checked."""
    return Config(
        version,
        float(content["k"]),
        tuple(Group(g["key"], float(g["half_life"]), float(g["cap"])) for g in content["groups"]),
        _three(content["edges"]),
        tuple(_rule(rule) for rule in content["rules"]),
    )


def _three(edges: Sequence[Any]) -> tuple[float, float, float]:
    low, middle, high = edges
    return float(low), float(middle), float(high)


def _rule(stored: Mapping[str, Any]) -> Rule:
    return Rule(
        stored["key"],
        stored["type"],
        float(stored["points"]),
        stored["group"],
        stored["how"],
        int(stored["most"]),
        read_conditions(stored["conditions"]),
    )


def check(config: Config, types: Iterable[str]) -> Config:
    """The configuration, if it can be scored by. Raises Invalid with every problem found."""
    problems = [*_of_numbers(config), *_of_groups(config), *_of_rules(config, set(types))]
    if problems:
        raise Invalid("; ".join(one.message for one in problems[:3]), errors=tuple(problems))
    return config


def _of_numbers(config: Config) -> Iterable[FieldError]:
    if not 1 <= config.k <= 1000:
        yield FieldError("k must be from 1 to 1000", field="k")
    low, middle, high = config.edges
    gaps = (low, middle - low, high - middle, 100 - high)
    if not all(math.isfinite(gap) and gap >= NARROWEST_BAND for gap in gaps):
        yield FieldError(f"bands must rise and be at least {NARROWEST_BAND:g} points wide", field="edges")


def _of_groups(config: Config) -> Iterable[FieldError]:
    keys = [group.key for group in config.groups]
    if not 1 <= len(keys) <= MOST_GROUPS or len(set(keys)) != len(keys):
        yield FieldError(f"give 1 to {MOST_GROUPS} groups, each with a key of its own", field="groups")
    for place, group in enumerate(config.groups):
        where = f"groups.{place}"
        if not _NAME.fullmatch(group.key):
            yield FieldError("a key is small letters, digits and _", field=f"{where}.key")
        if not 1 <= group.half_life <= 3650:
            yield FieldError("a half-life is 1 to 3650 days", field=f"{where}.half_life")
        if not 1 <= group.cap <= 1000:
            yield FieldError("a cap is 1 to 1000", field=f"{where}.cap")


def _of_rules(config: Config, types: set[str]) -> Iterable[FieldError]:
    if len(config.rules) > MOST_RULES:
        yield FieldError(f"at most {MOST_RULES} rules", field="rules")
    seen: set[str] = set()
    groups = {group.key for group in config.groups}
    for place, rule in enumerate(config.rules):
        for part, wrong in (
            ("type", None if rule.type in types else f"unknown type {rule.type}"),
            ("key", "this rule is there twice" if rule.key in seen else _of_key(rule)),
            ("group", None if rule.group in groups else f"unknown group {rule.group}"),
            ("points", None if abs(rule.points) <= MOST_POINTS else f"points are at most {MOST_POINTS:g}"),
            ("how", None if rule.how in HOWS else f"choose from {', '.join(HOWS)}"),
            ("most", None if rule.how != "capped" or 1 <= rule.most <= 1000 else "give 1 to 1000 times a day"),
            ("conditions", _of_conditions(rule)),
        ):
            if wrong:
                yield FieldError(wrong, field=f"rules.{place}.{part}")
        seen.add(rule.key)


def _of_key(rule: Rule) -> str | None:
    kind, colon, name = rule.key.partition(":")
    if kind != rule.type or (colon and not _NAME.fullmatch(name)):
        return f"a rule is called {rule.type} or {rule.type}:name, in small letters, digits and _"
    return None


def _of_conditions(rule: Rule) -> str | None:
    if rule.narrows and not rule.conditions:
        return "say which events it counts"
    return "the bare type counts what is left and has no conditions" if rule.conditions and not rule.narrows else None
