"""From JSON to a checked rule. What is wrong names the field and the fix. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from salescompass.actions import LONGEST_REASON, LONGEST_TEXT, LONGEST_TITLE, check_text, wrong
from salescompass.conditions import Catalogue, Tree, parse
from salescompass.events import read_conditions
from salescompass.kit.errors import FieldError, Invalid
from salescompass.kit.ids import parse_id
from salescompass.rules.definition import (
    SUBJECTS,
    TRIGGERS,
    AbsenceTrigger,
    ActionPlan,
    CrossingTrigger,
    Definition,
    EventTrigger,
    Expiry,
    ScheduleTrigger,
    Trigger,
)
from salescompass.vocabulary import ActionKind, Band

MOST_TYPES, MOST_REASONS, MOST_TEAMS = 60, 5, 50
MOST_DAYS, MOST_HOURS, MOST_CAP = 90, 24 * 28, 100
MOST_SILENT = 180
_KEYS = {
    "": ("subject", "trigger", "conditions", "action", "expiry", "cooldown_days", "cap", "teams", "priority"),
    "trigger.event": ("kind", "types", "where", "at_least", "within_hours", "times_usual", "first"),
    "trigger.crossing": ("kind", "direction", "to"),
    "trigger.schedule": ("kind", "hour"),
    "trigger.absence": ("kind", "types", "days", "until_days", "rhythm", "hour"),
    "action": ("kind", "title", "detail", "message", "reasons", "effort_minutes", "due", "value", "template"),
    "expiry": ("days", "until_event", "while"),
}


def read_definition(body: Any, *, catalogue: Catalogue, types: Collection[str]) -> Definition:
    """The rule of a JSON value. `types` are the tenant's event types. Raises Invalid."""
    given = _object(body, "", _KEYS[""])
    subject = _choice(given.get("subject"), "subject", SUBJECTS)
    trigger = _trigger(given.get("trigger"), subject, types)
    conditions = _tree(given.get("conditions"), "conditions", subject, catalogue)
    read = Definition(
        subject=subject,
        trigger=trigger,
        conditions=conditions or Tree(subject),
        action=_action(given.get("action")),
        expiry=_expiry(given.get("expiry"), subject, catalogue, types),
        cooldown_days=_whole(given.get("cooldown_days", 7), "cooldown_days", 1, MOST_DAYS),
        cap=_whole(given.get("cap", 5), "cap", 1, MOST_CAP),
        teams=_teams(given.get("teams", [])),
        priority=_whole(given.get("priority", 50), "priority", 0, 100),
    )
    if read.expiry.days > read.cooldown_days:
        raise wrong("expiry.days", "an action must expire before the rule may make it again: at most its cooldown")
    if isinstance(trigger, ScheduleTrigger) and read.conditions.empty:
        raise wrong("conditions", "a rule that looks at all records every day needs a condition")
    return read


def _object(body: Any, at: str, keys: Collection[str]) -> Mapping[str, Any]:
    if not isinstance(body, Mapping):
        raise wrong(at or "rule", f"give an object with {', '.join(keys)}")
    unknown = next((str(key) for key in body if key not in keys), None)
    if unknown is not None:
        place = f"{at}.{unknown[:40]}" if at else unknown[:40]
        raise wrong(place, f"this is not known: choose from {', '.join(keys)}")
    return body


def _trigger(body: Any, subject: str, types: Collection[str]) -> Trigger:
    kind = _choice(body.get("kind") if isinstance(body, Mapping) else None, "trigger.kind", TRIGGERS)
    given = _object(body, "trigger", _KEYS[f"trigger.{kind}"])
    if kind == "schedule":
        return ScheduleTrigger(_whole(given.get("hour", 7), "trigger.hour", 0, 23))
    if kind == "absence":
        return _absence(given, types)
    if kind == "crossing":
        if subject == "opportunity":
            raise wrong("subject", "deals have no score: choose accounts or people")
        direction = _choice(given.get("direction"), "trigger.direction", ("up", "down"))
        bands = _list(given.get("to"), "trigger.to", 1, len(Band))
        return CrossingTrigger(direction, tuple(_choice(one, "trigger.to", list(Band)) for one in bands))
    return _event(given, types)


def _event(given: Mapping[str, Any], types: Collection[str]) -> EventTrigger:
    where = given.get("where", [])
    if not isinstance(where, list | tuple) or not all(isinstance(one, Mapping) for one in where):
        raise wrong("trigger.where", "give a list of conditions on properties")
    try:
        conditions = read_conditions(where)
    except Invalid as error:
        raise wrong("trigger.where", error.message) from error
    usual, first = given.get("times_usual"), given.get("first", False)
    if usual is not None and (isinstance(usual, bool) or not isinstance(usual, int | float) or not 1 <= usual <= 100):
        raise wrong("trigger.times_usual", "give a number from 1 to 100, or nothing")
    if not isinstance(first, bool):
        raise wrong("trigger.first", "say true or false")
    return EventTrigger(
        types=_types(given.get("types"), "trigger.types", types),
        where=conditions,
        at_least=_whole(given.get("at_least", 1), "trigger.at_least", 1, 1000),
        within_hours=_whole(given.get("within_hours", 24), "trigger.within_hours", 1, MOST_HOURS),
        times_usual=None if usual is None else float(usual),
        first=first,
    )


def _absence(given: Mapping[str, Any], types: Collection[str]) -> AbsenceTrigger:
    days = _whole(given.get("days"), "trigger.days", 1, MOST_SILENT)
    until = _whole(given.get("until_days", 60), "trigger.until_days", 1, MOST_SILENT)
    if until <= days:
        raise wrong("trigger.until_days", f"give more days than {days}: after them the silence is no news any more")
    rhythm = given.get("rhythm", False)
    if not isinstance(rhythm, bool):
        raise wrong("trigger.rhythm", "say true or false")
    hour = _whole(given.get("hour", 7), "trigger.hour", 0, 23)
    return AbsenceTrigger(_types(given.get("types"), "trigger.types", types), days, until, rhythm, hour)


def _action(body: Any) -> ActionPlan:
    given = _object(body, "action", _KEYS["action"])
    template = parse_id(given["template"]) if isinstance(given.get("template"), str) else None
    if given.get("template") is not None and template is None:
        raise wrong("action.template", "give the id of a template, or nothing")
    reasons = _list(given.get("reasons", []), "action.reasons", 1, MOST_REASONS)
    plan = ActionPlan(
        kind=_choice(given.get("kind"), "action.kind", list(ActionKind)),
        title=check_text(
            given.get("title", ""), field="action.title", most=LONGEST_TITLE, wanted=template is None
        ),
        detail=check_text(given.get("detail", ""), field="action.detail", most=LONGEST_TEXT),
        message=check_text(given.get("message", ""), field="action.message", most=LONGEST_TEXT),
        reasons=tuple(check_text(one, field="action.reasons", most=LONGEST_REASON, wanted=True) for one in reasons),
        effort_minutes=_whole(given.get("effort_minutes", 10), "action.effort_minutes", 1, 480),
        value=_choice(given.get("value", "deal"), "action.value", ("deal", "none")),
        template_id=template,
    )  # fmt: skip
    due = _object(given.get("due"), "action.due", ("hours", "business_days"))
    hours, days = due.get("hours"), due.get("business_days")
    if (hours is None) is (days is None):
        raise wrong("action.due", "give either hours or business_days")
    if hours is not None:
        return replace(plan, due_hours=_whole(hours, "action.due.hours", 1, MOST_DAYS * 24))
    return replace(plan, due_business_days=_whole(days, "action.due.business_days", 0, MOST_DAYS))


def _expiry(body: Any, subject: str, catalogue: Catalogue, types: Collection[str]) -> Expiry:
    given = _object(body, "expiry", _KEYS["expiry"])
    days = _whole(given.get("days"), "expiry.days", 1, MOST_DAYS)
    until = given.get("until_event", [])
    ends = _types(until, "expiry.until_event", types) if until else ()
    return Expiry(days, ends, _tree(given.get("while"), "expiry.while", subject, catalogue))


def _tree(body: Any, at: str, subject: str, catalogue: Catalogue) -> Tree | None:
    if body is None:
        return None
    try:
        return parse(body, catalogue, object=subject)
    except Invalid as error:
        pointer = "/" + at.replace(".", "/") + (error.pointer or "")
        told = FieldError(error.message, at, pointer)
        raise Invalid(error.message, field=at, pointer=pointer, errors=(told,)) from error


def _types(given: Any, at: str, known: Collection[str]) -> tuple[str, ...]:
    keys = _list(given, at, 1, MOST_TYPES)
    unknown = next((str(one) for one in keys if one not in known), None)
    if unknown is not None:
        raise wrong(at, f"there is no event type {unknown[:60]}")
    return tuple(sorted(set(keys)))


def _teams(given: Any) -> tuple[UUID, ...]:
    found = [parse_id(one) if isinstance(one, str) else None for one in _list(given, "teams", 0, MOST_TEAMS)]
    if None in found:
        raise wrong("teams", "give ids of teams")
    return tuple(one for one in found if one is not None)


def _list(given: Any, at: str, least: int, most: int) -> list[Any]:
    if not isinstance(given, list | tuple) or not least <= len(given) <= most:
        raise wrong(at, f"give a list of {least} to {most}")
    return [one if isinstance(one, str) else "" for one in given]


def _choice(given: Any, at: str, known: Collection[str]) -> str:
    if not isinstance(given, str) or given not in known:
        raise wrong(at, f"choose one of {', '.join(known)}")
    return str(given)


def _whole(given: Any, at: str, least: int, most: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
        raise wrong(at, f"give a whole number from {least} to {most}")
    return given
