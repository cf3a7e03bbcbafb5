"""From JSON to a checked tree. What is wrong is told with a JSON pointer to it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from salescompass.conditions.fields import Catalogue, EventCount, Field, Kind, Unknown
from salescompass.conditions.meaning import ME
from salescompass.conditions.operators import OF_KIND, OPERATORS, Takes
from salescompass.conditions.tree import VERSION, Group, Leaf, Match, Node, Related, Tree, Value
from salescompass.kit.clock import parse_day
from salescompass.kit.errors import FieldError, Invalid
from salescompass.kit.ids import parse_id

MOST_LEAVES, MOST_DEEP, MOST_LETTERS, MOST_VALUES = 100, 8, 200, 500
MOST_DAYS, MOST_NUMBER, MOST_COUNT = 36_500, 2**53, 1_000_000
WHO = ("human", "machine", "any")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
MEMBER = "membership"


def parse(body: Any, catalogue: Catalogue, *, object: str | None = None) -> Tree:
    """The tree of a JSON value, for records of `object` if that is given. Raises Invalid with pointers."""
    if not isinstance(body, Mapping):
        raise _wrong("", "conditions are an object with combinator and rules")
    if body.get("version", VERSION) != VERSION:
        raise _wrong("/version", f"only version {VERSION} is known")
    key = body.get("object", object)
    if object is not None and key != object:
        raise _wrong("/object", f"these are conditions on {key}, not on {object}")
    if not isinstance(key, str) or key not in catalogue.types:
        raise _wrong("/object", f"choose one of {', '.join(catalogue.types)}")
    return Tree(key, _Reading(catalogue).group(body, key, "", deep=1, root=True))


class _Reading:
    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue, self.leaves = catalogue, 0

    def group(self, body: Any, start: str, at: str, *, deep: int, root: bool = False) -> Group:
        if not isinstance(body, Mapping) or not isinstance(rules := body.get("rules"), list | tuple):
            raise _wrong(at, "a group has a combinator and a list of rules")
        if deep > MOST_DEEP:
            raise _wrong(at, f"groups may be {MOST_DEEP} deep at most")
        combinator, negated = body.get("combinator", "and"), body.get("not", False)
        if combinator not in ("and", "or"):
            raise _wrong(f"{at}/combinator", "join conditions by and, or by or")
        if not isinstance(negated, bool):
            raise _wrong(f"{at}/not", "say true or false")
        if not rules and not root:
            raise _wrong(at, "this group is empty: add a condition, or take it away")
        nodes = tuple(self.node(rule, start, f"{at}/rules/{n}", deep) for n, rule in enumerate(rules))
        return Group(nodes, combinator == "or", negated)

    def node(self, body: Any, start: str, at: str, deep: int) -> Node:
        if isinstance(body, Mapping) and "rules" in body:
            return self.group(body, start, at, deep=deep + 1)
        if not isinstance(body, Mapping):
            raise _wrong(at, "a rule has a field, an operator and a value")
        self.leaves += 1
        if self.leaves > MOST_LEAVES:
            raise _wrong(at, f"at most {MOST_LEAVES} conditions")
        path = body.get("field")
        if not isinstance(path, str) or not path or len(path) > MOST_LETTERS:
            raise _wrong(f"{at}/field", "choose a field")
        if body.get("valueSource", "value") != "value":
            raise _wrong(f"{at}/valueSource", "compare with a value")
        try:
            return self.related(body, start, path, at, deep) if "match" in body else self.leaf(body, start, path, at)
        except Unknown as error:
            raise _wrong(f"{at}/field", error.message) from error

    def related(self, body: Mapping[str, Any], start: str, path: str, at: str, deep: int) -> Related:
        _, relation = self.catalogue.related(start, path)
        match = body["match"] if isinstance(body["match"], Mapping) else {}
        mode, number = match.get("mode"), match.get("threshold", 0)
        if mode not in list(Match):
            raise _wrong(f"{at}/match/mode", f"choose one of {', '.join(Match)}")
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST_COUNT:
            raise _wrong(f"{at}/match/threshold", f"give a whole number from 0 to {MOST_COUNT:,}")
        group = self.group(body.get("value"), relation.to, f"{at}/value", deep=deep + 1, root=True)
        return Related(path, Match(mode), group, number if Match(mode).counts else 0)

    def leaf(self, body: Mapping[str, Any], start: str, path: str, at: str) -> Leaf:
        _, field = self.catalogue.field(start, path)
        operator = body.get("operator")
        if operator not in OF_KIND[field.kind]:
            raise _wrong(f"{at}/operator", f"{field.label} takes one of {', '.join(OF_KIND[field.kind])}")
        value = body.get("value")
        if field.kind is Kind.EVENTS:
            return _events(path, operator, value, f"{at}/value")
        return Leaf(path, operator, _value(field, OPERATORS[operator].takes, value, f"{at}/value"))


def _wrong(pointer: str, message: str) -> Invalid:
    said = message[:1].upper() + message[1:]
    return Invalid(said, field="conditions", pointer=pointer, errors=(FieldError(said, "conditions", pointer),))


def _value(field: Field, takes: Takes, value: Any, at: str) -> Value:
    if takes is Takes.NOTHING:
        return None
    if takes is Takes.DAYS:
        return _whole(value, at, most=MOST_DAYS)
    if takes in (Takes.LIST, Takes.PAIR):
        if not isinstance(value, list | tuple):
            raise _wrong(at, "give a list")
        if takes is Takes.PAIR and len(value) != 2:
            raise _wrong(at, "give two values: from and to")
        if not 1 <= len(value) <= MOST_VALUES:
            raise _wrong(at, f"give 1 to {MOST_VALUES} values")
        return tuple(_one(field, takes, one, f"{at}/{n}") for n, one in enumerate(value))
    return _one(field, takes, value, at)


def _one(field: Field, takes: Takes, value: Any, at: str) -> str | int | float | bool:
    if field.kind is Kind.BOOLEAN:
        if not isinstance(value, bool):
            raise _wrong(at, "say true or false")
        return value
    if field.kind is Kind.AGE:
        return _whole(value, at, most=MOST_DAYS)
    if field.kind in (Kind.NUMBER, Kind.MONEY):
        return _number(field, value, at)
    text = plain_text(value, at)
    if field.kind in (Kind.DAY, Kind.MOMENT):
        return _day(text, at)
    if field.kind is Kind.TAGS or (field.kind is Kind.REFERENCE and not (text == ME and field.refers_to == MEMBER)):
        if (found := parse_id(text)) is None:
            raise _wrong(at, "give an id")
        return str(found)
    if field.kind is Kind.CHOICE and text not in {choice.value for choice in field.choices}:
        raise _wrong(at, f"choose one of {', '.join(choice.value for choice in field.choices)}")
    norm = (field.part_norm or field.norm) if takes is Takes.PART else field.norm
    if field.kind is Kind.TEXT and not norm(text):
        raise _wrong(at, f"this is no value of {field.label}")
    return text


def plain_text(value: Any, at: str) -> str:
    """A text that the database can hold. Raises Invalid."""
    if not isinstance(value, str) or not value.strip() or len(value) > MOST_LETTERS:
        raise _wrong(at, f"give a text of 1 to {MOST_LETTERS} characters")
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise _wrong(at, "this text has characters that cannot be stored")
    return value


def _number(field: Field, value: Any, at: str) -> int | float:
    whole = field.whole or field.kind is Kind.MONEY
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _wrong(at, "give a number")
    if abs(value) > MOST_NUMBER:
        raise _wrong(at, "this number is too large")
    if whole and value != int(value):
        raise _wrong(at, "give a whole number" if field.kind is Kind.NUMBER else "give the amount in minor units")
    return int(value) if whole else float(value)


def _whole(value: Any, at: str, *, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise _wrong(at, f"give a whole number from 0 to {most:,}")
    return value


def _day(text: str, at: str) -> str:
    try:
        day = parse_day(text)
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise _wrong(at, f"give a day from {FIRST_DAY} to {LAST_DAY}, like 2026-11-20")
    return day.isoformat()


def _events(path: str, operator: str, value: Any, at: str) -> Leaf:
    if not isinstance(value, Mapping):
        raise _wrong(at, "say how many events, of which types, by whom, in how many days")
    types, who, days = value.get("types", []), value.get("who", "human"), value.get("days")
    if not isinstance(types, list | tuple) or len(types) > MOST_LEAVES:
        raise _wrong(f"{at}/types", f"give at most {MOST_LEAVES} types of events")
    keys = tuple(plain_text(one, f"{at}/types/{n}") for n, one in enumerate(types))
    if who not in WHO:
        raise _wrong(f"{at}/who", f"choose one of {', '.join(WHO)}")
    if days is not None:
        days = _whole(days, f"{at}/days", most=MOST_DAYS)
    count = _whole(value.get("count", 1), f"{at}/count", most=MOST_COUNT)
    return Leaf(path, operator, count, EventCount(tuple(sorted(set(keys))), who, days))
