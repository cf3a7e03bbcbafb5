"""What Today knows: what to do next and why, how much customers did, and which first steps are still open."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime

import reflex as rx
from sqlmodel import Session

from salescompass import actions, events, identity
from salescompass.identity import Actor
from salescompass.kit.clock import now
from salescompass.ui import routes
from salescompass.ui.action_acts import ActionActs
from salescompass.ui.action_looks import ActionLook, action_look
from salescompass.ui.clock_words import zone_of
from salescompass.ui.components.event_rows import EventRow
from salescompass.ui.event_groups import event_row
from salescompass.ui.guard import guarded
from salescompass.vocabulary import Topic

_LATEST = 5
_CALM = 1.0
_SOON = 0.1


@dataclass(frozen=True)
class TodayView:
    """The page's facts besides the actions, read in one transaction."""

    latest: list[EventRow]
    events: int
    people: int
    has_key: bool
    has_colleague: bool


@dataclass(frozen=True)
class DueView:
    """What to do: cards, offers of colleagues, how many more wait, how many were done today."""

    cards: list[ActionLook]
    offers: list[ActionLook]
    waiting: int
    done: int


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


def due_view(session: Session, actor: Actor, *, at: datetime) -> DueView:
    """What this member is to do next, the most worthwhile first."""
    found, zone = actions.today(session, actor, at=at), zone_of(actor.zone)
    return DueView(
        cards=[action_look(card, actor, at=at, zone=zone, first=place == 0) for place, card in enumerate(found.cards)],
        offers=[action_look(one, actor, at=at, zone=zone, offer=offer) for offer, one in found.offers],
        waiting=found.waiting,
        done=found.done,
    )


class TodayState(ActionActs, rx.State):
    """The day's start. `news` tells of an action that came while the page was open."""

    day: str = ""
    cards: list[ActionLook] = []
    offers: list[ActionLook] = []
    waiting: int = 0
    finished: int = 0
    news: str = ""
    latest: list[EventRow] = []
    events: int = 0
    people: int = 0
    has_key: bool = False
    has_colleague: bool = False
    loaded: bool = False

    @guarded("account.self", track=False)
    async def load(self) -> None:
        """Read the page."""
        if self._actor.may("actions.read"):
            await self._read_due()
            await self._read_acting()
        await self._read_rest()
        self.day = _day_words(now().astimezone(zone_of(self._actor.zone)).date())
        self.loaded = True

    @guarded("account.self", background=True, track=False)
    async def listen(self) -> None:
        """While the page is open, keep its actions right, and its counts and latest events, for who may read them."""
        topics = [Topic.ACTIONS] if self._actor.may("actions.read") else []
        topics += [Topic.EVENTS] if self._actor.may("feed.read") else []
        if not topics:
            return
        async for note in self._notes(*topics):
            async with self:
                if Topic.ACTIONS in topics and (note.resync or note.topic == Topic.ACTIONS):
                    await self._read_due()
                else:
                    await self._read_rest()
            await asyncio.sleep(_SOON if note.topic == Topic.ACTIONS else _CALM)

    async def _reread(self) -> None:
        await self._read_due()

    async def _read_due(self) -> None:
        found: DueView = await self._do("actions.read", due_view, at=now())
        known = {one.id for one in self.cards}
        fresh = [one.title for one in found.cards if one.id not in known]
        self.news = f"New: {fresh[0]}" if fresh and self.loaded else ""
        self.cards, self.offers = found.cards, found.offers
        self.waiting, self.finished = found.waiting, found.done

    async def _read_rest(self) -> None:
        found: TodayView = await self._do("account.self", today_view, at=now())
        self.latest, self.events, self.people = found.latest, found.events, found.people
        self.has_key, self.has_colleague = found.has_key, found.has_colleague


def _day_words(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
