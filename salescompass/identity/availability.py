"""When members are there and how much they take on: told by themselves, and what is dealt to them by a manager."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass.identity import audit
from salescompass.identity.actor import Actor
from salescompass.identity.presence import ALL_DAYS, Availability
from salescompass.kit.database import session_tenant
from salescompass.kit.errors import Invalid, NotFound
from salescompass.models import MemberAvailability, Membership

MOST_WEIGHT, MOST_OPEN = 100, 10_000
_MANAGE = "rules.manage"


def availabilities(session: Session, member_ids: Collection[UUID] | None = None) -> dict[UUID, Availability]:
    """When these members, or all, are there. Who never said so is there always."""
    query = select(Membership.id, Membership.zone, MemberAvailability).outerjoin(
        MemberAvailability, col(MemberAvailability.member_id) == col(Membership.id)
    )
    if member_ids is not None:
        query = query.where(col(Membership.id).in_(list(member_ids)))
    return {member_id: _view(member_id, zone, row) for member_id, zone, row in session.exec(query)}


def set_hours(
    session: Session,
    actor: Actor,
    *,
    work_from: time | None = None,
    work_to: time | None = None,
    work_days: str = ALL_DAYS,
    quiet_from: time | None = None,
    quiet_to: time | None = None,
) -> Availability:
    """One's own working hours and quiet hours; without a beginning and an end there are none."""
    days = "".join(day for day in ALL_DAYS if day in work_days)
    if not days:
        raise Invalid("Choose at least one day", field="work_days")
    for start, end, field in ((work_from, work_to, "work_to"), (quiet_from, quiet_to, "quiet_to")):
        if (start is None) is not (end is None):
            raise Invalid("Give both a beginning and an end, or neither", field=field)
        if start is not None and start == end:
            raise Invalid("It ends when it begins: choose another end", field=field)
    told = {"work_from": work_from, "work_to": work_to, "work_days": days}
    return _change(session, actor, _own(actor), {**told, "quiet_from": quiet_from, "quiet_to": quiet_to})


def set_out_of_office(
    session: Session,
    actor: Actor,
    *,
    member_id: UUID | None = None,
    out_from: date | None = None,
    out_to: date | None = None,
    delegate_id: UUID | None = None,
) -> Availability:
    """The days somebody is away, first and last, and who stands in. Oneself, or anybody for who manages assignment.

    Without a first day they are there again; without a last one they are away until further notice.
    """
    whose = member_id or _own(actor)
    if whose != actor.member_id:
        actor.must(_MANAGE)
    if out_from is None and out_to is not None:
        raise Invalid("Give the first day out of office", field="out_from")
    if out_from is not None and out_to is not None and out_to < out_from:
        raise Invalid("The last day is before the first", field="out_to")
    if delegate_id == whose:
        raise Invalid("Nobody stands in for themselves", field="delegate_id")
    if delegate_id is not None:
        joined = select(Membership.id).where(Membership.id == delegate_id, Membership.status == "active")
        if session.exec(joined).first() is None:
            raise NotFound("There is no such member", field="delegate_id")
    return _change(session, actor, whose, {"out_from": out_from, "out_to": out_to, "delegate_id": delegate_id})


def set_capacity(
    session: Session, actor: Actor, *, member_id: UUID, weight: int, max_open: int | None = None
) -> Availability:
    """What part of a team's work is dealt to a member (0: none), and how many open actions they may have."""
    actor.must(_MANAGE)
    if not 0 <= weight <= MOST_WEIGHT:
        raise Invalid(f"Give a weight from 0 to {MOST_WEIGHT}", field="weight")
    if max_open is not None and not 0 <= max_open <= MOST_OPEN:
        raise Invalid(f"Give a number from 0 to {MOST_OPEN:,}", field="max_open")
    return _change(session, actor, member_id, {"weight": weight, "max_open": max_open})


def _own(actor: Actor) -> UUID:
    if actor.member_id is None:
        raise NotFound("Only members have working hours")
    return actor.member_id


def _change(session: Session, actor: Actor, member_id: UUID, values: dict[str, Any]) -> Availability:
    if session.exec(select(Membership.id).where(Membership.id == member_id)).first() is None:
        raise NotFound("There is no such member", field="member_id")
    query = select(MemberAvailability).where(MemberAvailability.member_id == member_id).with_for_update()
    row = session.exec(query).first() or MemberAvailability(tenant_id=session_tenant(session), member_id=member_id)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    session.add(row)
    session.flush()
    if changed:
        detail = {"changed": changed}
        audit.record(session, actor, "availability.changed", object_type="member", object_id=member_id, detail=detail)
    return availabilities(session, [member_id])[member_id]


def _view(member_id: UUID, zone: str, row: MemberAvailability | None) -> Availability:
    if row is None:
        return Availability(member_id, zone)
    return Availability(
        member_id, zone, row.weight, row.max_open, row.work_from, row.work_to, row.work_days, row.quiet_from,
        row.quiet_to, row.out_from, row.out_to, row.delegate_id,
    )  # fmt: skip
