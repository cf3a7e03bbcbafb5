"""The members of a house as those who might be told something: what each may do, how far each sees, their teams."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass.identity.reach import Reach, reaches
from salescompass.identity.roles import permissions_of_role
from salescompass.models import Membership, MembershipRole, Role, RolePermission, TeamMember


@dataclass(frozen=True)
class Colleague:
    """An active member, and what decides whether something may be shown to them."""

    id: UUID
    name: str
    reach: Reach
    permissions: frozenset[str]
    team_ids: frozenset[UUID]


def colleagues(session: Session, ids: Collection[UUID] | None = None) -> list[Colleague]:
    """The active members, or those of these who are, by name; a few statements, however many they are."""
    query = select(Membership.id, Membership.name).where(Membership.status == "active")
    if ids is not None:
        query = query.where(col(Membership.id).in_(list(ids)))
    names = dict(session.exec(query).all())
    far, allowed, teams = reaches(session, list(names)), _allowed(session, names), _teams(session, names)
    found = [Colleague(one, name, far[one], allowed[one], teams[one]) for one, name in names.items()]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def _allowed(session: Session, ids: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    stored: dict[UUID, set[str]] = {}
    for role_id, permission in session.exec(select(RolePermission.role_id, RolePermission.permission)):
        stored.setdefault(role_id, set()).add(permission)
    roles = {row.id: permissions_of_role(row, stored.get(row.id, ())) for row in session.exec(select(Role))}
    query = select(MembershipRole.membership_id, MembershipRole.role_id)
    found: dict[UUID, frozenset[str]] = dict.fromkeys(ids, frozenset())
    for member_id, role_id in session.exec(query.where(col(MembershipRole.membership_id).in_(list(ids)))):
        found[member_id] |= roles[role_id]
    return found


def _teams(session: Session, ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    found: dict[UUID, frozenset[UUID]] = dict.fromkeys(ids, frozenset())
    query = select(TeamMember.member_id, TeamMember.team_id).where(col(TeamMember.member_id).in_(list(ids)))
    for member_id, team_id in session.exec(query):
        found[member_id] |= {team_id}
    return found
