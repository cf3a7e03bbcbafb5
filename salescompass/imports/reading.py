"""Reading CSV files as they come: any common encoding and delimiter, bounded memory, no row lost without a word."""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from charset_normalizer import from_bytes

from salescompass.kit.errors import Invalid
from salescompass.kit.importing import FileRow

LONGEST_LINE = 1_048_576
_SAMPLE = 262_144
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class BrokenRow:
    """A row that cannot be read, and why."""

    number: int
    cells: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Table:
    """A CSV file: its columns and, read as one goes along, its rows."""

    columns: tuple[str, ...]
    rows: Iterator[FileRow | BrokenRow]


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """The table in a file. Raises Invalid when it is none."""
    try:
        file = path.open(encoding=encoding_of(path), errors="replace", newline="")
    except OSError as error:
        raise Invalid(f"The file cannot be read: {error.strerror}", field="file") from error
    with file:
        header = _line(file)
        while header and not header.strip():
            header = _line(file)
        if not header:
            raise Invalid("The file is empty: its first line must name the columns", field="file")
        records = _Records(file, header)
        try:
            columns = _columns(records.read())
        except (csv.Error, OpenQuote) as error:
            raise Invalid(f"The first line must name the columns, but {error}", field="file") from None
        yield Table(columns, _rows(records, columns))


def encoding_of(path: Path) -> str:
    """How a file's bytes mean letters: by its mark, else UTF-8 when all of it is, else the most likely one."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
        for mark, name in _BOMS:
            if start.startswith(mark):
                return name
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            part = start
            while part:
                decoder.decode(part)
                part = file.read(_SAMPLE)
            decoder.decode(b"", final=True)
            return "utf-8"
        except UnicodeDecodeError:
            return _likely(start)


def _likely(start: bytes) -> str:
    """The most likely of the old encodings; when several fit alike, the western one that most such files have."""
    matches = from_bytes(start)
    best = matches.best()
    if best is None:
        return "cp1252"
    alike = {one.encoding for one in matches if one.chaos <= best.chaos and one.coherence >= best.coherence}
    return "cp1252" if "cp1252" in alike else best.encoding


def delimiter_of(header: str) -> str:
    """What parts the cells: whichever the header has most of, outside quotes."""
    bare = "".join(header.split('"')[::2])
    return max(",;\t|", key=bare.count)


def _columns(header: list[str]) -> tuple[str, ...]:
    columns = tuple("_".join(cell.lower().split()) for cell in header)
    for name, times in Counter(columns).items():
        if times > 1:
            raise Invalid(f"The column {name or 'without a name'} is there {times} times", field="file")
    return columns


class OpenQuote(Exception):
    """A quote that is opened and not closed; `line` is where."""

    def __init__(self, line: str, reason: str) -> None:
        super().__init__(reason)
        self.line = line


class _Records:
    """The records of a file. What a quote left open has swallowed is read again, line by line."""

    def __init__(self, file: TextIO, header: str) -> None:
        self._file = file
        self._again = deque([header])
        self._lines: list[str] = []
        self._size = 0
        self._ended = False
        self.delimiter = delimiter_of(header)
        self._reader = csv.reader(self, delimiter=self.delimiter)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else _line(self._file)
        if not line:
            self._ended = True
            raise StopIteration
        self._lines.append(line)
        self._size += len(line)
        if self._size > LONGEST_LINE:
            raise csv.Error("a record is too long")
        return line

    def read(self) -> list[str]:
        """The next record's cells. Raises StopIteration at the end, csv.Error for a line, OpenQuote for several."""
        self._lines, self._size, self._ended = [], 0, False
        try:
            cells = next(self._reader)
        except csv.Error:
            if len(self._lines) == 1:
                raise
            raise self._open("a quote is not closed, or its cell is too long") from None
        if len(self._lines) > 1 or self._ended:
            try:
                next(csv.reader(self._lines, delimiter=self.delimiter, strict=True))
            except csv.Error:
                raise self._open("a quote is not closed") from None
        return cells

    def _open(self, reason: str) -> OpenQuote:
        first, *swallowed = self._lines
        self._again.extendleft(reversed(swallowed))
        return OpenQuote(first, reason)

    def cells_of(self, line: str) -> tuple[str, ...]:
        """What a line says, read by itself."""
        try:
            return tuple(next(csv.reader([line.rstrip("\r\n")], delimiter=self.delimiter), ()))
        except csv.Error:
            return ()


def _line(file: TextIO) -> str:
    line = file.readline(LONGEST_LINE)
    if len(line) == LONGEST_LINE and not line.endswith("\n"):
        raise Invalid(f"A line is longer than {LONGEST_LINE // 1024} KiB: this is hardly a CSV file", field="file")
    return line


def _rows(records: _Records, columns: tuple[str, ...]) -> Iterator[FileRow | BrokenRow]:
    seen: Counter[bytes] = Counter()
    number = 1
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
        if len(cells) != len(columns):
            yield BrokenRow(number, tuple(cells), f"{len(cells)} cells where the header has {len(columns)}")
            continue
        digest = hashlib.sha256("\x1f".join(cells).encode(errors="surrogatepass")).digest()
        seen[digest[:16]] += 1
        whole = hashlib.sha256(digest + str(seen[digest[:16]]).encode()).hexdigest()
        yield FileRow(number, dict(zip(columns, map(as_meant, cells), strict=True)), whole)


def as_meant(cell: str) -> str:
    """A cell without the mark an export put before what a spreadsheet would take for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in _FORMULA else cell


def as_text(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell.startswith(_FORMULA) else cell
