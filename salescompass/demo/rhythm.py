"""When people work: days of the week, holidays, the summer, and the hours of the day where they are. Pure."""

from __future__ import annotations

from bisect import bisect
from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

DAYS = 365
_AHEAD = 70
"""Days after the year for which something may be planned; it has not happened yet."""
_HOUR = 3_600_000
_WEEK = (0.95, 1.15, 1.15, 1.05, 0.8, 0.05, 0.03)
_WORK = (
    0.02, 0.01, 0.01, 0.01, 0.01, 0.05, 0.3, 2, 8, 13, 14, 12, 7, 9, 13, 12, 9, 5, 1.6, 0.6, 0.5, 0.4, 0.2, 0.08,
)  # fmt: skip
_HOURS = tuple(accumulate(_WORK))
_FIXED = {
    "Europe/Berlin": ((5, 1), (10, 3)),
    "Europe/Paris": ((5, 1), (5, 8), (7, 14), (8, 15), (11, 11)),
    "Europe/Madrid": ((1, 6), (5, 1), (8, 15), (10, 12)),
    "Europe/Stockholm": ((1, 6), (5, 1), (6, 6)),
    "Europe/London": ((12, 28),),
    "America/New_York": ((7, 4), (11, 11)),
    "America/Chicago": ((7, 4), (11, 11)),
    "America/Los_Angeles": ((7, 4), (11, 11)),
    "America/Mexico_City": ((5, 1), (9, 16), (11, 20)),
    "Asia/Kolkata": ((1, 26), (8, 15), (10, 2)),
    "Asia/Tokyo": ((1, 2), (1, 3), (5, 3), (5, 4), (5, 5), (11, 3)),
    "Australia/Sydney": ((1, 26), (4, 25)),
}
_EVERYWHERE = ((1, 1), (12, 24), (12, 25), (12, 26), (12, 31))
_WITHOUT_CHRISTMAS = {"Asia/Tokyo", "Asia/Kolkata"}
_SUMMER = {"Europe/Paris": 0.5, "Europe/Madrid": 0.5, "Europe/Stockholm": 0.6, "Europe/Berlin": 0.75}


class Calendar:
    """The year of one zone: what each day is good for, and when it begins."""

    def __init__(self, zone: str, first: date) -> None:
        self.zone = zone
        place = ZoneInfo(zone)
        days = [first + timedelta(days=number) for number in range(DAYS + _AHEAD)]
        self.weights = [weight_of(zone, day) for day in days]
        self.midnights = [int(datetime(day.year, day.month, day.day, tzinfo=place).timestamp()) * 1000 for day in days]

    def moment(self, rng: Random, day: int, early: int = 0) -> int:
        """A moment of that day's work, in milliseconds since 1970."""
        hour = max(bisect(_HOURS, rng.random() * _HOURS[-1]) - early, 0)
        return self.midnights[day] + int((hour + rng.random()) * _HOUR)

    def working_day(self, day: int) -> int:
        """That day, or the next one on which people work."""
        while self.weights[day] < 0.5:
            day += 1
        return day


@cache
def calendar_of(zone: str, first: date) -> Calendar:
    """The calendar of a zone for the year that begins on this day."""
    return Calendar(zone, first)


def weight_of(zone: str, day: date) -> float:
    """How much happens on a day, compared with an ordinary one."""
    if is_holiday(zone, day):
        return 0.03
    weight = _WEEK[day.weekday()]
    if day.month == 8 or (day.month == 7 and zone == "Europe/Stockholm"):
        weight *= _SUMMER.get(zone, 0.9)
    if (day.month, day.day) >= (12, 20) or (day.month, day.day) <= (1, 4):
        weight *= 0.5
    return weight


def is_holiday(zone: str, day: date) -> bool:
    """True when offices are closed there."""
    here = (day.month, day.day)
    if here in _FIXED.get(zone, ()):
        return True
    if zone in _WITHOUT_CHRISTMAS:
        return here == (1, 1)
    if zone.startswith("America/") and zone != "America/Mexico_City":
        # Thanksgiving, Memorial Day and Labor Day.
        thursday = day.month == 11 and day.weekday() == 3 and 22 <= day.day <= 28
        monday = day.weekday() == 0 and ((day.month == 5 and day.day >= 25) or (day.month == 9 and day.day <= 7))
        return thursday or monday or here in _EVERYWHERE
    return here in _EVERYWHERE or day - easter(day.year) in (timedelta(days=-2), timedelta(days=1))


def easter(year: int) -> date:
    """Easter Sunday (the anonymous Gregorian algorithm)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)
