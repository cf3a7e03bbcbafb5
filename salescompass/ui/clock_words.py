"""Days and times as one reader says them, in their own zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(name: str) -> ZoneInfo:
    """The zone; UTC for a name that this machine does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The reader's day of a moment."""
    return moment.astimezone(zone).date()


def day_words(day: date, today: date) -> str:
    """`Today`, `Yesterday`, `Friday 20 November`, `20 November 2019`."""
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    if day.year == today.year:
        return f"{day:%A} {day.day} {day:%B}"
    return f"{day.day} {day:%B %Y}"


def time_words(moment: datetime, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """`10:41` or `10:41:08`."""
    return f"{moment.astimezone(zone):%H:%M:%S}" if seconds else f"{moment.astimezone(zone):%H:%M}"


def exact_words(moment: datetime, zone: ZoneInfo) -> str:
    """The whole moment, for tooltips."""
    local = moment.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M:%S %Z}"
