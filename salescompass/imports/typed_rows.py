"""Rows whose cells became values: what every kind but events reads. A row tells all its faults at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from salescompass.imports.kinds import Plan, RowFault
from salescompass.imports.targets import NEVER_MISSING
from salescompass.imports.values import Parser, parser
from salescompass.kit.importing import DateShift, FileRow, Target, ValueKind

_PLAIN = {ValueKind.TEXT, ValueKind.EMAIL, ValueKind.DOMAIN, ValueKind.LINES}


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A row: its number in the file, and values by field. Empty cells are not in it."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Step:
    column: str
    field: str
    parse: Parser | None
    missing: frozenset[str]


def typed_reader(plan: Plan, targets: Sequence[Target]) -> Callable[[FileRow], TypedRow]:
    """What reads the rows of a file by a plan."""
    by_key = {target.key: target for target in targets}
    steps = [_step(plan, column, by_key[one.field], one.scale) for column, one in plan.columns.items()]

    def read(row: FileRow) -> TypedRow:
        values: dict[str, Any] = {}
        faults: list[str] = []
        for step in steps:
            text = row.cells[step.column]
            if not text or text.isspace():
                continue
            if step.missing and text.strip().casefold() in step.missing:
                continue
            if step.parse is None:
                values[step.field] = text
                continue
            try:
                values[step.field] = step.parse(text)
            except ValueError as error:
                faults.append(f"{plan.headers[step.column]}: {error}")
        if faults:
            raise RowFault("; ".join(faults))
        return TypedRow(row.number, values)

    return read


def _step(plan: Plan, column: str, target: Target, scale: int) -> _Step:
    formats = plan.formats
    if column in plan.orders:
        formats = replace(formats, dates=plan.orders[column])
    parse = None if target.kind in _PLAIN else parser(target.kind, formats, scale=scale)
    return _Step(column, target.key, parse, frozenset() if target.key in NEVER_MISSING else formats.missing)


def moments_of(row: TypedRow) -> list[datetime]:
    """The times a row tells; a day is its first moment."""
    found = []
    for value in row.values.values():
        if isinstance(value, datetime):
            found.append(value)
        elif isinstance(value, date):
            found.append(datetime.combine(value, time(), UTC))
    return found


def moved(values: dict[str, Any], shift: DateShift) -> dict[str, Any]:
    """The values with their dates moved."""
    if not shift.days:
        return values
    found = dict(values)
    for name, value in values.items():
        if isinstance(value, datetime):
            found[name] = shift.move(value)
        elif isinstance(value, date):
            found[name] = shift.move_day(value)
    return found
