"""Changing actions: rows are locked, changed in memory, written with the log of the step. All steps go this way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Uuid, any_, literal
from sqlmodel import Session, col, select

from salescompass.actions.seeing import seen
from salescompass.actions.views import ACTION
from salescompass.identity import Actor
from salescompass.kit import live
from salescompass.kit.database import session_tenant
from salescompass.kit.errors import NotFound
from salescompass.kit.ids import new_id
from salescompass.models import Action, ActionMove
from salescompass.vocabulary import ActionState, ActionVerb, Topic

_TOUCHES = (
    ActionVerb.ACCEPT, ActionVerb.START, ActionVerb.COMPLETE, ActionVerb.SNOOZE, ActionVerb.DISMISS, ActionVerb.EDIT,
    ActionVerb.TAKE,
)  # fmt: skip
"""Steps by which somebody has looked at an action."""


@dataclass
class Step:
    """What one step does to one action; `more` is kept in the log beside the columns that changed."""

    action: Action
    changes: Mapping[str, Any]
    move_id: UUID = field(default_factory=new_id)
    more: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


def locked(session: Session, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Action]:
    """Those of these actions that the actor sees, locked in one order, as they stand now."""
    query = (
        select(Action)
        .where(col(Action.id) == any_(literal(list(ids), ARRAY(Uuid()))), seen(session, actor))
        .order_by(col(Action.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in session.exec(query)}


def locked_one(session: Session, actor: Actor, action_id: UUID) -> Action:
    """An action, locked. Raises NotFound, also for one out of sight."""
    row = locked(session, actor, [action_id]).get(action_id)
    if row is None:
        raise NotFound("There is no such action")
    return row


def write(
    session: Session,
    actor: Actor,
    verb: ActionVerb,
    steps: Sequence[Step],
    *,
    now: datetime,
    batch_id: UUID | None = None,
    client_ref: str | None = None,
    undoes_id: UUID | None = None,
) -> None:
    """Do these steps, log them, and have open pages hear of it."""
    for step in steps:
        row, was = step.action, step.action.state
        changes = dict(step.changes)
        if verb is not ActionVerb.COMMENT:  # a remark stands beside the action: it changes nothing, and hinders no undo
            changes["row_version"] = row.row_version + 1
        if row.touched_at is None and verb in _TOUCHES and actor.kind == "member":
            changes["touched_at"] = now
        before = {name: plain(getattr(row, name)) for name in changes}
        for name, value in changes.items():
            setattr(row, name, value)
        row.updated_at = now
        after = {name: plain(value) for name, value in changes.items()}
        changed = [name for name in changes if before[name] != after[name]]
        session.add(row)
        move = ActionMove(
            tenant_id=session_tenant(session), id=step.move_id, action_id=row.id, at=now, verb=verb.value,
            from_state=was, to_state=row.state, actor_kind=actor.kind, actor_id=actor.actor_id,
            reason=step.reason[:2000], before={name: before[name] for name in changed},
            after={**{name: after[name] for name in changed}, **step.more},
            undoes_id=undoes_id, batch_id=batch_id, client_ref=client_ref,
        )  # fmt: skip
        session.add(move)
    session.flush()
    tell(session, [step.action for step in steps])


def tell(session: Session, rows: Sequence[Any]) -> None:
    """Tell open pages, after commit, that these actions changed, and which records they are about."""
    if rows:
        about = {one for row in rows for one in (row.account_id, row.person_id, row.opportunity_id) if one}
        live.publish(session, Topic.ACTIONS, [row.id for row in rows], about=about)


def plain(value: Any) -> Any:
    """A column's value as the log keeps it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID | ActionState) else value


def put_back(name: str, value: Any) -> Any:
    """A value of the log as the column holds it."""
    kind = ACTION.c[name].type
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    return UUID(value) if isinstance(kind, Uuid) else value
