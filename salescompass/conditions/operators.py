"""The operators: which kinds of fields have them, what they are compared with, and how they are read aloud. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from salescompass.conditions.fields import Kind


class Takes(StrEnum):
    """What stands to the right of an operator."""

    ONE = "one"
    LIST = "list"
    PAIR = "pair"
    PART = "part"
    DAYS = "days"
    NOTHING = "nothing"
    COUNT = "count"


@dataclass(frozen=True)
class Operator:
    """`turned`: the opposite of another, so it is true when the value is missing."""

    key: str
    label: str
    takes: Takes
    turned: bool = False


_ALL = [
    Operator("is", "is", Takes.ONE),
    Operator("is_not", "is not", Takes.ONE, turned=True),
    Operator("in", "is one of", Takes.LIST),
    Operator("not_in", "is none of", Takes.LIST, turned=True),
    Operator("contains", "contains", Takes.PART),
    Operator("not_contains", "does not contain", Takes.PART, turned=True),
    Operator("starts_with", "starts with", Takes.PART),
    Operator("ends_with", "ends with", Takes.PART),
    Operator("gt", "is more than", Takes.ONE),
    Operator("gte", "is at least", Takes.ONE),
    Operator("lt", "is less than", Takes.ONE),
    Operator("lte", "is at most", Takes.ONE),
    Operator("between", "is from", Takes.PAIR),
    Operator("before", "is before", Takes.ONE),
    Operator("after", "is after", Takes.ONE),
    Operator("in_last", "is in the last", Takes.DAYS),
    Operator("in_next", "is in the next", Takes.DAYS),
    Operator("older_than", "is longer ago than", Takes.DAYS),
    Operator("has_any", "has any of", Takes.LIST),
    Operator("has_all", "has all of", Takes.LIST),
    Operator("has_none", "has none of", Takes.LIST, turned=True),
    Operator("at_least", "at least", Takes.COUNT),
    Operator("at_most", "at most", Takes.COUNT),
    Operator("exactly", "exactly", Takes.COUNT),
    Operator("exists", "is known", Takes.NOTHING),
    Operator("missing", "is not known", Takes.NOTHING, turned=True),
]
OPERATORS = {operator.key: operator for operator in _ALL}

_EQUAL, _PRESENT = ("is", "is_not", "in", "not_in"), ("exists", "missing")
_NUMBERS = ("is", "is_not", "gt", "gte", "lt", "lte", "between", *_PRESENT)
_DAYS = ("is", "is_not", "before", "after", "between", "in_last", "in_next", "older_than", *_PRESENT)
OF_KIND: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: (*_EQUAL, "contains", "not_contains", "starts_with", "ends_with", *_PRESENT),
    Kind.NUMBER: _NUMBERS,
    Kind.MONEY: _NUMBERS,
    Kind.DAY: _DAYS,
    Kind.MOMENT: _DAYS,
    Kind.AGE: _NUMBERS,
    Kind.CHOICE: (*_EQUAL, *_PRESENT),
    Kind.REFERENCE: (*_EQUAL, *_PRESENT),
    Kind.BOOLEAN: ("is", "is_not", *_PRESENT),
    Kind.TAGS: ("has_any", "has_all", "has_none", *_PRESENT),
    Kind.EVENTS: ("at_least", "at_most", "exactly"),
}
