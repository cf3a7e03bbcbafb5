"""Why an action is there, and why a rule made none for a record: each condition with the value that was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass import actions, scoring
from salescompass.catalogue import catalogue, names
from salescompass.events import BUILT_IN
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.errors import NotFound
from salescompass.models import Rule, RuleRun
from salescompass.rules import candidates as found_by
from salescompass.rules.deciding import Candidate
from salescompass.rules.definition import AbsenceTrigger, CrossingTrigger, Definition, EventTrigger, ScheduleTrigger
from salescompass.rules.ledger import Wanted, rows_of
from salescompass.rules.looking import Looker, trace_of
from salescompass.rules.patterns import Pattern
from salescompass.rules.store import Known, known, memory_of, rule_row, version_row
from salescompass.rules.views import RunView, names_of, run_views
from salescompass.vocabulary import SubjectKind

_LAST = 20


@dataclass(frozen=True)
class WhyAction:
    """The rule that made an action, in its version then, what set it off, and what it saw."""

    action_id: UUID
    rule_id: UUID
    rule_name: str
    version: int
    in_force: bool
    """Whether that version is still the one in force."""
    trigger: str
    reasons: tuple[str, ...]
    because: tuple[str, ...]
    run: RunView | None
    """None when what was seen is not kept any more: that is for 90 days."""


@dataclass(frozen=True)
class WhyNot:
    """Why a rule makes no action for a record now. `holds` is true when nothing stands in its way."""

    rule_id: UUID
    rule_name: str
    version: int | None
    subject_name: str
    holds: bool
    blockers: tuple[str, ...]
    trigger: str
    trigger_met_at: datetime | None
    conditions: tuple[Mapping[str, Any], ...]
    last_fired_at: datetime | None
    cooldown_until: datetime | None


def why(session: Session, actor: Actor, *, action_id: UUID) -> WhyAction | None:
    """Why an action is there; None for one that no rule made. Raises NotFound for one that the actor does not see."""
    action = actions.get(session, actor, action_id=action_id)
    if action.rule_id is None:
        return None
    rule = session.exec(select(Rule).where(col(Rule.id) == action.rule_id)).first()
    if rule is None:
        return None
    row = session.exec(
        select(RuleRun).where(col(RuleRun.action_id) == action_id, col(RuleRun.result) == "fired")
    ).first()
    version = action.rule_version or 1
    stored = version_row(session, rule.id, version).definition
    definition = known(session, catalogue(session)).read(stored)
    return WhyAction(
        action_id=action_id,
        rule_id=rule.id,
        rule_name=rule.name,
        version=version,
        in_force=rule.state == "live" and rule.live_version == version,
        trigger=trigger_words(definition),
        reasons=action.reasons,
        because=action.assigned_because,
        run=next(iter(run_views(session, [row])), None) if row else None,
    )


def why_not(session: Session, actor: Actor, *, rule_id: UUID, subject_id: UUID, now: datetime | None = None) -> WhyNot:
    """What a rule sees of a record now, and what stands in its way. Raises NotFound for what is not seen."""
    actor.must("actions.read")
    now = now or clock.now()
    row = rule_row(session, rule_id)
    with_fields = known(session, catalogue(session))
    stored = version_row(session, row.id, row.live_version).definition if row.live_version else row.draft
    definition = with_fields.read(stored)
    name = names_of(session, definition.subject, [subject_id]).get(subject_id)
    if name is None:
        raise NotFound(f"there is no such {definition.subject}")
    looker = Looker(session, definition.conditions, with_fields.catalogue, now)
    seen = looker.look_at(subject_id, now)
    met = _met(session, definition, with_fields, subject_id, now)
    zone = with_fields.catalogue.zone
    memory = memory_of(session, rule_id, [subject_id], cooldown_days=definition.cooldown_days, at=now, zone=zone)
    before = memory.last.get(subject_id)
    named = names(session, definition.conditions)
    until = before[0] + timedelta(days=definition.cooldown_days) if before else None
    blockers = [*_resting(row), *([] if met[0] else [met[1]])]
    if seen is None or not seen.holds:
        blockers.append("The conditions do not hold" if seen else f"There is no such {definition.subject} any more")
    if until and until > now:
        blockers.append(f"It made an action for this record already; the cooldown ends {_told(until, with_fields)}")
    if subject_id in looker.known:
        whose = looker.owner(Candidate(now, subject_id, Pattern(())))
        if definition.teams and not whose.teams.intersection(definition.teams):
            blockers.append("It is for other teams than that of whoever would get the action")
        if memory.made.get((whose.member_id, now.astimezone(zone).date()), 0) >= definition.cap:
            blockers.append(f"Whoever would get it has had {definition.cap} of this rule today, the most for a day")
    return WhyNot(
        rule_id, row.name, row.live_version, name, not blockers, tuple(blockers), trigger_words(definition),
        met[0], tuple(trace_of(definition.conditions, seen, with_fields.catalogue, named)),
        before[0] if before else None, until,
    )  # fmt: skip


def trigger_words(definition: Definition) -> str:
    """What sets a rule off, in words."""
    trigger = definition.trigger
    if isinstance(trigger, ScheduleTrigger):
        return f"Every day at {trigger.hour}:00"
    if isinstance(trigger, CrossingTrigger):
        return f"The score goes {trigger.direction} to {' or '.join(trigger.to)}"
    types = _types(trigger.types)
    if isinstance(trigger, AbsenceTrigger):
        own = ", and for longer than nine of ten of its own pauses" if trigger.rhythm else ""
        return f"No {types} for {trigger.days} to {trigger.until_days} days{own}"
    if trigger.first:
        return f"The first {types} ever"
    where = f" whose properties are as asked ({len(trigger.where)})" if trigger.where else ""
    if found_by.is_single(trigger):
        return f"{types[:1].upper()}{types[1:]}{where}"
    usual = f", {trigger.times_usual:g} times what is usual" if trigger.times_usual else ""
    return f"At least {trigger.at_least} of {types}{where} within {trigger.within_hours} hours{usual}"


def _types(keys: tuple[str, ...]) -> str:
    labels = [BUILT_IN[key].label if key in BUILT_IN else key for key in keys]
    return " or ".join(labels) if len(labels) <= 3 else f"sign of {len(labels)} types"


def _resting(row: Rule) -> list[str]:
    if row.state == "paused":
        return ["The rule is paused"]
    return ["The rule was never published"] if row.state == "draft" else []


def _met(
    session: Session, definition: Definition, with_fields: Known, subject_id: UUID, now: datetime
) -> tuple[datetime | None, str]:
    """When the trigger was met last, or in words why it is not."""
    trigger = definition.trigger
    if isinstance(trigger, ScheduleTrigger):
        return found_by.due_at(trigger.hour, with_fields.catalogue.zone, now) or now, ""
    if isinstance(trigger, CrossingTrigger):
        found = scoring.crossings(session, kind=SubjectKind(definition.subject), subject_id=subject_id, limit=_LAST)
        met = found_by.from_crossings(definition, found)
        return (met[-1].at, "") if met else (None, f"Not met: it did not go {trigger.direction} into these bands")
    if isinstance(trigger, AbsenceTrigger):
        rows = found_by.silence_rows(session, definition, first=now, last=now, ids=[subject_id])
        if found_by.from_silence(definition, rows, now):
            return now, ""
        row = rows.get(subject_id)
        last = f"the last sign was {_told(row[-1].at, with_fields)}" if row else "there was no sign for long"
        return None, f"Not met: {last}"
    return _event_met(session, definition, trigger, with_fields, subject_id, now)


def _event_met(
    session: Session, definition: Definition, trigger: EventTrigger, with_fields: Known, subject_id: UUID, now: datetime
) -> tuple[datetime | None, str]:
    wanted = Wanted(definition.subject, trigger.types, trigger.where, [subject_id])
    back = found_by.reaches_back(trigger)
    since = None if back is None else now - back - timedelta(days=90)
    row = rows_of(session, wanted, since=since, until=now).get(subject_id, [])
    if found_by.is_single(trigger):
        return (row[-1].at, "") if row else (None, "Not met: nothing of this in the last 90 days")
    met = [beat for beat in row if found_by.counted(row, beat, trigger)]
    if met:
        return met[-1].at, ""
    last = f"the last of {len(row)} was {_told(row[-1].at, with_fields)}" if row else "nothing in the last 90 days"
    return None, f"Not met: {last}"


def _told(at: datetime, with_fields: Known) -> str:
    return at.astimezone(with_fields.catalogue.zone).strftime("%Y-%m-%d %H:%M")
