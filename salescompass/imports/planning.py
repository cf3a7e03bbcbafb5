"""From a file and what is told of it to a plan: what is not told is found in the file; what nothing tells is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlmodel import Session, select

from salescompass.imports.detecting import STAND_FOR_NOTHING, DateColumn, date_column, decimal_mark
from salescompass.imports.importers import KINDS
from salescompass.imports.kinds import Kind, Plan
from salescompass.imports.mapping import (
    SURE,
    ColumnMap,
    Suggestion,
    check_columns,
    chosen_key,
    suggest,
    sure_columns,
)
from salescompass.imports.reading import Reading, Table, open_table
from salescompass.imports.values import DateOrder, Formats
from salescompass.kit.errors import Invalid
from salescompass.kit.importing import FileRow, Target, ValueKind
from salescompass.models import TenantPublic

SAMPLE_ROWS = 2000
_DATES = (ValueKind.DATE, ValueKind.MOMENT)
_NUMBERS = (ValueKind.NUMBER, ValueKind.DECIMAL, ValueKind.MONEY)


@dataclass(frozen=True)
class Look:
    """A first look at a file: its columns, some of its rows, and what the columns seem to be."""

    columns: tuple[str, ...]
    headers: Mapping[str, str]
    samples: Mapping[str, tuple[str, ...]]
    rows: tuple[tuple[str, ...], ...]
    suggestions: tuple[Suggestion, ...]
    targets: tuple[Target, ...]
    encoding: str
    delimiter: str
    sheets: tuple[str, ...]
    whole: bool
    """Whether the sample is all of the file."""


def kind_of(name: str) -> Kind:
    """The kind of file with this name. Raises Invalid."""
    if name not in KINDS:
        raise Invalid(f"Unknown kind {name[:60]}: choose from {', '.join(KINDS)}", field="kind")
    return KINDS[name]


def look(session: Session, kind: str, path: Path, how: Reading = Reading()) -> Look:
    """Read the beginning of a file."""
    targets = kind_of(kind).targets(session)
    with open_table(path, how, digests=False) as table:
        read = list(islice(table.rows, SAMPLE_ROWS + 1))
        good = [row for row in read[:SAMPLE_ROWS] if isinstance(row, FileRow)]
        headers = _headers(table)
        samples = {column: tuple(row.cells[column] for row in good) for column in headers}
        suggestions = suggest(kind, headers, targets, samples)
        return Look(
            tuple(headers), headers, samples, tuple(tuple(row.cells.values()) for row in good[:20]),
            tuple(suggestions), targets, table.encoding, table.delimiter, table.sheets, len(read) <= SAMPLE_ROWS,
        )  # fmt: skip


def _headers(table: Table) -> dict[str, str]:
    return {column: header for column, header in zip(table.columns, table.headers, strict=True) if column}


def make_plan(session: Session, kind: str, path: Path, told: ColumnMap) -> tuple[Plan, tuple[Target, ...]]:
    """Everything decided, and the fields there are.

    Raises Invalid for what cannot be, with code `date_order` where somebody must be asked.
    """
    how = Reading(told.encoding, told.delimiter, told.sheet)
    seen = look(session, kind, path, how)
    # A column of events that is no field of theirs is a property, so nearly the same words are not enough.
    least = 0.98 if kind == "events" else SURE
    columns = sure_columns(seen.suggestions, least) if told.columns is None else dict(told.columns)
    check_columns(kind, columns, seen.columns, seen.targets)
    kind_of(kind).check(seen.columns, columns)
    zone, currency = session.exec(select(TenantPublic.zone, TenantPublic.currency)).one()
    kinds = {target.key: target.kind for target in seen.targets}
    dates = [column for column, one in columns.items() if kinds[one.field] in _DATES]
    numbers = [column for column, one in columns.items() if kinds[one.field] in _NUMBERS]
    decimal = told.decimal or decimal_mark((cell for c in numbers for cell in seen.samples[c]), seen.delimiter)
    missing = STAND_FOR_NOTHING if told.missing is None else frozenset(word.casefold() for word in told.missing)
    orders = date_orders(path, seen, dates, told, how)
    plan = Plan(
        kind, seen.headers, columns,
        keys=() if kind == "events" else chosen_key(kind, columns, told.key),
        mode=told.mode or "upsert",  # type: ignore[arg-type]
        formats=Formats(decimal=decimal, zone=told.zone or zone, missing=missing),  # type: ignore[arg-type]
        orders=orders,
        reading=how,
        currency=currency,
    )  # fmt: skip
    return plan, seen.targets


def date_orders(path: Path, seen: Look, columns: Sequence[str], told: ColumnMap, how: Reading) -> dict[str, DateOrder]:
    """How the dates of each column are written: as told, as its cells allow, or as the other columns have it."""
    found = {column: date_column(seen.samples[column]) for column in columns}
    if told.dates is not None:
        return {column: _told(one, told.dates) for column, one in found.items()}  # type: ignore[arg-type]
    unsure = [column for column, one in found.items() if one.unsure]
    sure = {one.orders[0] for one in found.values() if len(one.orders) == 1 and one.orders[0] != "ymd"}
    if unsure and len(sure) != 1 and not seen.whole:
        found |= _of_whole_file(path, how, unsure)
        unsure = [column for column in unsure if found[column].unsure]
        sure |= {one.orders[0] for one in found.values() if len(one.orders) == 1 and one.orders[0] != "ymd"}
    if unsure and len(sure) != 1:
        header = seen.headers[unsure[0]]
        example = next(cell for cell in seen.samples[unsure[0]] if cell.strip())
        raise Invalid(
            f"The dates in {header} can be read in two ways ({example}): say whether the day or the month comes first,"
            ' with "dates": "dmy" or "mdy" in the mapping',
            field="dates", code="date_order",
        )  # fmt: skip
    usual: DateOrder = sure.pop() if len(sure) == 1 else "ymd"
    return {column: one.orders[0] if len(one.orders) == 1 else usual for column, one in found.items()}


def _told(one: DateColumn, order: DateOrder) -> DateOrder:
    return "ymd" if one.orders == ("ymd",) else order


def _of_whole_file(path: Path, how: Reading, columns: Sequence[str]) -> dict[str, DateColumn]:
    """Look at every row, column by column, until it is clear."""
    found = {}
    for column in columns:
        with open_table(path, how, digests=False) as table:
            found[column] = date_column(_cells(table, column))
    return found


def _cells(table: Table, column: str) -> Iterable[str]:
    return (row.cells[column] for row in table.rows if isinstance(row, FileRow))
