"""How long things take when some are not over yet: those say only that they take longer. Pure.

The product-limit estimate of Kaplan and Meier (1958), Nonparametric Estimation from Incomplete Observations, Journal
of the American Statistical Association 53, 457-481: S(t) is the product of 1 - d/n over the times up to t at which d
of the n that were still waiting ended. To leave those out that wait would make everything look quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Waited:
    """How long something took, or how long it has been waiting so far."""

    length: timedelta
    ended: bool


@dataclass(frozen=True)
class Spread:
    """When half of them and nine tenths of them are over; None when fewer than that can be told of."""

    ended: int
    waiting: int
    median: timedelta | None
    p90: timedelta | None


def spread(waits: Sequence[Waited]) -> Spread:
    """The spread of these."""
    ended = sum(one.ended for one in waits)
    return Spread(ended, len(waits) - ended, over_after(waits, 0.5), over_after(waits, 0.9))


def over_after(waits: Sequence[Waited], share: float) -> timedelta | None:
    """The first time by which so much of them is over; None when it is later than can be told."""
    left = len(waits)
    surviving = 1.0
    counts: dict[timedelta, list[int]] = {}
    for one in waits:
        counts.setdefault(one.length, [0, 0])[0 if one.ended else 1] += 1
    for length in sorted(counts):
        over, cut = counts[length]
        surviving *= 1 - over / left
        if over and surviving <= 1 - share + 1e-12:
            return length
        left -= over + cut
    return None
