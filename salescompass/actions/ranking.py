"""Which action is worth its minutes most: chance x value at stake x urgency / effort. Pure: no session in here.

The chance of a good end is told by what became of actions like it. Each level of likeness (the tenant's actions, of
this kind, from this rule, for such accounts, by this member) pulls the wider one's chance its way, the more of them
were closed: a Beta-Binomial whose prior is worth STRENGTH actions of the wider level.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from salescompass.kit.currencies import exponent

STRENGTH = 20.0
FIRST_GUESS = 0.3
TELLING = 10
"""So many closed actions tell something by themselves."""
EXPLORED = 0.1
"""At most this part of what is shown is there to be learnt from."""
FLOOR = 50
"""What is at stake at least, in whole units of the tenant's currency."""

_DAY = timedelta(days=1)
_NOT_YET, _OPEN, _AT_DUE = 0.5, 1.0, 3.0
_FRESH_HALF = timedelta(days=2)
T = TypeVar("T")


@dataclass(frozen=True)
class Level:
    """What became of closed actions that are alike: how many there were, how many ended well."""

    name: str
    tried: int = 0
    worked: int = 0


@dataclass(frozen=True)
class Chance:
    """How likely it ends well, as a Beta distribution; `among` is the narrowest level that tells something."""

    alpha: float
    beta: float
    among: Level | None = None
    given: bool = False

    @property
    def value(self) -> float:
        """The expected one."""
        return self.alpha / (self.alpha + self.beta)


@dataclass(frozen=True)
class Stake:
    """What is at stake, in the smallest unit of the tenant's currency, and where that is from."""

    minor: int
    source: str


@dataclass(frozen=True)
class Urgency:
    """How much sooner is better than later: by the due window, and by how fresh the evidence is."""

    due: float
    fresh: float

    @property
    def value(self) -> float:
        """Both together."""
        return self.due * self.fresh


@dataclass(frozen=True)
class Parts:
    """What makes the rank of an action."""

    chance: Chance
    stake: Stake
    urgency: Urgency
    effort: int

    @property
    def worth(self) -> float:
        """The expected value of a minute, in the smallest unit of the currency."""
        return self.by(self.chance.value)

    def by(self, chance: float) -> float:
        """The same with another chance."""
        return chance * self.stake.minor * self.urgency.value / max(self.effort, 1)


def chance_of(levels: Sequence[Level], *, given: float | None = None, given_after: int = 2) -> Chance:
    """The chance by levels from the widest on. `given` is a rule's own guess: it stands for the levels before it."""
    mean, alpha, beta, among = FIRST_GUESS, STRENGTH * FIRST_GUESS, STRENGTH * (1 - FIRST_GUESS), None
    for place, level in enumerate(levels):
        if given is not None and place == given_after:
            mean, among = min(max(given, 0.001), 0.999), None
        alpha, beta = level.worked + STRENGTH * mean, level.tried - level.worked + STRENGTH * (1 - mean)
        mean = alpha / (alpha + beta)
        among = level if level.tried >= TELLING else among
    return Chance(alpha, beta, among, given is not None)


def stake_of(*, given: int | None, deal: float | None, account: float | None, currency: str) -> Stake:
    """What is at stake: what was given, else the deal's, else the account's best deal's (both by their stages)."""
    floor = FLOOR * 10 ** exponent(currency)
    for minor, source in ((given, "given"), (deal, "deal"), (account, "account")):
        if minor is not None and minor > 0:
            return Stake(max(round(minor), 1), source)
    return Stake(floor, "floor")


def urgency_of(
    at: datetime, *, due_from: datetime | None, due_to: datetime | None, evident_since: datetime | None
) -> Urgency:
    """Half before its time, then once, up to three times when it is due; up to twice as much while news is fresh."""
    if due_from is not None and at < due_from:
        due = _NOT_YET
    elif due_to is None:
        due = _OPEN
    else:
        due = _OPEN + (_AT_DUE - _OPEN) * 0.5 ** (max(due_to - at, timedelta()) / _DAY)
    fresh = 1.0
    if evident_since is not None:
        fresh += 0.5 ** (max(at - evident_since, timedelta()) / _FRESH_HALF)
    return Urgency(due, fresh)


def draw(chance: Chance, *seed: object) -> float:
    """A Thompson draw that the same seed always repeats, so that a list does not jump."""
    words = "\n".join(map(str, seed)).encode()
    chosen = random.Random(int.from_bytes(hashlib.sha256(words).digest()[:8], "big"))  # noqa: S311 - nothing secret
    return chosen.betavariate(chance.alpha, chance.beta)


def picked(
    ranked: Sequence[T], most: int, parts: Callable[[T], Parts], seed: Callable[[T], Sequence[object]]
) -> list[tuple[T, bool]]:
    """The first of a ranked list; where more wait, the last tenth goes to what might be better than we know.

    With each comes whether it is there to be learnt from.
    """
    if len(ranked) <= most:
        return [(one, False) for one in ranked]
    sure = most - int(most * EXPLORED)
    tries = sorted(ranked[sure:], key=lambda one: -parts(one).by(draw(parts(one).chance, *seed(one))))
    return [(one, False) for one in ranked[:sure]] + [(one, True) for one in tries[: most - sure]]
