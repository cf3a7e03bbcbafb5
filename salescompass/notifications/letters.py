"""The letters about notifications, written when they go out: what was read meanwhile is not sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass.kit.database import tenant_session
from salescompass.kit.ids import parse_id
from salescompass.kit.letters import letter
from salescompass.kit.mail import Mail
from salescompass.kit.settings import settings
from salescompass.models import Membership, Notification

_INBOX, _SETTINGS = "/inbox", "/profile#notifications"


def compose(tenant_id: UUID, letter_id: str, payload: Mapping[str, Any]) -> Mail | None:
    """The letter an outbox row asks for; None when it has no reason any more (read, or who gets it is gone)."""
    with tenant_session(tenant_id) as session:
        return LETTERS[payload["letter"]](session, letter_id, payload)


def _one(session: Session, letter_id: str, payload: Mapping[str, Any]) -> Mail | None:
    query = (
        select(Notification, Membership)
        .join(Membership, col(Membership.id) == col(Notification.membership_id))
        .where(Notification.id == parse_id(payload["notification_id"]), Membership.status == "active")
    )
    found = session.exec(query).first()
    if found is None or found[0].read_at is not None or not found[1].email:
        return None
    line, member = found
    line.mail = "sent"
    session.add(line)
    return letter(
        letter_id,
        to=member.email,
        name=member.name,
        subject=line.title,
        lines=(line.title, *([line.body] if line.body else ())),
        action="Open it",
        link=_address(line.link or _INBOX),
        settings=_address(_SETTINGS),
    )


def _of_the_day(session: Session, letter_id: str, payload: Mapping[str, Any]) -> Mail | None:
    member = session.exec(
        select(Membership).where(Membership.id == parse_id(payload["member_id"]), Membership.status == "active")
    ).first()
    ids = [parse_id(one) for one in payload["lines"]]
    query = (
        select(Notification)
        .where(col(Notification.id).in_(ids), col(Notification.read_at).is_(None))
        .order_by(col(Notification.created_at), col(Notification.id))
    )
    rows = session.exec(query).all()
    if member is None or not member.email or not rows:
        return None
    more = int(payload["more"])
    told = [f"{row.title}: {_address(row.link)}" if row.link else row.title for row in rows]
    return letter(
        letter_id,
        to=member.email,
        name=member.name,
        subject=rows[0].title if len(rows) == 1 else f"{rows[0].title}, and {len(rows) - 1 + more} more",
        lines=("Since yesterday:", *told, *([f"And {more} more."] if more else ())),
        action="Open your inbox",
        link=_address(_INBOX),
        settings=_address(_SETTINGS),
    )


def _address(path: str) -> str:
    return settings().base_url.rstrip("/") + path


LETTERS: dict[str, Callable[[Session, str, Mapping[str, Any]], Mail | None]] = {
    "notification": _one,
    "digest": _of_the_day,
}
