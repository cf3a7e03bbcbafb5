"""Given values become what is stored, and the form they are compared in. Pure; a refusal says what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from salescompass.crm.names import domain_norm, email_norm, name_norm, tidy
from salescompass.crm.record_fields import Holds, RecordField
from salescompass.kit.clock import parse_day, parse_rfc3339, time_zones
from salescompass.kit.currencies import CURRENCIES
from salescompass.kit.ids import parse_id

_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 1, 1)


class Refused(ValueError):
    """A value that cannot be stored, and what would be right."""


def stored(field: RecordField, given: Any) -> Any:
    """The value as it is stored; None empties the field. Raises Refused."""
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    return _READERS[field.holds](field, given)


def compared(field: RecordField, value: Any) -> Any:
    """The compared form of a stored value."""
    if value is None or field.norm is None:
        return None
    if field.holds is Holds.EMAIL:
        return email_norm(value)
    return value if field.holds is Holds.KEY else name_norm(value)


def _plain(field: RecordField, given: Any) -> str | None:
    if not isinstance(given, str):
        raise Refused("give a text")
    text = tidy(given)
    if not text:
        raise Refused("nothing of this text can be seen")
    if len(text) > field.most:
        raise Refused(f"use at most {field.most} characters")
    return _storable(text)


def _storable(text: str) -> str:
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Refused("this text holds half a character, which cannot be stored")
    return text


def _lines(field: RecordField, given: Any) -> str | None:
    if not isinstance(given, str):
        raise Refused("give a text")
    text = "\n".join(tidy(line) for line in given.replace("\0", " ").splitlines()).strip()
    if len(text) > field.most:
        raise Refused(f"use at most {field.most} characters")
    return _storable(text) or None


def _email(field: RecordField, given: Any) -> str:
    text = _plain(field, given)
    if text is None or email_norm(text) is None:
        raise Refused("this is no email address; give one like ada@acme.com")
    return text


def _domain(field: RecordField, given: Any) -> str:
    found = domain_norm(given) if isinstance(given, str) else None
    if found is None:
        raise Refused("this is no domain; give one like acme.com")
    return found


def _url(field: RecordField, given: Any) -> str:
    text = _plain(field, given) or ""
    whole = text if "://" in text else f"https://{text}"
    if not re.match(r"https?://[^\s/]+\.[^\s/]+", whole, re.IGNORECASE):
        raise Refused("this is no web address; give one like https://acme.com")
    return whole


def _phone(field: RecordField, given: Any) -> str | None:
    text = _plain(field, given if isinstance(given, str) else str(given))
    if text is not None and sum(letter.isdigit() for letter in text) < 3:
        raise Refused("this is no phone number; give one like +44 20 7946 0018")
    return text


def _integer(field: RecordField, given: Any) -> int:
    if isinstance(given, str) and re.fullmatch(r"[+-]?\d{1,16}", given.strip()):
        given = int(given)
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int):
        raise Refused("give a whole number")
    if not field.low <= given <= field.high:
        raise Refused(f"give a number from {field.low:,} to {field.high:,}")
    return given


def _currency(field: RecordField, given: Any) -> str:
    text = given.strip().upper() if isinstance(given, str) else ""
    if text not in CURRENCIES:
        raise Refused("give a currency by its three letters in ISO 4217, such as EUR")
    return text


def _day(field: RecordField, given: Any) -> date:
    found: date | None = None
    if isinstance(given, datetime):
        found = given.date()
    elif isinstance(given, date):
        found = given
    elif isinstance(given, str):
        try:
            found = parse_day(given.strip())
        except ValueError:
            found = None
    if found is None:
        raise Refused("give a day as 2026-03-31")
    if not _EARLIEST <= found < _LATEST:
        raise Refused("give a day from 1900 to 2199")
    return found


def _moment(field: RecordField, given: Any) -> datetime:
    found: datetime | None = given if isinstance(given, datetime) and given.tzinfo else None
    if isinstance(given, str):
        try:
            found = parse_rfc3339(given.strip())
        except ValueError:
            found = None
    if found is None:
        raise Refused("give a time with its offset, as 2026-03-31T09:30:00+02:00")
    if not _EARLIEST <= found.date() < _LATEST:
        raise Refused("give a time from 1900 to 2199")
    return found.astimezone(UTC)


def _choice(field: RecordField, given: Any) -> str:
    text = name_norm(given) if isinstance(given, str) else ""
    if text not in field.choices:
        raise Refused(f"choose from {', '.join(field.choices)}")
    return text


def _zone(field: RecordField, given: Any) -> str:
    if not isinstance(given, str) or given not in time_zones():
        raise Refused("give a time zone by its name, such as Europe/Paris")
    return given


def _boolean(field: RecordField, given: Any) -> bool:
    if isinstance(given, bool):
        return given
    if isinstance(given, str) and name_norm(given) in ("true", "false"):
        return name_norm(given) == "true"
    raise Refused("give true or false")


def _reference(field: RecordField, given: Any) -> UUID:
    found = parse_id(given)
    if found is None:
        raise Refused("give an id")
    return found


_READERS: dict[Holds, Callable[[RecordField, Any], Any]] = {
    Holds.TEXT: _plain,
    Holds.KEY: _plain,
    Holds.LINES: _lines,
    Holds.EMAIL: _email,
    Holds.DOMAIN: _domain,
    Holds.URL: _url,
    Holds.PHONE: _phone,
    Holds.INTEGER: _integer,
    Holds.MINOR: _integer,
    Holds.CURRENCY: _currency,
    Holds.DAY: _day,
    Holds.MOMENT: _moment,
    Holds.CHOICE: _choice,
    Holds.ZONE: _zone,
    Holds.BOOLEAN: _boolean,
    Holds.REFERENCE: _reference,
}
