"""What a benchmark measures, and how it is printed."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`ratio` is product over limit; `gate` is what it must not pass (or, with `at_least`, must reach).

    `limit` and `product` are in `unit`; `floor` says in words what this machine is expected to do at least.
    """

    row: str
    name: str
    limit: float
    product: float
    unit: str
    gate: float
    at_least: bool = False
    floor: str = ""

    @property
    def ratio(self) -> float:
        """Product over limit."""
        return self.product / self.limit if self.limit else float("inf")

    @property
    def holds(self) -> bool:
        """Whether the gate is kept."""
        return self.ratio >= self.gate if self.at_least else self.ratio <= self.gate

    def line(self) -> str:
        """A row of the table."""
        sign = "≥" if self.at_least else "≤"
        verdict = "holds" if self.holds else "MISSED"
        return (
            f"| {self.row} | {self.name} | {self.limit:,.3g} {self.unit} | {self.product:,.3g} {self.unit} | "
            f"{self.ratio:.2f} | {sign} {self.gate:g} | {self.floor} | {verdict} |"
        )


HEAD = "| Row | Figure | Limit | Product | Ratio | Gate | Here | |\n|---|---|---|---|---|---|---|---|"


def median_of(measure: Callable[[], float], *, times: int = 3) -> float:
    """The median of some repetitions."""
    return statistics.median(measure() for _ in range(times))


def p95(values: Sequence[float]) -> float:
    """What 95 of 100 do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * 0.95) - 1)]
