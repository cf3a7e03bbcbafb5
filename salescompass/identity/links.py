"""Single-use links by email. A link's token is made when its letter is sent, so no secret waits in the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.identity.tokens import new_token, plausible, token_hash
from salescompass.kit.clock import now as present
from salescompass.kit.errors import Invalid
from salescompass.kit.ids import new_id
from salescompass.kit.settings import settings
from salescompass.models import ResetToken

LIFETIMES = {"invitation": timedelta(days=7), "reset": timedelta(hours=1)}
PAGES = {"invitation": "/invitation", "reset": "/reset"}
"""The pages that the links open; each posts its form to /auth/..."""

STALE = "This link has been used or is too old: ask for a new one"


@dataclass(frozen=True)
class OpenLink:
    """A link that is still good, and whom it is for."""

    id: UUID
    user_id: UUID
    tenant_id: UUID | None
    email: str
    name: str
    password_hash: str | None


def make_link(system: Session, kind: str, *, user_id: UUID, tenant_id: UUID | None) -> str:
    """A new address to put into a letter."""
    token, now = new_token(), present()
    system.add(
        ResetToken(
            id=new_id(),
            kind=kind,
            token_hash=token_hash(token),
            user_id=user_id,
            tenant_id=tenant_id,
            expires_at=now + LIFETIMES[kind],
        )
    )
    system.flush()
    return f"{settings().base_url.rstrip('/')}{PAGES[kind]}?token={token}"


def open_link(system: Session, kind: str, token: str | None, *, now: datetime | None = None) -> OpenLink:
    """Look at a link without using it. Raises Invalid (field `token`) when it is used, old or none of ours."""
    if plausible(token):
        query = (
            "SELECT r.id, r.user_id, r.tenant_id, u.email, u.name, u.password_hash FROM reset_token r "
            'JOIN "user" u ON u.id = r.user_id WHERE r.token_hash = :hash AND r.kind = :kind '
            "AND r.used_at IS NULL AND r.expires_at > :now"
        )
        values = {"hash": token_hash(str(token)), "kind": kind, "now": now or present()}
        row = system.connection().execute(text(query), values).first()
        if row is not None:
            return OpenLink(*row)
    raise Invalid(STALE, field="token")


def use_link(system: Session, link: OpenLink, kind: str, *, now: datetime | None = None) -> None:
    """Use it up, with the others sent for the same purpose. Raises Invalid for the second of two at once."""
    values = {"id": link.id, "now": now or present()}
    used = system.connection().execute(
        text("UPDATE reset_token SET used_at = :now WHERE id = :id AND used_at IS NULL"), values
    )
    if used.rowcount != 1:
        raise Invalid(STALE, field="token")
    system.connection().execute(
        text(
            "UPDATE reset_token SET used_at = :now WHERE user_id = :user AND kind = :kind AND used_at IS NULL "
            "AND tenant_id IS NOT DISTINCT FROM :tenant"
        ),
        {"now": values["now"], "user": link.user_id, "kind": kind, "tenant": link.tenant_id},
    )
