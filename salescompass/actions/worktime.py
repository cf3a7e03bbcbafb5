"""Time that counts as business hours: Monday to Friday, nine to six, in one zone. An assumption, named; no holidays."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEGINS, ENDS, DAYS = time(9), time(18), 5
ASSUMED = "Business hours are Monday to Friday, 9:00 to 18:00 in the company's zone; holidays are not known"


def worked(begin: datetime, end: datetime, zone: ZoneInfo) -> timedelta:
    """How much of the business hours lies between two moments; nothing when they are the wrong way round."""
    if end <= begin:
        return timedelta()
    first, last = begin.astimezone(zone).date(), end.astimezone(zone).date()
    weeks = max((last - first).days // 7 - 1, 0)  # whole weeks in between, so that years cost no more than days
    total = weeks * _week()
    day = first
    while day <= last:
        if weeks and day == first + timedelta(days=7):
            day += timedelta(days=7 * weeks)
        if day.weekday() < DAYS:
            opens, closes = (datetime.combine(day, at, zone).astimezone(UTC) for at in (BEGINS, ENDS))
            total += max(min(end, closes) - max(begin, opens), timedelta())
        day += timedelta(days=1)
    return total


def _week() -> timedelta:
    return DAYS * timedelta(hours=ENDS.hour - BEGINS.hour)
