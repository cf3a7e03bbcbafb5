"""Members from files: known by address or by name, with managers and teams. Without an address nobody can sign in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass.identity import audit
from salescompass.identity.accounts import roles_by_key
from salescompass.identity.actor import Actor
from salescompass.identity.directory import Address, address, find_or_add_user, known_zone, plain_name
from salescompass.identity.members import allowed_by
from salescompass.identity.roles import may_hand_out
from salescompass.kit.database import hold, session_tenant
from salescompass.kit.errors import Invalid, SalesCompassError
from salescompass.kit.ids import new_id
from salescompass.models import Membership, MembershipRole, RecordChange, Role, Team, TeamMember, TenantPublic

REP, MANAGER = "rep", "manager"


@dataclass(frozen=True)
class MemberRow:
    """A member as a file tells of them. What is None is not told."""

    name: str | None = None
    email: str | None = None
    role: str | None = None
    manager: str | None = None
    team: str | None = None
    zone: str | None = None


@dataclass(frozen=True)
class MemberOutcome:
    """What became of a row."""

    status: Literal["created", "updated", "skipped", "failed"]
    id: UUID | None = None
    reason: str = ""


@dataclass(frozen=True)
class MembersBrought:
    """One outcome a row, in order, and how many managers and teams were made beside."""

    outcomes: tuple[MemberOutcome, ...]
    users_made: int
    teams_made: int


def bring_members(
    session: Session,
    actor: Actor,
    *,
    rows: Sequence[MemberRow],
    now: datetime,
    keys: Sequence[str] = ("email", "name"),
    mode: str = "upsert",
    batch_id: UUID | None = None,
    dry: bool = False,
) -> MembersBrought:
    """Bring rows of members in, one after the other. The managers and teams they name are made when missing.

    With `dry` nothing is written outside of the session's transaction, which the caller then takes back.
    """
    actor.must("users.manage")
    batch = _Batch(session, actor, now, keys, mode, batch_id, dry)
    outcomes = tuple(batch.bring(row) for row in rows)
    return MembersBrought(outcomes, batch.made["users"], batch.made["teams"])


@dataclass
class _Batch:
    """Rows of members on their way in; `made` counts managers and teams that came beside."""

    session: Session
    actor: Actor
    now: datetime
    keys: Sequence[str]
    mode: str
    batch_id: UUID | None
    dry: bool
    made: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        # Two files at once must not make the same member twice: names have no unique index.
        hold(self.session, "members")
        self._zone = self.session.exec(select(TenantPublic.zone)).one()
        self._roles = {role.key: role for role in self.session.exec(select(Role)).all()}
        self._by_email: dict[str, Membership] = {}
        self._by_name: dict[str, list[Membership]] = {}
        for row in self.session.exec(select(Membership)).all():
            self._remember(row)
        self._teams = {team.name_norm: team for team in self.session.exec(select(Team)).all()}

    def bring(self, row: MemberRow) -> MemberOutcome:
        """Bring one row in: it makes a member, changes one, changes nothing, or is refused."""
        try:
            return self._bring(row)
        except SalesCompassError as refused:
            return MemberOutcome("failed", None, refused.message)

    def _bring(self, row: MemberRow) -> MemberOutcome:
        name = plain_name(row.name) if row.name else None
        who = address(row.email) if row.email else None
        if name is None and who is None:
            raise Invalid("Give a name or an email address")
        zone = known_zone(row.zone) if row.zone else None
        roles = self._roles_of(row.role) if row.role else (REP,)
        known = self._known(name, who)
        if known is None:
            if self.mode == "update":
                return MemberOutcome("skipped", None, "There is no such member")
            known = self._add(name or str(row.email).split("@")[0], who, roles, zone)
            self._place(known, row)
            return MemberOutcome("created", known.id)
        if self.mode == "insert":
            return MemberOutcome("skipped", known.id, "This member is there already")
        changes = self._change(known, name, who, zone)
        changes |= self._place(known, row)
        if not changes:
            return MemberOutcome("skipped", known.id, "Nothing to change")
        self._note("member", known.id, "changed", changes)
        return MemberOutcome("updated", known.id)

    def _known(self, name: str | None, who: Address | None) -> Membership | None:
        by_email = self._by_email.get(who.norm) if who else None
        if by_email is not None and "email" in self.keys:
            return by_email
        namesakes = self._by_name.get(name.casefold(), []) if name and "name" in self.keys else []
        if who:  # somebody with another address is somebody else
            namesakes = [one for one in namesakes if one.email_norm in (None, who.norm)]
        if len(namesakes) > 1:
            raise Invalid(f"Several members are called {name}: give their email addresses")
        return namesakes[0] if namesakes else None

    def _roles_of(self, told: str) -> tuple[str, ...]:
        """The keys of roles, parted by semicolons, as they are called here."""
        known = {word.casefold(): role.key for role in self._roles.values() for word in (role.name, role.key)}
        words = [word.strip() for word in told.split(";") if word.strip()]
        missing = next((word for word in words if word.casefold() not in known), None)
        if missing is not None:
            called = ", ".join(sorted(self._roles))
            raise Invalid(f"There is no role {missing[:60]}: choose from {called}", field="role")
        return tuple(known[word.casefold()] for word in words)

    def _add(self, name: str, who: Address | None, roles: tuple[str, ...], zone: str | None) -> Membership:
        may_hand_out(self.actor, allowed_by(self.session, roles))
        user_id = None
        if who is not None and not self.dry:
            user_id = find_or_add_user(who, name=name, zone=zone or self._zone).id
        row = Membership(
            tenant_id=session_tenant(self.session), id=new_id(), user_id=user_id, status="active", name=name,
            email=who.email if who else "", email_norm=who.norm if who else None, zone=zone or self._zone,
        )  # fmt: skip
        self.session.add(row)
        self.session.flush()
        for found in roles_by_key(self.session, roles):
            self.session.add(MembershipRole(tenant_id=row.tenant_id, membership_id=row.id, role_id=found.id))
        self.session.flush()
        self._remember(row)
        self._note("member", row.id, "created", {})
        detail = {"email": row.email, "roles": list(roles)}
        audit.record(self.session, self.actor, "member.created", object_type="member", object_id=row.id, detail=detail)
        return row

    def _change(self, row: Membership, name: str | None, who: Address | None, zone: str | None) -> dict[str, list[Any]]:
        changes: dict[str, list[Any]] = {}
        if name is not None and name != row.name:
            changes["name"] = [row.name, name]
            row.name = name
        if zone is not None and zone != row.zone:
            changes["zone"] = [row.zone, zone]
            row.zone = zone
        if who is not None and row.email_norm is None:
            if who.norm in self._by_email:
                raise Invalid(f"{who.email} is the address of another member", field="email")
            changes["email"] = ["", who.email]
            if not self.dry:
                row.user_id = find_or_add_user(who, name=row.name, zone=row.zone).id
            row.email, row.email_norm = who.email, who.norm
            self._remember(row)
        if changes:
            self.session.add(row)
            self.session.flush()
        return changes

    def _place(self, row: Membership, told: MemberRow) -> dict[str, list[Any]]:
        """Put a member beneath their manager and into their team, whose lead the manager is."""
        changes: dict[str, list[Any]] = {}
        manager = self._manager(told.manager, row) if told.manager else None
        if manager is not None and row.manager_id != manager.id:
            changes["manager"] = [str(row.manager_id) if row.manager_id else None, str(manager.id)]
            row.manager_id = manager.id
            self.session.add(row)
            self.session.flush()
        shown = told.team or (f"Team of {manager.name}" if manager else None)
        if shown:
            team = self._team(plain_name(shown))
            if self._join(team, row, "member"):
                changes["team"] = [None, str(team.id)]
            if manager is not None and self._join(team, manager, "lead"):
                self._note("member", manager.id, "changed", {"team": [None, str(team.id)]})
        return changes

    def _manager(self, told: str, of: Membership) -> Membership:
        who = address(told) if "@" in told else None
        name = None if who else plain_name(told)
        found = self._known(name, who)
        if found is None:
            found = self._add(name or told.split("@")[0], who, (MANAGER,), None)
            self.made["users"] += 1
        if found.id == of.id:
            raise Invalid(f"{of.name} cannot be their own manager")
        return found

    def _team(self, name: str) -> Team:
        found = self._teams.get(name.casefold())
        if found is None:
            team_id = new_id()
            found = Team(id=team_id, name=name, name_norm=name.casefold(), path=f"{team_id}/")
            self.session.add(found)
            self.session.flush()
            self._teams[found.name_norm] = found
            self._note("team", found.id, "created", {})
            self.made["teams"] += 1
        return found

    def _join(self, team: Team, row: Membership, part: str) -> bool:
        where = select(TeamMember).where(TeamMember.team_id == team.id, col(TeamMember.member_id) == row.id)
        if self.session.exec(where).first() is not None:
            return False
        self.session.add(TeamMember(team_id=team.id, member_id=row.id, part=part))
        self.session.flush()
        return True

    def _remember(self, row: Membership) -> None:
        if row.email_norm:
            self._by_email[row.email_norm] = row
        namesakes = self._by_name.setdefault(row.name.casefold(), [])
        if all(one.id != row.id for one in namesakes):
            namesakes.append(row)

    def _note(self, object_type: str, object_id: UUID, act: str, changes: Mapping[str, Any]) -> None:
        row = RecordChange(
            id=new_id(), object_type=object_type, object_id=object_id, act=act, changes=dict(changes),
            actor_kind=self.actor.kind, actor_id=self.actor.actor_id, actor_name=self.actor.name[:200],
            at=self.now, batch_id=self.batch_id,
        )  # fmt: skip
        self.session.add(row)
        self.session.flush()
