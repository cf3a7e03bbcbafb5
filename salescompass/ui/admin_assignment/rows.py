"""Territories, members and a simulation as the page draws them. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from salescompass.assignment import Settings, Simulation, TerritoryView, Workload
from salescompass.identity import TeamView
from salescompass.ui.presence_words import away_words

_RUNGS = (
    ("owner", "to owners"), ("delegate", "to who stands in"), ("territory", "by territory"),
    ("fallback", "to the fallback"), ("nobody", "to nobody"),
)  # fmt: skip


@dataclass(frozen=True)
class TerritoryRow:
    """A territory; one without an id is a new one. `tree` is what the editor begins with."""

    id: str = ""
    number: str = ""
    name: str = ""
    words: str = ""
    problem: str = ""
    team: str = ""
    team_name: str = ""
    accounts: str = ""
    tree: str = ""
    first: bool = False
    last: bool = False


@dataclass(frozen=True)
class MemberRow:
    """How much a member takes on; `others` are who may stand in for them, as (id, name)."""

    id: str = ""
    name: str = ""
    teams: str = ""
    weight: str = "1"
    max_open: str = ""
    room: str = ""
    full: bool = False
    state: str = ""
    tone: str = ""
    out_from: str = ""
    out_to: str = ""
    delegate: str = ""
    delegate_name: str = ""
    others: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class ShareRow:
    """What a member would have got."""

    name: str
    got: str
    dealt: str
    due: str
    off: str
    most: str


@dataclass(frozen=True)
class Trial:
    """The outcome of a simulation in words."""

    words: str = ""
    rungs: str = ""
    rows: list[ShareRow] = field(default_factory=list)


def territory_rows(
    territories: Sequence[TerritoryView], sizes: Mapping[UUID, int | None], teams: Sequence[TeamView]
) -> list[TerritoryRow]:
    """The territories in their order, with how many accounts each takes in after those before it."""
    names = {one.id: one.name for one in teams}
    return [
        TerritoryRow(
            str(one.id),
            str(place + 1),
            one.name,
            one.words[:1].upper() + one.words[1:] if one.words != "everything" else "Every account",
            one.problem,
            str(one.team_id or ""),
            names.get(one.team_id, "") if one.team_id else "",
            "many" if (many := sizes.get(one.id)) is None else f"{many:,}",
            json.dumps(dict(one.conditions)),
            place == 0,
            place == len(territories) - 1,
        )
        for place, one in enumerate(territories)
    ]


def member_rows(workloads: Sequence[Workload], now: datetime) -> list[MemberRow]:
    """The members with what they have open and when they are away."""
    names = {one.member_id: one.name for one in workloads}
    return [_member(one, names, now) for one in workloads]


def _member(one: Workload, names: Mapping[UUID, str], now: datetime) -> MemberRow:
    when = one.availability
    away = away_words(when, when.local(now).date())
    state = one.absent.capitalize() or away or ("At work" if one.works else "Off work")
    limit = "no limit" if when.max_open is None else f"of {when.max_open:,}"
    return MemberRow(
        id=str(one.member_id),
        name=one.name,
        teams=", ".join(one.teams) or "No team",
        weight=str(when.weight),
        max_open="" if when.max_open is None else str(when.max_open),
        room=f"{one.open:,}, {limit}" if when.max_open is None else f"{one.open:,} {limit}",
        full=when.max_open is not None and one.open >= when.max_open,
        state=state,
        tone="warning" if one.absent or one.out else ("success" if one.works and not away else ""),
        out_from=when.out_from.isoformat() if when.out_from else "",
        out_to=when.out_to.isoformat() if when.out_to else "",
        delegate=str(when.delegate_id or ""),
        delegate_name=names.get(when.delegate_id, "") if when.delegate_id and away else "",
        others=[(str(other), name) for other, name in names.items() if other != one.member_id],
    )


def fallbacks(workloads: Sequence[Workload], teams: Sequence[TeamView]) -> list[tuple[str, str]]:
    """Whom work may fall back to."""
    of_teams = [(f"team:{one.id}", f"The team {one.name}") for one in teams]
    return of_teams + [(f"member:{one.member_id}", one.name) for one in workloads if not one.absent]


def fallback(settings: Settings) -> str:
    """The choice of a fallback as the form has it."""
    if settings.fallback_team_id:
        return f"team:{settings.fallback_team_id}"
    return f"member:{settings.fallback_member_id}" if settings.fallback_member_id else ""


def trial(found: Simulation) -> Trial:
    """A simulation in words."""
    if not found.actions:
        return Trial("There are no actions yet to try it on.")
    rungs = [f"{found.rungs[key]:,} {words}" for key, words in _RUNGS if found.rungs.get(key)]
    since = f"{found.since:%d %b %Y}" if found.since else ""
    words = f"The last {found.actions:,} actions, since {since}: {found.elsewhere:,} would be with somebody else."
    rows = [
        ShareRow(
            one.name, f"{one.got:,}", f"{one.dealt:,}", f"{one.due:.1f}", f"{one.dealt - one.due:+.1f}",
            f"{one.most_open:,}" + (f" of {one.max_open:,}" if one.max_open is not None else ""),
        )
        for one in found.shares
    ]  # fmt: skip
    return Trial(words, ", ".join(rungs), rows)
