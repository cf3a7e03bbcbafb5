"""The bell: lines for one member, read or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from salescompass.identity import Actor
from salescompass.kit import live
from salescompass.kit.clock import now
from salescompass.kit.database import session_tenant
from salescompass.kit.ids import new_id
from salescompass.models import Notification

TOPIC = "notifications"
_SHOWN = 50
_COUNTED = 100


@dataclass(frozen=True)
class NotificationView:
    """A line in the bell."""

    id: UUID
    kind: str
    title: str
    body: str
    link: str
    created_at: datetime
    read_at: datetime | None


def was_told(session: Session, *, member_id: UUID, kind: str, link: str, since: datetime) -> bool:
    """Whether a member got a line of this kind about the same thing since then, read or not."""
    query = select(Notification.id).where(
        Notification.membership_id == member_id,
        Notification.kind == kind,
        Notification.link == link,
        col(Notification.created_at) >= since,
    )
    return session.exec(query.limit(1)).first() is not None


def notify(session: Session, *, member_id: UUID, kind: str, title: str, body: str = "", link: str = "") -> UUID:
    """Leave a line for a member; their open pages hear of it after commit."""
    row = Notification(
        tenant_id=session_tenant(session),
        id=new_id(),
        membership_id=member_id,
        kind=kind[:60],
        title=title[:200],
        body=body[:1000],
        link=link[:500],
    )
    session.add(row)
    session.flush()
    live.publish(session, TOPIC, [member_id])
    return row.id


def inbox(session: Session, actor: Actor, *, limit: int = _SHOWN) -> list[NotificationView]:
    """The member's latest lines."""
    query = (
        select(Notification)
        .where(Notification.membership_id == actor.member_id)
        .order_by(col(Notification.created_at).desc(), col(Notification.id).desc())
        .limit(max(1, min(limit, 200)))
    )
    return [
        NotificationView(row.id, row.kind, row.title, row.body, row.link, row.created_at, row.read_at)
        for row in session.exec(query).all()
    ]


def unread(session: Session, actor: Actor) -> int:
    """How many lines are not read yet; counted up to a hundred."""
    some = (
        select(Notification.id)
        .where(Notification.membership_id == actor.member_id, col(Notification.read_at).is_(None))
        .limit(_COUNTED)
        .subquery()
    )
    return session.exec(select(func.count()).select_from(some)).one()


def mark_read(session: Session, actor: Actor, ids: Sequence[UUID] | None = None) -> int:
    """Mark these lines of one's own as read, or all. Returns how many were not."""
    if actor.member_id is None:
        return 0
    change = (
        update(Notification)
        .where(col(Notification.membership_id) == actor.member_id, col(Notification.read_at).is_(None))
        .values(read_at=now())
    )
    if ids is not None:
        change = change.where(col(Notification.id).in_(list(ids)[:1000]))
    done = session.connection().execute(change)
    live.publish(session, TOPIC, [actor.member_id])
    return int(done.rowcount)
