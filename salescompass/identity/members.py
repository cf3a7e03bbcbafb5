"""The members of a tenant: who they are, what roles they have, inviting, disabling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, text
from sqlmodel import Session, col, select

from salescompass.identity import audit
from salescompass.identity.accounts import add_member, roles_by_key, user_with_password
from salescompass.identity.actor import Actor, system_actor
from salescompass.identity.directory import address, find_or_add_user, plain_name
from salescompass.identity.permissions import ADMIN
from salescompass.identity.revocation import end_member_sessions
from salescompass.identity.roles import granted, may_hand_out, permissions_of_role
from salescompass.kit import jobs
from salescompass.kit.database import after_commit, session_tenant
from salescompass.kit.errors import Conflict, Exists, NotFound
from salescompass.models import Membership, MembershipRole, Role, RolePermission, TenantPublic

MAIL = "mail"
"""The outbox topic of letters."""

_MOST = 5000


@dataclass(frozen=True)
class MemberView:
    """A member as colleagues see them."""

    id: UUID
    name: str
    email: str
    status: str
    roles: tuple[str, ...]
    role_names: tuple[str, ...]
    zone: str
    last_seen_at: datetime | None
    created_at: datetime


def members(session: Session) -> list[MemberView]:
    """Everybody in the tenant, by name."""
    return _views(session, None)


def member(session: Session, member_id: UUID) -> MemberView:
    """One member. Raises NotFound."""
    found = _views(session, member_id)
    if not found:
        raise NotFound("There is no such member")
    return found[0]


def create_user(
    session: Session,
    *,
    email: str,
    password: str | None = None,
    role: str,
    name: str | None = None,
    actor: Actor | None = None,
) -> MemberView:
    """A member at once, without an invitation; without a password they cannot sign in yet."""
    zone = session.exec(select(TenantPublic.zone)).one()
    roles_by_key(session, (role,))  # before anything is written elsewhere
    user = user_with_password(email, name=name, zone=zone, password=password)
    row = add_member(session, user, role_keys=(role,), status="active", name=plain_name(name) if name else None)
    audit.record(
        session,
        actor or system_actor(session_tenant(session)),
        "member.created",
        object_type="member",
        object_id=row.id,
        detail={"email": row.email, "roles": [role]},
    )
    return member(session, row.id)


def invite(session: Session, actor: Actor, *, email: str, name: str, role_keys: Sequence[str]) -> MemberView:
    """Invite somebody by email; the letter goes out after commit. Inviting again sends a new letter."""
    name = plain_name(name)
    may_hand_out(actor, allowed_by(session, role_keys))
    zone = session.exec(select(TenantPublic.zone)).one()
    user = user_with_password(email, name=name, zone=zone, password=None)
    row = session.exec(select(Membership).where(Membership.email_norm == user.email_norm)).first()
    if row is not None and row.status == "invited":
        set_roles(session, actor, member_id=row.id, role_keys=role_keys)
        return resend_invitation(session, actor, member_id=row.id)
    row = add_member(session, user, role_keys=role_keys, status="invited", name=name, invited_by=actor.member_id)
    jobs.put(session, MAIL, {"letter": "invitation", "member_id": str(row.id), "invited_by": actor.name})
    detail = {"email": row.email, "roles": list(role_keys)}
    audit.record(session, actor, "member.invited", object_type="member", object_id=row.id, detail=detail)
    return member(session, row.id)


def give_address(session: Session, actor: Actor, *, member_id: UUID, email: str) -> MemberView:
    """Give somebody who came from a file without an address the one they sign in with; the invitation goes there.

    `invited_by` stays empty: they were members before, so an invitation that is withdrawn takes the address only.
    """
    row = _row(session, member_id)
    if row.email_norm is not None:
        raise Conflict(f"{row.name} has an address already")
    may_hand_out(actor, granted(session, row.id)[1])
    who = address(email)
    if session.exec(select(Membership.id).where(Membership.email_norm == who.norm)).first():
        raise Exists(f"{who.email} is a member already", field="email")
    row.user_id = find_or_add_user(who, name=row.name, zone=row.zone).id
    row.email, row.email_norm, row.status = who.email, who.norm, "invited"
    session.add(row)
    session.flush()
    jobs.put(session, MAIL, {"letter": "invitation", "member_id": str(row.id), "invited_by": actor.name})
    audit.record(
        session, actor, "member.invited", object_type="member", object_id=row.id, detail={"email": row.email}
    )  # fmt: skip
    return member(session, row.id)


def resend_invitation(session: Session, actor: Actor, *, member_id: UUID) -> MemberView:
    """Send the letter again, with a new link."""
    row = _row(session, member_id)
    if row.status != "invited":
        raise Conflict(f"{row.name} has joined already")
    may_hand_out(actor, granted(session, row.id)[1])
    jobs.put(session, MAIL, {"letter": "invitation", "member_id": str(row.id), "invited_by": actor.name})
    audit.record(session, actor, "member.invited_again", object_type="member", object_id=row.id)
    return member(session, row.id)


def withdraw_invitation(session: Session, actor: Actor, *, member_id: UUID) -> None:
    """Take an invitation back, as if it had never been: its link leads nowhere. Who was here before stays."""
    row = _row(session, member_id)
    if row.status != "invited":
        raise Conflict(f"{row.name} has joined already: disable them instead")
    may_hand_out(actor, granted(session, row.id)[1])
    detail = {"email": row.email}
    audit.record(session, actor, "member.invitation_withdrawn", object_type="member", object_id=row.id, detail=detail)
    if row.invited_by is None:
        row.user_id, row.email, row.email_norm, row.status = None, "", None, "active"
        session.add(row)
    else:
        session.delete(row)
    session.flush()


def set_roles(session: Session, actor: Actor, *, member_id: UUID, role_keys: Sequence[str]) -> MemberView:
    """Give a member exactly these roles."""
    _one_at_a_time(session)
    row = _row(session, member_id)
    before, had = granted(session, row.id)
    may_hand_out(actor, allowed_by(session, role_keys) | had)
    found = roles_by_key(session, role_keys)
    session.connection().execute(delete(MembershipRole).where(col(MembershipRole.membership_id) == row.id))
    for role in found:
        session.add(MembershipRole(tenant_id=row.tenant_id, membership_id=row.id, role_id=role.id))
    session.flush()
    _somebody_still_manages(session)
    detail = {"before": list(before), "after": [role.key for role in found]}
    audit.record(session, actor, "member.roles_changed", object_type="member", object_id=row.id, detail=detail)
    return member(session, row.id)


def disable_member(session: Session, actor: Actor, *, member_id: UUID) -> MemberView:
    """Shut a member out: every session of theirs in this tenant ends at once, and for good."""
    _one_at_a_time(session)
    row = _row(session, member_id)
    if row.id == actor.member_id:
        raise Conflict("You cannot disable yourself: ask another admin")
    may_hand_out(actor, granted(session, row.id)[1])
    if row.status != "disabled":
        row.status = "disabled"
        session.add(row)
        session.flush()
        _somebody_still_manages(session)
        audit.record(session, actor, "member.disabled", object_type="member", object_id=row.id)
        after_commit(session, lambda: end_member_sessions(row.tenant_id, row.id))
    return member(session, row.id)


def enable_member(session: Session, actor: Actor, *, member_id: UUID) -> MemberView:
    """Let a disabled member in again, by signing in anew."""
    row = _row(session, member_id)
    may_hand_out(actor, granted(session, row.id)[1])
    if row.status == "disabled":
        row.status = "active"
        session.add(row)
        session.flush()
        audit.record(session, actor, "member.enabled", object_type="member", object_id=row.id)
    return member(session, row.id)


def _row(session: Session, member_id: UUID) -> Membership:
    row = session.exec(select(Membership).where(Membership.id == member_id)).first()
    if row is None:
        raise NotFound("There is no such member")
    return row


def allowed_by(session: Session, role_keys: Sequence[str]) -> frozenset[str]:
    """What members with these roles may do."""
    allowed: frozenset[str] = frozenset()
    for role in roles_by_key(session, role_keys):
        stored = session.exec(select(RolePermission.permission).where(RolePermission.role_id == role.id)).all()
        allowed |= permissions_of_role(role, stored)
    return allowed


def _somebody_still_manages(session: Session) -> None:
    """Raises Conflict when no active member would be admin any more: rights nobody has, nobody could give back."""
    query = (
        select(Membership.id)
        .join(MembershipRole, col(MembershipRole.membership_id) == col(Membership.id))
        .join(Role, col(Role.id) == col(MembershipRole.role_id))
        .where(Membership.status == "active", col(Role.builtin), Role.key == ADMIN)
    )
    if session.exec(query).first() is None:
        raise Conflict("This would leave no admin: make another member admin first")


def _one_at_a_time(session: Session) -> None:
    # Two admins who disable each other at once must not both succeed.
    session.connection().execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('members:' || :tenant, 0))"),
        {"tenant": str(session_tenant(session))},
    )


def _views(session: Session, member_id: UUID | None) -> list[MemberView]:
    query = (
        select(Membership, Role.key, Role.name)
        .outerjoin(MembershipRole, col(MembershipRole.membership_id) == col(Membership.id))
        .outerjoin(Role, col(Role.id) == col(MembershipRole.role_id))
        .order_by(col(Membership.name), col(Membership.id), col(Role.builtin).desc(), col(Role.name))
        .limit(_MOST)
    )
    if member_id is not None:
        query = query.where(Membership.id == member_id)
    rows: dict[UUID, tuple[Membership, list[str], list[str]]] = {}
    for found, key, name in session.exec(query).all():
        _, keys, names = rows.setdefault(found.id, (found, [], []))
        if key:
            keys.append(key)
            names.append(name)
    return [
        MemberView(
            row.id,
            row.name,
            row.email,
            row.status,
            tuple(keys),
            tuple(names),
            row.zone,
            row.last_seen_at,
            row.created_at,
        )
        for row, keys, names in rows.values()
    ]


def acting_member(session: Session, member_id: UUID) -> Actor:
    """The member as who a job acts that they started: with the rights they have now, none when they were disabled."""
    row = _row(session, member_id)
    keys, permissions = granted(session, row.id)
    return Actor(
        tenant_id=row.tenant_id,
        name=row.name,
        kind="member",
        permissions=permissions if row.status == "active" else frozenset(),
        member_id=row.id,
        user_id=row.user_id,
        zone=row.zone,
        email=row.email,
        roles=keys,
    )
