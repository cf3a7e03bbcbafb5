"""Members and actions that a test begins with: written as rows, so that only what is read is tried."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlmodel import Session

from salescompass import crm, identity
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session
from salescompass.kit.ids import new_id
from salescompass.models import Action, Delegation

AT = datetime(2026, 11, 20, 10, 42, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_ACTION: Any = Action.__table__  # type: ignore[attr-defined]
_ASKED: Any = Delegation.__table__  # type: ignore[attr-defined]


def hired(tenant: UUID, name: str, role: str = "rep", zone: str = "UTC") -> Actor:
    """A new member with a role, as the actor they are."""
    with tenant_session(tenant) as session:
        email = f"{name.lower()}-{uuid4().hex[:6]}@house.example"
        view = identity.create_user(session, email=email, role=role, name=name)
    permissions = identity.BUILT_IN[role][1] | ({"actions.manage"} if role == "manager" else set())
    return Actor(tenant, name, "member", permissions=permissions, member_id=view.id, zone=zone)


def add(session: Session, owner: Actor | None, title: str = "Call", **more: Any) -> UUID:
    """An action of theirs."""
    row = {"id": new_id(), "kind": "call", "title": title, "state": "accepted", "created_at": AT - HOUR, **more}
    row.setdefault("assignee_id", owner.member_id if owner else None)
    session.connection().execute(insert(_ACTION), row)
    return UUID(str(row["id"]))


def closed(session: Session, owner: Actor | None, *, success: bool | None = True, **more: Any) -> UUID:
    """One that is over."""
    over: dict[str, Any] = {"state": "done", "closed_at": AT - DAY, "success": success, "outcome": "connected"}
    return add(session, owner, **over | more)


def offer(session: Session, action_id: UUID, giver: Actor, to: Actor, **more: Any) -> UUID:
    """An offer to take it over."""
    row = {"id": new_id(), "action_id": action_id, "from_id": giver.member_id, "to_id": to.member_id, "note": "Please"}
    session.connection().execute(insert(_ASKED), row | {"expires_at": AT + DAY} | more)
    return UUID(str(row["id"]))


def account(session: Session, boss: Actor, name: str, **more: Any) -> UUID:
    """An account."""
    return crm.create_record(session, boss, "accounts", {"name": name, **more}).id


def deal(session: Session, boss: Actor, name: str, account_id: UUID, minor: int, **more: Any) -> UUID:
    """An open deal in the first stage of the usual pipeline."""
    row = {"name": name, "account_id": account_id, "amount_minor": minor, "currency": "USD", **more}
    return crm.create_record(session, boss, "opportunities", row).id
