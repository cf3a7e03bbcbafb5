"""An iCalendar file (RFC 5545) of things with a time. Pure: texts are escaped, long lines folded, times in UTC."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_LONGEST_LINE = 75
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Entry:
    """One event of the calendar. `uid` stays the same for ever, `sequence` grows with each change."""

    uid: str
    sequence: int
    changed_at: datetime
    ends_at: datetime
    minutes: int
    summary: str
    description: str
    url: str


def calendar(name: str, entries: Iterable[Entry]) -> str:
    """The whole file."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//SalesCompass//Actions//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        *(line for one in entries for line in _event(one)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(one: Entry) -> list[str]:
    stamp = _utc(one.changed_at)
    return [
        "BEGIN:VEVENT",
        f"UID:{one.uid}",
        f"DTSTAMP:{stamp}",
        f"LAST-MODIFIED:{stamp}",
        f"SEQUENCE:{one.sequence}",
        f"DTSTART:{_utc(one.ends_at - timedelta(minutes=max(1, one.minutes)))}",
        f"DTEND:{_utc(one.ends_at)}",
        f"SUMMARY:{escaped(one.summary)}",
        f"DESCRIPTION:{escaped(one.description)}",
        f"URL:{one.url}",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """A text as a value: nothing in it ends the line or the value."""
    plain = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    plain = plain.encode("utf-8", "replace").decode()
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> list[str]:
    """A line in parts of at most 75 octets, each after the first begun by a space; no letter is cut in two."""
    parts, part, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part, size = part + letter, size + octets
    return [*parts, part]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
