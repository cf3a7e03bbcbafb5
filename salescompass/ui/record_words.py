"""The values of records in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from salescompass.crm import Holds
from salescompass.ui.money import money


def numeric(holds: Holds) -> bool:
    """Whether a column of such values is set to the right."""
    return holds in (Holds.INTEGER, Holds.MINOR)


def said(value: Any, holds: Holds, values: Mapping[str, Any]) -> str:
    """A value in words."""
    if holds is Holds.MINOR:
        return money(value, str(values.get("currency") or ""))
    if holds is Holds.INTEGER:
        return f"{value:,}"
    if holds is Holds.BOOLEAN:
        return "Yes" if value else "No"
    if holds is Holds.CHOICE:
        return str(value).replace("_", " ").capitalize()
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{value.day} {value:%b %Y}"
    return str(value)


def callable_number(phone: str) -> str:
    """A phone number as a link dials it: digits, and a plus before them."""
    return "".join(letter for place, letter in enumerate(phone) if letter.isdigit() or (letter == "+" and not place))
