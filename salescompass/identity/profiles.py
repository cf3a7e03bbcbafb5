"""One's own profile in a tenant: what colleagues see, and how the product behaves."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, select

from salescompass.identity import audit
from salescompass.identity.actor import Actor
from salescompass.identity.directory import known_zone, plain_name
from salescompass.identity.members import member
from salescompass.kit.errors import NotFound
from salescompass.models import Membership


@dataclass(frozen=True)
class ProfileView:
    """Oneself."""

    member_id: UUID
    name: str
    email: str
    zone: str
    roles: tuple[str, ...]
    role_names: tuple[str, ...]
    shortcuts: bool


def profile(session: Session, actor: Actor) -> ProfileView:
    """One's own profile. Raises NotFound for a key."""
    row = _own(session, actor)
    found = member(session, row.id)
    return ProfileView(row.id, row.name, row.email, row.zone, found.roles, found.role_names, row.shortcuts)


def update_profile(
    session: Session,
    actor: Actor,
    *,
    name: str | None = None,
    zone: str | None = None,
    shortcuts: bool | None = None,
) -> ProfileView:
    """Change one's profile; what is None stays."""
    row = _own(session, actor)
    before = {"name": row.name, "zone": row.zone, "shortcuts": row.shortcuts}
    row.name = row.name if name is None else plain_name(name)
    row.zone = row.zone if zone is None else known_zone(zone)
    row.shortcuts = row.shortcuts if shortcuts is None else shortcuts
    session.add(row)
    session.flush()
    after = {"name": row.name, "zone": row.zone, "shortcuts": row.shortcuts}
    changed = sorted(field for field in after if after[field] != before[field])
    if changed:
        detail = {"changed": changed}
        audit.record(session, actor, "profile.changed", object_type="member", object_id=row.id, detail=detail)
    return profile(session, actor)


def _own(session: Session, actor: Actor) -> Membership:
    row = session.exec(select(Membership).where(Membership.id == actor.member_id)).first()
    if row is None:
        raise NotFound("Only members have a profile")
    return row
