"""Time: always UTC inside, RFC 3339 at the doors."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import available_timezones

_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]([01]\d|2[0-3]):\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLACES = frozenset(
    "Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific".split()  # noqa: SIM905
)
_LEAP_SECOND = re.compile(r"(:\d{2}):60(\.\d+)?")


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


@cache
def time_zones() -> frozenset[str]:
    """The names of the zone database, such as Europe/Paris; reading its folders is done once."""
    return frozenset(available_timezones())


@cache
def usual_zones() -> tuple[str, ...]:
    """Names such as Europe/Paris; the others are old spellings and offsets that nobody looks for."""
    return tuple(sorted(zone for zone in time_zones() if zone == "UTC" or zone.split("/")[0] in _PLACES))


def parse_day(text: str) -> date:
    """A day as 2026-11-20 and no other way: not 20261120, not by its week. Raises ValueError."""
    if not _DAY.fullmatch(text):
        raise ValueError("give a day like 2026-11-20")
    return date.fromisoformat(text)


def parse_rfc3339(text: str) -> datetime:
    """The moment in UTC; a leap second is the last moment before it. Raises ValueError for what RFC 3339 is not."""
    if not _RFC3339.fullmatch(text):
        raise ValueError("give an RFC 3339 time with offset, like 2026-11-20T10:42:00+01:00")
    whole, leaps = _LEAP_SECOND.subn(r"\1:59.999999", text) if ":60" in text else (text, 0)
    try:
        moment = datetime.fromisoformat(whole.upper()).astimezone(UTC)
    except OverflowError:
        raise ValueError("this time is before the year 1 or after the year 9999 in UTC") from None
    if leaps and (moment.hour, moment.minute) != (23, 59):
        raise ValueError("a minute has 60 seconds, but for the last one of a day in UTC")
    return moment


def rfc3339(moment: datetime) -> str:
    """The moment as the API writes it: UTC, with Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
