"""What the wizard shows of a file before anything is done with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from salescompass.imports.detecting import date_column, decimal_mark, missing_words
from salescompass.imports.mapping import ColumnMap, program_of, read_map, signature, sure_columns
from salescompass.imports.planning import look
from salescompass.imports.reading import Reading
from salescompass.imports.targets import KEYS
from salescompass.imports.values import DateOrder
from salescompass.kit.importing import Target, ValueKind
from salescompass.models import ImportMapping

_DATES = (ValueKind.DATE, ValueKind.MOMENT)
_SHOWN = 5


@dataclass(frozen=True)
class ColumnLook:
    """A column: its header, some of its cells, the field it seems to be.

    `asks` is true where its dates can be read in two ways; `missing` are words in it that seem to stand for nothing.
    """

    column: str
    header: str
    samples: tuple[str, ...]
    field: str | None
    confidence: float
    because: str
    date_orders: tuple[DateOrder, ...]
    asks: bool
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Inspection:
    """A first look at a file. `saved` is the mapping kept for files with this header; `program` whose export it is."""

    kind: str
    encoding: str
    delimiter: str
    sheets: tuple[str, ...]
    decimal: str
    columns: tuple[ColumnLook, ...]
    rows: tuple[tuple[str, ...], ...]
    targets: tuple[Target, ...]
    keys: tuple[str, ...]
    program: str | None
    saved_name: str | None
    mapping: ColumnMap
    """What is proposed: the saved mapping, else the sure suggestions."""


def inspected(session: Session, kind: str, path: Path, told: ColumnMap) -> Inspection:
    """Look at the beginning of a file."""
    seen = look(session, kind, path, Reading(told.encoding, told.delimiter, told.sheet))
    saved = _saved(session, kind, signature(seen.columns))
    proposed = told
    if told.columns is None:
        proposed = saved[1] if saved else ColumnMap(columns=sure_columns(seen.suggestions))
    fields = {name: one.field for name, one in (proposed.columns or {}).items()}
    kinds = {target.key: target.kind for target in seen.targets}
    columns = []
    for one in seen.suggestions:
        cells = seen.samples[one.column]
        chosen = fields.get(one.column, one.field)
        dates = date_column(cells) if chosen and kinds.get(chosen) in _DATES else None
        columns.append(
            ColumnLook(
                one.column, seen.headers[one.column],
                tuple(dict.fromkeys(cell[:80] for cell in cells if cell.strip()))[:_SHOWN],
                one.field, one.confidence, one.because,
                dates.orders if dates else (), bool(dates and dates.unsure), missing_words(cells),
            )
        )  # fmt: skip
    amounts = (cell for name, field in fields.items() if kinds.get(field) is ValueKind.MONEY
             for cell in seen.samples.get(name, ()))  # fmt: skip
    return Inspection(
        kind, seen.encoding, seen.delimiter, seen.sheets, decimal_mark(amounts, seen.delimiter), tuple(columns),
        seen.rows, seen.targets, KEYS.get(kind, ()), program_of(kind, seen.headers), saved[0] if saved else None,
        proposed,
    )  # fmt: skip


def _saved(session: Session, kind: str, header: str) -> tuple[str, ColumnMap] | None:
    query = select(ImportMapping).where(ImportMapping.kind == kind, ImportMapping.header == header)
    row = session.exec(query.order_by(col(ImportMapping.updated_at).desc())).first()
    return (row.name, read_map(row.mapping)) if row else None
