"""Days and times of forms about when somebody is there. Pure."""

from __future__ import annotations

from datetime import date, time, timedelta

from salescompass.identity import Availability
from salescompass.kit.errors import Invalid


def day_of(text: str, field: str) -> date | None:
    """The day of a field, or None for an empty one. Raises Invalid."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise Invalid("Enter a day, like 2026-11-20", field=field) from error


def time_of(text: str, field: str) -> time | None:
    """The time of day of a field, or None for an empty one. Raises Invalid."""
    try:
        return time.fromisoformat(text.strip()).replace(second=0, microsecond=0) if text.strip() else None
    except ValueError as error:
        raise Invalid("Enter a time, like 09:00", field=field) from error


def away_words(one: Availability, today: date) -> str:
    """Since when or until when somebody is away, or will be; empty when nothing is known of it."""
    if one.out_from is None or (one.out_to is not None and one.out_to < today):
        return ""
    back = f", back on {short_day(one.out_to + timedelta(days=1))}" if one.out_to else " until further notice"
    return f"Out{back}" if one.out_from <= today else f"Out from {short_day(one.out_from)}{back}"


def short_day(day: date) -> str:
    """Tue 24 Nov."""
    return f"{day:%a} {day.day} {day:%b}"
