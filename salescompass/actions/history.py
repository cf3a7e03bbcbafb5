"""The log of an action's life."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, col, select

from salescompass.actions.shapes import MoveView
from salescompass.actions.views import get
from salescompass.identity import Actor
from salescompass.models import ActionMove, Membership

_MOST = 500


def history(session: Session, actor: Actor, *, action_id: UUID) -> list[MoveView]:
    """Every step of an action, the first one first. Raises NotFound for one out of sight."""
    get(session, actor, action_id=action_id)
    query = (
        select(ActionMove, Membership.name)
        .outerjoin(Membership, col(Membership.id) == col(ActionMove.actor_id))
        .where(ActionMove.action_id == action_id)
        .order_by(col(ActionMove.at), col(ActionMove.id))
        .limit(_MOST)
    )
    return [
        MoveView(
            row.id, row.at, row.verb, row.from_state, row.to_state, row.actor_kind, row.actor_id, name or "",
            row.reason, row.before, row.after, row.undone_at,
        )
        for row, name in session.exec(query)
    ]  # fmt: skip
