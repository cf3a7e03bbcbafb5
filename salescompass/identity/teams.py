"""Teams: a tree, and who is in which. Whoever sees a team's records sees those of the teams beneath as well."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from salescompass.identity import audit
from salescompass.identity.actor import Actor
from salescompass.identity.directory import plain_name
from salescompass.kit.database import hold, session_tenant
from salescompass.kit.errors import Conflict, Exists, Invalid, NotFound
from salescompass.kit.ids import new_id
from salescompass.models import Membership, Team, TeamMember

_DEEPEST = 8
_LEAD = "lead"


@dataclass(frozen=True)
class TeamView:
    """A team, how deep it stands in the tree, its own members, and which of them leads it."""

    id: UUID
    name: str
    parent_id: UUID | None
    depth: int
    member_ids: tuple[UUID, ...]
    lead_id: UUID | None = None


def teams(session: Session) -> list[TeamView]:
    """Every team, each below the one it belongs to."""
    inside: dict[UUID, list[UUID]] = {}
    leads: dict[UUID, UUID] = {}
    for row in session.exec(select(TeamMember)):
        inside.setdefault(row.team_id, []).append(row.member_id)
        if row.part == _LEAD:
            leads[row.team_id] = row.member_id
    rows = {team.id: team for team in session.exec(select(Team))}
    names = {row.path: tuple(rows[UUID(part)].name_norm for part in _parts(row.path)) for row in rows.values()}
    ordered = sorted(rows.values(), key=lambda row: names[row.path])
    return [
        TeamView(
            row.id, row.name, row.parent_id, len(_parts(row.path)) - 1, tuple(inside.get(row.id, ())), leads.get(row.id)
        )
        for row in ordered
    ]


def teams_of(session: Session, actor: Actor) -> list[TeamView]:
    """The teams that a member is in, and those above them."""
    known = {one.id: one for one in teams(session)}
    found: set[UUID] = set()
    for one in known.values():
        above: UUID | None = one.id if actor.member_id in one.member_ids else None
        while above is not None and above not in found:
            found.add(above)
            above = known[above].parent_id
    return [one for one in known.values() if one.id in found]


def save_team(
    session: Session,
    actor: Actor,
    *,
    team_id: UUID | None,
    name: str,
    parent_id: UUID | None = None,
    member_ids: Sequence[UUID] = (),
    lead_id: UUID | None = None,
) -> TeamView:
    """A new team (`team_id` None) or a changed one: its name, its place in the tree, its members.

    Whoever leads it is one of them, named or not.
    """
    hold(session, "teams")
    clean = plain_name(name)
    norm = " ".join(unicodedata.normalize("NFKC", clean).casefold().split())
    row = _team(session, team_id) if team_id else Team(tenant_id=session_tenant(session), id=new_id(), name="", path="")
    if session.exec(select(Team.id).where(Team.name_norm == norm, Team.id != row.id)).first():
        raise Exists(f"There is a team {clean} already", field="name")
    before, path = row.path, _path(session, row, parent_id)
    row.name, row.name_norm, row.parent_id, row.path = clean, norm, parent_id, path
    session.add(row)
    session.flush()
    if before and before != path:
        session.connection().execute(
            text("UPDATE team SET path = :after || substr(path, length(:before) + 1) WHERE starts_with(path, :before)"),
            {"before": before, "after": path},
        )
    members = _set_members(session, row.id, member_ids, lead_id)
    session.expire_all()
    session.info.pop("reach", None)
    detail = {"name": clean, "parent": str(parent_id) if parent_id else None, "members": len(members)}
    detail["lead"] = str(lead_id) if lead_id else None
    action = "team.changed" if team_id else "team.created"
    audit.record(session, actor, action, object_type="team", object_id=row.id, detail=detail)
    return next(one for one in teams(session) if one.id == row.id)


def delete_team(session: Session, actor: Actor, *, team_id: UUID) -> None:
    """Take away a team without teams beneath; its members stay what they are."""
    hold(session, "teams")
    row = _team(session, team_id)
    if session.exec(select(Team.id).where(Team.parent_id == team_id)).first():
        raise Conflict(f"{row.name} has teams beneath: move or delete them first")
    audit.record(session, actor, "team.deleted", object_type="team", object_id=team_id, detail={"name": row.name})
    session.delete(row)
    session.flush()
    session.info.pop("reach", None)


def _path(session: Session, row: Team, parent_id: UUID | None) -> str:
    """Where a team stands below that one. Raises Invalid where it cannot."""
    above = _team(session, parent_id) if parent_id else None
    path = (above.path if above else "") + f"{row.id}/"
    if row.path and above and above.path.startswith(row.path):
        raise Invalid("A team cannot stand below itself", field="parent_id")
    if len(_parts(path)) + _beneath(session, row) > _DEEPEST:
        raise Invalid(f"Teams stand at most {_DEEPEST} deep", field="parent_id")
    return path


def _beneath(session: Session, row: Team) -> int:
    """How many floors of teams stand beneath one that is there."""
    if not row.path:
        return 0
    deepest = text("SELECT max(length(path) - length(replace(path, '/', ''))) FROM team WHERE starts_with(path, :path)")
    return int(session.connection().execute(deepest, {"path": row.path}).scalar_one()) - len(_parts(row.path))


def _set_members(
    session: Session, team_id: UUID, member_ids: Sequence[UUID], lead_id: UUID | None = None
) -> list[UUID]:
    wanted = list(dict.fromkeys([*member_ids, *([lead_id] if lead_id else ())]))
    known = set(session.exec(select(Membership.id).where(col(Membership.id).in_(wanted))))
    if set(wanted) - known:
        raise NotFound("There is no such member", field="member_ids")
    session.connection().execute(text("DELETE FROM team_member WHERE team_id = :team"), {"team": team_id})
    for member_id in wanted:
        part = _LEAD if member_id == lead_id else "member"
        session.add(TeamMember(tenant_id=session_tenant(session), team_id=team_id, member_id=member_id, part=part))
    session.flush()
    return wanted


def _team(session: Session, team_id: UUID) -> Team:
    row = session.exec(select(Team).where(Team.id == team_id)).first()
    if row is None:
        raise NotFound("There is no such team")
    return row


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]
