"""The deals of an account as records: those that its events tell of, and those in which little happened yet. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from salescompass.demo.kinds import Role, Temper
from salescompass.demo.material import LEFT_BECAUSE, LOST_BECAUSE, PLANS, SOURCES, STAGES
from salescompass.demo.rhythm import DAYS
from salescompass.demo.world import Chapter, id_at
from salescompass.events import Happening
from salescompass.vocabulary import DealRole, DealType

WON, LOST = len(STAGES), len(STAGES) + 1
"""The steps behind the open ones."""
_PARTS = {
    Role.CHAMPION: DealRole.CHAMPION, Role.EVALUATOR: DealRole.TECHNICAL, Role.USER: DealRole.USER,
    Role.DECIDER: DealRole.ECONOMIC, Role.BUYER: DealRole.ECONOMIC,
}  # fmt: skip
_MET = ((Role.CHAMPION,), (Role.EVALUATOR, Role.USER), (Role.DECIDER,), (Role.BUYER,))
"""Who is met from which step on."""


@dataclass(frozen=True, slots=True)
class Dealing:
    """A deal: what it is about, since when it was in which step, and which of the account's people take part."""

    id: UUID
    name: str
    amount: int
    """In cents."""
    type: DealType
    source: str
    lost_because: str | None
    closes: date
    steps: tuple[tuple[int, datetime], ...]
    parts: tuple[tuple[int, DealRole], ...]


def dealings(chapter: Chapter, told: Sequence[Happening]) -> Iterator[Dealing]:
    """The deals of an account whose events are `told`, in their order."""
    plan, company = chapter.plan, chapter.company
    luck = Random(f"deals:{plan.slug}:{plan.seed}:{plan.first}:{company.index}")
    if told and told[0].type == "opportunity_created":
        yield _told(chapter, luck, told)
    plot = _PLOTS.get(company.temper)
    if plot:
        yield from plot(_Desk(chapter, luck))


def _told(chapter: Chapter, luck: Random, told: Sequence[Happening]) -> Dealing:
    steps: list[tuple[int, datetime]] = []
    reason = None
    for one in told:
        step = {"opportunity_won": WON, "opportunity_lost": LOST}.get(one.type)
        if step is None:
            step = STAGES.index(str(one.properties["stage"]))
        if not steps or step > steps[-1][0]:
            steps.append((step, one.occurred_at))
        reason = str(one.properties["note"]) if step == LOST else None
    about = told[0].properties
    return _dealing(
        chapter,
        luck,
        str(about["name"]),
        int(about["amount"]),
        DealType.NEW,
        reason,
        tuple(steps),
        luck.randrange(5, 40),
    )


def _dealing(
    chapter: Chapter, luck: Random, name: str, amount: int, kind: DealType, reason: str | None,
    steps: tuple[tuple[int, datetime], ...], ahead: int,
) -> Dealing:  # fmt: skip
    last, since = steps[-1]
    reached = steps[-2][0] if last == LOST and len(steps) > 1 else min(last, len(STAGES) - 1)
    met = {role for roles in _MET[: reached + 1] for role in roles}
    parts = tuple((place, _PARTS[one.role]) for place, one in enumerate(chapter.people) if one.role in met)
    closes = since.date() if last >= WON else (chapter.plan.until + timedelta(days=ahead)).date()
    opened = id_at(int(steps[0][1].timestamp() * 1000), luck)
    return Dealing(opened, name, amount, kind, luck.choice(SOURCES), reason, closes, steps, parts)


class _Desk:
    """Where the deals of an account are made that its events say nothing of."""

    def __init__(self, chapter: Chapter, luck: Random) -> None:
        self.chapter = chapter
        self.luck = luck

    def deal(
        self, label: str, steps: Sequence[tuple[int, float]], kind: DealType = DealType.NEW, reason: str | None = None,
        ahead: int | None = None,
    ) -> Dealing:  # fmt: skip
        """A deal that entered these steps so many days before the end; `ahead` may lie behind when it is overdue."""
        plan, price = self.luck.choice(PLANS)
        amount = int(price * self.luck.uniform(0.5, 1.8)) // 10_000 * 10_000
        name = f"{self.chapter.company.name}: {label or plan}"
        # In order also where two of them fall on one Friday.
        moments = sorted(self._moment(DAYS - ago) for _, ago in steps)
        way = tuple(zip((step for step, _ in steps), moments, strict=True))
        ahead = self.luck.randrange(10, 75) if ahead is None else ahead
        return _dealing(self.chapter, self.luck, name, amount, kind, reason, way, ahead)

    def _moment(self, day: float) -> datetime:
        """Some working hour of that day of the year, or of the Friday before."""
        plan = self.chapter.plan
        when = plan.first + timedelta(days=int(day))
        when -= timedelta(days=max(0, when.weekday() - 4))
        at = datetime.combine(when, time(9), UTC) + timedelta(seconds=self.luck.randrange(8 * 3600))
        return min(at, plan.until - timedelta(hours=2))


def _steady(desk: _Desk) -> Iterator[Dealing]:
    if desk.luck.random() < 0.7:
        opened = desk.luck.randrange(12, 50)
        further = [(1, desk.luck.randrange(2, opened))] if desk.luck.random() < 0.5 else []
        yield desk.deal("", [(0, opened), *further])


def _surging(desk: _Desk) -> Iterator[Dealing]:
    yield desk.deal("", [(0, desk.luck.randrange(2, 9))])


def _silent(desk: _Desk) -> Iterator[Dealing]:
    opened = desk.luck.randrange(190, 280)
    steps: list[tuple[int, float]] = [(0, opened), (1, opened - 20)]
    if desk.luck.random() < 0.5:
        steps.append((2, opened - 50))
    if desk.luck.random() < 0.5:
        yield desk.deal("", [*steps, (LOST, opened - 110)], reason="No decision")
    else:
        yield desk.deal("", steps, ahead=-desk.luck.randrange(5, 40))


def _asleep(desk: _Desk) -> Iterator[Dealing]:
    if desk.luck.random() < 0.5:
        opened = desk.luck.randrange(150, 330)
        yield desk.deal("", [(0, opened), (LOST, opened - 60)], reason=desk.luck.choice(LOST_BECAUSE))


def _customer(desk: _Desk) -> Iterator[Dealing]:
    opened = desk.luck.randrange(400, 640)
    yield desk.deal("", [(0, opened), (1, opened - 15), (2, opened - 40), (3, opened - 62), (WON, opened - 75)])
    if desk.luck.random() < 0.6:
        began = desk.luck.randrange(20, 60)
        yield desk.deal("renewal", [(2, began), (3, desk.luck.randrange(1, 15))], DealType.RENEWAL)


def _winning(desk: _Desk) -> Iterator[Dealing]:
    if desk.luck.random() < 0.5:
        began = desk.luck.randrange(8, 30)
        yield desk.deal("more seats", [(0, began), (1, began // 2)], DealType.EXPANSION)


def _leaving(desk: _Desk) -> Iterator[Dealing]:
    opened = desk.luck.randrange(420, 600)
    yield desk.deal("", [(0, opened), (1, opened - 15), (2, opened - 40), (WON, opened - 70)])
    reason = desk.luck.choice(LEFT_BECAUSE)
    yield desk.deal("renewal", [(2, 70), (LOST, desk.luck.randrange(5, 40))], DealType.RENEWAL, reason)


_PLOTS: dict[Temper, Callable[[_Desk], Iterator[Dealing]]] = {
    Temper.STEADY: _steady,
    Temper.SURGING: _surging,
    Temper.SILENT: _silent,
    Temper.ASLEEP: _asleep,
    Temper.CUSTOMER: _customer,
    Temper.WINNING: _winning,
    Temper.LEAVING: _leaving,
}
