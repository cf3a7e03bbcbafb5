"""Where a person signs in to: one of the tenants they are an active member of."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass.models import Membership, SessionRow, Tenant


@dataclass(frozen=True)
class Home:
    """A person in a tenant."""

    user_id: UUID
    tenant_id: UUID
    member_id: UUID
    name: str


def home_of(system: Session, user_id: UUID, *, tenant_id: UUID | None = None) -> Home | None:
    """The tenant named, else the one used last, else the oldest; None when there is none to sign in to."""
    last = (
        select(SessionRow.last_seen_at)
        .where(SessionRow.membership_id == Membership.id)
        .order_by(col(SessionRow.last_seen_at).desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(Membership.tenant_id, Membership.id, Membership.name)
        .join(Tenant, col(Tenant.id) == col(Membership.tenant_id))
        .where(Membership.user_id == user_id, Membership.status == "active", Tenant.status == "active")
        .order_by(last.desc().nulls_last(), col(Membership.id))
    )
    if tenant_id is not None:
        query = query.where(Membership.tenant_id == tenant_id)
    row = system.exec(query).first()
    return Home(user_id, row[0], row[1], row[2]) if row else None
