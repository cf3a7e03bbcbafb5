"""Days of somebody's own zone, as moments."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def day_of(at: datetime, zone: str) -> date:
    """Which day it is there."""
    return at.astimezone(ZoneInfo(zone)).date()


def begin_of(day: date, zone: str) -> datetime:
    """When a day begins there."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def end_of_today(at: datetime, zone: str) -> datetime:
    """When today is over there."""
    return begin_of(day_of(at, zone) + timedelta(days=1), zone)
