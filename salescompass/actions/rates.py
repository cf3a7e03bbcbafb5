"""Shares of few, told honestly: with their interval, and as they would be if everybody had the same to do. Pure.

The interval is that of Wilson (1927), Probable Inference, the Law of Succession, and Statistical Inference, Journal of
the American Statistical Association 22, 209-212, at 95 %. The adjusted share is directly standardised: each kind's
share of one's own, weighted by how common the kind is among all; kinds that one never had are left out for everybody's
weights alike, and `covered` says how much of everybody's work the rest is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

ENOUGH = 10
"""Of fewer nothing is told but their number."""
_Z = 1.959963984540054


@dataclass(frozen=True)
class Counted:
    """How many there were, and how many of them were done."""

    of: int
    done: int


@dataclass(frozen=True)
class Share:
    """A share and its interval, adjusted for the mix of kinds; all None of fewer than ENOUGH."""

    of: int
    done: int
    value: float | None
    low: float | None
    high: float | None
    adjusted: float | None
    covered: float

    @property
    def enough(self) -> bool:
        """Whether there are enough to tell."""
        return self.value is not None


def wilson(done: int, of: int) -> tuple[float, float]:
    """The interval of a share: from nothing to all when there is none."""
    if not of:
        return 0.0, 1.0
    p, z2 = done / of, _Z * _Z
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z * math.sqrt(p * (1 - p) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def standardised(mine: Mapping[str, Counted], everybody: Mapping[str, Counted]) -> tuple[float | None, float]:
    """One's share if one had everybody's mix of kinds, and how much of that mix one's own kinds cover."""
    total = sum(one.of for one in everybody.values())
    mixed = {kind: one for kind, one in mine.items() if one.of and everybody.get(kind, Counted(0, 0)).of}
    known = sum(everybody[kind].of for kind in mixed)
    if not known:
        return None, 0.0
    return sum(everybody[kind].of * one.done / one.of for kind, one in mixed.items()) / known, known / total


def share(mine: Mapping[str, Counted], everybody: Mapping[str, Counted]) -> Share:
    """A member's share by kinds, beside everybody's."""
    of, done = sum(one.of for one in mine.values()), sum(one.done for one in mine.values())
    adjusted, covered = standardised(mine, everybody)
    if of < ENOUGH:
        return Share(of, done, None, None, None, None, covered)
    return Share(of, done, done / of, *wilson(done, of), adjusted, covered)
