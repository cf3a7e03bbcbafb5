"""Who gets what is to be done on a record: the owners, who stands in for them, a territory's team, the fallback. Pure.

Each rung that is looked at says in words what was found there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from salescompass.assignment.rotation import turn

MOST_TOLD = 3
_STAND_INS = 5


class Rung(StrEnum):
    """Where the ladder ended."""

    OWNER = "owner"
    DELEGATE = "delegate"
    TERRITORY = "territory"
    FALLBACK = "fallback"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Assigned:
    """Who gets it, or nobody: then it waits for somebody to take it. `because` has a line for each rung looked at."""

    member_id: UUID | None
    because: tuple[str, ...]
    rung: Rung = Rung.NOBODY
    team_id: UUID | None = None
    territory_id: UUID | None = None


@dataclass(frozen=True)
class Worker:
    """A member as the ladder sees them at one moment. `absent` says why they take nothing on, or is empty.

    `back` is what follows "is out"; `deals` is false for who owns records but cannot be dealt a team's work.
    """

    id: UUID
    name: str
    absent: str = ""
    out: bool = False
    back: str = ""
    delegate_id: UUID | None = None
    working: bool = True
    weight: int = 1
    max_open: int | None = None
    deals: bool = True


@dataclass(frozen=True)
class Crew:
    """A team whose members take turns."""

    id: UUID
    name: str
    member_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class Place:
    """A territory that holds, or the fallback: who is meant, and the words for why."""

    words: str
    crew: Crew | None = None
    member_id: UUID | None = None
    territory_id: UUID | None = None


@dataclass(frozen=True)
class Case:
    """What is to be assigned: whose records it is about, as ("deal", owner), and who may see all of them.

    `sticky` is the company that one member shall keep; `had_it` is who had it until now and did not touch it.
    """

    owners: tuple[tuple[str, UUID], ...] = ()
    sees: Collection[UUID] = ()
    sticky: UUID | None = None
    had_it: UUID | None = None
    territory: Place | None = None
    territories: bool = True


@dataclass
class Desk:
    """Where the run stands: what everybody has open, each team's turns, who has which company."""

    workers: Mapping[UUID, Worker]
    fallback: Place | None = None
    open: dict[UUID, int] = field(default_factory=dict)
    credits: dict[UUID, dict[UUID, int]] = field(default_factory=dict)
    kept: dict[tuple[UUID, UUID], UUID] = field(default_factory=dict)
    """By team and company who got the last of it."""

    def assign(self, case: Case) -> Assigned:
        """Who gets it; it is theirs from now on."""
        because: list[str] = []
        for found in self._rungs(case, because):
            if found.member_id is not None:
                self.open[found.member_id] = self.open.get(found.member_id, 0) + 1
                return found
        because.append("Nobody has room: it waits until somebody takes it")
        return Assigned(None, tuple(because))

    def _rungs(self, case: Case, because: list[str]) -> Iterator[Assigned]:
        yield self._owners(case, because)
        if case.territory is not None:
            found = self._place(case.territory, case, because)
            yield Assigned(found, tuple(because), Rung.TERRITORY, _team(case.territory), case.territory.territory_id)
        elif case.territories:
            because.append("No territory holds")
        if self.fallback is not None:
            found = self._place(self.fallback, case, because)
            yield Assigned(found, tuple(because), Rung.FALLBACK, _team(self.fallback))

    def _owners(self, case: Case, because: list[str]) -> Assigned:
        looked_at: set[UUID] = set()
        for what, owner in case.owners:
            if owner in looked_at or owner not in self.workers:
                continue
            looked_at.add(owner)
            hindrance = self._hindrance(self.workers[owner], case)
            name = self.workers[owner].name
            if not hindrance:
                because.append(f"{name} owns the {what}")
                return Assigned(owner, tuple(because), Rung.OWNER)
            because.append(f"{name} owns the {what}, but {hindrance}")
            stand_in = self._stand_in(owner, case, because, looked_at) if self.workers[owner].out else None
            if stand_in is not None:
                return Assigned(stand_in, tuple(because), Rung.DELEGATE)
        if not case.owners:
            because.append("Nobody owns it")
        return Assigned(None, tuple(because))

    def _stand_in(self, owner: UUID, case: Case, because: list[str], looked_at: set[UUID]) -> UUID | None:
        """Who stands in for somebody who is out: their delegate, or that one's."""
        away = self.workers[owner]
        for _ in range(_STAND_INS):
            delegate = self.workers.get(away.delegate_id) if away.delegate_id else None
            if delegate is None or delegate.id in looked_at:
                return None
            looked_at.add(delegate.id)
            hindrance = self._hindrance(delegate, case)
            if not hindrance:
                because.append(f"{delegate.name} stands in for {away.name}")
                return delegate.id
            because.append(f"{delegate.name} stands in for {away.name}, but {hindrance}")
            if not delegate.out:
                return None
            away = delegate
        return None

    def _place(self, place: Place, case: Case, because: list[str]) -> UUID | None:
        """Who gets it of a territory's team, or of the fallback."""
        if place.crew is not None:
            because.append(f"{place.words}: the team {place.crew.name}")
            return self._of_team(place.crew, case, because)
        worker = self.workers.get(place.member_id) if place.member_id else None
        hindrance = self._hindrance(worker, case) if worker else "nobody is chosen for it"
        name = f": {worker.name}" if worker else ""
        because.append(f"{place.words}{name}, but {hindrance}" if hindrance else f"{place.words}{name}")
        return None if hindrance or worker is None else worker.id

    def _of_team(self, crew: Crew, case: Case, because: list[str]) -> UUID | None:
        there = [self.workers[one] for one in crew.member_ids if one in self.workers]
        hindered = {worker.id: self._left_out(worker, case) for worker in there}
        able = [worker for worker in there if not hindered[worker.id]]
        left_out = [f"{worker.name} {hindered[worker.id]}" for worker in there if hindered[worker.id]]
        if left_out:
            more = len(left_out) - MOST_TOLD
            because.append("; ".join(left_out[:MOST_TOLD]) + (f"; and {more} more" if more > 0 else ""))
        if not able:
            because.append(f"Nobody of {crew.name} can take it")
            return None
        keeper = self.kept.get((crew.id, case.sticky)) if case.sticky else None
        if keeper not in {worker.id for worker in able}:
            keeper = None
        # At night the work is dealt among all; by day among those who are there.
        there_now = [worker for worker in able if worker.working or worker.id == keeper] or able
        weights = {worker.id: worker.weight for worker in there_now}
        chosen, self.credits[crew.id] = turn(weights, self.credits.get(crew.id, {}), taken_by=keeper)
        if case.sticky:
            self.kept[crew.id, case.sticky] = chosen
        because.append(self._chosen(self.workers[chosen], sum(weights.values()), kept=keeper is not None))
        return chosen

    def _chosen(self, worker: Worker, total: int, *, kept: bool) -> str:
        room = "" if worker.max_open is None else f", {self.open.get(worker.id, 0)} of {worker.max_open} open"
        if kept:
            return f"{worker.name} has this company already{room}"
        return f"{worker.name} is next, by weight {worker.weight} of {total}{room}"

    def _left_out(self, worker: Worker, case: Case) -> str:
        """Why a member of a team gets nothing dealt, or empty."""
        if not worker.deals:
            return "cannot sign in"
        return "has weight 0" if worker.weight <= 0 else self._hindrance(worker, case)

    def _hindrance(self, worker: Worker, case: Case) -> str:
        """Why somebody cannot take it on, or empty."""
        if worker.absent:
            return worker.absent
        if worker.out:
            return f"is out{worker.back}"
        if worker.id == case.had_it:
            return "did not touch it"
        if worker.id not in case.sees:
            return "may not see the record"
        if worker.max_open is not None and self.open.get(worker.id, 0) >= worker.max_open:
            return f"has {self.open.get(worker.id, 0)} of {worker.max_open} open"
        return ""


def _team(place: Place) -> UUID | None:
    return place.crew.id if place.crew else None
