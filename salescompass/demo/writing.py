"""Parts of a demo on their way into the ledger, two at a time: while the database writes one, the next is made."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from salescompass import crm, events, scoring
from salescompass.crm import AccountRecord, DealRecord, PersonRecord, Present
from salescompass.demo.dealings import LOST, WON, Dealing, dealings
from salescompass.demo.kinds import Temper
from salescompass.demo.world import Chapter, Plan, chapters
from salescompass.events import Happening
from salescompass.kit.database import tenant_session
from salescompass.vocabulary import Lifecycle, Source, StageKind, SubjectKind

PART = 10_000
"""Events a transaction, about."""
SCORED = 400
"""Accounts a transaction at most."""
_LIFECYCLES = {
    Temper.CUSTOMER: Lifecycle.CUSTOMER,
    Temper.WINNING: Lifecycle.CUSTOMER,
    Temper.LEAVING: Lifecycle.FORMER,
}

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Written:
    """What became of some accounts."""

    contacts: int
    accounts_made: int
    contacts_made: int
    created: int
    skipped: int
    deals: int
    deals_made: int


def write(tenant_id: UUID, plan: Plan, owners: list[UUID]) -> Generator[Written, None, None]:
    """Write all events of the plan that are not there yet, and tell part by part."""
    with ThreadPoolExecutor(2, thread_name_prefix="demo") as pool:
        waiting: set[Future[Written]] = set()
        try:
            for part in _parts(plan):
                waiting.add(pool.submit(_write, tenant_id, part, owners))
                if len(waiting) >= 2:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (one.result() for one in done)
            yield from (one.result() for one in waiting)
        finally:
            for one in waiting:
                one.cancel()


def _parts(plan: Plan) -> Iterator[list[Chapter]]:
    part: list[Chapter] = []
    for chapter in chapters(plan):
        part.append(chapter)
        if sum(one.quota for one in part) >= PART or len(part) >= SCORED:
            yield part
            part = []
    if part:
        yield part


def _write(tenant_id: UUID, part: list[Chapter], owners: list[UUID]) -> Written:
    """Records first, in a transaction of their own: their lock must not be held while events are made."""
    with tenant_session(tenant_id) as session:
        present = _ensure(session, part, owners)
    created = skipped = 0
    found: list[tuple[Chapter, Dealing]] = []
    with tenant_session(tenant_id) as session:
        for some in _some(_happenings(part, present, found)):
            done = events.record_history(session, some, source=Source.IMPORT)
            created, skipped = created + done.created, skipped + done.known
        deals = crm.ensure_deals(session, _deals(session, found, present))
    contacts = sum(len(chapter.people) for chapter in part)
    return Written(contacts, present.accounts_made, present.people_made, created, skipped, len(found), deals)


def _ensure(session: Session, part: list[Chapter], owners: list[UUID]) -> Present:
    return crm.ensure_records(
        session,
        [
            AccountRecord(
                chapter.account_id,
                chapter.company.name,
                chapter.company.domain,
                owners[chapter.company.index // 3 % len(owners)] if owners else None,
                chapter.since,
                chapter.company.industry.capitalize(),
                chapter.company.employees,
                chapter.company.country,
                _LIFECYCLES.get(chapter.company.temper, Lifecycle.PROSPECT),
            )
            for chapter in part
        ],
        [
            PersonRecord(
                person_id, person.kind, chapter.account_id, person.name, person.email, chapter.since, person.title
            )
            for chapter in part
            for person, person_id in zip(chapter.people, chapter.people_ids, strict=True)
        ],
    )


def _happenings(part: list[Chapter], present: Present, found: list[tuple[Chapter, Dealing]]) -> Iterator[Happening]:
    """What happened at these accounts; the deals they have are `found` on the way."""
    for chapter in part:
        people = tuple(present.ids[person_id] for person_id in chapter.people_ids)
        told: list[Happening] = []
        for one in chapter.happenings(present.ids[chapter.account_id], people):
            if one.type.startswith("opportunity_"):
                told.append(one)
            yield one
        found.extend((chapter, dealing) for dealing in dealings(chapter, told))


def _deals(session: Session, found: list[tuple[Chapter, Dealing]], present: Present) -> list[DealRecord]:
    """As records, in the stages of the usual pipeline."""
    stages = _stages(session)
    return [
        DealRecord(
            one.id, one.name, present.ids[chapter.account_id], one.amount, "USD", one.type, one.source,
            one.lost_because, one.closes, _stays(one, stages),
            tuple((present.ids[chapter.people_ids[place]], role) for place, role in one.parts),
        )
        for chapter, one in found
    ]  # fmt: skip


def _stages(session: Session) -> dict[int, UUID]:
    """The stage of each step: a pipeline of other stages has some for several steps, or some for none."""
    there = crm.pipelines(session)[0].stages
    of = {kind: [stage.id for stage in there if stage.kind == kind] for kind in StageKind}
    steps = {step: of[StageKind.OPEN][step * len(of[StageKind.OPEN]) // WON] for step in range(WON)}
    return {**steps, WON: of[StageKind.WON][0], LOST: of[StageKind.LOST][0]}


def _stays(one: Dealing, stages: dict[int, UUID]) -> tuple[tuple[UUID, datetime], ...]:
    stays: list[tuple[UUID, datetime]] = []
    for step, since in one.steps:
        if not stays or stages[step] != stays[-1][0]:
            stays.append((stages[step], since))
    return tuple(stays)


def _some(happenings: Iterable[Happening]) -> Iterator[list[Happening]]:
    """Not too many at a time. What repeats an event stays with it: both are of one account and within an hour."""
    some: list[Happening] = []
    for one in happenings:
        if len(some) >= PART and one.account_id != some[-1].account_id:
            yield some
            some = []
        some.append(one)
    if some:
        yield some


def score(tenant_id: UUID, plan: Plan, owners: list[UUID], progress: Progress) -> int:
    """Scores of everybody in the demo; snapshots of their past are due from the first day on."""
    scored, part = 0, []
    for chapter in chapters(plan):
        part.append(chapter)
        if len(part) < SCORED and chapter.company.index < plan.accounts - 1:
            continue
        with tenant_session(tenant_id) as session:
            ids = _ensure(session, part, owners).ids
            since = {(SubjectKind.ACCOUNT, ids[one.account_id]): plan.first - timedelta(days=1) for one in part}
            since |= {(SubjectKind.PERSON, ids[who]): plan.first for one in part for who in one.people_ids}
            done = scoring.rescore(session, since)
        scored += done.people + done.accounts
        progress(f"{scored:,} scores")
        part = []
    return scored


def write_snapshots(tenant_id: UUID, progress: Progress) -> None:
    """Write the past scores that are due."""
    done, more = 0, 1
    while more:
        with tenant_session(tenant_id) as session:
            more = scoring.write_snapshots(session)
        done += more
        if more:
            progress(f"{done:,} past scores")
