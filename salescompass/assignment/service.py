"""Who gets what is to be done: the ladder on the tenant's members, teams and territories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from salescompass.assignment.ladder import Assigned, Case, Desk, Place
from salescompass.assignment.settings import Settings, assignment_settings
from salescompass.assignment.staff import Staff, keep_turns, keepers, open_actions, ownerships, turns
from salescompass.assignment.territories import TerritoryView, accounts_in
from salescompass.crm import Ownership
from salescompass.kit.database import hold

_KINDS = (("opportunity", "deal"), ("person", "person"), ("account", "account"))
"""Kinds of records and how they are called, in the order in which their owners are asked."""


@dataclass(frozen=True)
class About:
    """The records that something to be done is about."""

    account_id: UUID | None = None
    person_id: UUID | None = None
    opportunity_id: UUID | None = None

    def id(self, kind: str) -> UUID | None:
        """The record of a kind."""
        return {"account": self.account_id, "person": self.person_id, "opportunity": self.opportunity_id}[kind]


@dataclass(frozen=True)
class Given:
    """Something to be done, and who has it now."""

    about: About
    had_by: UUID


@dataclass(frozen=True)
class Files:
    """What the ladder has to know of the records and of the tenant's choices, read once for all subjects."""

    staff: Staff
    settings: Settings
    records: Mapping[str, Mapping[UUID, Ownership]]
    territories: Mapping[UUID, TerritoryView]

    @staticmethod
    def of(session: Session, subjects: Sequence[About], *, now: datetime) -> Files:
        """What these subjects ask for."""
        named = {kind: {one for about in subjects if (one := about.id(kind))} for kind, _ in _KINDS}
        records = ownerships(session, named)
        beyond = {one.account_id for found in records.values() for one in found.values() if one.account_id}
        records["account"] |= ownerships(session, {"account": beyond - named["account"]})["account"]
        territories = accounts_in(session, sorted(records["account"]), now=now)
        return Files(Staff.of(session), assignment_settings(session), records, territories)

    def case(self, about: About, *, had_it: UUID | None = None) -> Case:
        """A subject as the ladder sees it; `had_it` is who had it until now."""
        named = [
            (word, kind, found)
            for kind, word in _KINDS
            if (one := about.id(kind)) and (found := self.records[kind].get(one))
        ]
        account_id = about.account_id or next((found.account_id for _, _, found in named if found.account_id), None)
        owners = [(word, found.owner_id) for word, _, found in named if found.owner_id]
        above = self.records["account"].get(account_id) if account_id else None
        if above and above.owner_id:
            owners.append(("account", above.owner_id))
        sees = self.staff.who_sees([(kind, found) for _, kind, found in named])
        territory = self._place(self.territories.get(account_id)) if account_id else None
        told = tuple(dict.fromkeys(owners))
        return Case(told, sees, account_id, had_it, territory, territories=account_id is not None)

    def fallback(self) -> Place | None:
        """Where work goes that nobody else gets."""
        if self.settings.fallback_team_id is not None:
            return Place("Fallback", self.staff.crews.get(self.settings.fallback_team_id))
        member_id = self.settings.fallback_member_id
        return Place("Fallback", member_id=member_id) if member_id is not None else None

    def team_ids(self) -> set[UUID]:
        """The teams that may come into question."""
        teams = {one.team_id for one in self.territories.values()} | {self.settings.fallback_team_id}
        return {one for one in teams if one is not None}

    def _place(self, view: TerritoryView | None) -> Place | None:
        if view is None:
            return None
        crew = self.staff.crews.get(view.team_id) if view.team_id else None
        return Place(f"Territory {view.name} holds ({view.words})", crew, territory_id=view.id)


def assignee_for(
    session: Session,
    *,
    account_id: UUID | None = None,
    person_id: UUID | None = None,
    opportunity_id: UUID | None = None,
    now: datetime,
) -> Assigned:
    """Who gets something to be done about these records, and why."""
    return assignees_for(session, [About(account_id, person_id, opportunity_id)], now=now)[0]


def assignees_for(
    session: Session, subjects: Sequence[About], *, now: datetime, keep: bool = True
) -> tuple[Assigned, ...]:
    """Who gets each of these, in this order, as if each were given at once; the turns taken are kept.

    With `keep` false nothing is written: who would get them. One transaction of a tenant assigns at a time, so give
    what is assigned in the same one, and ask only for what is really given.
    """
    if not subjects:
        return ()
    if keep:
        hold(session, "assignment")
    files = Files.of(session, subjects, now=now)
    desk, before = _desk(session, files, now=now)
    found = tuple(desk.assign(files.case(about)) for about in subjects)
    if keep:
        keep_turns(session, before, desk.credits)
    return found


def assign_again(session: Session, given: Sequence[Given], *, now: datetime) -> tuple[Assigned, ...]:
    """Who gets what somebody had in vain; nobody where nobody else can take it."""
    hold(session, "assignment")
    files = Files.of(session, [one.about for one in given], now=now)
    desk, before = _desk(session, files, now=now)
    found = []
    for one in given:
        # Its place is free as soon as somebody else has it.
        had = desk.open.get(one.had_by, 0)
        found.append(desk.assign(files.case(one.about, had_it=one.had_by)))
        if found[-1].member_id is not None:
            desk.open[one.had_by] = max(had - 1, 0)
    keep_turns(session, before, desk.credits)
    return tuple(found)


def _desk(session: Session, files: Files, *, now: datetime) -> tuple[Desk, dict[UUID, dict[UUID, int]]]:
    """Where everything stands, and the turns as they were."""
    workers = files.staff.workers(now)
    limited = [one.id for one in workers.values() if one.max_open is not None]
    before = turns(session)
    desk = Desk(
        workers,
        files.fallback(),
        open_actions(session, limited) if limited else {},
        {team: dict(mine) for team, mine in before.items()},
        keepers(session, sorted(files.records["account"]), sorted(files.team_ids())),
    )
    return desk, before
