"""The global directory: tenants by name and people by address. Read and written as the cross-tenant role only."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass.kit.clock import time_zones
from salescompass.kit.database import system_session
from salescompass.kit.errors import Invalid, NotFound
from salescompass.kit.ids import new_id
from salescompass.kit.mail import checked_address
from salescompass.models import Tenant, User

_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
LONGEST_NAME = 120


@dataclass(frozen=True)
class TenantView:
    """A tenant as commands and jobs see it."""

    tenant_id: UUID
    slug: str
    name: str


@dataclass(frozen=True)
class Address:
    """An email address as typed and as compared."""

    email: str
    norm: str


def address(email: str, *, field: str = "email") -> Address:
    """The checked address. Raises Invalid. Nothing is asked of the DNS."""
    try:
        found, _ = checked_address(email.strip())
    except ValueError as error:
        raise Invalid(f"This is no email address: {error}", field=field) from error
    return Address(found, found.lower())


def plain_name(name: str, *, field: str = "name") -> str:
    """The name without blanks around it and without control characters. Raises Invalid when nothing is left."""
    text = " ".join("".join(" " if unicodedata.category(c).startswith("C") else c for c in name).split())
    if not text:
        raise Invalid("Enter a name", field=field)
    if len(text) > LONGEST_NAME:
        raise Invalid(f"Use at most {LONGEST_NAME} characters", field=field)
    return text


def known_zone(zone: str) -> str:
    """The time zone. Raises Invalid for one that the zone database does not have."""
    if zone not in time_zones():
        raise Invalid("Unknown time zone: use a name such as Europe/Paris", field="zone")
    return zone


def plain_slug(slug: str) -> str:
    """The slug. Raises Invalid."""
    if not _SLUG.fullmatch(slug):
        raise Invalid("Use small letters, digits and hyphens, at most 63", field="slug")
    return slug


def tenant_by_slug(slug: str) -> TenantView:
    """The tenant with this slug. Raises NotFound."""
    with system_session() as session:
        row = session.exec(select(Tenant).where(Tenant.slug == slug)).first()
    if row is None:
        raise NotFound(f"There is no tenant {slug[:63]!r}", field="tenant")
    return TenantView(row.id, row.slug, row.name)


def rename_tenant(tenant_id: UUID, name: str) -> None:
    """Call a tenant so where its members sign in."""
    with system_session() as session:
        row = session.exec(select(Tenant).where(Tenant.id == tenant_id)).one()
        row.name = name
        session.add(row)


def all_tenants() -> list[TenantView]:
    """Every active tenant, oldest first."""
    with system_session() as session:
        rows = session.exec(select(Tenant).where(Tenant.status == "active").order_by(col(Tenant.id))).all()
    return [TenantView(row.id, row.slug, row.name) for row in rows]


def all_tenant_ids() -> list[UUID]:
    """The ids of every tenant, suspended ones too: their trail is sealed and verified all the same."""
    with system_session() as session:
        return list(session.exec(select(Tenant.id).order_by(col(Tenant.id))).all())


def user_by_norm(system: Session, norm: str) -> User | None:
    """The person with this address."""
    return system.exec(select(User).where(User.email_norm == norm)).first()


def find_or_add_user(who: Address, *, name: str, zone: str) -> User:
    """The person with this address, added without a password when unknown. Committed at once.

    Memberships point at users, and another role writes them: so the user must be there first. One that is left over
    when the membership's transaction fails belongs to no tenant and can do nothing.
    """
    with system_session() as system:
        user = user_by_norm(system, who.norm)
        if user is None:
            user = User(id=new_id(), email=who.email, email_norm=who.norm, name=name, zone=zone)
            system.add(user)
    return user
