"""Which rule an event counts in: the first of its type whose conditions on properties all hold. Pure.

A comparison with something missing is false; "is not" and "is none of" are true for it. Text is compared in its
normalised form, by code point; numbers only with numbers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from salescompass.crm import name_norm
from salescompass.events.plain_data import flaw_in_data
from salescompass.kit.errors import Invalid

MOST_CONDITIONS, MOST_CHOICES = 20, 100
_DEEPEST = 3
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Condition:
    """Something a property must be. `property` is a name, or a path like `page.section`."""

    property: str
    operator: str
    value: Any = None

    def holds(self, properties: Mapping[str, Any]) -> bool:
        """True when the properties are so."""
        found: Any = properties.get(self.property, _MISSING)
        if found is _MISSING and "." in self.property:
            found = properties
            for part in self.property.split("."):
                found = found.get(part, _MISSING) if isinstance(found, Mapping) else _MISSING
        if found is None:
            found = _MISSING
        return OPERATORS[self.operator](found, self.value)

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "property": self.property,
            "operator": self.operator,
            "value": list(self.value) if isinstance(self.value, tuple) else self.value,
        }


@dataclass(frozen=True, slots=True)
class NarrowRule:
    """A rule of a type that has conditions."""

    key: str
    type: str
    conditions: tuple[Condition, ...]


class Rules:
    """The rules in force, in their order."""

    def __init__(self, narrow: Iterable[NarrowRule] = ()) -> None:
        self._of_type: dict[str, list[NarrowRule]] = {}
        for rule in narrow:
            self._of_type.setdefault(rule.type, []).append(rule)

    def __repr__(self) -> str:
        return f"Rules({self._of_type})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rules) and self._of_type == other._of_type

    __hash__ = None  # type: ignore[assignment]

    @property
    def narrowed_types(self) -> frozenset[str]:
        """Types that have a rule beside the bare one."""
        return frozenset(self._of_type)

    def changed_types(self, other: Rules) -> frozenset[str]:
        """Types whose rules, or their order, are others there."""
        types = self.narrowed_types | other.narrowed_types
        return frozenset(kind for kind in types if self._of_type.get(kind) != other._of_type.get(kind))

    def to_json(self, types: Iterable[str]) -> str:
        """The rules of these types as they are stored."""
        return json.dumps(
            [
                {
                    "key": rule.key,
                    "type": rule.type,
                    "place": place,
                    "conditions": [condition.to_json() for condition in rule.conditions],
                }
                for kind in sorted(types)
                for place, rule in enumerate(self._of_type.get(kind, ()))
            ]
        )

    def rule_of(self, type_key: str, properties: Mapping[str, Any]) -> str:
        """The key of the rule an event counts in."""
        for rule in self._of_type.get(type_key, ()):
            if all(condition.holds(properties) for condition in rule.conditions):
                return rule.key
        return type_key


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    if isinstance(found, str) and isinstance(wanted, str):
        return name_norm(found) == name_norm(wanted)
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return found == wanted
    return False


def _any_of(found: Any, wanted: Sequence[Any]) -> bool:
    return any(_same(found, one) for one in wanted)


def _text(test: Callable[[str, str], bool]) -> Callable[[Any, Any], bool]:
    def compare(found: Any, wanted: Any) -> bool:
        return isinstance(found, str) and isinstance(wanted, str) and test(name_norm(found), name_norm(wanted))

    return compare


def _number(test: Callable[[float, float], bool]) -> Callable[[Any, Any], bool]:
    def compare(found: Any, wanted: Any) -> bool:
        both = isinstance(found, int | float) and isinstance(wanted, int | float)
        return both and not isinstance(found, bool) and test(found, wanted)

    return compare


def _contains(found: Any, wanted: Any) -> bool:
    if isinstance(found, list):
        return any(_same(one, wanted) for one in found)
    return _text(lambda whole, part: part in whole)(found, wanted)


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "is": _same,
    "is_not": lambda found, wanted: not _same(found, wanted),
    "in": _any_of,
    "not_in": lambda found, wanted: not _any_of(found, wanted),
    "contains": _contains,
    "starts_with": _text(lambda whole, part: whole.startswith(part)),
    "ends_with": _text(lambda whole, part: whole.endswith(part)),
    "gt": _number(lambda found, wanted: found > wanted),
    "gte": _number(lambda found, wanted: found >= wanted),
    "lt": _number(lambda found, wanted: found < wanted),
    "lte": _number(lambda found, wanted: found <= wanted),
    "exists": lambda found, _: found is not _MISSING,
    "missing": lambda found, _: found is _MISSING,
}
_LISTS, _NUMBERS, _ALONE = {"in", "not_in"}, {"gt", "gte", "lt", "lte"}, {"exists", "missing"}
_TEXTS = {"starts_with", "ends_with"}


def read_conditions(stored: Iterable[Mapping[str, Any]]) -> tuple[Condition, ...]:
    """Conditions from JSON, checked. Raises Invalid and says what is wrong."""
    given = list(stored)
    if len(given) > MOST_CONDITIONS:
        raise Invalid(f"at most {MOST_CONDITIONS} conditions", field="conditions")
    return tuple(_condition(one) for one in given)


def _condition(stored: Mapping[str, Any]) -> Condition:
    name, operator, value = stored.get("property"), stored.get("operator"), stored.get("value")
    unkept = flaw_in_data([name, value], deepest=_DEEPEST)
    if unkept:
        raise Invalid(unkept, field="conditions.value")
    if not isinstance(name, str) or not 1 <= len(name) <= 255:
        raise Invalid("name a property", field="conditions.property")
    if not isinstance(operator, str) or operator not in OPERATORS:
        raise Invalid(f"choose an operator from {', '.join(OPERATORS)}", field="conditions.operator")
    if operator in _ALONE:
        return Condition(name, operator)
    if operator in _LISTS:
        if not isinstance(value, list | tuple) or not 1 <= len(value) <= MOST_CHOICES or not all(map(_plain, value)):
            raise Invalid(f"give 1 to {MOST_CHOICES} values", field="conditions.value")
        return Condition(name, operator, tuple(value))
    fits = isinstance(value, str) if operator in _TEXTS else _plain(value)
    if operator in _NUMBERS:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
    if not fits or value == "":
        kind = "a number" if operator in _NUMBERS else "a text" if operator in _TEXTS else "a value"
        raise Invalid(f"{operator} compares with {kind}", field="conditions.value")
    return Condition(name, operator, value)


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)
