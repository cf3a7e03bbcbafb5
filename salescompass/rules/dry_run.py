"""What a rule would have done: the history of the last days through the code that decides in earnest."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass import conditions, crm, scoring
from salescompass.catalogue import catalogue
from salescompass.catalogue import names as trace_names
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.rules import candidates as found_by
from salescompass.rules.deciding import Candidate, Decision, Memory, judge
from salescompass.rules.definition import AbsenceTrigger, CrossingTrigger, Definition, EventTrigger, ScheduleTrigger
from salescompass.rules.engine import MOST_LOOKED, by_stake
from salescompass.rules.ledger import COLUMN, Wanted, rows_of, told
from salescompass.rules.looking import Looker, trace_of
from salescompass.rules.past import as_of_now, past_catalogue
from salescompass.rules.store import Known, known
from salescompass.rules.views import names_of

DAYS = 90
SECONDS = 20.0
MOST_SHOWN = 200


@dataclass(frozen=True)
class WouldFire:
    """An action that the rule would have made."""

    at: datetime
    subject_id: UUID
    subject_name: str
    member_id: UUID | None
    evidence: tuple[UUID, ...]
    conditions: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class DryRun:
    """What a rule would have done between two moments. `held_back`: how often, by what held it back.

    `complete` is false when the time for looking was over: then it tells of the days until `until`.
    """

    since: datetime
    until: datetime
    complete: bool
    count: int
    would: tuple[WouldFire, ...]
    held_back: Mapping[str, int]
    by_member: Mapping[UUID | None, int]
    taken_as_of_now: tuple[str, ...]
    """In words: what history does not keep, or only by days."""


def dry_run(
    session: Session,
    actor: Actor,
    *,
    definition: Mapping[str, Any],
    days: int = DAYS,
    now: datetime | None = None,
    seconds: float = SECONDS,
) -> DryRun:
    """Try a rule on the last days, for records that the reader sees. Writes nothing. Raises Invalid."""
    actor.must("rules.manage")
    now = now or clock.now()
    with_fields = known(session, catalogue(session))
    read = with_fields.read(definition)
    since = now - timedelta(days=max(1, min(days, DAYS)))
    past = Known(past_catalogue(with_fields.catalogue), with_fields.types)
    looker = Looker(session, read.conditions, past.catalogue, now)
    seen = _Seen(session, read.subject)
    memory, until, ends = Memory(), now, time.monotonic() + seconds
    fired, held_back = list[Decision](), dict[str, int]()
    for at, found in _history(session, read, past, since, now):
        begun = len(fired)
        if time.monotonic() > ends:
            until = at
            break
        visible = seen.of(found)
        looker.ready([one for one in visible if memory.blocks(read, one) is None])
        for one in judge(read, visible, memory, zone=past.catalogue.zone, look=looker.look, owner=looker.owner):
            if one.result == "fired":
                fired.append(one)
            elif one.result != "conditions":
                held_back[one.result] = held_back.get(one.result, 0) + 1
        fired[begun:] = _shown(session, read.subject, fired[begun:], looker)
    words = (*as_of_now(read.conditions, past.catalogue), *_always(read))
    would = _told(session, read, fired[-MOST_SHOWN:], past)
    by_member = Counter(one.whose.member_id for one in fired)
    return DryRun(since, until, until == now, len(fired), would, held_back, by_member, words)


def _told(session: Session, read: Definition, fired: list[Decision], past: Known) -> tuple[WouldFire, ...]:
    """What would have fired, the newest first, with names and what was seen."""
    names = names_of(session, read.subject, {one.candidate.subject_id for one in fired})
    named = trace_names(session, read.conditions)
    return tuple(
        WouldFire(
            one.candidate.at, one.candidate.subject_id, names.get(one.candidate.subject_id, ""), one.whose.member_id,
            one.candidate.pattern.evidence, tuple(trace_of(read.conditions, one.seen, past.catalogue, named)),
        )
        for one in reversed(fired)
    )  # fmt: skip


def _shown(session: Session, kind: str, fired: list[Decision], looker: Looker) -> list[Decision]:
    """What fired in a round, with the events it points at."""
    if not fired:
        return []
    shown = found_by.with_evidence(session, kind, [one.candidate for one in fired])
    return [replace(one, candidate=candidate) for one, candidate in zip(looker.prove(fired), shown, strict=True)]


_Round = tuple[datetime, list[Candidate]]


def _history(session: Session, read: Definition, past: Known, since: datetime, now: datetime) -> Iterator[_Round]:
    """What would have set the rule off, round by round in the order of time."""
    trigger = read.trigger
    if isinstance(trigger, EventTrigger):
        yield from _events(session, read, trigger, since, now)
    elif isinstance(trigger, CrossingTrigger):
        yield from _crossings(session, read, since, now)
    elif isinstance(trigger, AbsenceTrigger):
        rows = found_by.silence_rows(session, read, first=since, last=now)
        for at in _mornings(trigger.hour, past, since, now):
            yield at, found_by.from_silence(read, rows, at)[:MOST_LOOKED]
    else:
        yield from _days(session, read, trigger, past, since, now)


def _events(
    session: Session, read: Definition, trigger: EventTrigger, since: datetime, now: datetime
) -> Iterator[_Round]:
    rows: dict[UUID, Any] = {}
    if not found_by.is_single(trigger):
        back = found_by.reaches_back(trigger)
        wanted = Wanted(read.subject, trigger.types, trigger.where)
        rows = rows_of(session, wanted, since=None if back is None else since - back, until=now)
    for one in told(session, trigger.types, ids=None, since=since, until=now):
        yield one.at, found_by.from_events(read, [one], rows)


def _crossings(session: Session, read: Definition, since: datetime, now: datetime) -> Iterator[_Round]:
    ids = session.connection().execute(
        text("SELECT id FROM band_crossing WHERE subject_kind = :kind AND at > :since AND at <= :now"),
        {"kind": read.subject, "since": since, "now": now},
    )
    wanted = list(ids.scalars())
    found = scoring.crossings(session, ids=wanted, limit=len(wanted)) if wanted else ()
    for one in sorted(found, key=lambda one: (one.at, one.id)):
        yield one.at, found_by.from_crossings(read, [one])


def _days(
    session: Session, read: Definition, trigger: ScheduleTrigger, past: Known, since: datetime, now: datetime
) -> Iterator[_Round]:
    born = _known_since(session, read.subject)
    for at in _mornings(trigger.hour, past, since, now):
        query = conditions.matching(read.conditions, catalogue=past.catalogue, now=at)
        ids = [one for one in session.connection().execute(query).scalars() if born.get(one, now) <= at]
        yield at, by_stake(session, read.subject, ids, past.catalogue.currency, at)[:MOST_LOOKED]


def _known_since(session: Session, subject: str) -> dict[UUID, datetime]:
    """Since when records are known: when they were made here, or when the first thing that is told of them was."""
    stays = "UNION ALL SELECT opportunity_id, entered_at FROM stage_history" if subject == "opportunity" else ""
    column = COLUMN[subject]
    found = session.connection().execute(
        text(
            f"SELECT id, min(at) FROM (SELECT id, created_at AS at FROM {subject} UNION ALL "  # noqa: S608 - constants
            f"SELECT {column}, min(occurred_at) FROM event WHERE {column} IS NOT NULL GROUP BY {column} {stays}) x "
            "GROUP BY id"
        )
    )
    return {row.id: row.min for row in found}


def _mornings(hour: int, past: Known, since: datetime, now: datetime) -> Iterator[datetime]:
    """The moments of the daily passes between two."""
    zone = past.catalogue.zone
    day = since.astimezone(zone).date()
    while (at := found_by.at_hour(day, hour, zone)) <= now:
        if at > since:
            yield at
        day += timedelta(days=1)


class _Seen:
    """Leaves out candidates that the reader does not see."""

    def __init__(self, session: Session, kind: str) -> None:
        self._session, self._kind, self._known = session, kind, dict[UUID, bool]()
        self._all = crm.Sight.of(session, kind).owners is None

    def of(self, found: list[Candidate]) -> list[Candidate]:
        if self._all:
            return found
        new = {one.subject_id for one in found if one.subject_id not in self._known}
        hidden = crm.Sight.of(self._session, self._kind).hidden(self._session, new)
        self._known |= {one: one not in hidden for one in new}
        return [one for one in found if self._known[one.subject_id]]


def _always(read: Definition) -> Iterator[str]:
    yield "Whose the records are as it is now; whose turn it is in a team is not foretold"
    if isinstance(read.trigger, ScheduleTrigger):
        yield "What is at stake, which decides who comes first, as it is now"
    if isinstance(read.trigger, CrossingTrigger):
        yield "Bands that were left as they were told then: a past that was brought in by files left none"
