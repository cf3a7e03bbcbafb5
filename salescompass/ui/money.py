"""Amounts as people read them. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from salescompass.kit.currencies import exponent
from salescompass.kit.errors import Invalid

_MOST = Decimal(10**13)
# A comma stands between thousands only: taken as a mark of decimals, 12,50 would be a hundred times as much.
_TYPED = re.compile(r"([0-9]{1,30}|[0-9]{1,3}(,[0-9]{3}){1,9})?(\.[0-9]{0,30})?")
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}


def money(minor: int, currency: str) -> str:
    """An amount of minor units with its sign or code: `€1,250.50`, `CHF 80`; digits after the mark where needed."""
    digits = exponent(currency)
    whole, rest = divmod(abs(minor), 10**digits)
    text = f"{whole:,}" + (f".{rest:0{digits}d}" if rest else "")
    told = f"{_SIGNS[currency]}{text}" if currency in _SIGNS else f"{currency} {text}".strip()
    return f"−{told}" if minor < 0 else told


def minor(text: str, currency: str, *, field: str) -> int:
    """An amount as typed, `1,250.50`, in minor units. Raises Invalid, naming the form's field."""
    plain = "".join(text.split()).replace("\N{MINUS SIGN}", "-")
    digits = plain.replace(",", "")
    if plain.startswith("-"):
        raise Invalid("An amount is never below zero", field=field)
    if not _TYPED.fullmatch(plain) or not digits.strip(".") or (amount := Decimal(digits)) >= _MOST:
        raise Invalid(f"Give the amount in {currency} as a number, like 1250.50", field=field)
    return int((amount * 10 ** exponent(currency)).to_integral_value())


def typed(amount: int | None, currency: str) -> str:
    """An amount as it stands in a form's field: `1250.50`; nothing where there is none."""
    if amount is None:
        return ""
    digits = exponent(currency)
    return f"{Decimal(amount).scaleb(-digits):.{digits}f}"
