"""Partitions of append-only tables: years long ago, months since, and a few months ahead.

There is no default partition: what does not fit is refused at the door, so no row hides where nobody looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, text

from salescompass.kit.row_security import forced

FIRST_YEAR = 2010
MONTHS_AHEAD = 3
PARTITIONED = ("event",)


def months_after(day: date, months: int) -> date:
    """The first of the month, so many months after the day's month."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def spans(today: date) -> Iterator[tuple[str, date, date]]:
    """(suffix, from, to) of every partition there must be: yearly until four years ago, then monthly."""
    monthly_from = date(today.year - 4, 1, 1)
    for year in range(FIRST_YEAR, monthly_from.year):
        yield f"y{year}", date(year, 1, 1), date(year + 1, 1, 1)
    month, last = monthly_from, months_after(today, MONTHS_AHEAD)
    while month <= last:
        yield f"m{month:%Y%m}", month, months_after(month, 1)
        month = months_after(month, 1)


def covered(connection: Connection, table: str) -> list[tuple[date, date]]:
    """The spans that existing partitions hold, whatever their width."""
    rows = connection.execute(
        text(
            "SELECT pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = to_regclass(:table)"
        ),
        {"table": table},
    )
    found = []
    for (bounds,) in rows:
        parts = bounds.split("'")
        found.append((date.fromisoformat(parts[1][:10]), date.fromisoformat(parts[3][:10])))
    return found


def missing(today: date, there: list[tuple[date, date]]) -> Iterator[tuple[str, date, date]]:
    """The spans to make beside those that are there. A year of which some months exist is filled up by months."""
    for suffix, start, end in spans(today):
        if not _overlap(start, end, there):
            yield suffix, start, end
            continue
        month = start
        while month < end:
            after = months_after(month, 1)
            if not _overlap(month, after, there):
                yield f"m{month:%Y%m}", month, after
            month = after


def _overlap(start: date, end: date, there: list[tuple[date, date]]) -> bool:
    return any(low < end and start < high for low, high in there)


def ensure(connection: Connection, today: date) -> list[str]:
    """Make what is missing, each with its policy. Returns the names of the new partitions."""
    made = []
    for table in PARTITIONED:
        for suffix, start, end in missing(today, covered(connection, table)):
            name = f"{table}_{suffix}"
            bounds = f"FOR VALUES FROM ('{start}') TO ('{end}')"
            connection.execute(text(f'CREATE TABLE "{name}" PARTITION OF "{table}" {bounds}'))
            for statement in forced(name):
                connection.execute(text(statement))
            made.append(name)
    return made
