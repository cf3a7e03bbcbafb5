"""Reading files as they come: CSV of any common encoding and delimiter, or a workbook; no row lost without a word."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from salescompass.imports.detecting import DELIMITERS, delimiter_of, encoding_of
from salescompass.imports.records_of_csv import ENDLESS, OpenQuote, Records, next_line
from salescompass.imports.safe_cells import FORMULA, as_meant
from salescompass.imports.sheets import is_workbook, open_sheet
from salescompass.kit.errors import Invalid
from salescompass.kit.importing import FileRow

MOST_COLUMNS = 1000
_UNSTABLE = "surrogateescape"
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "iso8859-15", "cp1250",
    "cp1251", "mac-roman", "shift_jis", "gb18030", "big5", "euc-kr",
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """How to read a file, where somebody knows better than what is found."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class BrokenRow:
    """A row that cannot be read, and why."""

    number: int
    cells: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Table:
    """A file's columns, by `columns` as they are compared and by `headers` as they stand; its rows as one goes along.

    `encoding` and `delimiter` are of a CSV file, `sheets` of a workbook.
    """

    columns: tuple[str, ...]
    headers: tuple[str, ...]
    rows: Iterator[FileRow | BrokenRow]
    encoding: str = ""
    delimiter: str = ""
    sheets: tuple[str, ...] = ()


@contextmanager
def open_table(path: Path, how: Reading = Reading(), *, digests: bool = True) -> Iterator[Table]:
    """The table in a file. Raises Invalid when it is none. Without `digests` rows carry none; memory is flat."""
    try:
        workbook = is_workbook(path)
        encoding = "" if workbook else _encoding(path, how)
    except OSError as error:
        raise Invalid(f"The file cannot be read: {error.strerror}", field="file") from error
    if workbook:
        with open_sheet(path, how.sheet) as sheet:
            headers = tuple(sheet.header)
            columns = _columns(headers)
            yield Table(columns, headers, _rows(_Plain(sheet.rows), columns, digests), sheets=sheet.names)
        return
    # Zero bytes and letters of another encoding must cost their own row only.
    errors = "replace" if encoding.startswith(("utf-16", "utf-32")) else _UNSTABLE
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        first = next_line(file)
        while first and not first.strip():
            first = next_line(file)
        if not first:
            raise Invalid("The file is empty: its first line must name the columns", field="file", code="empty_file")
        if first is ENDLESS:
            raise Invalid(f"The first line must name the columns, but it is {ENDLESS}", field="file", code="no_table")
        delimiter = how.delimiter or delimiter_of(first)
        records = Records(file, first, delimiter)
        try:
            headers = tuple(records.read())
        except (csv.Error, OpenQuote) as error:
            raise Invalid(f"The first line must name the columns, but {error}", field="file") from None
        columns = _columns(headers)
        yield Table(columns, headers, _rows(records, columns, digests), encoding, delimiter)


class _Plain:
    """Rows of a workbook, as those of a CSV file are read."""

    def __init__(self, rows: Iterator[list[str]]) -> None:
        self._rows = rows

    def read(self) -> list[str]:
        """The next row. Raises StopIteration at the end."""
        return next(self._rows)

    def cells_of(self, line: str) -> tuple[str, ...]:
        """A line by itself: a workbook has none."""
        return (line,)


def _encoding(path: Path, how: Reading) -> str:
    if how.delimiter is not None and how.delimiter not in DELIMITERS:
        raise Invalid("Cells are parted by a comma, a semicolon, a tab or |", field="delimiter")
    if how.encoding is not None and how.encoding not in ENCODINGS:
        raise Invalid(f"Choose an encoding from {', '.join(ENCODINGS)}", field="encoding")
    with path.open("rb") as file:
        found = encoding_of(file)
    return how.encoding or found


def _columns(header: Sequence[str]) -> tuple[str, ...]:
    """The names columns are compared by. Columns without a name are not read."""
    if len(header) > MOST_COLUMNS:
        raise Invalid(f"The file has {len(header)} columns; {MOST_COLUMNS} are the most", field="file")
    columns = tuple("_".join(as_meant(cell).lower().split()) for cell in header)
    if any("\0" in name or "\ufffd" in name or not _is_whole(name) for name in columns):
        message = "The first line must name the columns, but it holds zero bytes or letters of another encoding"
        raise Invalid(message, field="file", code="encoding")
    for name, times in Counter(filter(None, columns)).items():
        if times > 1:
            raise Invalid(f"The column {name} is there {times} times", field="file", code="column_twice")
    if not any(columns):
        raise Invalid("The first line must name the columns, but all its cells are empty", field="file")
    return columns


def _is_whole(text: str) -> bool:
    """Whether a text holds only letters that its file's encoding has."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _rows(records: Records | _Plain, columns: tuple[str, ...], digests: bool) -> Iterator[FileRow | BrokenRow]:
    seen: Counter[bytes] = Counter()
    number, width, header = 1, len(columns), list(columns)
    named = [(at, name) for at, name in enumerate(columns) if name]
    while True:
        try:
            cells = records.read()
        except StopIteration:
            return
        except OpenQuote as error:
            number += 1
            yield BrokenRow(number, records.cells_of(error.line), str(error))
            continue
        except csv.Error as error:
            number += 1
            yield BrokenRow(number, (), f"this is no CSV: {error}")
            continue
        if not cells:
            continue
        number += 1
        if flaw := _flaw(cells, width, header):
            yield BrokenRow(number, tuple(cells), flaw)
            continue
        digest = _digest(cells, seen) if digests else ""
        yield FileRow(number, {name: as_meant(cells[at]) for at, name in named}, digest)


def _flaw(cells: list[str], width: int, header: list[str]) -> str | None:
    """Why a row cannot be read."""
    if len(cells) != width:
        return f"{len(cells)} cells where the header has {width}"
    whole = "".join(cells)
    if "\0" in whole:
        return "it holds a zero byte"
    if not _is_whole(whole):
        return "it holds letters of another encoding than the rest of the file"
    if cells[0].lower() == header[0] and ["_".join(cell.lower().split()) for cell in cells] == header:
        return "it repeats the header"
    return None


def _digest(cells: list[str], seen: Counter[bytes]) -> str:
    """Of the row as it stands, and the how-manieth such row of the file it is."""
    digest = hashlib.sha256("\x1f".join(cells).encode(errors="surrogatepass")).digest()
    seen[digest[:16]] += 1
    return hashlib.sha256(digest + str(seen[digest[:16]]).encode()).hexdigest()


__all__ = ["ENCODINGS", "FORMULA", "BrokenRow", "Reading", "Table", "open_table"]
