"""Taking back members that came from a file, where nothing hangs on them by now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, delete, select

from salescompass.identity.actor import Actor
from salescompass.models import Membership, MembershipRole, RecordChange, Team, TeamMember

_TYPES = ("member", "team")
_OWNS = text(
    "SELECT EXISTS (SELECT FROM account WHERE owner_id = :id) OR EXISTS (SELECT FROM person WHERE owner_id = :id) "
    "OR EXISTS (SELECT FROM opportunity WHERE owner_id = :id) OR EXISTS (SELECT FROM note WHERE author_id = :id) "
    "OR EXISTS (SELECT FROM membership WHERE manager_id = :id) "
    "OR EXISTS (SELECT FROM availability WHERE delegate_id = :id)"
)


def take_members_back(session: Session, actor: Actor, *, batch_id: UUID) -> tuple[int, int]:
    """Undo what a file did to members and teams, the latest first: how much is as before, and how much is kept.

    Who has signed in, or owns something by now, stays.
    """
    actor.must("imports.manage")
    query = select(RecordChange).where(RecordChange.batch_id == batch_id, col(RecordChange.object_type).in_(_TYPES))
    rows = session.exec(query.order_by(col(RecordChange.id).desc())).all()
    for row in rows:
        row.batch_id = None
        session.add(row)
    kept = sum(not _as_before(session, row) for row in rows if row.act == "changed")
    made = [row for row in rows if row.act == "created" and row.object_type == "member"]
    # Managers go once nobody is beneath them any more.
    while made and len(left := [row for row in made if not _gone(session, row)]) < len(made):
        made = left
    teams = [row for row in rows if row.object_type == "team"]
    kept += len(made) + sum(not _team_gone(session, row) for row in teams)
    session.flush()
    return len(rows) - kept, kept


def _gone(session: Session, row: RecordChange) -> bool:
    member = _member(session, row.object_id)
    if member is None:
        return True
    if member.last_seen_at is not None or session.connection().execute(_OWNS, {"id": member.id}).scalar():
        return False
    session.connection().execute(delete(TeamMember).where(col(TeamMember.member_id) == member.id))
    session.connection().execute(delete(MembershipRole).where(col(MembershipRole.membership_id) == member.id))
    session.delete(member)
    session.flush()
    return True


def _as_before(session: Session, row: RecordChange) -> bool:
    member = _member(session, row.object_id)
    if member is None:
        return True
    whole = True
    for name, (before, after) in row.changes.items():
        if name == "team":
            mine = delete(TeamMember).where(col(TeamMember.member_id) == member.id)
            session.connection().execute(mine.where(col(TeamMember.team_id) == UUID(after)))
        elif _is(member, name) != after:
            whole = False
        elif name == "email":
            member.email, member.email_norm, member.user_id = before, None, None
        elif name == "manager":
            member.manager_id = UUID(before) if before else None
        else:
            setattr(member, name, before)
    session.add(member)
    session.flush()
    return whole


def _is(member: Membership, name: str) -> Any:
    if name == "manager":
        return str(member.manager_id) if member.manager_id else None
    return getattr(member, name)


def _team_gone(session: Session, row: RecordChange) -> bool:
    team = session.exec(select(Team).where(Team.id == row.object_id)).first()
    if team is None:
        return True
    used = session.exec(select(TeamMember.member_id).where(TeamMember.team_id == team.id).limit(1)).first()
    beneath = session.exec(select(Team.id).where(Team.parent_id == team.id).limit(1)).first()
    if used is not None or beneath is not None:
        return False
    session.delete(team)
    session.flush()
    return True


def _member(session: Session, member_id: UUID) -> Membership | None:
    return session.exec(select(Membership).where(Membership.id == member_id)).first()
