"""Amounts as they are typed: what may mean two things is refused."""

from __future__ import annotations

import pytest

from salescompass.kit.errors import Invalid
from salescompass.ui.money import minor


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1250.50", 125_050), ("1,250.50", 125_050), ("1 250", 125_000), ("12,345,678", 1_234_567_800), (".5", 50),
        ("7.", 700), ("0", 0),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_it_is_written(typed: str, amount: int) -> None:
    assert minor(typed, "EUR", field="amount") == amount


@pytest.mark.parametrize(
    "typed",
    [
        "12,50",
        "1.250,50",
        "1,25",
        "1,2500",
        ",5",
        "1e5",
        "1_000",
        "NaN",
        "Infinity",
        "",
        "-",
        ".",
        "-3",
        "\N{MINUS SIGN}3",
        "9" * 40,
    ],
)
def test_what_may_mean_another_amount_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        minor(typed, "EUR", field="amount")
    assert refused.value.field == "amount"
