"""Time: always UTC inside, RFC 3339 at the doors."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})")


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def parse_rfc3339(text: str) -> datetime:
    """The moment in UTC. Raises ValueError when the text is no RFC 3339 date-time with an offset."""
    if not _RFC3339.fullmatch(text):
        raise ValueError("give an RFC 3339 time with offset, like 2026-11-20T10:42:00+01:00")
    whole = text.replace("Z", "+00:00").replace("z", "+00:00").replace("t", "T").replace(" ", "T")
    # fromisoformat reads at most microseconds
    try:
        return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", whole)).astimezone(UTC)
    except OverflowError:
        raise ValueError("this time is before the year 1 or after the year 9999 in UTC") from None


def rfc3339(moment: datetime) -> str:
    """The moment as the API writes it: UTC, with Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
