"""How the verbs of rules and templates are called so that they give or change something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from salescompass.actions import TemplateFields
from salescompass.events import EventBatch
from tests.world import World
from tests.world_rules import definition

Arguments = Callable[[World], dict[str, Any]]


def _nothing(_: World) -> dict[str, Any]:
    return {}


def _rule(name: str = "rule", row_version: int | None = None, **more: Any) -> Arguments:
    version = {} if row_version is None else {"row_version": row_version}
    return lambda w: {"rule_id": w.ids[name], **version, **more}


def _template(name: str = "template", **more: Any) -> Arguments:
    return lambda w: {"template_id": w.ids[name], **more}


def _change(w: World) -> dict[str, Any]:
    return {**definition(w), "cap": 8}


RULE_VERBS: dict[str, Arguments] = {
    "rules.create_rule": lambda w: {"name": "New", "definition": definition(w, "New")},
    "rules.discard_draft": _rule("rule_draft", 1),
    "rules.dry_run": lambda w: {"definition": definition(w), "now": w.at + timedelta(days=2)},
    "rules.forget_runs": lambda w: {"now": w.at + timedelta(days=200)},
    "rules.install": _nothing,
    "rules.passes": _rule(),
    "rules.pause_rule": _rule("rule", 2),
    "rules.publish_rule": _rule("rule_draft", 1),
    "rules.react": lambda w: {"batch": EventBatch((w.ids["event"],), (w.at,))},
    "rules.react_to_crossings": lambda w: {"crossing_ids": [w.ids["crossing"]]},
    "rules.resume_rule": _rule("rule_paused", 3),
    "rules.roll_back_rule": _rule("rule_old", 4, version=1),
    "rules.rule": _rule(),
    "rules.rule_versions": _rule(),
    "rules.rules": _nothing,
    "rules.run_due": lambda w: {"now": w.at + timedelta(days=2)},
    "rules.run_pass": lambda w: {"rule_id": w.ids["rule"], "now": w.at + timedelta(days=2)},
    "rules.runs": _rule(),
    "rules.save_draft": lambda w: {"rule_id": w.ids["rule"], "row_version": 2, "definition": _change(w)},
    "rules.why": lambda w: {"action_id": w.ids["rule_action"]},
    "rules.why_not": lambda w: {"rule_id": w.ids["rule"], "subject_id": w.ids["account"]},
    "actions.fill_template": lambda w: {"template_id": w.ids["template"], "account_id": w.ids["account"]},
    "actions.install_templates": _nothing,
    "actions.live_template": _template(),
    "actions.restore_template": _template(version=1),
    "actions.retire_template": _template(),
    "actions.save_template": lambda w: {"fields": TemplateFields("More", "call", "Call")},
    "actions.subjects": lambda w: {"kind": "account", "ids": [w.ids["account"]], "currency": "EUR", "at": w.at},
    "actions.template": _template(),
    "actions.template_versions": _template(),
    "actions.templates": _nothing,
}
