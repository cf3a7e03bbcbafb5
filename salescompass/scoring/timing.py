"""When a stored score must be rewritten: the first time it would be off by more than half a point, or pass an edge.

Found by stepping. Evidence can fall no faster than its positive groups fade and rise no faster than its negative ones
do, so a step that these speeds allow passes nothing by, also when groups of mixed sign make the curve turn. A search
that runs out of steps answers with the time up to which nothing happens: early, never late.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from salescompass.scoring.configuration import Config
from salescompass.scoring.formula import WEIGHTS, account_score, later, log_miss, needed_for, score_of

TOLERANCE = 0.5
_LN2 = math.log(2.0)
_NEAR = 2.0 / 86400.0
"""Two seconds: nearer than that is now, so a limit is passed and not waited for again."""
_STEPS = 64


def limits(value: float, edges: Sequence[float]) -> tuple[float, float]:
    """The scores between which a stored value may stay: (below this, from this on) it must be rewritten."""
    low = max([value - TOLERANCE, *(edge for edge in edges if edge <= value)])
    high = min([value + TOLERANCE, *(edge for edge in edges if edge > value)])
    return low, high


def person_due(config: Config, raw: Sequence[float], edges: Sequence[float]) -> float | None:
    """Days until a person's score leaves the limits of its value now; None when it never does."""
    whole = _Parts(config, raw).whole
    low, high = limits(score_of(config, whole), edges)
    floor = needed_for(config, low) if low > 0 else -math.inf
    ceiling = needed_for(config, high)
    days = 0.0
    for _ in range(_STEPS):
        parts = _Parts(config, later(config, raw, days))
        if parts.whole < floor or parts.whole >= ceiling:
            return days
        if parts.whole - parts.may_fall >= floor and parts.whole + parts.may_rise < ceiling:
            return None
        step = min(_ratio(parts.whole - floor, parts.falls), _ratio(ceiling - parts.whole, parts.rises))
        # A group beyond its cap stands still until it comes down to it.
        days += max(min(step, parts.still_for), _NEAR)
        if step < _NEAR:
            return days
    return days


def account_due(config: Config, people: Sequence[Sequence[float]], edges: Sequence[float]) -> float | None:
    """Days until an account's score leaves the limits of its value now, from its people's evidence."""
    alive = [raw for raw in people if any(raw)]
    low, high = limits(account_score([_Parts(config, raw).score for raw in alive]), edges)
    floor = log_miss(1.0, low) if low > 0 else -math.inf
    ceiling = log_miss(1.0, high) if high < 100 else math.inf
    days, horizon = 0.0, 1.0
    for _ in range(_STEPS):
        crowd = sorted((_Parts(config, later(config, raw, days)) for raw in alive), key=_by_score)
        whole = sum(log_miss(weight, one.score) for weight, one in zip(WEIGHTS, crowd, strict=False))
        if whole < floor or whole >= ceiling:
            return days
        if floor == -math.inf and whole + _most_rise(crowd) < ceiling:
            return None
        step = min(
            _ratio(whole - floor, _fall_of(crowd, horizon)), _ratio(ceiling - whole, _rise_of(crowd, horizon)), horizon
        )
        days += max(step, _NEAR)
        if step < _NEAR:
            return days
        horizon = horizon * 4 if step == horizon else step
    return days


class _Parts:
    """A subject's evidence at one moment, and how fast it may move from there on."""

    __slots__ = ("config", "falls", "may_fall", "may_rise", "rises", "still_for", "whole")

    def __init__(self, config: Config, raw: Sequence[float]) -> None:
        self.config = config
        self.whole = self.falls = self.rises = self.may_fall = self.may_rise = 0.0
        self.still_for = math.inf
        for one, half_life, cap in zip(raw, config.half_lives, config.caps, strict=True):
            size = abs(one)
            counts = min(size, cap)
            speed = counts * _LN2 / half_life
            if size > cap:
                self.still_for = min(self.still_for, half_life * math.log2(size / cap))
                speed = 0.0
            if one > 0:
                self.whole, self.falls, self.may_fall = self.whole + counts, self.falls + speed, self.may_fall + counts
            else:
                self.whole, self.rises, self.may_rise = self.whole - counts, self.rises + speed, self.may_rise + counts

    @property
    def score(self) -> float:
        """The score of this evidence."""
        return score_of(self.config, self.whole)


def _by_score(one: _Parts) -> float:
    return -one.whole


def _ratio(slack: float, speed: float) -> float:
    return slack / speed if speed > 0 else math.inf


def _speeds(one: _Parts, horizon: float) -> tuple[float, float]:
    """How fast a person's score may fall and rise within so many days, in points a day."""
    config = one.config
    falls, rises = one.falls, one.rises
    if one.still_for < horizon:
        # Some group starts to move within the horizon: take all of them as moving.
        shortest = min(config.half_lives)
        falls, rises = one.may_fall * _LN2 / shortest, one.may_rise * _LN2 / shortest
    # A point of evidence is worth most where the evidence is least.
    least = max(0.0, one.whole - min(falls * horizon, one.may_fall))
    steep = 100.0 / config.k * math.exp(-least / config.k)
    return falls * steep, rises * steep


def _fall_of(crowd: Sequence[_Parts], horizon: float) -> float:
    """The present best six can fall only so fast; whoever overtakes them makes it less."""
    fall = 0.0
    for weight, one in zip(WEIGHTS, crowd, strict=False):
        share = weight / 100.0
        fall += share / (1.0 - share * one.score) * _speeds(one, horizon)[0]
    return fall


def _rise_of(crowd: Sequence[_Parts], horizon: float) -> float:
    """Anybody with evidence against may rise, and take the best weight."""
    share = WEIGHTS[0] / 100.0
    return sum(share / (1.0 - share * 100.0) * _speeds(one, horizon)[1] for one in crowd if one.may_rise > 0)


def _most_rise(crowd: Sequence[_Parts]) -> float:
    """What an account could gain if all that speaks against its people were gone."""
    gain = 0.0
    for one in crowd:
        if one.may_rise > 0:
            best = score_of(one.config, one.whole + one.may_rise)
            gain += log_miss(WEIGHTS[0], best) - log_miss(WEIGHTS[0], one.score)
    return gain
