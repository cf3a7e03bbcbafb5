"""Workbooks (.xlsx): one sheet, row by row, as text. A workbook is an archive, so it is measured before it opens."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from salescompass.kit.errors import Invalid

MOST_BYTES = 1_073_741_824
"""What a workbook's sheets may hold unpacked; they are read as a stream."""
MOST_SHARED_BYTES = 67_108_864
"""What its shared texts and styles may hold unpacked; they are kept in memory."""
MOST_RATIO = 200
MOST_PARTS = 2000
MOST_COLUMNS = 1000
MOST_EMPTY_ROWS = 10_000
_PIECE = 524_288


@dataclass(frozen=True)
class Sheet:
    """A sheet's header and its rows; `names` are all sheets of the workbook."""

    header: list[str]
    rows: Iterator[list[str]]
    names: tuple[str, ...]


def is_workbook(path: Path) -> bool:
    """Whether the file is a zip archive, which is what workbooks are, whatever it is called."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


@contextmanager
def open_sheet(path: Path, name: str | None = None) -> Iterator[Sheet]:
    """A sheet of a workbook, the first unless named. Raises Invalid for what is no workbook or unpacks to too much."""
    # Read here, since every program reads this module and few ever open a workbook.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _measure(path)
    file = path.open("rb")
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, OSError, ParseError) as error:
        file.close()
        raise Invalid("The workbook is damaged: save it anew, or as CSV", field="file", code="damaged") from error
    try:
        names = tuple(sheet.title for sheet in book.worksheets)
        if not names or (name is not None and name not in names):
            raise Invalid(f"The workbook has no sheet {name or ''}: it has {', '.join(names)}", field="sheet")
        sheet = book[name or names[0]]
        sheet.reset_dimensions()  # what a file says of its size need not be true
        rows = _texts(sheet)
        header = next(rows, None)
        if header is None:
            message = "The sheet is empty: its first row must name the columns"
            raise Invalid(message, field="file", code="empty_file")
        while header and not header[-1].strip():
            header.pop()
        yield Sheet(header, _fitted(rows, len(header)), names)
    finally:
        book.close()
        file.close()


def _measure(path: Path) -> None:
    """Raises Invalid for an archive that is no workbook, or that is small only as long as it is packed."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_parts(parts)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _check_part(archive, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Invalid("The workbook is damaged: save it anew, or as CSV", field="file", code="damaged") from error


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        what = "This is a zip archive but no .xlsx workbook: unpack it first"
        raise Invalid(what, field="file", code="no_table")
    whole = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    kept = sum(part.file_size for part in parts if not part.filename.startswith("xl/worksheets/sheet"))
    too_much = whole > MOST_BYTES or kept > MOST_SHARED_BYTES or len(parts) > MOST_PARTS
    if too_much or whole > MOST_RATIO * max(packed, 65_536):
        message = f"The workbook unpacks to {whole / 1_048_576:,.0f} MB: save it as CSV"
        raise Invalid(message, field="file", code="unpacks_to_too_much")


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """A part is read as a stream, element by element: so it must have elements, and none may hold very much."""
    with archive.open(part) as opened:
        piece = opened.read(_PIECE)
        if b"<!DOCTYPE" in piece[:4096].upper():
            raise Invalid("The workbook declares entities of its own", field="file", code="no_table")
        while piece:
            if len(piece) == _PIECE and b"<" not in piece:
                message = "A cell of the workbook is longer than a MB: save it as CSV"
                raise Invalid(message, field="file", code="unpacks_to_too_much")
            piece = opened.read(_PIECE)


def _texts(sheet: Any) -> Iterator[list[str]]:
    """Rows with anything in them, as text."""
    empty = 0
    try:
        for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1):
            cells = [_text(value) for value in row]
            if any(cells):
                empty = 0
                yield cells
            elif (empty := empty + 1) > MOST_EMPTY_ROWS:
                return
    except (ParseError, ValueError, KeyError, TypeError, zipfile.BadZipFile, EOFError) as error:
        raise Invalid("The workbook is damaged: save it anew, or as CSV", field="file", code="damaged") from error


def _fitted(rows: Iterator[list[str]], width: int) -> Iterator[list[str]]:
    """A sheet's rows end where their last value is: short ones are filled, empty cells beyond the header dropped."""
    for cells in rows:
        if len(cells) < width:
            cells.extend([""] * (width - len(cells)))
        while len(cells) > width and not cells[-1]:
            cells.pop()
        yield cells


def _text(value: object) -> str:
    """A cell as text that is read again as what it is."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, int | Decimal | timedelta) else ""
