"""The audit trail: who did what, written in the transaction that did it.

The application role may add rows and read them, nothing else. A row becomes part of the tenant's hash chain when the
sealer (`sealing.py`) comes by, a few seconds later.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select, tuple_

from salescompass.identity.actor import Actor
from salescompass.identity.sealing import mark_unsealed
from salescompass.kit import live
from salescompass.kit.database import after_commit, session_tenant
from salescompass.kit.ids import new_id
from salescompass.kit.observability import request_id
from salescompass.kit.pagination import Page, Position, position
from salescompass.models import AuditLog
from salescompass.vocabulary import Topic

client_ip: ContextVar[str] = ContextVar("client_ip", default="")
"""Where the present request comes from; the doors set it."""
_ACTION = re.compile(r"[a-z_]+\.[a-z_]+")


@dataclass(frozen=True)
class AuditView:
    """One line of the trail."""

    id: UUID
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    action: str
    object_type: str
    object_id: str
    detail: Mapping[str, Any]
    request_id: str
    ip: str


def record(
    session: Session,
    actor: Actor,
    action: str,
    *,
    object_type: str,
    object_id: UUID | str,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Note an act. `action` is `object.past_tense`; `detail` holds what changed, never a secret."""
    session.add(
        AuditLog(
            id=new_id(),
            actor_kind=actor.kind,
            actor_id=actor.actor_id,
            actor_name=actor.name[:200],
            action=action,
            object_type=object_type,
            object_id=str(object_id),
            detail=dict(detail or {}),
            request_id=request_id.get()[:64],
            ip=client_ip.get()[:64],
        )
    )
    session.flush()
    tenant_id = session_tenant(session)
    after_commit(session, lambda: mark_unsealed(tenant_id))
    # Whatever changes who may do what, and how the house is set up, leaves a line here: so this tells every process.
    live.publish(session, Topic.ACCESS, [])


def audit_entries(
    session: Session,
    *,
    cursor: str | None = None,
    action: str | None = None,
    actor_id: UUID | None = None,
    limit: int = 50,
) -> Page[AuditView]:
    """The trail, newest first; `action` narrows it to one kind of act, `actor_id` to one member or key."""
    limit = max(1, min(limit, 1000))
    query = select(AuditLog).order_by(col(AuditLog.at).desc(), col(AuditLog.id).desc()).limit(limit + 1)
    if action and not _ACTION.fullmatch(action):
        return Page(())
    if action:
        query = query.where(AuditLog.action == action)
    if actor_id:
        query = query.where(AuditLog.actor_id == actor_id)
    after = position(cursor)
    if after:
        query = query.where(tuple_(col(AuditLog.at), col(AuditLog.id)) < (after.at, after.id))
    rows = session.exec(query).all()
    shown = rows[:limit]
    more = Position(shown[-1].at, shown[-1].id).cursor() if len(rows) > limit else None
    return Page(tuple(_view(row) for row in shown), more)


def audit_actions(session: Session) -> list[str]:
    """The kinds of acts this tenant's trail knows, for the filter of the page."""
    return sorted(session.exec(select(AuditLog.action).distinct()).all())


def _view(row: AuditLog) -> AuditView:
    return AuditView(
        row.id, row.at, row.actor_kind, row.actor_id, row.actor_name, row.action, row.object_type, row.object_id,
        row.detail, row.request_id, row.ip,
    )  # fmt: skip
