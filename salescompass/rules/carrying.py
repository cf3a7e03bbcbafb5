"""What rules at work do in the end: decide, make the actions, and keep what was seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass import actions
from salescompass.catalogue import names
from salescompass.identity import system_actor
from salescompass.kit.database import session_tenant
from salescompass.models import Membership
from salescompass.rules.candidates import with_evidence
from salescompass.rules.deciding import Candidate, Decision, judge
from salescompass.rules.looking import Looker, trace_of
from salescompass.rules.making import action_of
from salescompass.rules.store import Known, LiveRule, memory_of, note_pass, note_runs

MOST_KEPT = 100
_HELD_BACK = ("cooldown", "episode", "cap", "duplicate", "team", "loop")


@dataclass(frozen=True)
class Ran:
    """What a round of rules made."""

    action_ids: tuple[UUID, ...] = ()

    def __add__(self, other: Ran) -> Ran:
        return Ran(self.action_ids + other.action_ids)


def carry_out(
    session: Session,
    rule: LiveRule,
    with_fields: Known,
    found: Sequence[Candidate],
    now: datetime,
    *,
    passed_at: datetime,
) -> Ran:
    """Decide these candidates of a rule, make the actions of those that fire, and keep what was seen."""
    definition, zone = rule.definition, with_fields.catalogue.zone
    ids = {one.subject_id for one in found}
    at = found[0].at if found else passed_at
    memory = memory_of(session, rule.id, ids, cooldown_days=definition.cooldown_days, at=at, zone=zone)
    looker = Looker(session, definition.conditions, with_fields.catalogue, now)
    looker.ready([one for one in found if memory.blocks(definition, one) is None])
    decisions = list(judge(definition, found, memory, zone=zone, look=looker.look, owner=looker.owner))
    made = _make(session, rule, decisions, looker, with_fields)
    # What fired is the memory of cooldowns and caps: of the rest it is enough to keep some.
    held = [one for one in decisions if one.result in _HELD_BACK][:MOST_KEPT]
    kept = [one for one in decisions if one.result == "fired"] + held
    named = names(session, definition.conditions) if kept else {}
    note_runs(session, rule, [_run_row(rule, one, made, with_fields, named) for one in kept])
    note_pass(session, rule, passed_at, now=now, looked=len(found), decisions=decisions)
    return Ran(tuple(made.values()))


def _make(
    session: Session, rule: LiveRule, decisions: list[Decision], looker: Looker, with_fields: Known
) -> dict[UUID, UUID]:
    """Make the actions of what fired, by record; where one of the rule is open already, say so."""
    fired = [place for place, one in enumerate(decisions) if one.result == "fired"]
    if not fired:
        return {}
    # Asked again, to be given: where a team takes turns these may be others than those that were foretold.
    shown = with_evidence(session, rule.definition.subject, [decisions[place].candidate for place in fired])
    given = looker.whose([decisions[place].candidate.subject_id for place in fired], keep=True)
    proven = looker.prove([decisions[place] for place in fired])
    for place, fires, whose, candidate in zip(fired, proven, given, shown, strict=True):
        decisions[place] = replace(fires, whose=whose, candidate=candidate)
    template = actions.live_template(session, rule.definition.action.template_id)
    names = _names(session, {one for place in fired if (one := decisions[place].whose.member_id)})
    news = [
        action_of(
            decisions[place], rule.definition, looker.known[decisions[place].candidate.subject_id], rule_id=rule.id,
            version=rule.version, template=template, zone=with_fields.catalogue.zone,
            member_name=names.get(decisions[place].whose.member_id, ""),
        )
        for place in fired
    ]  # fmt: skip
    made = {}
    proposed = actions.propose_many(session, system_actor(session_tenant(session), rule.name), news)
    for place, outcome in zip(fired, proposed, strict=True):
        decided = decisions[place]
        if outcome.status == "created" and outcome.action_id:
            made[decided.candidate.subject_id] = outcome.action_id
        else:
            decisions[place] = Decision(decided.candidate, "duplicate", decided.seen, decided.whose)
    return made


def _run_row(
    rule: LiveRule, one: Decision, made: dict[UUID, UUID], with_fields: Known, named: Mapping[str, str]
) -> tuple[Decision, UUID | None, dict[str, Any]]:
    trace = {
        "conditions": trace_of(rule.definition.conditions, one.seen, with_fields.catalogue, named),
        "trigger": dict(one.candidate.said), "because": list(one.whose.because),
        "episode": one.candidate.pattern.episode, "until": one.until.isoformat() if one.until else None,
    }  # fmt: skip
    return one, made.get(one.candidate.subject_id) if one.result == "fired" else None, trace


def _names(session: Session, ids: Collection[UUID]) -> dict[UUID | None, str]:
    found = session.exec(select(Membership.id, Membership.name).where(col(Membership.id).in_(list(ids))))
    return dict(found.all())
