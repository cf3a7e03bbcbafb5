"""Putting people into tenants: the shared steps of creating, inviting and importing members."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass.identity.directory import address, find_or_add_user, known_zone, plain_name
from salescompass.identity.hashing import check_password, hash_password
from salescompass.identity.passwords import LONGEST, accepted_password, normalised, storable
from salescompass.kit.clock import now
from salescompass.kit.database import session_tenant, system_session
from salescompass.kit.errors import Exists, Invalid
from salescompass.kit.ids import new_id
from salescompass.models import Membership, MembershipRole, Role, User

_ROLE_KEY = re.compile(r"[a-z0-9-]{1,60}")


def user_with_password(
    email: str,
    *,
    name: str | None,
    zone: str,
    password: str | None,
    about: tuple[str, ...] = (),
    field: str = "password",
) -> User:
    """The person with this address; a new one, or one without a password, gets this password.

    A password is the person's own, across tenants: an existing one is never replaced from outside.
    """
    who = address(email)
    shown = plain_name(name) if name else who.email.split("@")[0]
    if password is None:
        return find_or_add_user(who, name=shown, zone=known_zone(zone))
    accepted = accepted_password(password, about=(who.email, shown, *about), field=field)
    user = find_or_add_user(who, name=shown, zone=known_zone(zone))
    if user.password_hash:
        if not has_password(user.password_hash, password):
            raise Exists(
                f"{who.email} has an account with another password already: leave the password out", field=field
            )
        return user
    stored = hash_password(accepted)
    with system_session() as system:
        row = system.get_one(User, user.id)
        row.password_hash, row.password_changed_at = stored, now()
        system.add(row)
    return row


def has_password(stored: str | None, password: str) -> bool:
    """Whether this is the password behind the hash; hopeless ones are not even hashed."""
    if len(password) > 4 * LONGEST or not storable(password):
        return False
    return check_password(normalised(password), stored)[0]


def add_member(
    session: Session,
    user: User,
    *,
    role_keys: Sequence[str],
    status: str,
    name: str | None = None,
    zone: str | None = None,
    invited_by: UUID | None = None,
) -> Membership:
    """The person as a member of this tenant. Raises Exists when already one."""
    taken = session.exec(select(Membership.id).where(Membership.email_norm == user.email_norm)).first()
    if taken:
        raise Exists(f"{user.email} is a member already", field="email")
    member = Membership(
        tenant_id=session_tenant(session),
        id=new_id(),
        user_id=user.id,
        status=status,
        name=name or user.name,
        email=user.email,
        email_norm=user.email_norm,
        zone=zone or user.zone,
        invited_by=invited_by,
    )
    session.add(member)
    session.flush()
    for role in roles_by_key(session, role_keys):
        session.add(MembershipRole(tenant_id=member.tenant_id, membership_id=member.id, role_id=role.id))
    session.flush()
    return member


def roles_by_key(session: Session, keys: Sequence[str]) -> list[Role]:
    """The roles with these keys, at least one. Raises Invalid (field `role`)."""
    wanted = list(dict.fromkeys(keys))
    if not wanted or len(wanted) > 50:
        raise Invalid("Choose at least one role", field="role")
    asked = [key for key in wanted if _ROLE_KEY.fullmatch(key)]
    found = {role.key: role for role in session.exec(select(Role).where(col(Role.key).in_(asked))).all()}
    missing = [key for key in wanted if key not in found]
    if missing:
        known = ", ".join(session.exec(select(Role.key).order_by(col(Role.key))).all())
        raise Invalid(f"There is no role {missing[0][:60]!r}: choose from {known}", field="role")
    return [found[key] for key in wanted]
