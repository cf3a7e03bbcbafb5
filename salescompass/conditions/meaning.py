"""What a comparison asks of a value: one of a few tests, the same for both readings. Pure.

Here text is brought into its compared form, days get their beginnings in the tenant's zone, and "me" becomes a member.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from salescompass.conditions.fields import AsOf, EventCount, Field, Kind
from salescompass.conditions.operators import OPERATORS
from salescompass.conditions.tree import Leaf

ME = "me"


@dataclass(frozen=True, slots=True)
class Among:
    """One of these."""

    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """From `low` to `high`, either of which may be open; `below` leaves out `high` itself, `above` `low`."""

    low: Any = None
    high: Any = None
    above: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A text that contains, starts with or ends with another."""

    how: str
    text: str


@dataclass(frozen=True, slots=True)
class Known:
    """Any value at all."""


@dataclass(frozen=True, slots=True)
class All:
    """All of these, each in a row of its own."""

    values: tuple[Any, ...]


Test = Among | Within | Piece | Known | All


@dataclass(frozen=True, slots=True)
class Meaning:
    """A test; `turned` wants it not to hold. A missing value holds no test, so it holds every turned one."""

    test: Test
    turned: bool = False

    def opposite(self) -> Meaning:
        """What holds just when this does not."""
        return Meaning(self.test, not self.turned)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and when: what words like "today" and "me" stand for."""

    now: datetime
    zone: ZoneInfo
    me: UUID | None = None

    def today(self) -> date:
        """The day it is in the tenant's zone."""
        return self.now.astimezone(self.zone).date()

    def begins(self, day: date) -> datetime:
        """The first moment of a day in the tenant's zone."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def as_of(self, counted: EventCount | None = None) -> AsOf:
        """The moment of reading, with the window of an event count."""
        since = None
        if counted is not None and counted.days is not None:
            since = self.begins(self.today() - timedelta(days=counted.days))
        return AsOf(self.now, since, counted)


def meaning(field: Field, leaf: Leaf, reader: Reader) -> Meaning:
    """What a checked comparison asks of the field's value."""
    turned = OPERATORS[leaf.operator].turned
    if leaf.operator in ("exists", "missing"):
        return Meaning(Known(), turned)
    if field.kind in (Kind.DAY, Kind.MOMENT):
        return Meaning(_days(field, leaf, reader), turned)
    if field.kind is Kind.AGE:
        return Meaning(_age(_numbers(leaf), reader), turned)
    if leaf.operator in ("is", "is_not", "in", "not_in", "has_any", "has_none"):
        return Meaning(Among(_wanted(field, leaf, reader)), turned)
    if leaf.operator == "has_all":
        return Meaning(All(_wanted(field, leaf, reader)))
    if leaf.operator in ("contains", "not_contains", "starts_with", "ends_with"):
        part = (field.part_norm or field.norm)(str(leaf.value)) or ""
        return Meaning(Piece(leaf.operator.removeprefix("not_"), part), turned)
    return Meaning(_numbers(leaf))


def _wanted(field: Field, leaf: Leaf, reader: Reader) -> tuple[Any, ...]:
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    if field.kind in (Kind.REFERENCE, Kind.TAGS):
        found = [reader.me if value == ME else UUID(str(value)) for value in values]
        return tuple(value for value in found if value is not None)
    if field.kind is Kind.TEXT:
        return tuple(field.norm(str(value)) or "" for value in values)
    return values


def _numbers(leaf: Leaf) -> Within:
    value: Any = leaf.value
    return {
        "is": lambda: Within(value, value),
        "is_not": lambda: Within(value, value),
        "exactly": lambda: Within(value, value),
        "gt": lambda: Within(low=value, above=True),
        "gte": lambda: Within(low=value),
        "at_least": lambda: Within(low=value),
        "lt": lambda: Within(high=value, below=True),
        "lte": lambda: Within(high=value),
        "at_most": lambda: Within(high=value),
        "between": lambda: Within(*value),
    }[leaf.operator]()


def _days(field: Field, leaf: Leaf, reader: Reader) -> Within:
    first, last = _span(leaf, reader.today())
    if field.kind is Kind.DAY:
        return Within(first, last)
    return Within(
        first and reader.begins(first), last and reader.begins(last + timedelta(days=1)), below=last is not None
    )


def _span(leaf: Leaf, today: date) -> tuple[date | None, date | None]:
    """The first and the last day that hold, both inclusive."""
    one = timedelta(days=1)
    if leaf.operator in ("in_last", "in_next", "older_than"):
        many = timedelta(days=int(leaf.value))  # type: ignore[arg-type]
        return {
            "in_last": (today - many, today),
            "in_next": (today, today + many),
            "older_than": (None, today - many - one),
        }[leaf.operator]
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    first, last = date.fromisoformat(str(values[0])), date.fromisoformat(str(values[-1]))
    return {"before": (None, first - one), "after": (last + one, None)}.get(leaf.operator, (first, last))


def _age(days: Within, reader: Reader) -> Within:
    """The moments that so many days have passed since: the more days, the earlier the moment."""
    today, one = reader.today(), timedelta(days=1)
    last = None if days.low is None else today - timedelta(days=days.low + (1 if days.above else 0))
    first = None if days.high is None else today - timedelta(days=days.high - (1 if days.below else 0))
    return Within(first and reader.begins(first), last and reader.begins(last + one), below=last is not None)
