"""The records of a CSV file, one at a time: a quote left open costs its own line only, no line fills the memory."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import TextIO

LONGEST_LINE = 1_048_576


class OpenQuote(Exception):
    """A quote that is opened and not closed; `line` is where."""

    def __init__(self, line: str, reason: str) -> None:
        super().__init__(reason)
        self.line = line


class Records:
    """The records of a file. What a quote left open has swallowed is read again, line by line."""

    def __init__(self, file: TextIO, header: str, delimiter: str) -> None:
        self._file = file
        self._again = deque([header])
        self._lines: list[str] = []
        self._size = 0
        self._ended = False
        self.delimiter = delimiter
        self._reader = csv.reader(self, delimiter=delimiter)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next_line(self._file)
        if not line:
            self._ended = True
            raise StopIteration
        self._lines.append(line)
        if line is ENDLESS:
            raise csv.Error(f"it is {ENDLESS}")
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


ENDLESS = f"a line longer than {LONGEST_LINE // 1024} KiB"


def next_line(file: TextIO) -> str:
    """A line, or nothing at the end; ENDLESS stands for one that is too long, which is passed over piece by piece."""
    line = file.readline(LONGEST_LINE)
    if len(line) < LONGEST_LINE or line.endswith("\n"):
        return line
    while line and not line.endswith("\n"):
        line = file.readline(LONGEST_LINE)
    return ENDLESS
