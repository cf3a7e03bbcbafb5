"""An account's year: the beats of its story, and ordinary days in between until there is enough. Pure."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from salescompass.demo import deals, letters, talks, visits
from salescompass.demo.kinds import Temper
from salescompass.demo.rhythm import DAYS
from salescompass.demo.stage import Act, Stage

Scene = Callable[[Stage, int], None]


class Mix:
    """Scenes, and how often each is played."""

    def __init__(self, *scenes: tuple[Scene, float]) -> None:
        self.scenes = [scene for scene, _ in scenes]
        self.odds = list(accumulate(weight for _, weight in scenes))

    def pick(self, at: float) -> Scene:
        """The scene at a place from 0 to 1."""
        return self.scenes[bisect(self.odds, at * self.odds[-1])]


PROSPECT = Mix(
    (letters.letter, 42), (visits.visit, 24), (visits.read, 7), (visits.watch, 4), (visits.webinar, 3.5),
    (visits.post, 4), (talks.call, 4), (talks.chat, 3), (talks.meet, 1.6), (talks.keep_notes, 3), (visits.crawl, 2),
)  # fmt: skip
CUSTOMER = Mix(
    (talks.work, 46), (letters.letter, 18), (visits.visit, 8), (talks.ask_for_help, 5), (visits.read, 3),
    (talks.survey, 0.8), (talks.call, 2), (talks.chat, 3), (talks.meet, 1.2), (visits.webinar, 1.5),
    (visits.post, 3), (visits.watch, 1.5), (talks.keep_notes, 2), (visits.crawl, 1),
)  # fmt: skip
QUIET = Mix((letters.unanswered, 30), (talks.keep_notes, 2), (visits.crawl, 3))
DROWSY = Mix((letters.unanswered, 30), (letters.letter, 8), (visits.visit, 2), (talks.keep_notes, 3), (visits.crawl, 2))


@dataclass(frozen=True, slots=True)
class Plot:
    """How much happens on each day, and what: `before` until the turning day, `after` from then on."""

    turn: int
    curve: Callable[[int], float]
    before: Mix
    after: Mix


def play(stage: Stage, quota: int) -> list[Act]:
    """Exactly so many acts, in the order of their time."""
    plot = _plot(stage)
    _beats(stage, plot.turn)
    weights = stage.calendar.weights
    odds = list(accumulate(weights[day] * plot.curve(day) for day in range(DAYS + 1)))
    random, total, acts = stage.rng.random, odds[-1], stage.acts
    while len(acts) < quota:
        day = bisect(odds, random() * total)
        mix = plot.before if day < plot.turn else plot.after
        mix.pick(random())(stage, day)
    del acts[quota:]
    acts.sort(key=lambda act: act.at)
    return acts


def _beats(stage: Stage, turn: int) -> None:
    """What must happen at this account."""
    temper, rng = stage.company.temper, stage.rng
    if temper is Temper.WINNING:
        deals.deal(stage, turn, won=True)
    elif temper is Temper.LOSING:
        deals.deal(stage, turn, won=False)
    elif temper is Temper.DECIDING:
        deals.deal(stage, turn, won=rng.random() < 0.5)
    elif temper in (Temper.CUSTOMER, Temper.LEAVING):
        deals.membership(stage)
    elif temper is Temper.SURGING:
        deals.rush(stage, turn)
    if temper is Temper.LEAVING:
        deals.goodbye(stage, turn)
    elif temper is not Temper.CUSTOMER:
        deals.first_contact(stage, int(rng.random() * 30))
    for place, person in enumerate(stage.people):
        still_written_to = temper is not Temper.SILENT or (person.unsubscribes or 0) < turn
        if person.leaves is not None:
            letters.returned(stage, person.leaves, place)
        elif person.unsubscribes is not None and still_written_to:
            letters.enough(stage, person.unsubscribes, place)


def _plot(stage: Stage) -> Plot:
    return _PLOTS[stage.company.temper](stage.rng.random())


def _rise(decided: int) -> Callable[[int], float]:
    """A deal that warms up."""

    def curve(day: int) -> float:
        part = (day - decided + deals.LENGTH) / deals.LENGTH
        return 0.3 if part <= 0 else 0.3 + 2.0 * min(part, 1.0) ** 2

    return curve


def _surging(luck: float) -> Plot:
    turn = DAYS - 12 - int(luck * 10)
    return Plot(turn, lambda day: 0.3 if day < turn else 7.0, PROSPECT, PROSPECT)


def _silent(luck: float) -> Plot:
    turn = DAYS - 75 - int(luck * 90)
    return Plot(turn, lambda day: 1.2 if day < turn else 0.12, PROSPECT, QUIET)


def _winning(luck: float) -> Plot:
    turn = 150 + int(luck * 170)
    rise = _rise(turn)
    return Plot(turn, lambda day: rise(day) if day < turn else 1.1, PROSPECT, CUSTOMER)


def _losing(luck: float) -> Plot:
    turn = 130 + int(luck * 180)
    rise = _rise(turn)
    return Plot(turn, lambda day: rise(day) if day < turn else 1.5 * 0.92 ** (day - turn) + 0.06, PROSPECT, DROWSY)


def _deciding(luck: float) -> Plot:
    turn = DAYS + 4 + int(luck * 40)
    return Plot(turn, _rise(turn), PROSPECT, PROSPECT)


def _leaving(luck: float) -> Plot:
    turn = 290 + int(luck * 60)
    return Plot(turn, lambda day: 1.3 * (1 - day / turn) ** 0.8 + 0.04 if day < turn else 0.04, CUSTOMER, QUIET)


def _steady(luck: float) -> Plot:
    return Plot(DAYS, lambda day: 1.0, PROSPECT, PROSPECT)


def _customer(luck: float) -> Plot:
    return Plot(DAYS, lambda day: 0.9 + 0.2 * day / DAYS, CUSTOMER, CUSTOMER)


def _asleep(luck: float) -> Plot:
    return Plot(DAYS, lambda day: 0.4, DROWSY, DROWSY)


_PLOTS: dict[Temper, Callable[[float], Plot]] = {
    Temper.SURGING: _surging,
    Temper.SILENT: _silent,
    Temper.WINNING: _winning,
    Temper.LOSING: _losing,
    Temper.STEADY: _steady,
    Temper.CUSTOMER: _customer,
    Temper.DECIDING: _deciding,
    Temper.ASLEEP: _asleep,
    Temper.LEAVING: _leaving,
}
# How much of the ledger each kind of account fills, beside its size.
VOLUME = {
    Temper.SURGING: 0.9, Temper.SILENT: 0.8, Temper.WINNING: 1.4, Temper.LOSING: 1.0, Temper.STEADY: 0.9,
    Temper.CUSTOMER: 1.5, Temper.DECIDING: 1.1, Temper.ASLEEP: 0.35, Temper.LEAVING: 1.0,
}  # fmt: skip
