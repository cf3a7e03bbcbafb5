"""The inbox of a member: what they were told, and what they do with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, tuple_, update
from sqlmodel import Session, col, select

from salescompass.identity import Actor
from salescompass.kit import clock, jobs, live
from salescompass.kit.errors import Invalid, NotFound
from salescompass.kit.pagination import Page, Position, position
from salescompass.models import Notification
from salescompass.notifications.kinds import KINDS
from salescompass.notifications.telling import TOPIC
from salescompass.vocabulary import Topic

TABS = ("all", "unread", "mentions", "assigned")
_MOST, _COUNTED = 200, 100
_LONGEST_SNOOZE = timedelta(days=366)


@dataclass(frozen=True)
class NotificationView:
    """A line of the inbox; `times` is how often it was told, `critical` ones can be acknowledged."""

    id: UUID
    kind: str
    title: str
    body: str
    link: str
    at: datetime
    read_at: datetime | None
    times: int = 1
    critical: bool = False
    acked_at: datetime | None = None


def inbox(
    session: Session, actor: Actor, *, tab: str = "all", cursor: str | None = None, limit: int = 50
) -> Page[NotificationView]:
    """A page of the member's lines, the latest first: all, the unread ones, mentions, or what became theirs."""
    limit = max(1, min(limit, _MOST))
    query = (
        select(Notification)
        .where(*_mine(actor))
        .order_by(col(Notification.due_at).desc(), col(Notification.id).desc())
        .limit(limit + 1)
    )
    if tab == "unread":
        query = query.where(col(Notification.read_at).is_(None))
    elif tab != "all":
        query = query.where(col(Notification.kind).in_([one.key for one in KINDS.values() if one.tab == tab]))
    after = position(cursor)
    if after:
        query = query.where(tuple_(col(Notification.due_at), col(Notification.id)) < (after.at, after.id))
    rows = session.exec(query).all()
    shown = rows[:limit]
    more = Position(shown[-1].due_at, shown[-1].id).cursor() if len(rows) > limit else None
    return Page(tuple(_view(row) for row in shown), more)


def unread(session: Session, actor: Actor) -> int:
    """How many lines are not read yet; counted up to a hundred."""
    some = select(Notification.id).where(*_mine(actor), col(Notification.read_at).is_(None)).limit(_COUNTED).subquery()
    return session.exec(select(func.count()).select_from(some)).one()


def mark_read(session: Session, actor: Actor, ids: Sequence[UUID] | None = None, *, read: bool = True) -> int:
    """Mark these lines of one's own as read, or all; without `read` as unread. Returns how many were not."""
    change = (
        update(Notification)
        .where(*_mine(actor))
        .where(col(Notification.read_at).is_(None) if read else col(Notification.read_at).is_not(None))
        .values(read_at=clock.now() if read else None)
    )
    if ids is not None:
        change = change.where(col(Notification.id).in_(list(ids)[:1000]))
    done = session.connection().execute(change)
    _tell_pages(session, actor)
    return int(done.rowcount)


def snooze(session: Session, actor: Actor, ids: Sequence[UUID], *, until: datetime) -> int:
    """Put lines of one's own off: they come back unread at that moment. Returns how many."""
    now = clock.now()
    if not now < until <= now + _LONGEST_SNOOZE:
        raise Invalid("Choose a moment within a year from now", field="until")
    change = (
        update(Notification)
        .where(*_mine(actor), col(Notification.id).in_(list(ids)[:1000]))
        .values(due_at=until, read_at=None)
    )
    done = session.connection().execute(change)
    if done.rowcount:
        jobs.put(session, Topic.NOTIFICATIONS_DUE, {"members": [str(actor.member_id)]}, due_at=until)
    _tell_pages(session, actor)
    return int(done.rowcount)


def acknowledge(session: Session, actor: Actor, notification_id: UUID) -> NotificationView:
    """Say that one has taken notice of something critical; what repeats until then stops."""
    query = select(Notification).where(*_mine(actor), Notification.id == notification_id).with_for_update()
    row = session.exec(query).first()
    if row is None:
        raise NotFound("There is no such notification")
    row.acked_at = row.acked_at or clock.now()
    row.read_at = row.read_at or row.acked_at
    session.add(row)
    session.flush()
    _tell_pages(session, actor)
    return _view(row)


def _mine(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """The lines that this member is shown by now. A key or the system has none."""
    return (
        col(Notification.membership_id) == (actor.member_id or UUID(int=0)),
        col(Notification.shown).is_(True),
        col(Notification.due_at) <= clock.now(),
    )


def _tell_pages(session: Session, actor: Actor) -> None:
    if actor.member_id is not None:
        live.publish(session, TOPIC, [actor.member_id])


def _view(row: Notification) -> NotificationView:
    known = KINDS.get(row.kind)
    return NotificationView(
        row.id, row.kind, row.title, row.body, row.link, row.due_at, row.read_at, row.times,
        bool(known and known.critical), row.acked_at,
    )  # fmt: skip
