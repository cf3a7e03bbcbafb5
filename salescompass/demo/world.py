"""The whole demo as a value: from seed and date follow every record and event, with its id. Pure.

Nothing here knows the present moment or chance of its own: the same plan gives the same bytes on any machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from random import Random
from uuid import UUID

from salescompass.demo.companies import Company, companies
from salescompass.demo.kinds import Doer
from salescompass.demo.material import Shelf
from salescompass.demo.people import Person, people_of
from salescompass.demo.rhythm import DAYS, calendar_of
from salescompass.demo.stage import NOBODY, Act, Stage
from salescompass.demo.stories import VOLUME, play
from salescompass.events import Happening
from salescompass.vocabulary import ActorKind, Verdict

MOST_AN_ACCOUNT = 20_000
"""Events of one account: its year is made in memory."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_VERDICTS: dict[Doer, tuple[Verdict, tuple[str, ...], ActorKind | None]] = {
    Doer.UNKNOWN: (Verdict.UNKNOWN, (), None),
    Doer.HUMAN: (Verdict.HUMAN, ("declared human by the sender",), ActorKind.HUMAN),
    Doer.SCANNER: (Verdict.LIKELY_BOT, ("many links of one message at once",), None),
    Doer.PROXY: (Verdict.PROXY_OPEN, ("opened by a mail provider's proxy",), None),
    Doer.CRAWLER: (Verdict.BOT, ("declared a machine by the sender",), ActorKind.MACHINE),
}


@dataclass(frozen=True)
class Plan:
    """What to make: the year that ends at `until`."""

    slug: str
    seed: int
    accounts: int
    events: int
    until: datetime

    @cached_property
    def mark(self) -> str:
        """Tells plans apart; part of every idempotency key."""
        told = f"{self.slug}|{self.seed}|{self.accounts}|{self.events}|{self.until.astimezone(UTC).isoformat()}"
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    @property
    def first(self) -> date:
        """The first day of the year."""
        return self.until.astimezone(UTC).date() - timedelta(days=DAYS)

    @cached_property
    def shelf(self) -> Shelf:
        """What the tenant shows the world."""
        return Shelf(self.slug, self.seed, self.first)


@dataclass(frozen=True)
class Chapter:
    """An account, its people and its year."""

    company: Company
    account_id: UUID
    people: tuple[Person, ...]
    people_ids: tuple[UUID, ...]
    since: datetime
    """When we first heard of them."""
    quota: int
    plan: Plan

    def happenings(self, account_id: UUID, people_ids: tuple[UUID, ...]) -> Iterator[Happening]:
        """Its events in the order of their time, of the records that stand for it in the tenant."""
        plan, company = self.plan, self.company
        story = Random(f"story:{plan.seed}:{plan.first}:{company.index}")
        calendar = calendar_of(company.zone, plan.first)
        until = int(plan.until.timestamp() * 1000)
        stage = Stage(story, company, self.people, plan.shelf, calendar, until)
        luck = Random(f"ids:{plan.mark}:{company.index}")
        told: dict[int, UUID] = {}
        for number, act in enumerate(play(stage, self.quota)):
            event_id = told[id(act)] = id_at(act.at, luck)
            yield _happening(plan, company, number, act, event_id, told, account_id, people_ids)


def _happening(
    plan: Plan, company: Company, number: int, act: Act, event_id: UUID, told: dict[int, UUID], account_id: UUID,
    people_ids: tuple[UUID, ...],
) -> Happening:  # fmt: skip
    at, kind, person, properties, doer, repeats = act
    verdict, reasons, actor = _VERDICTS[doer]
    occurred_at = _EPOCH + timedelta(milliseconds=at)
    # Only what came without a key can have been told twice.
    key = None if repeats else f"demo:{plan.mark}:{company.index:06d}:{number:05d}"
    original = told[id(repeats)] if repeats else None
    return Happening(
        event_id, occurred_at, occurred_at + timedelta(milliseconds=180), kind, account_id,
        None if person == NOBODY else people_ids[person], verdict, reasons, actor, properties, key, original,
    )  # fmt: skip


def chapters(plan: Plan) -> Iterator[Chapter]:
    """Account after account; their quotas add up to the events of the plan."""
    total = sum(_volume(company) for company in companies(plan.seed, plan.accounts))
    start = datetime(plan.first.year, plan.first.month, plan.first.day, tzinfo=UTC)
    filled, given = 0.0, 0
    for company in companies(plan.seed, plan.accounts):
        filled += _volume(company)
        last = company.index == plan.accounts - 1
        reached = plan.events if last else min(plan.events, int(filled / total * plan.events))
        crew = people_of(company, Random(f"people:{plan.seed}:{company.index}"), DAYS)
        luck = Random(f"records:{plan.slug}:{plan.seed}:{company.index}")
        since = start - timedelta(days=luck.randrange(1, 400), seconds=luck.randrange(86_400))
        moment = int(since.timestamp() * 1000)
        yield Chapter(
            company,
            id_at(moment, luck),
            crew,
            tuple(id_at(moment + 1, luck) for _ in crew),
            since,
            reached - given,
            plan,
        )
        given = reached


def _volume(company: Company) -> float:
    return min(company.size, 4.0) * VOLUME[company.temper]


def id_at(milliseconds: int, luck: Random) -> UUID:
    """A UUIDv7 of that millisecond whose other bits are drawn from `luck`."""
    chance = luck.getrandbits(74)
    return UUID(int=(milliseconds << 80) | (7 << 76) | ((chance >> 62) << 64) | (2 << 62) | (chance & ((1 << 62) - 1)))
