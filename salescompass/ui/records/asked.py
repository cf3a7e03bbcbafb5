"""The form of a new record: which fields each list asks for, and what was typed as the values of a record. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salescompass.ui.money import minor
from salescompass.ui.records.kinds import ListKind


def fields_of(of: ListKind, form: Mapping[str, str], currency: str) -> dict[str, Any]:
    """What was typed; empty fields are left out. Raises Invalid for an amount that is none."""
    given: dict[str, Any] = {key: form.get(key, "").strip() for key in of.asks}
    given = {key: value for key, value in given.items() if value}
    if "amount_minor" in given:
        given |= {"amount_minor": minor(given["amount_minor"], currency, field="amount_minor"), "currency": currency}
    return given
