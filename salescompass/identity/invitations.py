"""Accepting an invitation: the link proves the address, the password is set or, for an old hand, confirmed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from salescompass.identity.accounts import has_password
from salescompass.identity.devices import remember_device
from salescompass.identity.directory import plain_name
from salescompass.identity.hashing import hash_password
from salescompass.identity.homes import Home
from salescompass.identity.links import STALE, OpenLink, open_link, use_link
from salescompass.identity.passwords import accepted_password
from salescompass.identity.sessions import SignedIn, authenticate, begin_session
from salescompass.kit.clock import now as present
from salescompass.kit.database import system_session
from salescompass.kit.errors import Invalid
from salescompass.kit.rate_limit import Limit, enforce
from salescompass.models import Membership, Tenant, User

_TRIES = Limit("invitation", 20, 3600)


@dataclass(frozen=True)
class InvitationView:
    """What the page of an invitation shows. `has_password`: ask for the one they have, not for a new one."""

    tenant_name: str
    email: str
    name: str
    has_password: bool


def invitation(token: str | None) -> InvitationView:
    """The invitation behind a link, which stays good. Raises Invalid when the link is not."""
    with system_session() as system:
        link = open_link(system, "invitation", token)
        member, tenant = _invited(system, link)
    return InvitationView(tenant.name, link.email, member.name, link.password_hash is not None)


def accept_invitation(
    token: str | None, *, name: str, password: str, ip: str = "", user_agent: str = "", device: str | None = None
) -> SignedIn:
    """Join: the member is active, the password holds, and the browser is signed in. Single use.

    Without a name it stays the one they were invited by.
    """
    with system_session() as system:
        link = open_link(system, "invitation", token)
        member, tenant = _invited(system, link)
    name = plain_name(name) if name.strip() else member.name
    stored = _password_for(link, name, tenant.name, password)
    now = present()
    with system_session() as system:
        use_link(system, link, "invitation", now=now)
        member, _ = _invited(system, link)
        member.status, member.name = "active", name
        system.add(member)
        user = system.exec(select(User).where(User.id == link.user_id).with_for_update()).one()
        if stored is not None:
            user.password_hash, user.password_changed_at, user.name = stored, now, name
        user.last_sign_in_at = now
        system.add(user)
        system.flush()
        device_token = remember_device(system, user.id, device, now=now)
        home = Home(user.id, member.tenant_id, member.id, name)
        session_token = begin_session(system, home, user_agent=user_agent, ip=ip, action="member.joined")
    actor = authenticate(session_token)
    if actor is None:
        raise Invalid(STALE, field="token")
    return SignedIn(session_token, device_token, actor)


def _invited(system: Session, link: OpenLink) -> tuple[Membership, Tenant]:
    query = (
        select(Membership, Tenant)
        .join(Tenant, col(Tenant.id) == col(Membership.tenant_id))
        .where(Membership.tenant_id == link.tenant_id, Tenant.status == "active")
        .where(Membership.user_id == link.user_id, Membership.status == "invited")
    )
    found = system.exec(query).first()
    if found is None:
        raise Invalid(STALE, field="token")
    return found[0], found[1]


def _password_for(link: OpenLink, name: str, tenant_name: str, password: str) -> str | None:
    """The hash to store; None for somebody who has a password, which they must give."""
    if link.password_hash is None:
        return hash_password(accepted_password(password, about=(link.email, name, tenant_name)))
    enforce(_TRIES, str(link.user_id))
    if not has_password(link.password_hash, password):
        raise Invalid("You have an account already: enter its password, or reset it first", field="password")
    return None
