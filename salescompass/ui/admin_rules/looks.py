"""Rules as the page shows them: a line each, and one of them whole."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from salescompass import conditions, events, identity, rules
from salescompass.catalogue import catalogue, names
from salescompass.identity import Actor
from salescompass.rules import DryRun, RuleView, RunView
from salescompass.ui import routes
from salescompass.ui.admin_rules.forms import SUBJECTS
from salescompass.ui.clock_words import exact_words, zone_of
from salescompass.ui.condition_choices import offered

_STATES = {"live": ("In force", "success"), "paused": ("Paused", "warning"), "draft": ("Draft", "")}
_PAGES = {"account": routes.account, "person": routes.contact, "opportunity": routes.deal}
_SHOWN = 50


@dataclass(frozen=True)
class RuleRow:
    """A rule in the list."""

    id: str
    name: str
    about: str
    of: str
    state: str
    tone: str
    draft: bool
    made: str
    held: str
    href: str


@dataclass(frozen=True)
class RunLook:
    """What a rule did, or would have done, for a record."""

    id: str
    at: str
    exact: str
    name: str
    href: str
    words: str
    whose: str
    action: str
    seen: list[str]
    evidence: list[str]


@dataclass(frozen=True)
class VersionLook:
    """What a rule was."""

    version: int
    at: str
    who: str
    note: str
    now: bool


@dataclass(frozen=True)
class Choice:
    """Something that can be ticked."""

    value: str
    label: str
    on: bool


@dataclass(frozen=True)
class RuleLook:
    """A rule whole: its words, and the values of its form."""

    id: str = ""
    version: int = 0
    name: str = ""
    about: str = ""
    state: str = ""
    tone: str = ""
    key: str = ""
    subject: str = ""
    of: str = ""
    trigger: str = ""
    trigger_words: str = ""
    condition_words: str = ""
    draft: bool = False
    types: list[Choice] = field(default_factory=list)
    at_least: str = "1"
    within_hours: str = "24"
    direction: str = "up"
    bands: list[Choice] = field(default_factory=list)
    hour: str = "7"
    days: str = "14"
    until_days: str = "60"
    tree: str = ""
    kind: str = "call"
    title: str = ""
    reasons: str = ""
    detail: str = ""
    message: str = ""
    effort: str = "10"
    due: str = "24"
    due_unit: str = "hours"
    value: str = "deal"
    expires: str = "7"
    ends: list[Choice] = field(default_factory=list)
    cooldown: str = "7"
    cap: str = "5"


@dataclass(frozen=True)
class TrialLook:
    """What a rule would have done in the past."""

    told: str = ""
    also: list[str] = field(default_factory=list)
    rows: list[RunLook] = field(default_factory=list)


@dataclass(frozen=True)
class RulesLook:
    """The page's facts."""

    rows: list[RuleRow]
    one: RuleLook
    runs: list[RunLook]
    versions: list[VersionLook]
    offered: dict[str, Any]


def rules_look(session: Session, actor: Actor, *, rule_id: Any, editing: bool) -> RulesLook:
    """All rules, and the one that the address names."""
    rows = [_row(one) for one in rules.rules(session)]
    if rule_id is None:
        return RulesLook(rows, RuleLook(), [], [], {})
    found, zone = rules.rule(session, rule_id=rule_id), zone_of(actor.zone)
    people = {one.id: one.name for one in identity.members(session)}
    runs = [_run(one, zone, people) for one in rules.runs(session, rule_id=rule_id, limit=_SHOWN).items]
    versions = [
        VersionLook(
            one.version, one.published_at.isoformat(), people.get(one.published_by, "SalesCompass"), one.note,
            one.version == found.live_version,
        )
        for one in rules.rule_versions(session, rule_id=rule_id)
    ]  # fmt: skip
    kind = _definition(found)["subject"]
    return RulesLook(
        rows, _whole(session, found), runs, versions, offered(session, object_type=kind) if editing else {}
    )


def trial_look(found: DryRun, zone: ZoneInfo, *, subject: str, people: Mapping[Any, str]) -> TrialLook:
    """What a rule would have done, in words."""
    days = (found.until - found.since).days
    held = sum(found.held_back.values())
    told = f"In the last {days} days it would have made {found.count:,} action{'' if found.count == 1 else 's'}"
    told += f", and been held back {held:,} times." if held else "."
    if not found.complete:
        told += f" Looking took long: it tells of the days until {exact_words(found.until, zone)}."
    given = [f"{people.get(member, 'Nobody')}: {count:,}" for member, count in found.by_member.items()]
    rows = [
        RunLook(
            f"{one.subject_id}{one.at.isoformat()}", one.at.isoformat(), exact_words(one.at, zone), one.subject_name,
            _PAGES[subject](str(one.subject_id)), "", people.get(one.member_id, "Nobody"), "", _seen(one.conditions),
            [routes.feed(event=str(event)) for event in one.evidence[:3]],
        )
        for one in found.would[:_SHOWN]
    ]  # fmt: skip
    return TrialLook(told, [*([f"By member: {', '.join(given)}"] if given else []), *found.taken_as_of_now], rows)


def _definition(one: RuleView) -> Mapping[str, Any]:
    return one.draft or one.definition


def _row(one: RuleView) -> RuleRow:
    state, tone = _STATES[one.state]
    return RuleRow(
        str(one.id), one.name, one.about, SUBJECTS[_definition(one)["subject"]], state, tone,
        one.draft is not None and one.state != "draft", f"{one.made_in_week:,}", f"{one.held_back_in_week:,}",
        routes.rules(rule=str(one.id)),
    )  # fmt: skip


def _run(one: RunView, zone: ZoneInfo, people: Mapping[Any, str]) -> RunLook:
    return RunLook(
        str(one.id), one.at.isoformat(), exact_words(one.at, zone), one.subject_name,
        _PAGES[one.subject_kind](str(one.subject_id)), one.words, people.get(one.member_id, ""),
        routes.action(str(one.action_id)) if one.action_id else "", _seen(one.conditions),
        [routes.feed(event=str(event)) for event in one.evidence[:3]],
    )  # fmt: skip


def _seen(traced: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"{one.get('words', '')}: {one.get('seen', '')}" for one in traced]


def _whole(session: Session, one: RuleView) -> RuleLook:
    body, known = _definition(one), catalogue(session)
    trigger, action, expiry = body["trigger"], body["action"], body["expiry"]
    tree = conditions.parse(body["conditions"], known, object=body["subject"])
    types = events.types(session)
    kinds = [(key, kind.label) for key, kind in types.items()]
    state, tone = _STATES[one.state]
    due = action.get("due") or {}
    unit = "hours" if due.get("hours") else "business_days"
    return RuleLook(
        id=str(one.id), version=one.row_version, name=one.name, about=one.about, state=state, tone=tone,
        key=one.key or "", subject=body["subject"], of=SUBJECTS[body["subject"]], trigger=trigger["kind"],
        trigger_words=rules.trigger_words(rules.read_definition(body, catalogue=known, types=types)),
        condition_words="" if tree.empty else conditions.explain(tree, catalogue=known, names=names(session, tree)),
        draft=one.draft is not None,
        types=_choices(kinds, trigger.get("types", ())),
        at_least=str(trigger.get("at_least", 1)), within_hours=str(trigger.get("within_hours", 24)),
        direction=trigger.get("direction", "up"),
        bands=_choices([(band, band.title()) for band in ("hot", "warm", "cool", "cold")], trigger.get("to", ())),
        hour=str(trigger.get("hour", 7)), days=str(trigger.get("days", 14)),
        until_days=str(trigger.get("until_days", 60)), tree=json.dumps(dict(body["conditions"])), kind=action["kind"],
        title=action["title"], reasons="\n".join(action.get("reasons", ())), detail=action.get("detail", ""),
        message=action.get("message", ""), effort=str(action.get("effort_minutes", 10)), due=str(due.get(unit) or 0),
        due_unit=unit, value=action.get("value", "deal"), expires=str(expiry["days"]),
        ends=_choices(kinds, expiry.get("until_event", ())), cooldown=str(body.get("cooldown_days", 7)),
        cap=str(body.get("cap", 5)),
    )  # fmt: skip


def _choices(known: Sequence[tuple[str, str]], on: Sequence[str]) -> list[Choice]:
    return [Choice(value, label, value in on) for value, label in known]
