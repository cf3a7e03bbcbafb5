"""Whose records somebody sees: their own, those of their teams, or all; by role and kind of record.

The widest of a member's roles decides. A team's members see what belongs to them and to the teams beneath; where a
tenant has made no teams, everybody is of one team. What belongs to nobody is seen by everybody, so that somebody can
take it. An API key sees what the member who made it sees; one made on the server, and the system itself, see all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, delete, select

from salescompass.identity import audit
from salescompass.identity.actor import Actor
from salescompass.identity.permissions import ADMIN
from salescompass.kit.errors import Conflict, Denied, Invalid, NotFound
from salescompass.models import ApiKey, Role, RoleScope

OBJECTS = ("account", "person", "opportunity")
LEVELS = ("own", "team", "all")
"""From the narrowest."""
_BUILT_IN = {"rep": "team", "manager": "all", "marketer": "all", "admin": "all"}
_OTHERWISE = "team"


@dataclass(frozen=True)
class Reach:
    """For each kind of record the members whose records are seen; None is everybody's."""

    account: frozenset[UUID] | None = None
    person: frozenset[UUID] | None = None
    opportunity: frozenset[UUID] | None = None

    @staticmethod
    def of(session: Session, actor: Actor | None = None) -> Reach:
        """How far `actor` sees, or whoever this session was opened for. Asked of the database once a session."""
        who = actor or session.info.get("reader")
        if not isinstance(who, Actor) or who.kind == "system":
            return EVERYTHING
        known: dict[UUID | None, Reach] = session.info.setdefault("reach", {})
        if who.actor_id not in known:
            known[who.actor_id] = _reach(session, who)
        return known[who.actor_id]

    def hold(self, session: Session, actor: Actor) -> None:
        """Let a session of this actor go by this reach, which was asked for a moment ago."""
        session.info.setdefault("reach", {})[actor.actor_id] = self

    def owners(self, object_type: str) -> frozenset[UUID] | None:
        """The members whose records of this kind are seen. What is not owned is seen by all."""
        found: frozenset[UUID] | None = getattr(self, object_type, None)
        return found


EVERYTHING = Reach()


def _reach(session: Session, who: Actor) -> Reach:
    member_id = behind(session, who)
    return EVERYTHING if member_id is None else reaches(session, [member_id])[member_id]


def behind(session: Session, who: Actor) -> UUID | None:
    """The member as whom somebody sees: themselves, or who made the key; nobody for the server's own."""
    if who.kind == "key":
        return session.exec(select(ApiKey.created_by).where(ApiKey.id == who.key_id)).first()
    return who.member_id


def reaches(session: Session, member_ids: Collection[UUID]) -> dict[UUID, Reach]:
    """How far each of these members sees."""
    levels = _levels(session, member_ids)
    in_teams = [one for one, mine in levels.items() if "team" in mine.values()]
    teams = _teammates(session, in_teams) if in_teams else {}
    found = {}
    for one, mine in levels.items():
        seen = {"all": None, "own": frozenset({one}), "team": teams.get(one)}
        found[one] = Reach(**{name: seen[mine[name]] for name in OBJECTS})
    return found


def _levels(session: Session, member_ids: Collection[UUID]) -> dict[UUID, dict[str, str]]:
    """The widest level of each member's roles for each kind of record."""
    rows = session.connection().execute(
        text(
            "SELECT membership_role.membership_id, role.id, role.key, role.builtin, role_scope.object_type, "
            "role_scope.level FROM membership_role JOIN role ON role.id = membership_role.role_id "
            "LEFT JOIN role_scope ON role_scope.role_id = role.id WHERE membership_role.membership_id = ANY(:members)"
        ),
        {"members": list(member_ids)},
    )
    roles: dict[UUID, dict[UUID, dict[str, str]]] = {one: {} for one in member_ids}
    for member_id, role_id, key, builtin, object_type, level in rows:
        found = roles[member_id].setdefault(role_id, dict.fromkeys(OBJECTS, _usual(key, builtin)))
        if object_type:
            found[object_type] = level
    return {
        one: {
            name: max((found[name] for found in mine.values()), key=LEVELS.index, default=LEVELS[0]) for name in OBJECTS
        }
        for one, mine in roles.items()
    }


def _usual(key: str, builtin: bool) -> str:
    return _BUILT_IN.get(key, _OTHERWISE) if builtin else _OTHERWISE


def _teammates(session: Session, member_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID] | None]:
    """For each member those of their teams and of the teams beneath; None (everybody) where there are no teams."""
    rows = session.connection().execute(
        text(
            "SELECT mine.member_id, theirs.member_id FROM team_member mine JOIN team top ON top.id = mine.team_id "
            "JOIN team ON starts_with(team.path, top.path) JOIN team_member theirs ON theirs.team_id = team.id "
            "WHERE mine.member_id = ANY(:members)"
        ),
        {"members": list(member_ids)},
    )
    found: dict[UUID, set[UUID]] = {one: {one} for one in member_ids}
    for one, other in rows:
        found[one].add(other)
    alone = all(len(mine) == 1 for mine in found.values())
    if alone and not _has_teams(session):
        return dict.fromkeys(found)
    return {one: frozenset(mine) for one, mine in found.items()}


def _has_teams(session: Session) -> bool:
    return bool(session.connection().execute(text("SELECT EXISTS (SELECT FROM team)")).scalar())


def circle(session: Session, member_id: UUID) -> frozenset[UUID] | None:
    """Who is of one team with a member: in a team of theirs, or in one above or beneath it. None is everybody."""
    rows = session.connection().execute(
        text(
            "SELECT theirs.member_id FROM team_member mine JOIN team a ON a.id = mine.team_id "
            "JOIN team b ON starts_with(b.path, a.path) OR starts_with(a.path, b.path) "
            "JOIN team_member theirs ON theirs.team_id = b.id WHERE mine.member_id = :member"
        ),
        {"member": member_id},
    )
    found = frozenset(rows.scalars())
    return found | {member_id} if found or _has_teams(session) else None


def role_scopes(session: Session) -> dict[str, dict[str, str]]:
    """For each role, by key, how far its members see of each kind of record."""
    found = {role.key: dict.fromkeys(OBJECTS, _usual(role.key, role.builtin)) for role in session.exec(select(Role))}
    query = select(Role.key, RoleScope.object_type, RoleScope.level).join(
        RoleScope, col(RoleScope.role_id) == col(Role.id)
    )
    for key, object_type, level in session.exec(query):
        found[key][object_type] = level
    return found


def set_role_scope(session: Session, actor: Actor, *, key: str, levels: Mapping[str, str]) -> dict[str, str]:
    """Choose how far the members of a role see: a level for each kind of record named.

    Admins see all, so that somebody can always put it right; nobody hands out a wider level than their own.
    """
    role = session.exec(select(Role).where(Role.key == key[:60].replace("\0", ""))).first()
    if role is None:
        raise NotFound("There is no such role", field="role")
    for name, level in levels.items():
        if name not in OBJECTS or level not in LEVELS:
            raise Invalid(f"Choose {', '.join(LEVELS)} for {', '.join(OBJECTS)}", field="levels")
        if role.builtin and role.key == ADMIN and level != LEVELS[-1]:
            raise Conflict("Admins see all records, so that somebody can always put it right", field=name)
    _may_widen(session, actor, role_scopes(session)[role.key], levels)
    before = role_scopes(session)[role.key]
    session.connection().execute(delete(RoleScope).where(col(RoleScope.role_id) == role.id))
    after = {**before, **levels}
    for name, level in after.items():
        session.add(RoleScope(tenant_id=role.tenant_id, role_id=role.id, object_type=name, level=level))
    session.flush()
    session.info.pop("reach", None)
    audit.record(
        session, actor, "role.scope_changed", object_type="role", object_id=role.id,
        detail={"name": role.name, "before": before, "after": after},
    )  # fmt: skip
    return after


def _may_widen(session: Session, actor: Actor, before: Mapping[str, str], levels: Mapping[str, str]) -> None:
    """Raises Denied when a level is wider than before and wider than the actor's own."""
    if actor.kind != "member" or actor.member_id is None:
        return
    own = _levels(session, [actor.member_id])[actor.member_id]
    for name, level in levels.items():
        if LEVELS.index(level) > max(LEVELS.index(own[name]), LEVELS.index(before[name])):
            raise Denied("You cannot let others see more than you see yourself", permission="users.manage")
