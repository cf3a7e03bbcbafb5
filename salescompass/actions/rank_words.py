"""A rank in words: its chance, what is at stake, why now rather than later, and what it costs."""

from __future__ import annotations

from datetime import datetime, timedelta

from salescompass.actions.ranking import TELLING, Chance, Parts, Stake
from salescompass.kit.currencies import exponent

_LIKE = {
    "tenant": "actions",
    "kind": "actions of this kind",
    "rule": "actions of this kind from this rule",
    "segment": "such actions with accounts of this lifecycle",
    "member": "such actions of this assignee",
}
_STAKES = {
    "given": "as its rule says",
    "deal": "the deal's amount by its stage",
    "account": "the account's best open deal by its stage",
    "floor": "the least we reckon with: no open deal is known in your currency",
}


def in_words(
    parts: Parts,
    *,
    currency: str,
    at: datetime,
    due_from: datetime | None,
    due_to: datetime | None,
    evident_since: datetime | None,
) -> tuple[str, ...]:
    """Each part of a rank as a sentence."""
    said = [_chance(parts.chance), _stake(parts.stake, currency), _due(at, due_from, due_to)]
    if evident_since is not None and parts.urgency.fresh >= 1.1:
        said.append(f"News of {_span(at - evident_since)} ago counts more while it is fresh")
    said.append(f"Takes about {max(parts.effort, 1)} min")
    return tuple(one for one in said if one)


def _chance(chance: Chance) -> str:
    share = f"{chance.value * 100:.0f}%"
    if chance.among is not None:
        like = _LIKE.get(chance.among.name, chance.among.name)
        return f"Ends well about {share} of the time: {chance.among.worked} of {chance.among.tried} {like} did"
    if chance.given:
        return f"Ends well about {share} of the time, as its rule says: fewer than {TELLING} were closed so far"
    return f"Ends well about {share} of the time, a first guess: fewer than {TELLING} were closed so far"


def _stake(stake: Stake, currency: str) -> str:
    return f"{stake.minor / 10 ** exponent(currency):,.0f} {currency} at stake: {_STAKES[stake.source]}"


def _due(at: datetime, due_from: datetime | None, due_to: datetime | None) -> str:
    if due_from is not None and at < due_from:
        return f"Its time begins in {_span(due_from - at)}"
    if due_to is None:
        return ""
    return f"Due in {_span(due_to - at)}" if at <= due_to else f"Overdue by {_span(at - due_to)}"


def _span(length: timedelta) -> str:
    minutes = max(int(length.total_seconds() // 60), 0)
    for size, name in ((1440, "days"), (60, "hours")):
        if minutes >= 2 * size:
            return f"{minutes // size} {name}"
    return f"{minutes} min"
