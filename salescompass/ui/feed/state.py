"""What the feed knows: the events loaded so far, what came since, and how fresh it is."""

from __future__ import annotations

import asyncio
from typing import Any

import reflex as rx
from sqlmodel import Session

from salescompass import events, identity
from salescompass.events import FeedEntry
from salescompass.identity import Actor
from salescompass.kit.clock import now
from salescompass.kit.errors import SalesCompassError
from salescompass.kit.pagination import Page
from salescompass.ui.clock_words import time_words, zone_of
from salescompass.ui.components.event_rows import DayGroup, grouped, joined
from salescompass.ui.guard import guarded
from salescompass.ui.session import Screen
from salescompass.vocabulary import Topic

_PAGE = 50
_MOST = 300
# Notes may come in bursts; the count on the pill follows at most this often.
_CALM = 0.25


def is_live(session: Session, actor: Actor) -> bool:
    """Whether open pages hear of new events here, or only show them when they are loaded again."""
    return identity.flag_on(session, "live_updates", actor.member_id)


class FeedState(Screen, rx.State):
    """The feed. The view is in the address: `before` is a position to read on from."""

    days: list[DayGroup] = []
    shown: int = 0
    more: bool = False
    older: str = ""
    fresh: int = 0
    late: bool = False
    as_of: str = ""
    live: bool = True
    loaded: bool = False
    problem: str = ""

    _cursor: str | None = None
    _top: str | None = None

    @guarded("feed.read", track=False)
    async def load(self) -> None:
        """The first page of the view that the address names."""
        await self._first_page()

    @guarded("feed.read", background=True, track=False)
    async def listen(self) -> None:
        """While the page is open: count what comes in, and show it at once when nothing is shown yet."""
        async for note in self._notes(Topic.EVENTS):
            newer = await self._do("feed.read", events.newer_count, self._top)
            async with self:
                if not self.shown:
                    await self._first_page()
                else:
                    self._note_arrivals(newer, arrived=bool(note.n))
            await asyncio.sleep(_CALM)

    @guarded("feed.read")
    async def load_more(self) -> None:
        """The next page, below."""
        page = await self._do("feed.read", events.feed, cursor=self._cursor, limit=_PAGE)
        self.days = joined(self.days, self._groups(page))
        self._keep_place(page)

    @guarded("feed.read")
    async def show_new(self) -> Any:
        """Start again at the top."""
        await self._first_page()
        return rx.call_script("window.scrollTo(0, 0)")

    async def _first_page(self) -> None:
        before = str(self.router.url.query_parameters.get("before", ""))[:200] or None
        try:
            page = await self._do("feed.read", events.feed, cursor=before, limit=_PAGE)
        except SalesCompassError as error:
            self.problem = error.message
            return
        self.problem, self.shown, self.fresh, self.late = "", 0, 0, False
        self._top = page.items[0].cursor if page.items else None
        self.live = await self._do("feed.read", is_live)
        self.days = self._groups(page)
        self._keep_place(page)
        self.loaded = True

    def _groups(self, page: Page[FeedEntry]) -> list[DayGroup]:
        return grouped(page.items, zone_of(self._actor.zone), now())

    def _keep_place(self, page: Page[FeedEntry]) -> None:
        self._cursor = page.next_cursor
        self.shown += len(page.items)
        full = self.shown >= _MOST
        self.more = page.next_cursor is not None and not full
        self.older = (page.next_cursor or "") if full else ""
        self._stamp()

    def _note_arrivals(self, newer: int, *, arrived: bool) -> None:
        self.late = self.late or (arrived and newer == 0)
        self.fresh = newer
        self._stamp()

    def _stamp(self) -> None:
        self.as_of = time_words(now(), zone_of(self._actor.zone), seconds=True)
