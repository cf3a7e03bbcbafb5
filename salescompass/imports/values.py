"""What the text of a cell means: numbers, money, dates, times, yes or no. Pure; a ValueError's words go to the user."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from salescompass.kit.currencies import exponent
from salescompass.kit.importing import ValueKind

DateOrder = Literal["dmy", "mdy", "ymd"]
Parser = Callable[[str], Any]

_LARGEST = 9_000_000_000_000_000_000
_YES = frozenset({"yes", "y", "true", "t", "1", "x", "on", "ja", "oui", "si", "sí", "sim"})
_NO = frozenset({"no", "n", "false", "f", "0", "-", "off", "nein", "non", "não", "nao"})
_SPACES = re.compile(r"[\s'’_]")
_DOTTED = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?")
_MARKS = re.compile(r"^([A-Z]{3}|[$€£¥₹₩₽₺₪฿₫₴₦]|kr|zł|R\$|CHF|US\$)\s*|\s*([A-Z]{3}|[$€£¥₹₩₽₺₪฿₫₴₦]|kr\.?|zł|%)$")
_SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "US$": "USD", "R$": "BRL", "zł": "PLN"}
_DATE = re.compile(r"(\d{1,4})\s?[-./ ]\s?(\d{1,2}|[A-Za-zäé]{3,9}\.?)\s?[-./, ]\s?(\d{1,4})\.?")
_NAMED = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*([AaPp])?\.?[Mm]?\.?")
_MONTHS = {
    name: number + 1
    for number, names in enumerate(
        ["jan", "feb", "mar mär maer", "apr", "may mai", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec dez"]
    )
    for name in names.split()
}
_PHONE = re.compile(r"\+?[\d\s().\-/]{4,28}\d(\s*(ext\.?|x|#)\s*\d{1,6})?", re.IGNORECASE)


@dataclass(frozen=True)
class Formats:
    """How a file writes what can be written in several ways. `missing`: words that stand for nothing, in lower case."""

    dates: DateOrder = "ymd"
    decimal: Literal[".", ","] = "."
    zone: str = "UTC"
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Money:
    """An amount; `currency` when the cell names one."""

    amount: Decimal
    currency: str | None = None

    def minor(self, currency: str) -> int:
        """The amount in minor units of its own currency, else of this one."""
        return int(self.amount.scaleb(exponent(self.currency or currency)).to_integral_value())


def parser(kind: ValueKind, formats: Formats, *, scale: int = 1) -> Parser:
    """What reads the cells of a column; each raises ValueError, whose words say what is wrong."""
    if kind is ValueKind.NUMBER:
        return lambda text: _whole(decimal(text, formats.decimal) * scale)
    if kind is ValueKind.DECIMAL:
        return lambda text: decimal(text, formats.decimal) * scale
    if kind is ValueKind.MONEY:
        return lambda text: money(text, formats.decimal, scale)
    if kind is ValueKind.DATE:
        return lambda text: _date(text, formats.dates)
    if kind is ValueKind.MOMENT:
        return lambda text: moment(text, formats.dates, formats.zone)
    if kind is ValueKind.TAGS:
        return tags
    return _OF_KIND[kind]


def tags(text: str) -> tuple[str, ...]:
    """Words parted by bars, or by semicolons where there is no bar."""
    parts = text.split("|") if "|" in text else text.split(";")
    return tuple(filter(None, map(tidy, parts)))


def tidy(text: str) -> str:
    """Text without doubled white space and control characters."""
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(text.split())


def lines(text: str) -> str:
    """Text of several lines: line breaks stay."""
    return "\n".join(tidy(line) for line in text.splitlines()).strip()


def decimal(text: str, mark: str) -> Decimal:
    """A number as people write it: thousands parted, minus before or behind, or in brackets."""
    bare = _MARKS.sub("", _MARKS.sub("", _SPACES.sub("", text).replace("−", "-")))
    if bare.startswith("(") and bare.endswith(")"):
        bare = "-" + bare[1:-1]
    elif bare.endswith("-"):
        bare = "-" + bare[:-1]
    bare = _MARKS.sub("", bare)
    if _comma_is_mark(bare, mark):
        bare = bare.translate({ord(","): ".", ord("."): ","})
    if not any(map(str.isdigit, bare)):
        raise ValueError(f"“{text[:40]}” is no number")
    if not _DOTTED.fullmatch(bare):
        return _with_exponent(bare, text)
    return Decimal(bare.replace(",", ""))


def _comma_is_mark(bare: str, mark: str) -> bool:
    """Whether the comma parts the whole from the rest: the last of two kinds does, and what parts no three digits."""
    comma, dot = bare.rfind(","), bare.rfind(".")
    if comma >= 0 and dot >= 0:
        return comma > dot
    if comma >= 0:
        return bare.count(",") == 1 and (mark == "," or len(bare) - comma != 4)
    if dot >= 0 and mark == ",":
        return bare.count(".") > 1 or len(bare) - dot == 4
    return False


def _with_exponent(bare: str, text: str) -> Decimal:
    try:
        found = Decimal(bare) if re.fullmatch(r"[+-]?\d+(\.\d+)?[eE][+-]?\d{1,2}", bare) else None
    except InvalidOperation:
        found = None
    if found is None:
        raise ValueError(f"“{text[:40]}” is no number")
    return found


def _whole(number: Decimal) -> int:
    if number != number.to_integral_value():
        raise ValueError(f"{number} is no whole number")
    return _bounded(number)


def _bounded(number: Decimal) -> int:
    if abs(number) > _LARGEST:
        raise ValueError("the number is too large")
    return int(number)


def money(text: str, mark: str, scale: int = 1) -> Money:
    """An amount, and its currency where the cell names it."""
    amount = decimal(text, mark) * scale
    _bounded(amount * 1000)
    return Money(amount, _currency_of(text))


def _currency_of(text: str) -> str | None:
    found = re.search(r"\b[A-Z]{3}\b", text) or re.search(r"US\$|R\$|[€£₹]|zł", text)
    return _SIGNS.get(found.group(), found.group()) if found else None


@lru_cache(maxsize=20_000)
def _date(text: str, order: DateOrder) -> date:
    found = _day(text, order)
    if found is None:
        raise ValueError(f"“{text[:40]}” is no date")
    day, rest = found
    if rest and not re.match(r"[T ]?\s*\d{1,2}:\d{2}", rest):
        raise ValueError(f"“{text[:40]}” is no date")
    return day


@lru_cache(maxsize=20_000)
def moment(text: str, order: DateOrder, zone: str) -> datetime:
    """A time in UTC. Without an offset it is of `zone`; a day alone is its first moment there."""
    bare = text.strip()
    try:
        at = datetime.fromisoformat(bare) if _ISO_DAY.match(bare) else _written_time(bare, order)
    except ValueError:
        at = _written_time(bare, order)
    at = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))
    return at.astimezone(UTC)


def _written_time(text: str, order: DateOrder) -> datetime:
    found = _day(text, order)
    if found is None:
        raise ValueError(f"“{text[:40]}” is no time")
    day, rest = found
    if not rest:
        return datetime.combine(day, time())
    clock = _TIME.fullmatch(rest.lstrip("T ,").strip())
    if clock is None:
        raise ValueError(f"“{text[:40]}” is no time")
    hour, half = int(clock[1]), (clock[4] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"“{text[:40]}” is no time")
        hour = hour % 12 + (12 if half == "p" else 0)
    return datetime.combine(day, time(hour, int(clock[2]), int(clock[3] or 0)))


def _day(text: str, order: DateOrder) -> tuple[date, str] | None:
    """The day a text begins with, and what follows it."""
    bare = text.strip()
    if named := _NAMED.match(bare):
        month, day, year = _MONTHS.get(named[1][:3].lower(), 0), int(named[2]), int(named[3])
        return _made(year, month, day), bare[named.end() :]
    match = _DATE.match(bare)
    if match is None:
        return None
    first, middle, last = match[1], match[2], match[3]
    if middle[0].isalpha():
        month = _MONTHS.get(middle[:3].lower(), 0)
        written, day_of = (first, last) if len(first) == 4 else (last, first)
        return _made(_year(written), month, int(day_of)), bare[match.end() :]
    if len(first) > 2 or (order == "ymd" and len(last) <= 2):
        parts = first, middle, last
    elif order == "mdy":
        parts = last, first, middle
    else:
        parts = last, middle, first
    return _made(_year(parts[0]), int(parts[1]), int(parts[2])), bare[match.end() :]


def _year(text: str) -> int:
    """Two digits are of 1970 to 2069."""
    year = int(text)
    return year if len(text) > 2 else year + (1900 if year >= 70 else 2000)


def _made(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"there is no day {day} in month {month} of {year}") from None


def flag(text: str) -> bool:
    """Yes or no, in the words of several languages."""
    word = text.strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(f"“{text[:40]}” is neither yes nor no")


def phone(text: str) -> str:
    """A telephone number: written as it was, `00` in front as +."""
    bare = tidy(text)
    if not _PHONE.fullmatch(bare) or not 5 <= sum(map(str.isdigit, bare)) <= 21:
        raise ValueError(f"“{text[:40]}” is no telephone number")
    return "+" + bare[2:] if bare.startswith("00") else bare


_OF_KIND: dict[ValueKind, Parser] = {
    ValueKind.TEXT: tidy,
    ValueKind.LINES: lines,
    ValueKind.FLAG: flag,
    ValueKind.PHONE: phone,
    ValueKind.EMAIL: str.strip,
    ValueKind.DOMAIN: str.strip,
}
