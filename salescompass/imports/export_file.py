"""Writing rows to a CSV file or a workbook as a stream: nobody's spreadsheet runs a formula out of it."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from salescompass.imports.export_columns import PLAIN_KINDS, OutColumn, as_cell
from salescompass.imports.safe_cells import as_text
from salescompass.kit.errors import Invalid, Unavailable

MOST_SHEET_ROWS = 1_048_575
_LONGEST_CELL = 32_767
SUFFIXES = (".csv", ".xlsx")


class Writer(Protocol):
    """Takes rows of values."""

    def row(self, values: Sequence[Any]) -> None:
        """Write a row."""

    def close(self) -> None:
        """Finish the file."""

    def drop(self) -> None:
        """Let go of a file that is not finished, and of whatever lies beside it."""


@contextmanager
def written(path: Path, columns: Sequence[OutColumn]) -> Iterator[Writer]:
    """A file to write rows to. It appears under its name when it is whole, and not at all when anything fails."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise Invalid("An export goes to a .csv or an .xlsx file", field="file")
    draft = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")
    writer: Writer | None = None
    try:
        writer = _Csv(draft, columns) if suffix == ".csv" else _Workbook(draft, columns)
        yield writer
        writer.close()
        draft.replace(path)
    except (OSError, XlsxWriterException) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unavailable(f"{path} cannot be written: {reason}", field="file", code="disk") from error
    finally:
        with suppress(OSError):
            if writer is not None:
                writer.drop()
        with suppress(OSError):
            draft.unlink(missing_ok=True)


class _Csv:
    """A CSV file in UTF-8, with the mark by which spreadsheets know it."""

    def __init__(self, path: Path, columns: Sequence[OutColumn]) -> None:
        self._columns = columns
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="", errors="replace")
        self._csv = csv.writer(self._file)
        self._csv.writerow([as_text(column.header) for column in columns])

    def row(self, values: Sequence[Any]) -> None:
        """Write a row."""
        self._csv.writerow([_safe(column, value) for column, value in zip(self._columns, values, strict=True)])

    def close(self) -> None:
        """Finish the file."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def drop(self) -> None:
        """Let go of it."""
        self._file.close()


class _Workbook:
    """A workbook of one sheet. Rows leave memory as they are written; nothing in it is a formula or a link."""

    def __init__(self, path: Path, columns: Sequence[OutColumn]) -> None:
        self._columns = columns
        options = {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False, "default_date_format": "yyyy-mm-dd", "tmpdir": str(path.parent),
        }  # fmt: skip
        self._book = xlsxwriter.Workbook(str(path), options)
        self._sheet = self._book.add_worksheet("Export")
        self._sheet.freeze_panes(1, 0)
        bold = self._book.add_format({"bold": True})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for at, column in enumerate(columns):
            self._sheet.write_string(0, at, as_text(column.header), bold)
        self._rows = 0

    def row(self, values: Sequence[Any]) -> None:
        """Write a row."""
        self._rows += 1
        if self._rows > MOST_SHEET_ROWS:
            raise Invalid(f"A sheet has at most {MOST_SHEET_ROWS:,} rows: export to .csv", field="file")
        for at, (column, value) in enumerate(zip(self._columns, values, strict=True)):
            if value is None:
                continue
            if isinstance(value, bool):
                self._sheet.write_boolean(self._rows, at, value)
            elif isinstance(value, int | float | Decimal) and abs(float(value)) < 1e15:
                self._sheet.write_number(self._rows, at, float(value))
            elif isinstance(value, date) and not isinstance(value, datetime) and value.year >= 1900:
                self._sheet.write_datetime(self._rows, at, datetime(value.year, value.month, value.day))
            else:
                self._text(at, _safe(column, value))

    def _text(self, at: int, text: str) -> None:
        if len(text) > _LONGEST_CELL:
            raise Invalid("A cell of a sheet cannot hold a text as long as here: export to .csv", field="file")
        self._sheet.write_string(self._rows, at, text)

    def close(self) -> None:
        """Finish the file."""
        self._book.close()

    def drop(self) -> None:
        """Let go of it, and of the rows that wait in a file beside it."""
        if not self._book.fileclosed:
            self._book.fileclosed = True
            try:
                self._sheet.row_data_fh.close()
            finally:
                Path(self._sheet.row_data_filename).unlink(missing_ok=True)


def _safe(column: OutColumn, value: Any) -> str:
    if isinstance(value, datetime):
        return as_cell(value.astimezone(UTC))
    text = as_cell(value)
    return text if column.kind in PLAIN_KINDS else as_text(text)
