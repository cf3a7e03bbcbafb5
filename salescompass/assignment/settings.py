"""Where work goes that nobody else gets, and when an action that nobody touches moves on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, select

from salescompass import identity
from salescompass.identity import Actor
from salescompass.kit.database import session_tenant
from salescompass.kit.errors import Invalid, NotFound
from salescompass.models import AssignmentSetting, Membership, Team

MOST_HOURS = 24 * 60


@dataclass(frozen=True)
class Settings:
    """The fallback is a member, a team, or nobody: then it waits for somebody to take it. No hours: nothing moves."""

    fallback_member_id: UUID | None = None
    fallback_team_id: UUID | None = None
    idle_hours: int | None = None


def assignment_settings(session: Session) -> Settings:
    """The tenant's choices."""
    row = session.exec(select(AssignmentSetting)).first()
    return Settings(row.fallback_member_id, row.fallback_team_id, row.idle_hours) if row else Settings()


def set_assignment(
    session: Session,
    actor: Actor,
    *,
    fallback_member_id: UUID | None = None,
    fallback_team_id: UUID | None = None,
    idle_hours: int | None = None,
) -> Settings:
    """Choose the fallback, and after how many working hours without a touch a proposed action moves on."""
    if fallback_member_id is not None and fallback_team_id is not None:
        raise Invalid("Choose a member or a team, not both", field="fallback")
    if idle_hours is not None and not 1 <= idle_hours <= MOST_HOURS:
        raise Invalid(f"Give 1 to {MOST_HOURS:,} hours", field="idle_hours")
    if fallback_member_id is not None:
        joined = select(Membership.id).where(Membership.id == fallback_member_id, Membership.status == "active")
        if session.exec(joined).first() is None:
            raise NotFound("There is no such member", field="fallback")
    if (
        fallback_team_id is not None
        and session.exec(select(Team.id).where(Team.id == fallback_team_id)).first() is None
    ):
        raise NotFound("There is no such team", field="fallback")
    tenant_id = session_tenant(session)
    row = session.exec(select(AssignmentSetting).with_for_update()).first() or AssignmentSetting(tenant_id=tenant_id)
    row.fallback_member_id, row.fallback_team_id, row.idle_hours = fallback_member_id, fallback_team_id, idle_hours
    session.add(row)
    session.flush()
    detail = {
        "member": str(fallback_member_id) if fallback_member_id else None,
        "team": str(fallback_team_id) if fallback_team_id else None,
        "idle_hours": idle_hours,
    }
    identity.audit.record(
        session, actor, "assignment.changed", object_type="tenant", object_id=tenant_id, detail=detail
    )
    return assignment_settings(session)
