"""Teams as the page draws them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from salescompass.identity import TeamView

_SHOWN = 4


@dataclass(frozen=True)
class TeamRow:
    """A team; an empty one is a new one. `parents` are the teams it may stand below, as (id, name)."""

    id: str = ""
    name: str = ""
    indent: str = "0"
    beneath: bool = False
    parent: str = ""
    lead: str = ""
    lead_name: str = ""
    members: list[str] = field(default_factory=list)
    member_names: str = ""
    count: str = "0"
    farewell: str = ""
    parents: list[tuple[str, str]] = field(default_factory=list)


def team_rows(teams: Sequence[TeamView], names: Mapping[UUID, str]) -> list[TeamRow]:
    """The tree, each team below the one it belongs to."""
    return [_row(place, teams, names) for place in range(len(teams))]


def places(teams: Sequence[TeamView]) -> list[tuple[str, str]]:
    """Every team as a place for another, set in as deep as it stands."""
    return [(str(one.id), "\u2003" * one.depth + one.name) for one in teams]


def _row(place: int, teams: Sequence[TeamView], names: Mapping[UUID, str]) -> TeamRow:
    team = teams[place]
    below = 0
    for one in teams[place + 1 :]:
        if one.depth <= team.depth:
            break
        below += 1
    free = [one for n, one in enumerate(teams) if not place <= n <= place + below]
    called = [names[one] for one in team.member_ids if one in names]
    return TeamRow(
        id=str(team.id),
        name=team.name,
        indent=f"{team.depth * 20}px",
        beneath=below > 0,
        parent=str(team.parent_id or ""),
        lead=str(team.lead_id or ""),
        lead_name=names.get(team.lead_id, "") if team.lead_id else "",
        members=[str(one) for one in team.member_ids],
        member_names=_listed(called),
        count=str(len(called)),
        farewell=_farewell(team, len(called), below),
        parents=places(free),
    )


def _listed(called: Sequence[str]) -> str:
    shown = sorted(called, key=str.casefold)[:_SHOWN]
    more = len(called) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "") or "Nobody yet"


def _farewell(team: TeamView, members: int, below: int) -> str:
    """What becomes of a team's people when it goes."""
    if below:
        return "It has teams beneath: move or delete them first."
    if not members:
        return "Nobody is in it. It cannot be brought back."
    stay = "Its one member stays" if members == 1 else f"Its {members} members stay"
    return (
        f"{stay} with you and keep{'s' if members == 1 else ''} what they own. Where their role shows the records of "
        "their team, they see only their own and those of other teams they are in. It cannot be brought back."
    )
