"""Rules at work: on batches of events, on bands that were left, and once a day on all records.

Set-based: a few statements for each live rule that a batch concerns, and a glance when none does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass import conditions, scoring
from salescompass.actions import subjects
from salescompass.catalogue import catalogue
from salescompass.events import EventBatch
from salescompass.kit import clock
from salescompass.kit.database import fetch, hold
from salescompass.kit.errors import Invalid
from salescompass.kit.ids import parse_id
from salescompass.models import RulePass
from salescompass.rules import candidates as found_by
from salescompass.rules.carrying import Ran, carry_out
from salescompass.rules.deciding import Candidate
from salescompass.rules.definition import AbsenceTrigger, EventTrigger, ScheduleTrigger
from salescompass.rules.installing import install
from salescompass.rules.ledger import Told, Wanted, rows_of, told
from salescompass.rules.patterns import Pattern
from salescompass.rules.store import (
    LOCK,
    Known,
    LiveRule,
    known,
    live_ids,
    live_rows,
)

FRESH = timedelta(days=7)
"""What happened longer ago, and is told only now, calls nobody."""
MOST_LOOKED = 5000


def react(session: Session, batch: EventBatch, *, now: datetime | None = None) -> Ran:
    """What follows from recorded events by rules that events set off. Old ones, machines and repeats set none off."""
    now = now or clock.now()
    if not batch.ids or max(batch.times) <= now - FRESH:
        return Ran()
    live = live_ids(session, "event") or (live_ids(session, "event") if install(session) else {})
    if not live:
        return Ran()
    since = max(min(batch.times) - timedelta(microseconds=1), now - FRESH)
    types = sorted(frozenset().union(*live.values()))
    happened = told(session, types, ids=batch.ids, since=since, until=max(batch.times))
    seen = {one.type for one in happened}
    concerned = [rule_id for rule_id, wanted in live.items() if wanted & seen]
    if not concerned:
        return Ran()
    made_by = _made_by(session, happened)

    def candidates(rule: LiveRule) -> list[Candidate]:
        return _of_events(session, rule, happened, made_by, now)

    return _run(session, concerned, candidates, now)


def react_to_crossings(session: Session, crossing_ids: Sequence[UUID], *, now: datetime | None = None) -> Ran:
    """What follows from bands that were left, by rules that crossings set off."""
    if not crossing_ids:
        return Ran()
    live = live_ids(session, "crossing") or (live_ids(session, "crossing") if install(session) else {})
    if not live:
        return Ran()
    crossed = scoring.crossings(session, ids=crossing_ids, limit=len(crossing_ids))
    if all(one.cause == "configuration" for one in crossed):
        return Ran()

    def candidates(rule: LiveRule) -> list[Candidate]:
        return found_by.from_crossings(rule.definition, crossed)

    return _run(session, list(live), candidates, now or clock.now())


def run_due(session: Session, *, now: datetime | None = None) -> Ran:
    """The daily passes that are due: of each live rule with an hour, once a day."""
    now = now or clock.now()
    install(session)
    live = [*live_ids(session, "schedule"), *live_ids(session, "absence")]
    if not live:
        return Ran()
    hold(session, LOCK)
    with_fields = known(session, catalogue(session))
    ran = Ran()
    for rule in _readable(session, live, with_fields):
        trigger = rule.definition.trigger
        assert isinstance(trigger, ScheduleTrigger | AbsenceTrigger)
        at = found_by.due_at(trigger.hour, with_fields.catalogue.zone, now)
        if at is not None and not _was_passed(session, rule.id, at):
            ran += _pass(session, rule, with_fields, at, now)
    return ran


def run_pass(session: Session, rule_id: UUID, *, now: datetime | None = None) -> Ran:
    """A pass of one live rule at this moment, whatever the hour."""
    now = now or clock.now()
    hold(session, LOCK)
    with_fields = known(session, catalogue(session))
    ran = Ran()
    for rule in _readable(session, [rule_id], with_fields):
        ran += _pass(session, rule, with_fields, now, now)
    return ran


def _pass(session: Session, rule: LiveRule, with_fields: Known, at: datetime, now: datetime) -> Ran:
    definition = rule.definition
    if isinstance(definition.trigger, AbsenceTrigger):
        rows = found_by.silence_rows(session, definition, first=at, last=at)
        found = found_by.from_silence(definition, rows, at)
    else:
        found = matching(session, rule, with_fields, at)
    return carry_out(session, rule, with_fields, found[:MOST_LOOKED], now, passed_at=at)


def matching(session: Session, rule: LiveRule, with_fields: Known, at: datetime) -> list[Candidate]:
    """The records that hold a rule's conditions at a moment, those with the most at stake first."""
    query = conditions.matching(rule.definition.conditions, catalogue=with_fields.catalogue, now=at)
    ids = list(session.connection().execute(query).scalars())
    kind, currency = rule.definition.subject, with_fields.catalogue.currency
    return by_stake(session, kind, ids, currency, at)


def by_stake(session: Session, kind: str, ids: Collection[UUID], currency: str, at: datetime) -> list[Candidate]:
    """Candidates of a pass: those with the most at stake first. Their evidence is read when they fire."""
    there = subjects(session, kind, ids, currency=currency, at=at)
    ordered = sorted(there.values(), key=lambda one: (-(one.stake or 0), one.id))
    return [Candidate(at, one.id, Pattern(()), proven=True) for one in ordered]


def _of_events(
    session: Session, rule: LiveRule, happened: Sequence[Told], made_by: dict[UUID, tuple[UUID, int]], now: datetime
) -> list[Candidate]:
    definition, trigger = rule.definition, rule.definition.trigger
    assert isinstance(trigger, EventTrigger)
    mine = found_by.newest_by_subject(definition, happened)
    rows: dict[UUID, Any] = {}
    if mine and not found_by.is_single(trigger):
        back = found_by.reaches_back(trigger)
        ids = {subject_id for one in mine if (subject_id := one.subject(definition.subject)) is not None}
        if trigger.first:
            ids -= _known_before(session, definition.subject, trigger, ids, mine)
        wanted = Wanted(definition.subject, trigger.types, trigger.where, ids)
        since = None if back is None else mine[0].at - back
        rows = rows_of(session, wanted, since=since, until=mine[-1].at)
    deep = {event_id: (depth, maker == rule.id) for event_id, (maker, depth) in made_by.items()}
    return found_by.from_events(definition, mine, rows, at=now, made_by=deep)


def _known_before(
    session: Session, kind: str, trigger: EventTrigger, ids: Collection[UUID], mine: Sequence[Told]
) -> set[UUID]:
    """Who did one of these on a day before, as the buckets have it: their rows need no reading."""
    if kind == "opportunity" or trigger.where:
        return set()
    found = fetch(
        session,
        "SELECT DISTINCT subject_id FROM event_bucket WHERE subject_kind = %s AND subject_id = ANY(%s) "
        "AND split_part(rule, ':', 1) = ANY(%s) AND day < %s AND n > 0",
        (kind, list(ids), list(trigger.types), mine[0].at.date()),
    )
    return {one for (one,) in found}


def _run(
    session: Session, ids: Collection[UUID], candidates: Callable[[LiveRule], list[Candidate]], now: datetime
) -> Ran:
    hold(session, LOCK)
    with_fields = known(session, catalogue(session))
    ran = Ran()
    for rule in _readable(session, ids, with_fields):
        found = candidates(rule)
        if found:
            hour = now.replace(minute=0, second=0, microsecond=0)
            ran += carry_out(session, rule, with_fields, found, now, passed_at=hour)
    return ran


def _readable(session: Session, ids: Collection[UUID], with_fields: Known) -> Iterable[LiveRule]:
    """The live rules of these that can be read: one that names what is there no more does nothing."""
    for row, version in live_rows(session, ids):
        try:
            definition = with_fields.read(version.definition)
        except Invalid:
            continue
        yield LiveRule(row.id, version.version, row.name, definition)


def _made_by(session: Session, happened: Sequence[Told]) -> dict[UUID, tuple[UUID, int]]:
    """Of events that actions of rules brought about: the rule, and how deep the chain is by then."""
    given = {one.id: one.properties.get("action_id") for one in happened}
    named = {one: action_id for one, name in given.items() if isinstance(name, str) and (action_id := parse_id(name))}
    if not named:
        return {}
    found = fetch(
        session,
        "SELECT action_id, rule_id, depth FROM rule_run WHERE action_id = ANY(%s)",
        (sorted(set(named.values())),),
    )
    runs = {made: (rule_id, depth + 1) for made, rule_id, depth in found}
    return {event_id: runs[made] for event_id, made in named.items() if made in runs}


def _was_passed(session: Session, rule_id: UUID, at: datetime) -> bool:
    wanted = select(RulePass.at).where(col(RulePass.rule_id) == rule_id, col(RulePass.at) == at)
    return session.exec(wanted).first() is not None
