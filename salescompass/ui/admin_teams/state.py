"""What the page of teams knows and does."""

from __future__ import annotations

from typing import Any, TypedDict
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from salescompass import identity
from salescompass.identity import Actor, TeamView
from salescompass.ui import routes
from salescompass.ui.admin_teams.rows import TeamRow, places, team_rows
from salescompass.ui.arguments import Id, Ids, Name
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.session import Screen


class TeamForm(TypedDict):
    """A team: without an id a new one. Members are those ticked; whoever leads is one of them anyway."""

    team: Id | None
    name: Name
    parent: Id | None
    lead: Id | None
    members: Ids


def overview(session: Session) -> tuple[list[TeamRow], list[tuple[str, str]], list[tuple[str, str]]]:
    """The teams, all of them as places for another, and who can be in one."""
    teams = identity.teams(session)
    members = identity.members(session)
    names = {one.id: one.name for one in members}
    people = [(str(one.id), one.name) for one in members if one.status != "disabled"]
    listed = sorted(people, key=lambda one: one[1].casefold())
    return team_rows(teams, names), places(teams), listed


def save_team(session: Session, actor: Actor, *, form: TeamForm) -> TeamView:
    """Make or change a team as the form says."""
    return identity.save_team(
        session,
        actor,
        team_id=UUID(form["team"]) if form["team"] else None,
        name=form["name"],
        parent_id=UUID(form["parent"]) if form["parent"] else None,
        member_ids=[UUID(one) for one in form["members"]],
        lead_id=UUID(form["lead"]) if form["lead"] else None,
    )


class TeamsState(Screen, rx.State):
    """Teams. The address names the one that a dialog is about."""

    rows: list[TeamRow] = []
    people: list[tuple[str, str]] = []
    picked: TeamRow = TeamRow()
    loaded: bool = False

    @guarded("users.read", track=False)
    async def load(self) -> None:
        """Read the teams, and which one the address names."""
        await self._read()

    @guarded("users.manage", form="team")
    async def save(self, form: TeamForm) -> Any:
        """Make a team, or give one another name, place, leader or members."""
        saved, answer = await form_outcome("team", self._do("users.manage", save_team, form=form))
        if saved is None:
            return answer
        await self._read()
        return [answer, rx.redirect(routes.TEAMS, replace=True), done(f"The team {saved.name} is saved")]

    @guarded("users.manage")
    async def delete(self, team: Id) -> Any:
        """Take a team away; its members stay."""
        await self._do("users.manage", identity.delete_team, team_id=UUID(team))
        await self._read()
        return [rx.redirect(routes.TEAMS, replace=True), done("The team is gone, its members stay")]

    async def _read(self) -> None:
        self.rows, everywhere, self.people = await self._do("users.read", overview)
        wanted = str(self.router.url.query_parameters.get("team", ""))
        self.picked = next((row for row in self.rows if row.id == wanted), TeamRow(parents=everywhere))
        self.loaded = True
