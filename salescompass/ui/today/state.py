"""What Today knows: how much customers did, the latest of it, and which first steps are still open."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime

import reflex as rx
from sqlmodel import Session

from salescompass import events, identity
from salescompass.identity import Actor
from salescompass.kit.clock import now
from salescompass.ui import routes
from salescompass.ui.clock_words import zone_of
from salescompass.ui.components.event_rows import EventRow
from salescompass.ui.event_groups import event_row
from salescompass.ui.guard import guarded
from salescompass.ui.session import Screen
from salescompass.vocabulary import Topic

_LATEST = 5
_CALM = 1.0


@dataclass(frozen=True)
class TodayView:
    """The page's facts, read in one transaction."""

    latest: list[EventRow]
    events: int
    people: int
    has_key: bool
    has_colleague: bool


def today_view(session: Session, actor: Actor, *, at: datetime) -> TodayView:
    """What this member's Today shows at a moment; days are counted in UTC. Events are for those who may read them."""
    has_key = actor.may("keys.manage") and any(key.state == "active" for key in identity.keys(session))
    has_colleague = actor.may("users.manage") and len(identity.members(session)) > 1
    if not actor.may("feed.read"):
        return TodayView([], 0, 0, has_key, has_colleague)
    zone, day = zone_of(actor.zone), at.astimezone(UTC).date()
    latest = events.feed(session, limit=_LATEST).items
    names = {key: known.label for key, known in events.types(session).items() if known.own}
    return TodayView(
        latest=[event_row(entry, zone, names=names, href=routes.feed(event=str(entry.id))) for entry in latest],
        events=events.events_on(session, day),
        people=events.people_active(session, day),
        has_key=has_key,
        has_colleague=has_colleague,
    )


class TodayState(Screen, rx.State):
    """The day's start."""

    day: str = ""
    latest: list[EventRow] = []
    events: int = 0
    people: int = 0
    has_key: bool = False
    has_colleague: bool = False
    loaded: bool = False

    @guarded("account.self", track=False)
    async def load(self) -> None:
        """Read the page."""
        await self._read()

    @guarded("account.self", background=True, track=False)
    async def listen(self) -> None:
        """While the page is open, keep its counts and its latest events right, for those who may read them."""
        if not self._actor.may("feed.read"):
            return
        async for _ in self._notes(Topic.EVENTS):
            async with self:
                await self._read()
            await asyncio.sleep(_CALM)

    async def _read(self) -> None:
        found: TodayView = await self._do("account.self", today_view, at=now())
        self.latest, self.events, self.people = found.latest, found.events, found.people
        self.has_key, self.has_colleague = found.has_key, found.has_colleague
        self.day = _day_words(now().astimezone(zone_of(self._actor.zone)).date())
        self.loaded = True


def _day_words(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
