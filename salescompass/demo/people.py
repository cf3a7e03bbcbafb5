"""People of a company: a buying committee, each with a role, a title and habits of their own. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from random import Random

from salescompass.demo.companies import Company
from salescompass.demo.kinds import Role
from salescompass.demo.words import GIVEN, SURNAMES, TITLES
from salescompass.vocabulary import PersonKind

COMMITTEE = (Role.CHAMPION, Role.DECIDER, Role.EVALUATOR, Role.USER, Role.BUYER, Role.USER, Role.SPONSOR, Role.USER)
FEWEST, MOST = 3, len(COMMITTEE)
_ACTIVITY = {
    Role.CHAMPION: 3.0, Role.DECIDER: 1.2, Role.EVALUATOR: 1.4, Role.USER: 1.6, Role.BUYER: 0.7, Role.SPONSOR: 0.3,
}  # fmt: skip
_PLAIN = str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a company."""

    name: str
    email: str
    title: str
    role: Role
    kind: PersonKind
    activity: float
    proxied: bool
    """Their mail program loads every picture, so that each letter looks opened."""
    early: int
    """Hours by which their day starts sooner than others'."""
    leaves: int | None
    """The day of the year from which their letters come back."""
    unsubscribes: int | None
    """The day on which they have had enough of letters."""


def people_of(company: Company, rng: Random, days: int) -> tuple[Person, ...]:
    """The people of a company; the champion comes first."""
    count = min(MOST, FEWEST + int(rng.random() * 3.2 * company.size + 0.4))
    given, surnames = list(GIVEN[company.culture]), list(SURNAMES[company.culture])
    rng.shuffle(given)
    rng.shuffle(surnames)
    return tuple(
        _person(company, rng, days, role, given[place], surnames[place]) for place, role in enumerate(COMMITTEE[:count])
    )


def _person(company: Company, rng: Random, days: int, role: Role, given: str, surname: str) -> Person:
    fickle = rng.random()
    important = role is Role.CHAMPION
    return Person(
        name=f"{given} {surname}",
        email=f"{_plain(given)}.{_plain(surname)}@{company.domain}",
        title=rng.choice(TITLES[role][company.industry]),
        role=role,
        kind=PersonKind.LEAD if role is Role.USER and rng.random() < 0.35 else PersonKind.CONTACT,
        activity=_ACTIVITY[role] * rng.uniform(0.6, 1.4),
        proxied=rng.random() < 0.3,
        early=rng.choice((-1, 0, 0, 0, 1)),
        leaves=rng.randrange(days // 3, days) if fickle < 0.05 and not important else None,
        unsubscribes=rng.randrange(days // 4, days) if fickle > 0.93 and not important else None,
    )


def _plain(name: str) -> str:
    """The name as an address spells it."""
    letters = unicodedata.normalize("NFKD", name.translate(_PLAIN))
    return "".join(letter for letter in letters if letter.isascii() and letter.isalpha()).lower()
