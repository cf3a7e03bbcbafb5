"""Companies: a name nobody has, an industry, a place with its zone, and how their year goes. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from salescompass.demo.kinds import INDUSTRIES, TEMPERS, Temper
from salescompass.demo.words import FIRST_HALVES, SECOND_HALVES, TOWNS, TRADES

PLACES = (
    ("Europe/London", "english", 6),
    ("America/New_York", "english", 5),
    ("Europe/Berlin", "german", 6),
    ("America/Chicago", "english", 3),
    ("Europe/Paris", "french", 3),
    ("Europe/Stockholm", "nordic", 2),
    ("America/Los_Angeles", "english", 2),
    ("Europe/Madrid", "spanish", 2),
    ("America/Mexico_City", "spanish", 1),
    ("Asia/Kolkata", "indian", 2),
    ("Asia/Tokyo", "japanese", 1),
    ("Australia/Sydney", "english", 1),
)
"""(zone, where names come from, how many companies in proportion)."""
_COUNTRIES = {
    "Europe/London": "United Kingdom", "America/New_York": "United States", "Europe/Berlin": "Germany",
    "America/Chicago": "United States", "Europe/Paris": "France", "Europe/Stockholm": "Sweden",
    "America/Los_Angeles": "United States", "Europe/Madrid": "Spain", "America/Mexico_City": "Mexico",
    "Asia/Kolkata": "India", "Asia/Tokyo": "Japan", "Australia/Sydney": "Australia",
}  # fmt: skip

_ROOTS = len(FIRST_HALVES) * len(SECOND_HALVES)
_TRADES = 12
_NAMES = _ROOTS * _TRADES
MOST = _NAMES * len(INDUSTRIES) * (len(TOWNS) + 1)
"""As many companies as there are names."""


@dataclass(frozen=True, slots=True)
class Company:
    """A company we do business with, or would like to."""

    index: int
    name: str
    domain: str
    industry: str
    zone: str
    culture: str
    temper: Temper
    size: float
    """How much happens there, compared with others."""
    scanned: bool
    """A scanner clicks on every link in its mail."""

    @property
    def employees(self) -> int:
        """How many people work there, about."""
        return max(10, int(120 * self.size**1.8) // 10 * 10)

    @property
    def country(self) -> str:
        """Where it is at home."""
        return _COUNTRIES[self.zone]


def companies(seed: int, count: int) -> Iterator[Company]:
    """The companies of this seed, in order. More of them start with the same ones."""
    rng = Random(f"companies:{seed}")
    step = _coprime(rng, _NAMES)
    shift = rng.randrange(_NAMES)
    turn = rng.randrange(len(INDUSTRIES))
    zones = [place for place in PLACES for _ in range(place[2])]
    for index in range(count):
        own = Random(f"company:{seed}:{index}")
        industry = INDUSTRIES[(index + turn) % len(INDUSTRIES)]
        name, domain = _name(industry, index // len(INDUSTRIES), step, shift)
        zone, culture, _ = own.choice(zones)
        yield Company(
            index=index,
            name=name,
            domain=domain,
            industry=industry,
            zone=zone,
            culture=culture,
            temper=TEMPERS[index % len(TEMPERS)],
            size=own.lognormvariate(0.0, 0.55),
            scanned=own.random() < 0.35,
        )


def _name(industry: str, number: int, step: int, shift: int) -> tuple[str, str]:
    lap, place = divmod(number, _NAMES)
    chosen = (place * step + shift) % _NAMES
    root, trade = chosen % _ROOTS, TRADES[industry][chosen // _ROOTS]
    first, second = FIRST_HALVES[root % len(FIRST_HALVES)], SECOND_HALVES[root // len(FIRST_HALVES)]
    words = [first + second, trade] if lap == 0 else [first + second, trade, TOWNS[lap - 1]]
    name = " ".join(words)
    return name, name.lower().replace(" ", "-") + ".example"


def _coprime(rng: Random, n: int) -> int:
    while True:
        step = rng.randrange(n // 3, n)
        if math.gcd(step, n) == 1:
            return step
