"""The members as the ladder sees them, and whose turn it is in their teams."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, func, literal, text
from sqlmodel import Session, col, select

from salescompass import crm, identity
from salescompass.assignment.ladder import Crew, Worker
from salescompass.crm import Ownership, Sight
from salescompass.identity import Availability, MemberView, Reach
from salescompass.models import Action, AssignmentTurn
from salescompass.vocabulary import OPEN_ACTION_STATES

WORK = "actions.write"
_ABSENT = {"disabled": "is disabled", "invited": "has not joined yet"}


@dataclass(frozen=True)
class Staff:
    """Everybody, when they are there, and the teams."""

    members: Mapping[UUID, MemberView]
    availabilities: Mapping[UUID, Availability]
    crews: Mapping[UUID, Crew]
    may_work: frozenset[UUID]
    reaches: Mapping[UUID, Reach]

    @staticmethod
    def of(session: Session) -> Staff:
        """Everybody of this tenant."""
        members = {one.id: one for one in identity.members(session)}
        allowing = {role.key for role in identity.roles(session) if WORK in role.permissions}
        crews = {one.id: Crew(one.id, one.name, tuple(sorted(one.member_ids))) for one in identity.teams(session)}
        may_work = frozenset(one.id for one in members.values() if allowing.intersection(one.roles))
        reaches = identity.reaches(session, list(members))
        return Staff(members, identity.availabilities(session), crews, may_work, reaches)

    def workers(self, now: datetime) -> dict[UUID, Worker]:
        """How everybody stands at one moment."""
        return {one: self._worker(member, now) for one, member in self.members.items()}

    def _worker(self, member: MemberView, now: datetime) -> Worker:
        when = self.availabilities[member.id]
        absent = _ABSENT.get(member.status, "" if member.id in self.may_work else "may not work on actions")
        back = ""
        if when.out_to is not None:
            day = when.out_to + timedelta(days=1)
            back = f", back on {day:%a} {day.day} {day:%b}"
        return Worker(
            member.id, member.name, absent, when.is_out(now), back, when.delegate_id, when.works(now), when.weight,
            when.max_open, deals=bool(member.email),
        )  # fmt: skip

    def who_sees(self, records: Sequence[tuple[str, Ownership]]) -> frozenset[UUID]:
        """Who sees all of these records."""
        return frozenset(
            one
            for one, reach in self.reaches.items()
            if all(Sight(kind, reach.owners(kind)).takes_in(record) for kind, record in records)
        )


def open_actions(session: Session, member_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many open actions these members have."""
    query = (
        select(Action.assignee_id, func.count())
        .where(col(Action.assignee_id) == any_(literal(list(member_ids), ARRAY(Uuid()))))
        .where(col(Action.state).in_([state.value for state in OPEN_ACTION_STATES]))
        .group_by(col(Action.assignee_id))
    )
    return {one: many for one, many in session.exec(query) if one is not None}


def turns(session: Session) -> dict[UUID, dict[UUID, int]]:
    """How far everybody is ahead or behind in the turns of each team."""
    found: dict[UUID, dict[UUID, int]] = {}
    for row in session.exec(select(AssignmentTurn)):
        found.setdefault(row.team_id, {})[row.member_id] = row.credit
    return found


def keep_turns(
    session: Session, before: Mapping[UUID, Mapping[UUID, int]], after: Mapping[UUID, Mapping[UUID, int]]
) -> None:
    """Write the turns that were taken."""
    rows = [
        {"team": team, "member": member, "credit": credit}
        for team, mine in sorted(after.items())
        for member, credit in sorted(mine.items())
        if before.get(team, {}).get(member) != credit
    ]
    if rows:
        statement = text(
            "INSERT INTO assignment_turn (team_id, member_id, credit) VALUES (:team, :member, :credit) "
            "ON CONFLICT (tenant_id, team_id, member_id) DO UPDATE SET credit = excluded.credit"
        )
        session.connection().execute(statement, rows)


def keepers(
    session: Session, account_ids: Collection[UUID], team_ids: Collection[UUID]
) -> dict[tuple[UUID, UUID], UUID]:
    """By team and company, who of the team got the last action about it."""
    if not account_ids or not team_ids:
        return {}
    query = text(
        "SELECT DISTINCT ON (team_member.team_id, action.account_id) team_member.team_id, action.account_id, "
        "action.assignee_id FROM action JOIN team_member ON team_member.member_id = action.assignee_id "
        "WHERE action.account_id = ANY(:accounts) AND team_member.team_id = ANY(:teams) "
        "ORDER BY team_member.team_id, action.account_id, action.created_at DESC, action.id DESC"
    )
    rows = session.connection().execute(query, {"accounts": list(account_ids), "teams": list(team_ids)})
    return {(team, account): member for team, account, member in rows}


def ownerships(session: Session, named: Mapping[str, Collection[UUID]]) -> dict[str, dict[UUID, Ownership]]:
    """Whose records these are, by kind and id."""
    return {kind: crm.ownerships(session, kind, ids) if ids else {} for kind, ids in named.items()}
