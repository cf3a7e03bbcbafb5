"""A member's open actions for their calendar program, under a secret address that they make and take back."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass import actions, identity
from salescompass.actions import ActionView
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.database import session_tenant
from salescompass.kit.errors import NotFound
from salescompass.kit.ids import parse_id
from salescompass.kit.settings import settings
from salescompass.models import Action, CalendarFeed
from salescompass.together import ics
from salescompass.together.objects import action_link
from salescompass.vocabulary import OPEN_ACTION_STATES

MOST = 500
_SECRET, _TENANT = 43, 32
_NONE = "There is no such calendar"


@dataclass(frozen=True)
class CalendarView:
    """When one's calendar got its address, and when a program last read it. Its address is told once, when made."""

    made_at: datetime
    read_at: datetime | None
    path: str = ""


def my_calendar(session: Session, actor: Actor) -> CalendarView | None:
    """One's calendar, if it has an address."""
    row = session.exec(select(CalendarFeed).where(CalendarFeed.member_id == actor.member_id)).first()
    return CalendarView(row.made_at, row.read_at) if row else None


def make_calendar(session: Session, actor: Actor) -> CalendarView:
    """Give one's calendar a new secret address; the one before leads nowhere any more."""
    if actor.member_id is None:
        raise NotFound("Only members have a calendar")
    tenant_id, secret = session_tenant(session), secrets.token_urlsafe(32)
    row = session.exec(select(CalendarFeed).where(CalendarFeed.member_id == actor.member_id)).first()
    row = row or CalendarFeed(tenant_id=tenant_id, member_id=actor.member_id, token_hash=b"", made_at=clock.now())
    row.token_hash, row.made_at, row.read_at = _hash(secret), clock.now(), None
    session.add(row)
    session.flush()
    identity.audit.record(session, actor, "calendar.made", object_type="member", object_id=actor.member_id)
    return CalendarView(row.made_at, None, f"/calendar/{tenant_id.hex}{secret}.ics")


def revoke_calendar(session: Session, actor: Actor) -> None:
    """Take one's calendar's address back: nothing is read under it any more."""
    row = session.exec(select(CalendarFeed).where(CalendarFeed.member_id == actor.member_id)).first()
    if row is None:
        raise NotFound(_NONE)
    session.delete(row)
    session.flush()
    identity.audit.record(session, actor, "calendar.revoked", object_type="member", object_id=row.member_id)


def tenant_of_calendar(token: str) -> UUID:
    """The tenant that the secret part of an address names. Raises NotFound for what is none of ours."""
    found = parse_id(token[:_TENANT]) if len(token) == _TENANT + _SECRET and token.isascii() else None
    if found is None:
        raise NotFound(_NONE)
    return found


def read_calendar(session: Session, *, token: str) -> str:
    """The calendar under an address. Raises NotFound: revoked, unknown, or its member may not see actions any more."""
    query = select(CalendarFeed).where(CalendarFeed.token_hash == _hash(token[_TENANT:]))
    row = session.exec(query).first()
    if row is None:
        raise NotFound(_NONE)
    who = identity.acting_member(session, row.member_id)
    if not who.may("actions.read"):
        raise NotFound(_NONE)
    row.read_at = clock.now()
    session.add(row)
    session.flush()
    return ics.calendar("SalesCompass", [_entry(one) for one in _due(session, who)])


def _due(session: Session, who: Actor) -> list[ActionView]:
    """The member's open actions with a day, as far as they see them."""
    query = (
        select(Action.id)
        .where(Action.assignee_id == who.member_id, col(Action.state).in_(OPEN_ACTION_STATES))
        .where(col(Action.due_to).is_not(None))
        .order_by(col(Action.due_to), col(Action.id))
        .limit(MOST)
    )
    ids = session.exec(query).all()
    found = actions.get_many(session, who, ids=ids)
    return [found[one] for one in ids if one in found]


def _entry(one: ActionView) -> ics.Entry:
    assert one.due_to is not None
    url = settings().base_url.rstrip("/") + action_link(one.id)
    about = ", ".join(part for part in (one.person, one.account, one.opportunity) if part)
    return ics.Entry(
        uid=f"action-{one.id}@salescompass",
        sequence=one.row_version - 1,
        changed_at=one.updated_at,
        ends_at=one.due_to,
        minutes=one.effort_minutes,
        summary=one.title,
        description="\n".join(part for part in (about, *one.reasons, url) if part),
        url=url,
    )


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
