"""Reminders of actions: one's own, several for one action, and again until acknowledged where that is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from salescompass import actions, identity, notifications
from salescompass.actions import ActionView
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.database import session_tenant
from salescompass.kit.errors import Conflict, Invalid, NotFound
from salescompass.kit.ids import new_id
from salescompass.models import Reminder
from salescompass.together.objects import action_link
from salescompass.vocabulary import OPEN_ACTION_STATES

MOST, MOST_SENT = 10, 20
"""So many of one member for one action; so often at most is one repeated."""
_FURTHEST = timedelta(days=732)
_SOONEST_AGAIN, _LATEST_AGAIN = 5, 7 * 24 * 60


@dataclass(frozen=True)
class ReminderView:
    """A reminder of one's own."""

    id: UUID
    action_id: UUID
    at: datetime
    again_minutes: int | None
    sent: int
    over: bool


def reminders(session: Session, actor: Actor, *, action_id: UUID) -> list[ReminderView]:
    """One's own reminders of an action that still come, the next first."""
    actions.get(session, actor, action_id=action_id)
    return [_view(row) for row in session.exec(_mine(actor, action_id).order_by(col(Reminder.at), col(Reminder.id)))]


def set_reminder(
    session: Session, actor: Actor, *, action_id: UUID, at: datetime, again_minutes: int | None = None
) -> ReminderView:
    """Be reminded of an open action; with `again_minutes` again and again until one acknowledges it."""
    found, now = actions.get(session, actor, action_id=action_id), clock.now()
    if actor.member_id is None:
        raise NotFound("Only members are reminded")
    if found.state not in OPEN_ACTION_STATES:
        raise Conflict("This action is closed: there is nothing to be reminded of")
    if not now < at <= now + _FURTHEST:
        raise Invalid("Choose a moment within two years from now", field="at")
    if again_minutes is not None and not _SOONEST_AGAIN <= again_minutes <= _LATEST_AGAIN:
        raise Invalid("Repeat it after five minutes at the soonest and a week at the latest", field="again_minutes")
    if len(session.exec(_mine(actor, action_id)).all()) >= MOST:
        raise Conflict(f"{MOST} reminders of one action are enough")
    row = Reminder(
        tenant_id=session_tenant(session), id=new_id(), action_id=action_id, member_id=actor.member_id, at=at,
        again_minutes=again_minutes,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return _view(row)


def drop_reminder(session: Session, actor: Actor, *, reminder_id: UUID) -> None:
    """Take back a reminder of one's own."""
    query = select(Reminder).where(Reminder.id == reminder_id, Reminder.member_id == actor.member_id)
    row = session.exec(query.with_for_update()).first()
    if row is None:
        raise NotFound("There is no such reminder")
    session.delete(row)
    session.flush()


def send_reminders(session: Session, *, now: datetime) -> int:
    """Tell what is due, each once, whoever else sends at the same time; returns how many were told."""
    session.connection().execute(_ACKNOWLEDGED)
    told = 0
    for row in session.connection().execute(_DUE, {"now": now, "most": MOST_SENT}).all():
        found = _action(session, row.member_id, row.action_id)
        if found is None:
            session.connection().execute(_END, {"id": row.id})
            continue
        due = f"Due {found.due_to:%-d %B, %H:%M} UTC." if found.due_to else ""
        about = ", ".join(one for one in (found.person, found.account, found.opportunity) if one)
        notifications.tell(
            session, [row.member_id], "reminder", subject=f"reminder:{row.id}", title=f"Reminder: {found.title}",
            body=f"{about}. {due}".strip(". ") if about else due, link=action_link(found.id), now=now,
        )  # fmt: skip
        told += 1
    return told


def _action(session: Session, member_id: UUID, action_id: UUID) -> ActionView | None:
    """The action as the member sees it now; None when it is closed, or out of their sight."""
    who = identity.acting_member(session, member_id)
    if not who.may("actions.read"):
        return None
    found = actions.get_many(session, who, ids=[action_id]).get(action_id)
    return found if found is not None and found.state in OPEN_ACTION_STATES else None


def _mine(actor: Actor, action_id: UUID):  # type: ignore[no-untyped-def]
    return select(Reminder).where(
        Reminder.action_id == action_id, Reminder.member_id == actor.member_id, col(Reminder.over).is_(False)
    )


def _view(row: Reminder) -> ReminderView:
    return ReminderView(row.id, row.action_id, row.at, row.again_minutes, row.sent, row.over)


# Whoever comes second waits for the row, then finds that it is not due any more.
_DUE = text(
    "UPDATE reminder SET sent_at = :now, sent = sent + 1, "
    "over = again_minutes IS NULL OR sent + 1 >= :most, "
    "at = CASE WHEN again_minutes IS NULL THEN at ELSE :now + make_interval(mins => again_minutes::int) END "
    "WHERE NOT over AND at <= :now RETURNING id, member_id, action_id"
)
_ACKNOWLEDGED = text(
    "UPDATE reminder SET over = true FROM notification n WHERE NOT over AND reminder.sent > 0 "
    "AND n.membership_id = reminder.member_id AND n.kind = 'reminder' AND n.subject = 'reminder:' || reminder.id::text "
    "AND n.acked_at IS NOT NULL"
)
_END = text("UPDATE reminder SET over = true WHERE id = :id")
