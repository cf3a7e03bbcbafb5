"""How what is done on the page of rules is called so that it shows or changes something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.world import World
from tests.world_rules import definition

Payload = Callable[[World], dict[str, Any]]


def _rule(name: str, row: int, **more: int) -> Payload:
    return lambda w: {"rule": str(w.ids[name]), "row": row, **more}


def _save(w: World) -> dict[str, Any]:
    action = definition(w)["action"]
    texts = {"name": "Other", "about": "", "title": action["title"], "reasons": "Told", "detail": "", "message": ""}
    numbers = {"hour": 3, "effort": 5, "due": 4, "expires": 1, "cooldown": 1, "cap": 9}
    conditions = '{"combinator": "and", "rules": [{"field": "name", "operator": "exists"}]}'
    chosen = {"kind": "call", "due_unit": "hours", "value": "deal", "conditions": conditions}
    plain = {name: str(number) for name, number in numbers.items()}
    return {"form": {"rule": str(w.ids["rule"]), "version": "2", **texts, **plain, **chosen}}


def _template(w: World) -> dict[str, Any]:
    texts = {"name": "Other", "kind": "call", "title": "Call", "detail": "", "message": "", "talk_track": ""}
    return {"form": {"template": str(w.ids["template"]), "row": "1", "effort": "5", "due": "4", **texts}}


RULE_PAGE_CONTROLS: dict[str, Payload] = {
    "RulesState.begin": lambda w: {"form": {"name": "New", "subject": "account", "trigger": "event"}},
    "RulesState.discard": _rule("rule_draft", 1),
    "RulesState.load": lambda w: {},
    "RulesState.measure": lambda w: {"tree": '{"combinator": "and", "rules": []}'},
    "RulesState.pause": _rule("rule", 2),
    "RulesState.publish": _rule("rule_draft", 1),
    "RulesState.resume": _rule("rule_paused", 3),
    "RulesState.roll_back": _rule("rule_old", 4, version=1),
    "RulesState.save": _save,
    "RulesState.try_out": lambda w: {"rule": str(w.ids["rule"])},
    "TemplatesState.load": lambda w: {},
    "TemplatesState.restore": lambda w: {"template": str(w.ids["template"]), "version": 1},
    "TemplatesState.retire": lambda w: {"template": str(w.ids["template"]), "back": False},
    "TemplatesState.save": _template,
}
