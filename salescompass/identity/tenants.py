"""A new tenant: its public face, its built-in roles and its first admin."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from salescompass.identity import audit
from salescompass.identity.accounts import add_member, user_with_password
from salescompass.identity.actor import system_actor
from salescompass.identity.directory import TenantView, address, known_zone, plain_name, plain_slug, user_by_norm
from salescompass.identity.permissions import BUILT_IN
from salescompass.kit.database import session_tenant, system_session, tenant_session
from salescompass.kit.errors import Exists, Invalid
from salescompass.kit.ids import new_id
from salescompass.models import Role, Tenant, TenantPublic, User


@dataclass(frozen=True)
class NewTenant(TenantView):
    """A tenant just made. `admin_known`: its admin had an account here before, and signs in with that password."""

    admin_known: bool = False


def create_tenant(
    *,
    name: str,
    slug: str,
    admin_email: str,
    admin_password: str | None = None,
    zone: str = "UTC",
    admin_name: str | None = None,
) -> NewTenant:
    """A tenant with the four built-in roles and an admin who can sign in. Raises Exists for a slug in use.

    Whoever has an account here joins with it and keeps their own password; anybody else needs one.
    """
    name, slug, zone = plain_name(name), plain_slug(slug), known_zone(zone)
    with system_session() as system:
        if system.exec(select(Tenant.id).where(Tenant.slug == slug)).first():
            raise Exists(f"The slug {slug} is in use", field="slug")
    user, known = _admin(admin_email, admin_password, name=admin_name, zone=zone, company=name)
    tenant_id = new_id()
    try:
        # The tenant's row commits last: whatever breaks before leaves no tenant behind.
        with system_session() as system:
            system.add(Tenant(id=tenant_id, slug=slug, name=name))
            system.flush()
            with tenant_session(tenant_id) as session:
                session.add(TenantPublic(tenant_id=tenant_id, name=name, slug=slug, zone=zone))
                ensure_roles(session)
                add_member(session, user, role_keys=("admin",), status="active")
                audit.record(
                    session, system_actor(tenant_id), "tenant.created", object_type="tenant", object_id=tenant_id
                )
    except IntegrityError as error:
        raise Exists(f"The slug {slug} is in use", field="slug") from error
    return NewTenant(tenant_id, slug, name, known)


def _admin(email: str, password: str | None, *, name: str | None, zone: str, company: str) -> tuple[User, bool]:
    """The admin of a new tenant, and whether they had an account with a password here before."""
    with system_session() as system:
        found = user_by_norm(system, address(email).norm)
    known = found is not None and found.password_hash is not None
    if not known and password is None:
        raise Invalid(f"{email} has no account here yet: give a password", field="admin_password")
    kept = None if known else password
    user = user_with_password(email, name=name, zone=zone, password=kept, about=(company,), field="admin_password")
    return user, known


def ensure_roles(session: Session) -> None:
    """Give the tenant the built-in roles it does not have yet."""
    there = set(session.exec(select(Role.key).where(Role.builtin)).all())
    tenant_id = session_tenant(session)
    for key, (name, _) in BUILT_IN.items():
        if key not in there:
            session.add(Role(tenant_id=tenant_id, id=new_id(), key=key, name=name, builtin=True))
    session.flush()
