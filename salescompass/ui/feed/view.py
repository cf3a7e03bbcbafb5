"""What the feed reads in one transaction: a page of events, the counts around it, and the names of its filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from salescompass import crm, events
from salescompass.events import DayCount, FeedEntry, LaneCounts, Lens
from salescompass.identity import Actor
from salescompass.kit.errors import NotFound
from salescompass.kit.pagination import Page
from salescompass.ui.clock_words import day_of, zone_of
from salescompass.ui.event_groups import Line, lines
from salescompass.ui.feed.filters import Choice

PAGE = 50


@dataclass(frozen=True)
class FeedPage:
    """A page of the feed with all that stands around it."""

    page: Page[FeedEntry]
    lines: tuple[Line, ...]
    counts: LaneCounts
    days: dict[date, DayCount]
    types: list[Choice]
    channels: list[Choice]
    account: str
    person: str


def feed_page(session: Session, actor: Actor, *, lens: Lens, cursor: str | None) -> FeedPage:
    """The page after a position."""
    known = events.types(session)
    page = events.entries(session, lens, cursor=cursor, limit=PAGE)
    labels = {key: one.label for key, one in known.items() if one.own}
    return FeedPage(
        page=page,
        lines=tuple(lines(page.items, zone_of(actor.zone), labels)),
        counts=events.lane_counts(session, lens),
        days=days_of(session, actor, lens=lens, entries=page.items),
        types=sorted((Choice(key, one.label) for key, one in known.items()), key=lambda one: one.label.casefold()),
        channels=[Choice(one, one.capitalize()) for one in sorted({one.channel for one in known.values()})],
        account=_account_name(session, lens.account_id),
        person=_person_name(session, lens.person_id),
    )


def days_of(session: Session, actor: Actor, *, lens: Lens, entries: Sequence[FeedEntry]) -> dict[date, DayCount]:
    """What the whole days of these entries count."""
    if not entries:
        return {}
    zone = zone_of(actor.zone)
    first, last = (day_of(entry.occurred_at, zone) for entry in (entries[-1], entries[0]))
    low, high = (datetime.combine(day, datetime.min.time(), zone) for day in (first, last + timedelta(days=1)))
    return events.day_counts(session, lens, str(zone), low=low, high=high)


def _account_name(session: Session, account_id: UUID | None) -> str:
    try:
        return crm.account(session, account_id).name if account_id else ""
    except NotFound:
        return "An account that is not there"


def _person_name(session: Session, person_id: UUID | None) -> str:
    try:
        return crm.person(session, person_id).name if person_id else ""
    except NotFound:
        return "A person who is not there"
