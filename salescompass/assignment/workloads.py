"""The members as a manager looks at them: what they have open, how much they take on, whether they are there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from salescompass.assignment.staff import Staff, open_actions
from salescompass.identity import Availability


@dataclass(frozen=True)
class Workload:
    """A member of today: `absent` says why they get nothing at all, or is empty."""

    member_id: UUID
    name: str
    teams: tuple[str, ...]
    open: int
    availability: Availability
    out: bool
    works: bool
    absent: str


def workloads(session: Session, *, now: datetime) -> list[Workload]:
    """Everybody but who was disabled, by name."""
    staff = Staff.of(session)
    opened = open_actions(session, list(staff.members))
    workers = staff.workers(now)
    return [
        Workload(
            one.id,
            one.name,
            tuple(crew.name for crew in staff.crews.values() if one.id in crew.member_ids),
            opened.get(one.id, 0),
            staff.availabilities[one.id],
            workers[one.id].out,
            workers[one.id].working,
            workers[one.id].absent,
        )
        for one in staff.members.values()
        if one.status != "disabled"
    ]
