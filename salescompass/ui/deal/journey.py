"""What is told beside a deal: who of its people was touched when, parts nobody plays, how like deals ended. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from salescompass.crm import Similar, SimilarDeal
from salescompass.events import Touches
from salescompass.ui import routes
from salescompass.ui.deal_words import ROLES, TONES
from salescompass.ui.money import money
from salescompass.vocabulary import DealRole

TOUCHED_DAYS = 90
"""So far back touches are counted."""
_WANTED = (DealRole.CHAMPION, DealRole.ECONOMIC, DealRole.TECHNICAL, DealRole.USER)


@dataclass(frozen=True)
class SimilarRow:
    """A closed deal beside the one of the page."""

    href: str
    name: str
    account: str
    amount: str
    state: str
    tone: str
    took: str


@dataclass(frozen=True)
class SimilarLook:
    """Closed deals like the one of the page; without `about` there is nothing to compare by."""

    about: str = ""
    ended: str = ""
    rows: list[SimilarRow] = field(default_factory=list)


def touch_words(touched: Touches | None) -> tuple[str, str]:
    """`5 signals, 2 from us, the last`, and when that was."""
    if touched is None:
        return f"Silent for {TOUCHED_DAYS} days", ""
    parts = [f"{touched.theirs} signal{'s' if touched.theirs != 1 else ''}"] if touched.theirs else []
    parts += [f"{touched.ours} from us"] if touched.ours else []
    last = max(one for one in (touched.last_theirs, touched.last_ours) if one is not None)
    return f"{', '.join(parts)} in {TOUCHED_DAYS} days, the last", last.isoformat()


def uncovered(roles: Collection[str]) -> str:
    """The parts that matter and that nobody plays; nothing is said where nobody plays any."""
    if not roles:
        return ""
    return ", ".join(ROLES[role] for role in _WANTED if role.value not in roles)


def similar_look(found: Similar) -> SimilarLook:
    """Closed deals like another, in words."""
    if not found.won and not found.lost:
        return SimilarLook()
    ended = f"{found.won:,} won, {found.lost:,} lost"
    if found.won_days is not None:
        ended += f"; those won took {_days(found.won_days)} (median)"
    about = f"Closed deals with companies in {found.industry}, {found.sizes}"
    return SimilarLook(about, ended, [_row(one) for one in found.deals])


def _row(one: SimilarDeal) -> SimilarRow:
    took = "" if one.days is None else f"took {_days(one.days)}"
    stages = ", ".join(f"{name} {_days(days)}" for name, days in one.stages)
    return SimilarRow(
        routes.deal(str(one.id)), one.name, one.account,
        money(one.amount_minor, one.currency or "") if one.amount_minor is not None else "",
        one.state.capitalize(), TONES[one.state], ": ".join(part for part in (took, stages) if part),
    )  # fmt: skip


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days:,} days"
