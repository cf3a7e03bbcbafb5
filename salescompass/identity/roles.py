"""Roles: the four built-in ones, and the tenant's own, made of permissions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from salescompass.identity import audit
from salescompass.identity.actor import Actor
from salescompass.identity.directory import plain_name
from salescompass.identity.permissions import BUILT_IN, PERMISSIONS, check_permissions
from salescompass.kit.database import session_tenant
from salescompass.kit.errors import Conflict, Denied, Exists, NotFound
from salescompass.kit.ids import new_id
from salescompass.models import MembershipRole, Role, RolePermission


@dataclass(frozen=True)
class RoleView:
    """A role, what it allows, and how many members have it."""

    id: UUID
    key: str
    name: str
    builtin: bool
    permissions: tuple[str, ...]
    members: int


def permissions_of_role(role: Role, stored: Iterable[str]) -> frozenset[str]:
    """What a role allows: built-in roles by code, others by rows (a permission that is no more is ignored)."""
    if role.builtin:
        return BUILT_IN[role.key][1] if role.key in BUILT_IN else frozenset()
    return frozenset(stored) & frozenset(PERMISSIONS)


def roles(session: Session) -> list[RoleView]:
    """The roles of the tenant, built-in ones first."""
    stored: dict[UUID, list[str]] = {}
    for role_id, permission in session.exec(select(RolePermission.role_id, RolePermission.permission)).all():
        stored.setdefault(role_id, []).append(permission)
    counts = dict(
        session.exec(select(MembershipRole.role_id, func.count()).group_by(col(MembershipRole.role_id))).all()
    )
    order = list(BUILT_IN)
    found = [
        RoleView(
            role.id,
            role.key,
            role.name,
            role.builtin,
            tuple(sorted(permissions_of_role(role, stored.get(role.id, ())))),
            counts.get(role.id, 0),
        )
        for role in session.exec(select(Role)).all()
    ]
    return sorted(found, key=lambda role: (order.index(role.key) if role.key in order else 99, role.name.lower()))


def granted(session: Session, member_id: UUID) -> tuple[tuple[str, ...], frozenset[str]]:
    """The keys of a member's roles and all they allow together."""
    query = (
        select(Role, RolePermission.permission)
        .join(MembershipRole, col(MembershipRole.role_id) == col(Role.id))
        .outerjoin(RolePermission, col(RolePermission.role_id) == col(Role.id))
        .where(MembershipRole.membership_id == member_id)
    )
    keys: dict[str, None] = {}
    allowed: set[str] = set()
    for role, permission in session.exec(query).all():
        keys[role.key] = None
        allowed |= permissions_of_role(role, (permission,) if permission else ())
    return tuple(keys), frozenset(allowed)


def save_role(session: Session, actor: Actor, *, key: str | None, name: str, permissions: Sequence[str]) -> RoleView:
    """A new role (`key` None) or a changed one. Nobody hands out a permission that they lack themselves."""
    name, wanted = plain_name(name), check_permissions(permissions)
    may_hand_out(actor, wanted)
    role = _new_role(session, name) if key is None else _own_role(session, key)
    before = _stored(session, role.id)
    may_hand_out(actor, before)
    role.name = name
    session.add(role)
    session.flush()
    session.connection().execute(delete(RolePermission).where(col(RolePermission.role_id) == role.id))
    for permission in wanted:
        session.add(RolePermission(tenant_id=role.tenant_id, role_id=role.id, permission=permission))
    session.flush()
    audit.record(
        session,
        actor,
        "role.created" if key is None else "role.changed",
        object_type="role",
        object_id=role.id,
        detail={"name": name, "before": before, "after": list(wanted)},
    )
    return next(view for view in roles(session) if view.id == role.id)


def delete_role(session: Session, actor: Actor, *, key: str) -> None:
    """Take away a role of the tenant's own that nobody has any more."""
    role = _own_role(session, key)
    if session.exec(select(MembershipRole.membership_id).where(MembershipRole.role_id == role.id)).first():
        raise Conflict(f"Members have the role {role.name}: give them another first", field="role")
    may_hand_out(actor, _stored(session, role.id))
    audit.record(session, actor, "role.deleted", object_type="role", object_id=role.id, detail={"name": role.name})
    session.delete(role)
    session.flush()


def may_hand_out(actor: Actor, permissions: Iterable[str]) -> None:
    """Raises Denied when the actor lacks one of these permissions: rights are passed on, never made."""
    lacking = sorted(permission for permission in permissions if not actor.may(permission))
    if lacking:
        raise Denied(f"You cannot hand out what you do not have: {', '.join(lacking)}", permission=lacking[0])


def _stored(session: Session, role_id: UUID) -> list[str]:
    query = select(RolePermission.permission).where(RolePermission.role_id == role_id)
    return sorted(session.exec(query).all())


def _own_role(session: Session, key: str) -> Role:
    known = key.isascii() and key.isprintable() and len(key) <= 60
    role = session.exec(select(Role).where(Role.key == key)).first() if known else None
    if role is None:
        raise NotFound("There is no such role", field="role")
    if role.builtin:
        raise Conflict(f"{role.name} is built in: make a role of your own instead", field="role")
    return role


def _new_role(session: Session, name: str) -> Role:
    key = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or f"role-{new_id().hex[-8:]}"
    if key in BUILT_IN or session.exec(select(Role.id).where(Role.key == key)).first():
        raise Exists(f"There is a role {name} already", field="name")
    role = Role(tenant_id=session_tenant(session), id=new_id(), key=key, name=name)
    session.add(role)
    session.flush()
    return role
