"""Signed-in browsers. The token is in the cookie; the database has its SHA-256.

A session ends twelve hours after its last use, thirty days after it began, when it is revoked, or when its member or
tenant is shut out. Doors ask anew at every request. Screens, whose events come in bursts, hold an answer until a change
of access is told (`Topic.ACCESS`), and for a second at most: all of that takes effect at once.

Rotation: after a day the next page load gets a new token. A page that is open keeps the cookie its socket was opened
with, so the token before stays good until the next rotation; the one before that is dead, and a page that still has it
loads itself again with the cookie of now. A stolen token thus lives at most two days of use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel import Session, col, select

from salescompass.identity import audit
from salescompass.identity.actor import Actor
from salescompass.identity.devices import device_name
from salescompass.identity.homes import Home, home_of
from salescompass.identity.reach import Reach
from salescompass.identity.revocation import end_member_sessions, end_session
from salescompass.identity.roles import granted
from salescompass.identity.tokens import new_token, plausible, token_hash
from salescompass.kit.clock import now as present
from salescompass.kit.database import system_session, tenant_session
from salescompass.kit.errors import NotFound, Unauthenticated
from salescompass.kit.ids import new_id
from salescompass.models import Membership, SessionRow, Tenant

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=30)
ROTATE_AFTER = timedelta(hours=24)
_NOTE_USE_EVERY = timedelta(seconds=60)

_FOUND = (
    "SELECT s.id, s.tenant_id, s.user_id, s.membership_id, s.last_seen_at, s.rotated_at, s.created_at,"
    " m.name, m.email, m.zone, t.name AS tenant_name, t.slug, s.token_hash = :hash AS current "
    "FROM session s JOIN membership m ON m.tenant_id = s.tenant_id AND m.id = s.membership_id "
    "JOIN tenant t ON t.id = s.tenant_id "
    "WHERE (s.token_hash = :hash OR s.previous_hash = :hash) AND s.revoked_at IS NULL "
    "AND s.expires_at > :now AND s.last_seen_at > :idle AND m.status = 'active' AND t.status = 'active'"
)


@dataclass(frozen=True)
class SignedIn:
    """A session just begun: the two secrets for the browser's cookies, and who it is."""

    token: str
    device_token: str
    actor: Actor


@dataclass(frozen=True)
class SessionView:
    """One of one's own sessions."""

    id: UUID
    device: str
    ip: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


@dataclass(frozen=True)
class TenantChoice:
    """A tenant one may switch to."""

    tenant_id: UUID
    name: str
    current: bool


def begin_session(system: Session, home: Home, *, user_agent: str, ip: str, action: str) -> str:
    """A new session with a token of its own, and the line in the trail that says so. Returns the token."""
    token, session_id = new_token(), new_id()
    system.add(
        SessionRow(
            id=session_id,
            token_hash=token_hash(token),
            user_id=home.user_id,
            tenant_id=home.tenant_id,
            membership_id=home.member_id,
            expires_at=present() + ABSOLUTE,
            user_agent=user_agent.replace("\0", "")[:300],
            ip=ip[:64],
        )
    )
    system.flush()
    actor = Actor(home.tenant_id, home.name, "member", member_id=home.member_id)
    with tenant_session(home.tenant_id) as session:
        audit.record(session, actor, action, object_type="session", object_id=session_id)
    return token


def authenticate(token: str | None, *, now: datetime | None = None, in_use: bool = True) -> Actor | None:
    """The member behind a session token; None when it is no good any more.

    `in_use=False` only looks: an open page that nobody touches does not keep its session from ending.
    """
    found = recognize(token, now=now, in_use=in_use)
    return found[0] if found else None


def recognize(token: str | None, *, now: datetime | None = None, in_use: bool = True) -> tuple[Actor, Reach] | None:
    """The member behind a session token, and how far they see."""
    if not plausible(token):
        return None
    now = now or present()
    with system_session() as system:
        found = _find(system, str(token), now)
        if found is None:
            return None
        if in_use and now - found.last_seen_at >= _NOTE_USE_EVERY:
            _note_use(system, found, now)
    with tenant_session(found.tenant_id) as session:
        keys, allowed = granted(session, found.membership_id)
        actor = _actor(found, keys, allowed)
        return actor, Reach.of(session, actor)


def _actor(found: Row[Any], keys: tuple[str, ...], allowed: frozenset[str]) -> Actor:
    return Actor(
        tenant_id=found.tenant_id,
        name=found.name,
        kind="member",
        # One's own account is everybody's, whatever the roles say.
        permissions=allowed | {"account.self"},
        member_id=found.membership_id,
        user_id=found.user_id,
        session_id=found.id,
        zone=found.zone,
        email=found.email,
        tenant_name=found.tenant_name,
        tenant_slug=found.slug,
        roles=keys,
    )


def rotate(token: str | None, *, now: datetime | None = None) -> str | None:
    """A new token for a session whose token is a day old; None when it keeps the one it has."""
    if not plausible(token):
        return None
    now = now or present()
    with system_session() as system:
        found = _find(system, str(token), now)
        if found is None or not found.current or now - (found.rotated_at or found.created_at) < ROTATE_AFTER:
            return None
        fresh = new_token()
        # Of two tabs that ask at once one gets the new token; the other keeps its own, which is good until tomorrow.
        done = system.connection().execute(
            text(
                "UPDATE session SET token_hash = :new, previous_hash = :old, rotated_at = :now "
                "WHERE id = :id AND token_hash = :old"
            ),
            {"new": token_hash(fresh), "old": token_hash(str(token)), "now": now, "id": found.id},
        )
    return fresh if done.rowcount else None


def sign_out(token: str | None) -> None:
    """End this session, whichever of its two tokens is shown."""
    actor = authenticate(token)
    if actor is None or actor.session_id is None or actor.member_id is None:
        return
    with system_session() as system:
        end_session(system, actor.session_id, actor.member_id)
        with tenant_session(actor.tenant_id) as session:
            audit.record(session, actor, "session.signed_out", object_type="session", object_id=actor.session_id)


def my_sessions(session: Session, actor: Actor) -> list[SessionView]:
    """One's own live sessions in this tenant, the latest used first."""
    now = present()
    with system_session() as system:
        rows = system.exec(
            select(SessionRow)
            .where(SessionRow.tenant_id == actor.tenant_id, SessionRow.membership_id == actor.member_id)
            .where(col(SessionRow.revoked_at).is_(None), SessionRow.expires_at > now)
            .where(SessionRow.last_seen_at > now - IDLE)
            .order_by(col(SessionRow.last_seen_at).desc())
            .limit(100)
        ).all()
    return [
        SessionView(
            row.id, device_name(row.user_agent), row.ip, row.created_at, row.last_seen_at, row.id == actor.session_id
        )
        for row in rows
    ]


def revoke_session(session: Session, actor: Actor, *, session_id: UUID) -> None:
    """End one of one's own sessions. Raises NotFound for anybody else's."""
    if actor.member_id is None:
        raise NotFound("There is no such session")
    with system_session() as system:
        if not end_session(system, session_id, actor.member_id):
            raise NotFound("There is no such session")
    audit.record(session, actor, "session.revoked", object_type="session", object_id=session_id)


def revoke_other_sessions(session: Session, actor: Actor) -> int:
    """End all of one's sessions in this tenant but the present one. Returns how many."""
    if actor.member_id is None:
        return 0
    ended = end_member_sessions(actor.tenant_id, actor.member_id, but=actor.session_id)
    audit.record(
        session,
        actor,
        "session.others_revoked",
        object_type="member",
        object_id=actor.member_id,
        detail={"ended": ended},
    )
    return ended


def my_tenants(session: Session, actor: Actor) -> list[TenantChoice]:
    """The tenants this person belongs to."""
    if actor.user_id is None:
        return []
    with system_session() as system:
        rows = system.exec(
            select(Tenant.id, Tenant.name)
            .join(Membership, col(Membership.tenant_id) == col(Tenant.id))
            .where(Membership.user_id == actor.user_id, Membership.status == "active", Tenant.status == "active")
            .order_by(col(Tenant.name))
        ).all()
    return [TenantChoice(tenant_id, name, tenant_id == actor.tenant_id) for tenant_id, name in rows]


def switch_tenant(token: str | None, tenant_id: UUID) -> SignedIn:
    """A session in another tenant of the same person; the old one ends, so no page shows one and acts in the other."""
    actor = authenticate(token)
    if actor is None or actor.user_id is None or actor.session_id is None or actor.member_id is None:
        raise Unauthenticated("Sign in first")
    with system_session() as system:
        home = home_of(system, actor.user_id, tenant_id=tenant_id)
        if home is None:
            raise NotFound("You are no member there")
        before = system.get_one(SessionRow, actor.session_id)
        fresh = begin_session(system, home, user_agent=before.user_agent, ip=before.ip, action="session.switched_here")
        end_session(system, actor.session_id, actor.member_id)
    there = authenticate(fresh)
    if there is None:
        raise Unauthenticated("Sign in again")
    return SignedIn(fresh, "", there)


def _find(system: Session, token: str, now: datetime) -> Row[tuple[object, ...]] | None:
    values = {"hash": token_hash(token), "now": now, "idle": now - IDLE}
    return system.connection().execute(text(_FOUND), values).first()


def _note_use(system: Session, found: Row[tuple[object, ...]], now: datetime) -> None:
    values = {"now": now, "id": found.id, "tenant": found.tenant_id, "member": found.membership_id}
    system.connection().execute(text("UPDATE session SET last_seen_at = :now WHERE id = :id"), values)
    system.connection().execute(
        text("UPDATE membership SET last_seen_at = :now WHERE tenant_id = :tenant AND id = :member"), values
    )
