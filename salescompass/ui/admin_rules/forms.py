"""The form of a rule: from what is typed to the definition that the slice reads. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from salescompass.kit.errors import Invalid
from salescompass.ui.arguments import Id, Items, Line, Note, Number, Text

LONGEST_TREE = 8000
Kind = Literal["event", "crossing", "schedule", "absence"]
Subject = Literal["account", "person", "opportunity"]
_Whole = Annotated[int, Number(0, 10_000)]
_Types = Annotated[list[str], Items(80, Text(80))]

TRIGGERS = {
    "event": "Something happens",
    "crossing": "A score enters a band",
    "schedule": "Every day",
    "absence": "Nothing happens",
}
SUBJECTS = {"account": "Accounts", "person": "People", "opportunity": "Deals"}
_BEGINNINGS: Mapping[str, Mapping[str, Any]] = {
    "event": {"kind": "event", "types": ["proposal_viewed"]},
    "crossing": {"kind": "crossing", "direction": "up", "to": ["hot"]},
    "schedule": {"kind": "schedule", "hour": 7},
    "absence": {"kind": "absence", "types": ["website_visit", "email_replied", "call_completed"], "days": 14},
}
_TITLES = {
    "account": "Call {{account.name}}",
    "person": "Call {{person.name}}",
    "opportunity": "Go on with {{deal.name}}",
}


class NewForm(TypedDict):
    """A rule to begin."""

    name: Line
    subject: Subject
    trigger: Kind


class RuleForm(TypedDict):
    """A whole rule; of the triggers only the fields of the one it has."""

    rule: Id
    version: Annotated[int, Number(0, 10**9)]
    name: Line
    about: Note
    types: NotRequired[_Types]
    at_least: NotRequired[_Whole]
    within_hours: NotRequired[_Whole]
    direction: NotRequired[Literal["up", "down"]]
    to: NotRequired[_Types]
    hour: NotRequired[_Whole]
    days: NotRequired[_Whole]
    until_days: NotRequired[_Whole]
    conditions: Annotated[str, Text(LONGEST_TREE)]
    kind: Literal["call", "email", "meeting", "message", "task"]
    title: Line
    reasons: Note
    detail: Note
    message: Note
    effort: _Whole
    due: _Whole
    due_unit: Literal["hours", "business_days"]
    value: Literal["deal", "none"]
    expires: _Whole
    ends: NotRequired[_Types]
    cooldown: _Whole
    cap: _Whole


def beginning(form: NewForm) -> dict[str, Any]:
    """The definition that a new rule begins with."""
    nothing_open = {"field": "open_actions", "operator": "is", "value": 0}
    return {
        "subject": form["subject"],
        "trigger": dict(_BEGINNINGS[form["trigger"]]),
        "conditions": {"combinator": "and", "rules": [nothing_open] if form["trigger"] == "schedule" else []},
        "action": {
            "kind": "call", "title": _TITLES[form["subject"]], "reasons": ["This rule holds"], "due": {"hours": 24},
        },
        "expiry": {"days": 7},
    }  # fmt: skip


def definition_of(form: RuleForm, before: Mapping[str, Any]) -> dict[str, Any]:
    """The rule as the form says; what the form does not show stays as it was."""
    action = {
        **before["action"], "kind": form["kind"], "title": form["title"], "detail": form["detail"],
        "message": form["message"], "effort_minutes": form["effort"], "value": form["value"],
        "reasons": [line.strip() for line in form["reasons"].splitlines() if line.strip()],
        "due": {form["due_unit"]: form["due"]},
    }  # fmt: skip
    return {
        **before,
        "trigger": _trigger(form, before["trigger"]),
        "conditions": _tree(form["conditions"]),
        "action": action,
        "expiry": {**before["expiry"], "days": form["expires"], "until_event": form.get("ends", [])},
        "cooldown_days": form["cooldown"],
        "cap": form["cap"],
    }


def _trigger(form: RuleForm, before: Mapping[str, Any]) -> dict[str, Any]:
    shown = {
        "event": ("types", "at_least", "within_hours"), "crossing": ("direction", "to"), "schedule": ("hour",),
        "absence": ("types", "days", "until_days", "hour"),
    }[before["kind"]]  # fmt: skip
    given: Mapping[str, Any] = form
    lists: dict[str, Any] = {name: [] for name in ("types", "to") if name in shown}
    return {**before, **lists, **{name: given[name] for name in shown if name in given}}


def _tree(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError) as error:
        raise Invalid("These are no conditions", field="conditions") from error
