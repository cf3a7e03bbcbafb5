"""Rules are read strictly: what is wrong names its field and the fix; what is stored reads as itself."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from sqlmodel import Session

from salescompass.actions import VARIABLES, check_text, render
from salescompass.kit.errors import Invalid
from salescompass.rules import SHIPPED
from salescompass.rules.service import check_rule
from tests.rules.telling import rule_of

EVENT = {"kind": "event", "types": ["pricing_viewed"]}
WRONG: list[tuple[str, Any, str]] = [
    ("subject", "product", "subject"),
    ("trigger", {"kind": "moon"}, "trigger.kind"),
    ("trigger", {**EVENT, "types": ["no_such"]}, "trigger.types"),
    ("trigger", {**EVENT, "colour": 1}, "trigger.colour"),
    ("trigger", {**EVENT, "at_least": 0}, "trigger.at_least"),
    ("trigger", {**EVENT, "within_hours": True}, "trigger.within_hours"),
    ("trigger", {**EVENT, "where": [{"property": "x", "operator": "like"}]}, "trigger.where"),
    ("trigger", {"kind": "crossing", "direction": "up", "to": ["boiling"]}, "trigger.to"),
    ("trigger", {"kind": "absence", "types": ["pricing_viewed"], "days": 9, "until_days": 9}, "trigger.until_days"),
    ("trigger", {"kind": "schedule", "hour": 24}, "trigger.hour"),
    ("trigger", {"kind": "schedule", "hour": 7}, "conditions"),
    ("conditions", {"combinator": "and", "rules": [{"field": "shoes", "operator": "is", "value": 1}]}, "conditions"),
    ("cooldown_days", 0, "cooldown_days"),
    ("cap", 1000, "cap"),
    ("expiry", {"days": 4}, "expiry.days"),
    ("expiry", {"days": 1, "until_event": ["no_such"]}, "expiry.until_event"),
    ("teams", ["north"], "teams"),
    ("priority", -1, "priority"),
    ("colour", "red", "colour"),
]
WRONG_ACTIONS: list[tuple[str, Any, str]] = [
    ("kind", "dance", "action.kind"),
    ("title", "", "action.title"),
    ("title", "Call {{acount.name}}", "action.title"),
    ("detail", "{{ ''.__class__ }}", "action.detail"),
    ("message", "{{account.name", "action.message"),
    ("reasons", [], "action.reasons"),
    ("reasons", ["{{unknown}}"], "action.reasons"),
    ("effort_minutes", 0, "action.effort_minutes"),
    ("due", {}, "action.due"),
    ("due", {"hours": 3, "business_days": 1}, "action.due"),
    ("value", "much", "action.value"),
    ("template", "x", "action.template"),
]


@pytest.mark.parametrize(("key", "value", "field"), WRONG)
def test_what_is_wrong_names_its_field(session: Session, key: str, value: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_rule(session, definition={**rule_of(EVENT), key: value})
    assert refused.value.field == field
    assert refused.value.pointer
    assert refused.value.message


@pytest.mark.parametrize(("key", "value", "field"), WRONG_ACTIONS)
def test_what_is_wrong_in_the_action_names_its_field(session: Session, key: str, value: Any, field: str) -> None:
    body = copy.deepcopy(rule_of(EVENT))
    body["action"][key] = value
    with pytest.raises(Invalid) as refused:
        check_rule(session, definition=body)
    assert refused.value.field == field


@pytest.mark.parametrize("body", [None, [], "rule", {}, {"subject": "account"}, {"trigger": []}])
def test_what_is_no_rule_is_refused(session: Session, body: Any) -> None:
    with pytest.raises(Invalid):
        check_rule(session, definition=body)


@pytest.mark.parametrize("key", SHIPPED)
def test_what_is_stored_reads_as_itself(session: Session, key: str) -> None:
    read = check_rule(session, definition=SHIPPED[key].definition)
    stored = json.loads(json.dumps(read.to_json()))
    assert check_rule(session, definition=stored) == read


def test_a_team_that_is_not_there_is_refused(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        check_rule(session, definition=rule_of(EVENT, teams=["01a1fad4-4e18-7ff9-9871-b8e52408ae93"]))
    assert refused.value.field == "teams"


def test_a_variable_that_is_misspelt_is_named() -> None:
    with pytest.raises(Invalid, match=r"did you mean \{\{account\.name\}\}"):
        check_text("Call {{acount.name}}", field="title", most=200)


def test_texts_run_nothing_and_fill_once() -> None:
    values = {"account.name": "{{person.name}} {0.__class__} %s", "person.name": "Ada"}
    assert render("{{ account.name }}/{{person.name}}", values) == "{{person.name}} {0.__class__} %s/Ada"
    assert render("Hello {{person.first_name}}", {}) == "Hello there"
    for name, variable in VARIABLES.items():
        assert render(f"{{{{{name}}}}}", {}) == variable.absent
