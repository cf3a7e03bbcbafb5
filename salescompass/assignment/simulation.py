"""Who would have got the last actions if today's ladder had been there, and how fair that is. Nothing is written.

Each action is given at the time when it came, to whoever was there then by today's calendar, and takes up room until it
was closed in fact. Territories and owners are those of today.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select

from salescompass.assignment.ladder import Desk
from salescompass.assignment.service import About, Files
from salescompass.models import Action

MOST = 1_000


@dataclass(frozen=True)
class Share:
    """What one member would have got: in all, and of that dealt by turns; `due` is what their weight asks for."""

    member_id: UUID
    name: str
    weight: int
    got: int
    dealt: int
    due: float
    most_open: int
    max_open: int | None


@dataclass(frozen=True)
class Simulation:
    """The outcome for so many actions: per rung of the ladder, per member; `elsewhere` is how many moved."""

    actions: int
    since: datetime | None
    rungs: dict[str, int]
    elsewhere: int
    shares: tuple[Share, ...]

    @property
    def unfair(self) -> float:
        """How far the one furthest from their due is away from it, in actions."""
        return max((abs(one.dealt - one.due) for one in self.shares), default=0.0)


@dataclass
class _Tally:
    got: Counter[UUID] = field(default_factory=Counter)
    dealt: Counter[UUID] = field(default_factory=Counter)
    most_open: Counter[UUID] = field(default_factory=Counter)
    rungs: Counter[str] = field(default_factory=Counter)
    draws: Counter[UUID] = field(default_factory=Counter)
    elsewhere: int = 0


def simulate(session: Session, *, now: datetime, n: int = 500) -> Simulation:
    """Who would have got the last `n` actions."""
    query = select(Action).order_by(col(Action.created_at).desc(), col(Action.id).desc()).limit(min(max(n, 1), MOST))
    rows = list(reversed(session.exec(query).all()))
    if not rows:
        return Simulation(0, None, {}, 0, ())
    subjects = [About(row.account_id, row.person_id, row.opportunity_id) for row in rows]
    files = Files.of(session, subjects, now=now)
    tally = _run(session, files, rows, subjects)
    return Simulation(
        len(rows), rows[0].created_at, dict(tally.rungs), tally.elsewhere, _shares(files, tally, _due(files, tally))
    )


def _run(session: Session, files: Files, rows: Sequence[Action], subjects: Sequence[About]) -> _Tally:
    tally = _Tally()
    opened, closing = _before(session, rows[0].created_at)
    desk = Desk({}, files.fallback(), opened)
    for row, about in zip(rows, subjects, strict=True):
        while closing and closing[0][0] <= row.created_at:
            _, member_id = heapq.heappop(closing)
            desk.open[member_id] -= 1
        desk.workers = files.staff.workers(row.created_at)
        found = desk.assign(files.case(about))
        tally.rungs[found.rung.value] += 1
        tally.elsewhere += found.member_id != row.assignee_id
        if found.member_id is None:
            continue
        tally.got[found.member_id] += 1
        tally.most_open[found.member_id] = max(tally.most_open[found.member_id], desk.open[found.member_id])
        if found.team_id is not None:
            tally.dealt[found.member_id] += 1
            tally.draws[found.team_id] += 1
        if row.closed_at is not None:
            heapq.heappush(closing, (max(row.closed_at, row.created_at), found.member_id))
    return tally


def _before(session: Session, since: datetime) -> tuple[dict[UUID, int], list[tuple[datetime, UUID]]]:
    """What everybody had open before the first of them came, and when what of it was closed."""
    there = and_(
        col(Action.created_at) < since,
        col(Action.assignee_id).is_not(None),
        or_(col(Action.closed_at).is_(None), col(Action.closed_at) > since),
    )
    many = select(Action.assignee_id, func.count()).where(there).group_by(col(Action.assignee_id))
    ends = select(Action.closed_at, Action.assignee_id).where(there, col(Action.closed_at).is_not(None))
    closing = [(at, member_id) for at, member_id in session.exec(ends) if at is not None and member_id is not None]
    heapq.heapify(closing)
    return {member_id: count for member_id, count in session.exec(many) if member_id is not None}, closing


def _due(files: Files, tally: _Tally) -> dict[UUID, float]:
    """What each member's weight asks for of what their teams were dealt."""
    due: dict[UUID, float] = {}
    for team_id, draws in tally.draws.items():
        inside = [files.staff.availabilities[one] for one in files.staff.crews[team_id].member_ids]
        total = sum(one.weight for one in inside)
        for one in inside if total else ():
            due[one.member_id] = due.get(one.member_id, 0.0) + draws * one.weight / total
    return due


def _shares(files: Files, tally: _Tally, due: dict[UUID, float]) -> tuple[Share, ...]:
    shares = [
        Share(
            one, files.staff.members[one].name, files.staff.availabilities[one].weight, tally.got[one],
            tally.dealt[one], due.get(one, 0.0), tally.most_open[one], files.staff.availabilities[one].max_open,
        )
        for one in {*tally.got, *due}
    ]  # fmt: skip
    return tuple(sorted(shares, key=lambda one: (-one.got, one.name, one.member_id)))
