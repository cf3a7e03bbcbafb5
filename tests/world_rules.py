"""What turns patterns into actions at a tenant of the world: rules in every state, a template, what one rule did."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from salescompass import actions, rules
from salescompass.actions import TemplateFields
from salescompass.identity import Actor


def definition(world: Any, mark: str = "") -> dict[str, Any]:
    """A rule on every account there is."""
    return {
        "subject": "account", "trigger": {"kind": "schedule", "hour": 0},
        "conditions": {"combinator": "and", "rules": [{"field": "name", "operator": "exists"}]},
        "action": {
            "kind": "call", "title": f"{mark or world.mark} {{{{account.name}}}}",
            "reasons": [f"{mark or world.mark} told"],
            "due": {"hours": 4},
        },
        "expiry": {"days": 1}, "cooldown_days": 1, "cap": 50,
    }  # fmt: skip


def add_rules(session: Session, world: Any, actor: Actor) -> None:
    """A rule that is in force and has made an action, one that rests, one that is a draft, one with two versions."""
    rules.install(session)
    session.connection().execute(text("UPDATE rule SET state = 'paused' WHERE key IS NOT NULL"))
    for table, key in (("rule", "detractor"), ("action_template", "summary")):
        missing = text(f"DELETE FROM {table} WHERE key = :key")  # noqa: S608 - constants
        session.connection().execute(missing, {"key": key})
    for name in ("rule", "rule_paused", "rule_draft", "rule_old"):
        made = rules.create_rule(
            session, actor, name=f"{world.mark} {name}", about=f"{world.mark} about", definition=definition(world)
        )
        world.ids[name] = made.id
        if name == "rule_draft":
            continue
        live = rules.publish_rule(session, actor, rule_id=made.id, row_version=1, note=f"{world.mark} note")
        if name == "rule_paused":
            rules.pause_rule(session, actor, rule_id=made.id, row_version=live.row_version)
        if name == "rule_old":
            change = {**definition(world), "cap": 7}
            saved = rules.save_draft(session, actor, rule_id=made.id, row_version=live.row_version, definition=change)
            rules.publish_rule(session, actor, rule_id=made.id, row_version=saved.row_version)
    ran = rules.run_pass(session, world.ids["rule"])
    world.ids["rule_action"] = ran.action_ids[0]
    fields = TemplateFields(f"{world.mark} template", "call", f"{world.mark} {{{{account.name}}}}")
    world.ids["template"] = actions.save_template(session, actor, fields).id
    retired = actions.save_template(session, actor, TemplateFields(f"{world.mark} gone", "call", "Call"))
    world.ids["template_gone"] = actions.retire_template(session, actor, template_id=retired.id).id
