"""How a member wants to be told: for each kind, in the inbox or not, and by email at once, once a day, or not."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, select

from salescompass.identity import Actor
from salescompass.kit.database import session_tenant
from salescompass.kit.errors import Invalid, NotFound
from salescompass.models import NotificationPref
from salescompass.notifications.kinds import KINDS

EMAIL = {"now": "At once", "digest": "Once a day", "off": "No email"}


@dataclass(frozen=True)
class ChoiceView:
    """A kind of notification and how a member is told of it."""

    kind: str
    words: str
    critical: bool
    in_app: bool
    email: str


def notification_choices(session: Session, actor: Actor) -> list[ChoiceView]:
    """Every kind, and how oneself is told of it."""
    query = select(NotificationPref).where(NotificationPref.membership_id == actor.member_id)
    chosen = {row.kind: row for row in session.exec(query)}
    return [
        ChoiceView(
            one.key,
            one.words,
            one.critical,
            chosen[one.key].in_app if one.key in chosen else True,
            chosen[one.key].email if one.key in chosen else one.email,
        )
        for one in KINDS.values()
    ]


def choose_notifications(
    session: Session, actor: Actor, *, kind: str, in_app: bool | None = None, email: str | None = None
) -> ChoiceView:
    """Change how oneself is told of one kind; what is None stays."""
    if actor.member_id is None:
        raise NotFound("Only members are told")
    if kind not in KINDS:
        raise NotFound("There is no such kind of notification", field="kind")
    if email is not None and email not in EMAIL:
        raise Invalid(f"Choose one of {', '.join(EMAIL)}", field="email")
    query = select(NotificationPref).where(
        NotificationPref.membership_id == actor.member_id, NotificationPref.kind == kind
    )
    row = session.exec(query.with_for_update()).first() or NotificationPref(
        tenant_id=session_tenant(session), membership_id=actor.member_id, kind=kind, email=KINDS[kind].email
    )
    row.in_app = row.in_app if in_app is None else in_app
    row.email = row.email if email is None else email
    session.add(row)
    session.flush()
    return next(one for one in notification_choices(session, actor) if one.kind == kind)
