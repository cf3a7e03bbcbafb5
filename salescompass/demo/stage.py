"""The stage on which an account's year is played: its people, its calendar, and what has happened so far. Pure."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import NamedTuple, TypeVar

from salescompass.demo.companies import Company
from salescompass.demo.kinds import Doer
from salescompass.demo.material import Campaign, Properties, Shelf
from salescompass.demo.people import Person
from salescompass.demo.rhythm import Calendar

MINUTE = 60_000
HOUR = 60 * MINUTE
NOBODY = -1
_T = TypeVar("_T")


class Act(NamedTuple):
    """Something that happened at an account."""

    at: int
    """Milliseconds since 1970."""
    type: str
    person: int
    """Which of its people; NOBODY when only the company is known."""
    properties: Properties
    doer: Doer
    repeats: Act | None = None
    """The act that this one tells again."""


class Stage:
    """Where acts are put. What would lie at or after `until` has not happened yet."""

    def __init__(
        self, rng: Random, company: Company, people: Sequence[Person], shelf: Shelf, calendar: Calendar, until: int
    ) -> None:
        self.rng = rng
        self.company = company
        self.people = people
        self.shelf = shelf
        self.calendar = calendar
        self.until = until
        self.acts: list[Act] = []
        self.mailed: set[tuple[int, int]] = set()
        self._odds = list(accumulate(person.activity for person in people))

    def pick(self, choices: Sequence[_T]) -> _T:
        """One of them."""
        return choices[int(self.rng.random() * len(choices))]

    def chance(self, odds: float) -> bool:
        """True that often."""
        return self.rng.random() < odds

    def who(self, day: int) -> int:
        """Somebody of the company who is still there; the busy ones more often."""
        place = bisect(self._odds, self.rng.random() * self._odds[-1])
        leaves = self.people[place].leaves
        return place if leaves is None or day < leaves else 0

    def reader(self, day: int) -> int:
        """Somebody who still gets our letters."""
        place = self.who(day)
        enough = self.people[place].unsubscribes
        return place if enough is None or day < enough else 0

    def at(self, day: int, person: int = NOBODY) -> int:
        """A moment of that day's work."""
        early = self.people[person].early if person >= 0 else 0
        return self.calendar.moment(self.rng, day, early)

    def add(
        self, at: int, kind: str, person: int, properties: Properties, doer: Doer = Doer.UNKNOWN,
        repeats: Act | None = None,
    ) -> Act | None:  # fmt: skip
        """Put an act on the stage; None when it lies ahead."""
        if at >= self.until:
            return None
        act = Act(at, kind, person, properties, doer, repeats)
        self.acts.append(act)
        return act

    def again(self, act: Act | None, within: int) -> None:
        """Tell an act a second time, as forms sent twice and pages loaded anew do."""
        if act is not None and act.repeats is None:
            self.add(act.at + 1000 + int(self.rng.random() * (within - 2000)), *act[1:5], repeats=act)

    def soon(self, at: int, minutes: float) -> int:
        """A while later: mostly about so many minutes, sometimes much more."""
        return at + int(self.rng.lognormvariate(0.0, 0.8) * minutes * MINUTE) + 1000

    def campaign_of(self, day: int) -> Campaign | None:
        """The letter to many that went out last."""
        place = bisect(self.shelf.campaigns, day, key=lambda campaign: campaign.day) - 1
        return self.shelf.campaigns[place] if place >= 0 else None
