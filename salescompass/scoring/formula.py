"""The score, as it is defined. Pure, in double precision; times are days.

Evidence `raw` is one number a group: the sum of what its buckets are still worth. Within a group everything fades at
one speed, so the evidence at any later time follows from it without the buckets.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from salescompass.scoring.configuration import Config, Rule

SECONDS_A_DAY = 86400.0
WEIGHTS = (0.70, 0.50, 0.40, 0.30, 0.20, 0.10)
"""What an account's six best people add, from the best."""
_LONGEST = 1000.0
"""Half-lives after which nothing is left: 2^-1000 is still a number, in Python and in PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """What counts of a subject under one rule on one day."""

    rule: str
    day: date
    n: int
    last_at: datetime


def times(rule: Rule, n: int) -> float:
    """f(n): how often a day's n events count."""
    if rule.how == "once":
        return 1.0 if n >= 1 else 0.0
    if rule.how == "capped":
        return float(min(n, rule.most))
    return math.log2(1.0 + n)


def worth(rule: Rule, n: int) -> float:
    """The points of n events of a day, fresh."""
    return rule.points * times(rule, n)


def fading(days: float, half_life: float) -> float:
    """What is left of one point after so many days."""
    return float(2.0 ** -min(max(days, 0.0) / half_life, _LONGEST))


def days_between(since: datetime, until: datetime) -> float:
    """The time from one moment to another."""
    return (until - since).total_seconds() / SECONDS_A_DAY


def evidence(config: Config, buckets: Iterable[Bucket], at: datetime) -> list[float]:
    """What a subject's buckets are worth at a moment, per group. `config` must have a rule for each (`with_types`)."""
    parts: list[list[float]] = [[] for _ in config.groups]
    for bucket in buckets:
        known = config.placed.get(bucket.rule)
        if known is not None:
            rule, place = known
            left = fading(days_between(bucket.last_at, at), config.half_lives[place])
            parts[place].append(worth(rule, bucket.n) * left)
    return [math.fsum(part) for part in parts]


def later(config: Config, raw: Sequence[float], days: float) -> list[float]:
    """Evidence, so many days on."""
    return [one * fading(days, half_life) for one, half_life in zip(raw, config.half_lives, strict=True)]


def clipped(config: Config, raw: Sequence[float]) -> list[float]:
    """Evidence as it counts: each group within its cap, both ways."""
    return [min(max(one, -cap), cap) for one, cap in zip(raw, config.caps, strict=True)]


def total(config: Config, raw: Sequence[float]) -> float:
    """R: all groups together, each within its cap."""
    whole = 0.0
    for one, cap in zip(raw, config.caps, strict=True):
        whole += cap if one > cap else -cap if one < -cap else one
    return whole


def score_of(config: Config, whole: float) -> float:
    """The score that so much evidence makes, 0 to 100."""
    return -100.0 * math.expm1(-max(0.0, whole) / config.k)


def needed_for(config: Config, score: float) -> float:
    """The evidence that makes a score: the inverse of `score_of`."""
    return math.inf if score >= 100.0 else -config.k * math.log1p(-score / 100.0)


def person_score(config: Config, raw: Sequence[float]) -> float:
    """The score of a person with this evidence."""
    return score_of(config, total(config, raw))


def log_miss(weight: float, score: float) -> float:
    """-ln(1 - a·s/100): what one person adds to an account, on the scale on which people add up."""
    return -math.log1p(-weight * score / 100.0)


def account_score(scores: Iterable[float]) -> float:
    """The score of an account whose people have these scores."""
    best = sorted(scores, reverse=True)[: len(WEIGHTS)]
    return -100.0 * math.expm1(-sum(log_miss(weight, score) for weight, score in zip(WEIGHTS, best, strict=False)))
