"""How a file is written: encoding, delimiter, order of dates, decimal mark. Pure, over bytes and samples."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Literal

from charset_normalizer import from_bytes

from salescompass.imports.values import DateOrder
from salescompass.kit.errors import Invalid

SAMPLE = 262_144
DELIMITERS = ",;\t|"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TABLE = (
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls): save it as .xlsx or CSV"),
    (b"\x1f\x8b", "a gzip archive: unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database"),
)
_MARKUP = re.compile(rb"\s*<(\?xml|!doctype|html|svg|script)", re.IGNORECASE)
_WESTERN = ("cp1252", "latin_1", "iso8859_15")
_OLD = (*_WESTERN, "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r", "mac_roman", "shift_jis",
        "euc_jp", "gb18030", "big5", "euc_kr")  # fmt: skip


def refuse_what_is_no_table(start: bytes) -> None:
    """Raises Invalid, naming what the file is, when its first bytes say that it holds no rows of text."""
    for mark, what in _NO_TABLE:
        if start.startswith(mark):
            raise Invalid(f"This is no CSV file or .xlsx workbook but {what}", field="file", code="no_table")
    if _MARKUP.match(start.removeprefix(codecs.BOM_UTF8)):
        what = "a web page or another XML document"
        raise Invalid(f"This is no CSV file or .xlsx workbook but {what}", field="file", code="no_table")


def encoding_of(file: BinaryIO) -> str:
    """How a file's bytes mean letters: by its mark, else UTF-8 when (nearly) all of it is, else the most likely one."""
    start = file.read(SAMPLE)
    refuse_what_is_no_table(start)
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    if wide := _wide(start):
        return wide
    if start.count(0) > max(8, len(start) // 50):
        raise Invalid("The file is full of zero bytes: this is no text", field="file", code="no_table")
    lines = _Lines()
    part, rest = start, b""
    while part:
        if rest or not part.isascii():
            *whole, rest = (rest + part).rsplit(b"\n", 1) if b"\n" in part else (rest + part,)
            if len(rest) > SAMPLE:
                whole, rest = [*whole, rest], b""
            for text in whole:
                lines.judge(text)
        part = file.read(SAMPLE)
    lines.judge(rest)
    return "utf-8" if not lines.bad or lines.good > lines.bad else _likely(b"\n".join(lines.kept))


class _Lines:
    """Lines with letters beyond ASCII: how many are UTF-8, how many are not, and some of these."""

    def __init__(self) -> None:
        self.good = self.bad = 0
        self.kept: list[bytes] = []

    def judge(self, text: bytes) -> None:
        if text.isascii():
            return
        if _is_utf8(text):
            self.good += 1
            return
        for line in text.split(b"\n"):
            if not line.isascii():
                fits = _is_utf8(line)
                self.good, self.bad = self.good + fits, self.bad + (not fits)
                if not fits and len(self.kept) < 1000:
                    self.kept.append(line[:1000])


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _wide(start: bytes) -> str | None:
    """UTF-16 without a mark: every other byte is zero."""
    half = len(start) // 2
    if half < 8:
        return None
    even, odd = start[0 : 2 * half : 2].count(0), start[1 : 2 * half : 2].count(0)
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.6 and odd < half * 0.1 else None


def _likely(letters: bytes) -> str:
    """The most likely of the old encodings; when several fit alike, the western one that most such files have."""
    high = sum(byte > 127 for byte in letters)
    if len(letters) < 500 and high <= max(8, 0.3 * len(letters)):
        return "cp1252"  # a few accents do not tell one encoding from another; other scripts have more of them
    matches = from_bytes(letters, cp_isolation=list(_OLD))
    best = matches.best()
    if best is None:
        return "cp1252"
    alike = {one.encoding for one in matches if one.chaos <= best.chaos and one.coherence >= best.coherence}
    return "cp1252" if "cp1252" in alike or best.encoding in _WESTERN else best.encoding


def delimiter_of(header: str) -> str:
    """What parts the cells: whichever the header has most of, outside quotes."""
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


@dataclass(frozen=True)
class DateColumn:
    """How the dates of a column are written. `orders` are those that fit every cell; empty when none does."""

    orders: tuple[DateOrder, ...]
    seen: int

    @property
    def unsure(self) -> bool:
        """Whether somebody must say what is day and what is month."""
        return len(self.orders) > 1


_ISO = re.compile(r"\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}([T ].*)?")
_SHORT = re.compile(r"(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4}|\d{2})([T, ].*)?")


def date_column(cells: Iterable[str]) -> DateColumn:
    """What the cells of a column allow: which parts are over twelve tells day from month."""
    can_be: dict[DateOrder, bool] = {"dmy": True, "mdy": True}
    seen = short = other = 0
    differs = False
    for cell in cells:
        text = cell.strip()
        if not text:
            continue
        if match := _SHORT.fullmatch(text):
            first, second = int(match[1]), int(match[2])
            can_be["dmy"] &= second <= 12
            can_be["mdy"] &= first <= 12
            differs |= first != second
            short += 1
        elif _ISO.fullmatch(text):
            seen += 1
        else:
            other += 1
    seen += short
    if not seen or other > seen:
        return DateColumn((), 0)
    if not short:
        return DateColumn(("ymd",), seen)
    orders = tuple(order for order, fits in can_be.items() if fits)
    # Where day and month are always equal, both readings are the same one.
    return DateColumn(orders if differs else orders[:1], seen)


def decimal_mark(cells: Iterable[str], delimiter: str) -> Literal[".", ","]:
    """What parts the whole from the rest in numbers: by those that can be read in one way only."""
    comma = dot = 0
    for cell in cells:
        text = re.sub(r"[^\d.,]", "", cell)
        last = max(text.rfind(","), text.rfind("."))
        if last < 0:
            continue
        plain = text.count(",") + text.count(".") == 1
        if plain and len(text) - last == 4:
            continue
        if (not plain and text[last] not in text[:last]) or plain:
            comma, dot = comma + (text[last] == ","), dot + (text[last] == ".")
    if comma == dot:
        return "," if delimiter == ";" and not dot else "."
    return "," if comma > dot else "."


def missing_words(cells: Sequence[str]) -> tuple[str, ...]:
    """Words in the cells that seem to stand for nothing, as forms and other programs leave them."""
    found = {cell.strip() for cell in cells}
    return tuple(sorted(word for word in found if word.casefold() in STAND_FOR_NOTHING))


STAND_FOR_NOTHING = frozenset({"select", "n/a", "#n/a", "null", "none", "nan", "(blank)", "unknown", "not provided"})
