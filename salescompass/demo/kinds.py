"""What companies and people of the demo can be. Pure."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in a buying committee."""

    CHAMPION = "champion"
    DECIDER = "decider"
    EVALUATOR = "evaluator"
    USER = "user"
    BUYER = "buyer"
    SPONSOR = "sponsor"


class Temper(StrEnum):
    """How an account's year goes."""

    SURGING = "surging"
    """Quiet for long, and more than ever in the last weeks."""
    SILENT = "silent"
    """Lively once, and nobody has said a word for months."""
    WINNING = "winning"
    """A deal warms up and is won; then a customer."""
    LOSING = "losing"
    """A deal warms up and dies."""
    STEADY = "steady"
    """Interested all year long, and no more."""
    CUSTOMER = "customer"
    """Uses the product all year."""
    LEAVING = "leaving"
    """A customer who uses the product less and less, and cancels."""
    ASLEEP = "asleep"
    """Hears from us and hardly answers."""
    DECIDING = "deciding"
    """A deal that is open now."""


class Doer(StrEnum):
    """Who or what is behind an act."""

    UNKNOWN = "unknown"
    HUMAN = "human"
    SCANNER = "scanner"
    PROXY = "proxy"
    CRAWLER = "crawler"


INDUSTRIES = ("manufacturing", "health care", "logistics")

# Of each twenty accounts; the first four are of four kinds, so that even a handful has all the drama.
TEMPERS = (
    Temper.SURGING, Temper.SILENT, Temper.WINNING, Temper.LOSING, Temper.STEADY, Temper.CUSTOMER, Temper.DECIDING,
    Temper.ASLEEP, Temper.STEADY, Temper.LEAVING, Temper.SILENT, Temper.CUSTOMER, Temper.STEADY, Temper.WINNING,
    Temper.DECIDING, Temper.STEADY, Temper.ASLEEP, Temper.LOSING, Temper.CUSTOMER, Temper.STEADY,
)  # fmt: skip
