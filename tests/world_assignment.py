"""What a tenant of the world has of assignment: a territory, a fallback."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from salescompass import assignment, identity
from salescompass.models import Action


def add_assignment(session: Session, world: Any, actor: identity.Actor) -> None:
    """A territory of the team with the accounts of its mark; what nobody else gets is its administrator's."""
    rules = [{"field": "name", "operator": "contains", "value": world.mark}]
    conditions, team = {"rules": rules}, world.ids["team"]
    name = f"{world.mark} territory"
    made = assignment.save_territory(session, actor, name=name, conditions=conditions, team_id=team)
    assignment.set_assignment(session, actor, fallback_member_id=world.ids["member"], idle_hours=24)
    world.ids["territory"] = made.id
    account = world.ids["account"]
    colleague = world.ids["colleague"]
    action = Action(kind="call", title=f"{world.mark} call", source="rule", account_id=account, assignee_id=colleague)
    session.add(action)
    session.flush()
