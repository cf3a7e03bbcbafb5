"""What the feed knows: the events loaded so far, what came since, what is open, and how fresh it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypedDict

import reflex as rx

from salescompass import crm, events
from salescompass.events import DayCount, Lens
from salescompass.kit.clock import now
from salescompass.kit.errors import Invalid, SalesCompassError
from salescompass.ui.arguments import Search, Text
from salescompass.ui.arrivals import Arrivals, arrivals
from salescompass.ui.clock_words import day_of, time_words, zone_of
from salescompass.ui.components import answered
from salescompass.ui.components.event_rows import DayGroup
from salescompass.ui.event_list import EventList, echo_of
from salescompass.ui.feed.days import drawn_days
from salescompass.ui.feed.filters import Choice, View, dates_words, view_of
from salescompass.ui.feed.view import FeedPage, feed_page
from salescompass.ui.guard import guarded
from salescompass.vocabulary import SubjectKind, Topic

_MOST = 300
Chosen = Annotated[str, Text(64)]
Day = Annotated[str, Text(10)]


class DatesForm(TypedDict):
    """The dates to look at, both included."""

    since: Day
    until: Day


class FeedState(EventList, rx.State):
    """The feed. The view is in the address: lane, filters, the open event, and `before`, a position to read on from."""

    days: list[DayGroup] = []
    shown: int = 0
    more: bool = False
    older: str = ""
    fresh: int = 0
    late: bool = False
    flood: bool = False
    paused: bool = False
    following: bool = False
    as_of: str = ""
    live: bool = True
    loaded: bool = False
    problem: str = ""

    lane: str = "signals"
    signals: str = ""
    noise: str = ""
    lane_hrefs: dict[str, str] = {}
    chosen: dict[str, str] = {}
    labels: dict[str, str] = {}
    clear: dict[str, str] = {}
    narrowed: bool = False
    address: str = ""
    echo: str = ""
    types: list[Choice] = []
    channels: list[Choice] = []
    matches: list[dict[str, str]] = []

    _view: View = View()
    _counts: tuple[Mapping[date, DayCount], ...] = ()
    _names: dict[str, str] = {}
    _cursor: str | None = None
    _top: str | None = None
    _whole: bool = False

    @guarded("feed.read", track=False)
    async def load(self) -> Any:
        """The first page of the view that the address names; what is shown of that view already stays."""
        zone = zone_of(self._actor.zone)
        view = view_of(self._url.query_parameters, zone, day_of(now(), zone))
        same = self._whole and (view.lens, view.before) == (self._here.lens, self._here.before)
        self._view = view
        if not same:
            await self._first_page()
        elif self._top and not (self.paused or view.before):
            self.fresh = await self._newer(view.lens, self._top)
        await self._open_sheet(view.event, view.at)
        self._draw()
        self.echo = echo_of(self)
        return FeedState.measure if self._unmeasured else None

    @guarded("feed.read", background=True, track=False)
    async def measure(self) -> None:
        """What the events that are shown did to scores: told a moment after the events themselves."""
        await self._measure_rest()

    @guarded("feed.read", background=True, track=False, stays=True)
    async def listen(self) -> None:
        """While the page is open: count what comes in, and show it at once when nothing is shown yet."""
        async for come in arrivals(self._notes(Topic.EVENTS_STORED)):
            # Who reads on far below is not told of what is new at the top.
            while not (self.paused or self._here.before) and not await self._look(come):
                pass

    @guarded("feed.read")
    async def load_more(self) -> Any:
        """The next page, below."""
        await self._add(await self._page(self._cursor))
        self._draw()
        return FeedState.measure if self._unmeasured else None

    @guarded("feed.read")
    async def show_new(self) -> Any:
        """Start again at the top."""
        if self._here.before:
            return rx.redirect(self._here.href())
        await self._first_page()
        self._draw()
        return [rx.call_script("window.scrollTo(0, 0)"), FeedState.measure]

    @guarded("feed.read")
    async def pause(self) -> Any:
        """Hold the counting still, or go on and catch up."""
        self.paused = not self.paused
        if not self.paused:
            newer = await self._newer(self._here.lens, self._top)
            self.fresh, self.late, self.flood = newer, False, False
        self._stamp()

    @guarded("feed.read")
    async def follow(self) -> Any:
        """Show the newest page as it is, again and again while events come; or leave the page as it stands."""
        if self._here.before:
            return rx.redirect(self._here.href())
        self.following = not self.following
        if self.following:
            await self._first_page()
            self._draw()
        return None

    @guarded("feed.read", track=False)
    async def choose(self, name: Literal["type", "channel", "verdict", "when"], value: Chosen) -> Any:
        """Filter by one of the short lists."""
        if (name, value) == ("when", "dates"):
            return rx.call_script("location.hash = '#dates'")
        dates = {"since": "", "until": ""} if name == "when" else {}
        return rx.redirect(self._here.href(**{name: value}, **dates))

    @guarded("feed.read", form="dates")
    async def choose_dates(self, form: DatesForm) -> Any:
        """Filter by dates."""
        if form["since"] and form["until"] and form["since"] > form["until"]:
            raise Invalid("This day lies before the first one", field="until")
        return [answered("dates"), rx.redirect(self._here.href(when="", since=form["since"], until=form["until"]))]

    @guarded("records.read", track=False)
    async def find(self, text: Search) -> None:
        """Accounts and people whose name begins so, each with the address that filters by it."""
        found = await self._share("records.read", crm.find, by=text, beginning=text)
        self.matches = [
            {
                "name": one.name,
                "detail": one.detail,
                "icon": "building-2" if one.kind is SubjectKind.ACCOUNT else "user",
                "href": self._here.href(**{one.kind.value: str(one.id)}),
            }
            for one in found
        ]

    async def _look(self, come: Arrivals) -> bool:
        """Count what is above the page; False when the page became another meanwhile, so that one looks again."""
        lens, top = self._here.lens, self._top
        newer = await self._newer(lens, top)
        late = bool(come.ids and not newer) and await self._do("feed.read", events.concerns, lens, come.ids)
        async with self:
            if (lens, top) != (self._here.lens, self._top):
                return False
            first = not self.shown and newer > 0
            if first or (self.following and newer > 0):
                await self._first_page()
                self._draw()
                self.flood = come.flood
            else:
                self._note_arrivals(newer, come, late=late)
        if first:
            await self._measure_rest()
        return True

    @property
    def _here(self) -> View:
        """The view, bare: Reflex hands out what is in a state wrapped, to notice changes."""
        view: View = self.get_value("_view")
        return view

    async def _first_page(self) -> None:
        self._whole = False
        try:
            found = await self._page(self._here.before or None)
        except SalesCompassError as error:
            self.problem, self.loaded = error.message, False
            return
        self._renew(problem="", fresh=0, late=False, flood=False)
        self._lines, self._unmeasured, self._counts = (), (), ()
        self._top = found.page.items[0].cursor if found.page.items else None
        await self._add(found)
        self._whole = True
        self._renew(loaded=True)

    async def _page(self, cursor: str | None) -> FeedPage:
        lens = self._here.lens
        found: FeedPage = await self._share("feed.read", feed_page, by=(lens, cursor), lens=lens, cursor=cursor)
        return found

    async def _newer(self, lens: Lens, top: str | None) -> int:
        """How many events stand above a position."""
        return int(await self._share("feed.read", events.newer_entries, by=(lens, top), lens=lens, cursor=top))

    async def _add(self, found: FeedPage) -> None:
        """Put a page below what is shown."""
        await self._put(found.page.items, found.lines)
        self._counts = (found.days, *self._counts)
        self._cursor = found.page.next_cursor
        full, plus = len(self._lines) >= _MOST, "+" if found.counts.more else ""
        self._renew(
            shown=len(self._lines),
            more=found.page.next_cursor is not None and not full,
            older=self._here.href(before=found.page.next_cursor or "") if full and found.page.next_cursor else "",
            live=await self._hears(),
            types=found.types,
            channels=found.channels,
            signals=f"{found.counts.signals}{plus}",
            noise=f"{found.counts.noise}{plus}",
        )
        self._names = {"account": found.account, "person": found.person}
        self._stamp()

    def _draw(self) -> None:
        """Everything that follows from the view and the lines."""
        view = self._here
        zone = zone_of(self._actor.zone)
        self._renew(
            days=drawn_days(self._lines, self._counts, view, day_of(now(), zone)),
            lane=view.lens.lane,
            chosen=dict(view.chosen),
            narrowed=view.narrowed,
            lane_hrefs=view.lane_hrefs,
            clear=view.without,
            labels={**self._names, "dates": dates_words(view.chosen)},
            address=view.at(view.event),
        )

    def _note_arrivals(self, newer: int, come: Arrivals, *, late: bool) -> None:
        self.late = self.late or late
        self.fresh, self.flood = newer, come.flood
        self._stamp()

    def _stamp(self) -> None:
        self.as_of = time_words(now(), zone_of(self._actor.zone), seconds=True)
