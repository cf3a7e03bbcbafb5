"""What the page of assignment knows and does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, TypedDict
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from salescompass import assignment, identity
from salescompass.assignment import Simulation, TerritoryView
from salescompass.conditions import Cancel, TooSlow
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.errors import Invalid
from salescompass.ui import routes
from salescompass.ui.admin_assignment.rows import (
    MemberRow,
    TerritoryRow,
    Trial,
    fallback,
    fallbacks,
    member_rows,
    territory_rows,
    trial,
)
from salescompass.ui.arguments import Id, Line, Name, Number, Text
from salescompass.ui.condition_choices import Counts, offered, read_json
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.presence_words import day_of
from salescompass.ui.session import Screen

_MANAGE = "rules.manage"
_LONGEST = 8_000
_LAST = 500
_counts = Counts()
Conditions = Annotated[str, Text(_LONGEST)]


class TerritoryForm(TypedDict):
    """A territory: without an id a new one, the last of all."""

    territory: Id | None
    name: Name
    team: Id | None
    conditions: Conditions


class MemberForm(TypedDict):
    """How much is dealt to a member, and when they are away."""

    member: Id
    weight: Annotated[int, Number(0, 100)]
    max_open: Annotated[int, Number(0, 10_000)] | None
    out_from: Line
    out_to: Line
    delegate: Id | None


class FallbackForm(TypedDict):
    """Where work goes that nobody else gets, and when it moves on."""

    fallback: Line
    idle_hours: Annotated[int, Number(1, 1440)] | None


@dataclass(frozen=True)
class Overview:
    """All that the page shows."""

    territories: list[TerritoryRow]
    members: list[MemberRow]
    teams: list[tuple[str, str]]
    fallbacks: list[tuple[str, str]]
    fallback: str
    idle_hours: str
    offered: dict[str, Any] = field(default_factory=dict)


def overview(session: Session, *, editing: bool) -> Overview:
    """Territories, members, the fallback; with `editing` what the editor of conditions offers."""
    now = clock.now()
    teams, workloads = identity.teams(session), assignment.workloads(session, now=now)
    sizes = assignment.territory_sizes(session, now=now)
    settings = assignment.assignment_settings(session)
    return Overview(
        territory_rows(assignment.territories(session), sizes, teams),
        member_rows(workloads, now),
        [(str(one.id), one.name) for one in teams],
        fallbacks(workloads, teams),
        fallback(settings),
        str(settings.idle_hours or ""),
        offered(session, object_type="account") if editing else {},
    )


def save_territory(session: Session, actor: Actor, *, form: TerritoryForm) -> TerritoryView:
    """Make or change a territory as the form says."""
    return assignment.save_territory(
        session,
        actor,
        territory_id=UUID(form["territory"]) if form["territory"] else None,
        name=form["name"],
        conditions=read_json(form["conditions"], _LONGEST),
        team_id=UUID(form["team"]) if form["team"] else None,
    )


def save_member(session: Session, actor: Actor, *, form: MemberForm) -> None:
    """Set what is dealt to a member, and their days out of office."""
    member_id = UUID(form["member"])
    identity.set_capacity(session, actor, member_id=member_id, weight=form["weight"], max_open=form["max_open"])
    identity.set_out_of_office(
        session,
        actor,
        member_id=member_id,
        out_from=day_of(form["out_from"], "out_from"),
        out_to=day_of(form["out_to"], "out_to"),
        delegate_id=UUID(form["delegate"]) if form["delegate"] else None,
    )


def save_fallback(session: Session, actor: Actor, *, form: FallbackForm) -> None:
    """Choose the fallback and the hours."""
    kind, _, chosen = form["fallback"].partition(":")
    try:
        chosen_id = UUID(chosen) if chosen else None
    except ValueError as error:
        raise Invalid("Choose a member or a team", field="fallback") from error
    assignment.set_assignment(
        session,
        actor,
        fallback_member_id=chosen_id if kind == "member" else None,
        fallback_team_id=chosen_id if kind == "team" else None,
        idle_hours=form["idle_hours"],
    )


def move_territory(session: Session, actor: Actor, *, territory_id: UUID, by: int) -> None:
    """Put a territory one place up or down."""
    ids = [one.id for one in assignment.territories(session)]
    if territory_id in ids:
        place = ids.index(territory_id)
        ids.insert(min(max(place + by, 0), len(ids) - 1), ids.pop(place))
        assignment.order_territories(session, actor, territory_ids=ids)


def counted(session: Session, *, text: str, cancel: Cancel) -> str:
    """How many accounts conditions take in, in words."""
    inside, whole = assignment.count_territory(
        session, conditions=read_json(text, _LONGEST), now=clock.now(), cancel=cancel
    )
    return f"{inside:,} of {whole:,}"


def simulated(session: Session) -> Simulation:
    """Who would have got the last actions."""
    return assignment.simulate(session, now=clock.now(), n=_LAST)


class AssignmentState(Screen, rx.State):
    """Who gets what is to be done. The address names the territory or the member that a dialog is about."""

    territories: list[TerritoryRow] = []
    members: list[MemberRow] = []
    teams: list[tuple[str, str]] = []
    fallbacks: list[tuple[str, str]] = []
    fallback: str = ""
    idle_hours: str = ""
    territory: TerritoryRow = TerritoryRow()
    member: MemberRow = MemberRow()
    offered: dict[str, Any] = {}
    counted: dict[str, str] = {}
    trial: Trial = Trial()
    tried: bool = False
    loaded: bool = False

    @guarded(_MANAGE, track=False)
    async def load(self) -> None:
        """Read everything, and what the address names."""
        await self._read()

    @guarded(_MANAGE, background=True, track=False)
    async def measure(self, tree: Conditions) -> None:
        """Count what conditions take in; the count of this tab before it is ended."""
        token = self.router.session.client_token
        count = _counts.begin(token)
        try:
            words, counts = await self._do(_MANAGE, counted, text=tree, cancel=count), "1"
        except TooSlow:
            words, counts = "Counting takes long; it can be saved all the same.", ""
        except Invalid as error:
            words, counts = error.message, ""
        finally:
            newest = _counts.end(token, count)
        if newest:
            async with self:
                self.counted = {"tree": tree, "words": words, "counts": counts}

    @guarded(_MANAGE, form="territory")
    async def save(self, form: TerritoryForm) -> Any:
        """Make a territory, or change one."""
        doing = self._do(_MANAGE, save_territory, form=form)
        return await self._after("territory", doing, f"The territory {form['name'].strip()} is saved")

    @guarded(_MANAGE)
    async def move(self, territory: Id, up: bool) -> None:
        """Put a territory one place up or down."""
        await self._do(_MANAGE, move_territory, territory_id=UUID(territory), by=-1 if up else 1)
        await self._read()

    @guarded(_MANAGE)
    async def delete(self, territory: Id) -> Any:
        """Take a territory away."""
        await self._do(_MANAGE, assignment.delete_territory, territory_id=UUID(territory))
        await self._read()
        return [rx.redirect(routes.ASSIGNMENT, replace=True), done("The territory is gone")]

    @guarded(_MANAGE, form="member")
    async def save_member(self, form: MemberForm) -> Any:
        """Set what is dealt to a member, and when they are away."""
        return await self._after("member", self._do(_MANAGE, save_member, form=form), "Saved")

    @guarded(_MANAGE, form="fallback")
    async def save_fallback(self, form: FallbackForm) -> Any:
        """Choose where work goes that nobody else gets."""
        result, answer = await form_outcome("fallback", self._do(_MANAGE, save_fallback, form=form))
        if result is None:
            return answer
        await self._read()
        return [answer, done("The fallback is saved")]

    @guarded(_MANAGE)
    async def simulate(self) -> None:
        """Try the ladder on the last actions."""
        self.trial = trial(await self._do(_MANAGE, simulated))
        self.tried = True

    async def _after(self, form: str, doing: Any, text: str) -> Any:
        result, answer = await form_outcome(form, doing)
        if result is None:
            return answer
        await self._read()
        return [answer, rx.redirect(routes.ASSIGNMENT, replace=True), done(text)]

    async def _read(self) -> None:
        wanted = self.router.url.query_parameters
        editing = bool(wanted.get("territory")) and not self.offered
        found: Overview = await self._do(_MANAGE, overview, editing=editing)
        self.territories, self.members, self.teams = found.territories, found.members, found.teams
        self.fallbacks, self.fallback, self.idle_hours = found.fallbacks, found.fallback, found.idle_hours
        self.offered = found.offered or self.offered
        self.territory = next((one for one in self.territories if one.id == wanted.get("territory")), TerritoryRow())
        self.member = next((one for one in self.members if one.id == wanted.get("member")), MemberRow())
        self.loaded = True
