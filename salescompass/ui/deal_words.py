"""Deals as lists beside other records tell them: amount, stage, how they stand, and the parts people play. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from salescompass import crm
from salescompass.crm import DealBeside
from salescompass.ui import routes
from salescompass.ui.money import money
from salescompass.vocabulary import DealRole

TONES = {
    "open": "info",
    "won": "success",
    "lost": "danger",
}
FIRST = 5
"""How many open deals are shown at once."""
ROLES = {
    DealRole.CHAMPION: "Champion",
    DealRole.ECONOMIC: "Decides on money",
    DealRole.TECHNICAL: "Technical judge",
    DealRole.USER: "User",
    DealRole.BLOCKER: "Against it",
}
"""The parts people play, as they are called."""


@dataclass(frozen=True)
class DealRow:
    """A deal in a list beside a record."""

    id: str
    href: str
    name: str
    amount: str
    stage: str
    tone: str
    when: str
    late: str
    part: str


@dataclass(frozen=True)
class DealsLook:
    """Open deals, the first of them and the `later` ones, closed ones, and what the open ones amount to."""

    open: list[DealRow] = field(default_factory=list)
    later: list[DealRow] = field(default_factory=list)
    closed: list[DealRow] = field(default_factory=list)
    closed_words: str = ""
    sum: str = ""


def deals_look(deals: Sequence[DealBeside], *, now: datetime, person_id: UUID | None = None) -> DealsLook:
    """Deals as they are listed; with a person, that person's part in each."""
    rows = [(one, _row(one, now, person_id)) for one in deals]
    amounts: dict[str, int] = {}
    for one in deals:
        if one.state == "open" and one.amount_minor is not None:
            amounts[one.currency or ""] = amounts.get(one.currency or "", 0) + one.amount_minor
    open_ = [row for one, row in rows if one.state == "open"]
    closed = [row for one, row in rows if one.state != "open"]
    shown = len(open_) if len(open_) <= FIRST + 1 else FIRST  # one more is no list
    return DealsLook(
        open_[:shown],
        open_[shown:],
        closed,
        f"The latest {len(closed)} closed" if len(deals) >= crm.MOST_BESIDE else f"{len(closed)} closed",
        " + ".join(money(amount, currency) for currency, amount in sorted(amounts.items())),
    )


def _row(one: DealBeside, now: datetime, person_id: UUID | None) -> DealRow:
    days = (now - one.stage_entered_at).days
    late = ""
    if one.state == "open" and one.rot_days is not None and days > one.rot_days:
        late = f"{days - one.rot_days} days over"
    elif one.state == "open" and one.close_date is not None and one.close_date < now.date():
        late = "Past its close date"
    mine = [ROLES[DealRole(role)] for person, role in one.parts if person == person_id]
    return DealRow(
        str(one.id), routes.deal(str(one.id)), one.name,
        money(one.amount_minor, one.currency or "") if one.amount_minor is not None else "",
        one.stage, TONES[one.state], _when(one), late, ", ".join(mine),
    )  # fmt: skip


def _when(one: DealBeside) -> str:
    if one.state == "open":
        return f"closes {_day(one.close_date)}" if one.close_date else "no close date yet"
    return f"{one.state} {_day(one.closed_at.date())}" if one.closed_at else one.state


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def parts_of(deals: Sequence[DealBeside]) -> Mapping[UUID, str]:
    """By person the parts they play in these deals, each told once."""
    found: dict[UUID, dict[str, None]] = {}
    for one in deals:
        for person, role in one.parts:
            if one.state == "open":
                found.setdefault(person, {})[ROLES[DealRole(role)]] = None
    return {person: ", ".join(roles) for person, roles in found.items()}
