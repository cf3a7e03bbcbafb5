"""Whose actions a list is about: one's own, the team's, a colleague's."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, false, literal
from sqlmodel import Session

from salescompass import crm
from salescompass.actions.views import ACTION
from salescompass.identity import Actor


def assigned(
    session: Session, actor: Actor, *, team: bool = False, assignee_id: UUID | None = None
) -> ColumnElement[bool]:
    """Which actions are the actor's, or their team's: that is, of the members whose accounts the actor sees."""
    assignee = ACTION.c.assignee_id
    if not team and assignee_id is None:
        return assignee == actor.member_id if actor.member_id else false()
    members = crm.Sight.of(session, "account", actor).owners
    whose = assignee.is_not(None) if members is None else assignee == any_(literal(sorted(members), ARRAY(Uuid())))
    return whose if assignee_id is None else and_(assignee == assignee_id, whose)
