"""When a stored score must be rewritten: the first time it would be off by more than half a point, or pass an edge.

Where nothing speaks against a subject its score only falls, so any time at which it is still above its limit is early
enough: the limit is found as a root is. Otherwise it is found by stepping: evidence can fall no faster than its
positive groups fade and rise no faster than its negative ones do, so a step that these speeds allow passes nothing by,
also when groups of mixed sign make the curve turn. A search that runs out of steps answers with the time up to which
nothing happens: early, never late.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from salescompass.scoring.configuration import Config
from salescompass.scoring.formula import WEIGHTS, account_score, fading, log_miss, needed_for, score_of

TOLERANCE = 0.5
_LN2 = math.log(2.0)
_NEAR = 2.0 / 86400.0
"""Two seconds: nearer than that is now, so a limit is passed and not waited for again."""
_CLOSE = 2e-3
"""How much earlier an account may be rewritten, as a part of the time until then."""
_STEPS = 64


def limits(value: float, edges: Sequence[float]) -> tuple[float, float]:
    """The scores between which a stored value may stay: (below this, from this on) it must be rewritten."""
    low = max([value - TOLERANCE, *(edge for edge in edges if edge <= value)])
    high = min([value + TOLERANCE, *(edge for edge in edges if edge > value)])
    return low, high


def person_due(config: Config, raw: Sequence[float], edges: Sequence[float]) -> float | None:
    """Days until a person's score leaves the limits of its value now; None when it never does."""
    if not raw or min(raw) >= 0:
        return _falling_person(config, raw, edges)
    parts = _Parts(config, raw, [1.0] * len(config.half_lives))
    low, high = limits(parts.score, edges)
    floor = needed_for(config, low) if low > 0 else -math.inf
    ceiling = needed_for(config, high)
    days = 0.0
    for _ in range(_STEPS):
        if parts.whole < floor or parts.whole >= ceiling:
            return days
        if parts.whole - parts.may_fall >= floor and parts.whole + parts.may_rise < ceiling:
            return None
        step = min(_ratio(parts.whole - floor, parts.falls), _ratio(ceiling - parts.whole, parts.rises))
        # A group beyond its cap stands still until it comes down to it.
        days += max(min(step, parts.still_for), _NEAR)
        if step < _NEAR:
            return days
        parts = _Parts(config, raw, [fading(days, half_life) for half_life in config.half_lives])
    return days


def account_due(config: Config, people: Sequence[Sequence[float]], edges: Sequence[float]) -> float | None:
    """Days until an account's score leaves the limits of its value now, from its people's evidence."""
    alive = [raw for raw in people if any(raw)]
    if all(min(raw) >= 0 for raw in alive):
        return _falling_account(config, alive, edges)
    crowd = _crowd(config, alive, 0.0)
    low, high = limits(account_score([one.score for one in crowd[: len(WEIGHTS)]]), edges)
    floor = log_miss(1.0, low) if low > 0 else -math.inf
    ceiling = log_miss(1.0, high) if high < 100 else math.inf
    days, horizon = 0.0, 1.0
    for _ in range(_STEPS):
        crowd = _crowd(config, alive, days)
        whole = sum(log_miss(weight, one.score) for weight, one in zip(WEIGHTS, crowd, strict=False))
        if whole < floor or whole >= ceiling:
            return days
        if floor == -math.inf and (ceiling == math.inf or whole + _most_rise(crowd) < ceiling):
            return None
        fall = _ratio(whole - floor, _fall_of(crowd, horizon))
        rise = _ratio(ceiling - whole, _rise_of(crowd, horizon)) if ceiling < math.inf else math.inf
        step = min(fall, rise, horizon)
        days += max(step, _NEAR)
        if step < _NEAR:
            return days
        horizon = horizon * 4 if step == horizon else step
    return days


def _falling_person(config: Config, raw: Sequence[float], edges: Sequence[float]) -> float | None:
    """The same for who has nothing against them."""
    whole, falls, still_for = _faded(config, raw, _fades(config, 0.0))
    low, _ = limits(score_of(config, whole), edges)
    if low <= 0:
        return None
    floor, days = needed_for(config, low), 0.0
    for _ in range(_STEPS):
        # What is a sum of fading parts fades ever slower: at its speed of now it would be at the limit too early.
        step = whole / falls * math.log(whole / floor) if falls > 0 else math.inf
        days += max(min(step, still_for), _NEAR)
        if step < _NEAR:
            return days
        whole, falls, still_for = _faded(config, raw, _fades(config, days))
        if whole <= floor:
            return days
    return days


def _falling_account(config: Config, people: Sequence[Sequence[float]], edges: Sequence[float]) -> float | None:
    """The same for an account with nothing against its people. The best six of now are looked at: whoever overtakes
    them only makes the score fall later."""
    now = _fades(config, 0.0)
    best = sorted(people, key=lambda raw: -_faded(config, raw, now)[0])[: len(WEIGHTS)]
    whole, speed, still_for = _faded_account(config, best, now)
    low, _ = limits(-100.0 * math.expm1(-whole), edges)
    if low <= 0:
        return None
    floor, days = log_miss(1.0, low), 0.0
    step = min(_ratio(whole - floor, speed), still_for)
    for _ in range(_STEPS):
        if step < max(_NEAR, days * _CLOSE):
            break
        ahead = _faded_account(config, best, _fades(config, days + step))
        if ahead[0] < floor:
            # Too far, since scores near 100 fall ever faster: back to where the straight line is at the limit.
            step *= (whole - floor) / (whole - ahead[0])
            continue
        days, (whole, speed, still_for) = days + step, ahead
        step = min(_ratio(whole - floor, speed), still_for)
    return max(days, _NEAR)


def _fades(config: Config, days: float) -> list[float]:
    """What is left of a point of each group after so many days."""
    return [fading(days, half_life) for half_life in config.half_lives]


def _faded(config: Config, raw: Sequence[float], fades: Sequence[float]) -> tuple[float, float, float]:
    """Evidence of which none speaks against, so far faded: as it counts, its fall a day, and how long a group beyond
    its cap stands still."""
    whole = falls = 0.0
    still_for = math.inf
    for one, fade, half_life, cap in zip(raw, fades, config.half_lives, config.caps, strict=True):
        left = one * fade
        if left > cap:
            whole += cap
            still_for = min(still_for, max(half_life * math.log2(left / cap), _NEAR))
        else:
            whole += left
            falls += left * _LN2 / half_life
    return whole, falls, still_for


def _faded_account(
    config: Config, best: Sequence[Sequence[float]], fades: Sequence[float]
) -> tuple[float, float, float]:
    """The same of an account, on the scale on which people add up."""
    whole = speed = 0.0
    crew = sorted([_faded(config, raw, fades) for raw in best], reverse=True)
    for weight, (evidence, falls, _) in zip(WEIGHTS, crew, strict=False):
        left = math.exp(-evidence / config.k)
        missed = 1.0 - weight * (1.0 - left)
        whole -= math.log(missed)
        speed += weight * left * falls / (config.k * missed)
    return whole, speed, min((one[2] for one in crew), default=math.inf)


def _crowd(config: Config, people: Sequence[Sequence[float]], days: float) -> list[_Parts]:
    """People's evidence so many days on, the best first."""
    left = [fading(days, half_life) for half_life in config.half_lives]
    crowd = [_Parts(config, raw, left) for raw in people]
    crowd.sort(key=_by_evidence)
    return crowd


class _Parts:
    """A subject's evidence so much faded, and how fast it may move from there on."""

    __slots__ = ("config", "falls", "may_fall", "may_rise", "raw", "rises", "score", "still_for", "whole")

    def __init__(self, config: Config, raw: Sequence[float], left: Sequence[float]) -> None:
        whole = falls = rises = may_fall = may_rise = 0.0
        still_for = math.inf
        for given, fade, half_life, cap in zip(raw, left, config.half_lives, config.caps, strict=True):
            one = given * fade
            size = counts = one if one >= 0 else -one
            if size > cap:
                still_for, counts, speed = min(still_for, half_life * math.log2(size / cap)), cap, 0.0
            else:
                speed = size * _LN2 / half_life
            if one > 0:
                whole, falls, may_fall = whole + counts, falls + speed, may_fall + counts
            else:
                whole, rises, may_rise = whole - counts, rises + speed, may_rise + counts
        self.config, self.raw, self.whole, self.still_for = config, raw, whole, still_for
        self.falls, self.rises, self.may_fall, self.may_rise = falls, rises, may_fall, may_rise
        self.score = score_of(config, whole)


def _by_evidence(one: _Parts) -> float:
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
