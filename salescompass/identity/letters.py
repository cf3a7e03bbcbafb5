"""The letters identity sends: composed when they go out, because only then does their link's secret come into being."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass.identity.links import make_link
from salescompass.kit.database import system_session
from salescompass.kit.ids import parse_id
from salescompass.kit.letters import letter
from salescompass.kit.mail import Mail
from salescompass.models import Membership, Tenant, User


def compose(tenant_id: UUID, letter_id: str, payload: Mapping[str, Any]) -> Mail | None:
    """The letter an outbox row asks for; None when it has no reason any more (joined, disabled, closed)."""
    with system_session() as system:
        return LETTERS[payload["letter"]](system, tenant_id, letter_id, payload)


def _invitation(system: Session, tenant_id: UUID, letter_id: str, payload: Mapping[str, Any]) -> Mail | None:
    query = (
        select(Membership, Tenant)
        .join(Tenant, col(Tenant.id) == col(Membership.tenant_id))
        .where(Membership.tenant_id == tenant_id, Tenant.status == "active")
        .where(Membership.id == parse_id(payload["member_id"]), Membership.status == "invited")
    )
    found = system.exec(query).first()
    if found is None:
        return None
    member, tenant = found
    if member.user_id is None:  # without an address there is nobody to write to
        return None
    link = make_link(system, "invitation", user_id=member.user_id, tenant_id=tenant_id)
    inviter = str(payload.get("invited_by") or "Your administrator")
    return letter(
        letter_id,
        to=member.email,
        name=member.name,
        subject=f"{inviter} invites you to {tenant.name} on SalesCompass",
        lines=(
            f"Hello {member.name},",
            f"{inviter} invites you to work with {tenant.name} in SalesCompass: see who is interested, and what to do"
            " next.",
        ),
        action="Accept the invitation",
        link=link,
        after=("The link works once, for seven days.", "You did not expect this? Then you need not do anything."),
    )


def _reset(system: Session, tenant_id: UUID, letter_id: str, payload: Mapping[str, Any]) -> Mail | None:
    user = system.get(User, parse_id(payload["user_id"]))
    if user is None:
        return None
    name = str(payload.get("name") or user.name)
    link = make_link(system, "reset", user_id=user.id, tenant_id=None)
    return letter(
        letter_id,
        to=user.email,
        name=name,
        subject="Choose a new SalesCompass password",
        lines=(f"Hello {name},", "Somebody, hopefully you, asked for a new password for this address."),
        action="Choose a new password",
        link=link,
        after=(
            "The link works once, for one hour. Your old password works until then, and you are signed out everywhere"
            " when you choose a new one.",
            "It was not you? Then you need not do anything: your password stays as it is.",
        ),
    )


LETTERS: dict[str, Callable[[Session, UUID, str, Mapping[str, Any]], Mail | None]] = {
    "invitation": _invitation,
    "reset": _reset,
}
