"""What the page of an account or a person knows: the record, its score and why, and what happened, live."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from salescompass import events
from salescompass.events import FeedEntry, Lens
from salescompass.kit.clock import now
from salescompass.kit.errors import NotFound
from salescompass.kit.ids import parse_id
from salescompass.kit.live import Note
from salescompass.kit.pagination import Page
from salescompass.ui import routes
from salescompass.ui.arrivals import arrivals
from salescompass.ui.clock_words import day_of, time_words, zone_of
from salescompass.ui.components.event_rows import DayGroup
from salescompass.ui.event_groups import Line, grouped, lines, measured
from salescompass.ui.event_list import EventList, echo_of
from salescompass.ui.guard import guarded
from salescompass.ui.record.news import News, news
from salescompass.ui.record.view import RecordLook, record_look
from salescompass.ui.score_words import ScoreLook, change, decimal, score_look
from salescompass.vocabulary import SubjectKind, Topic

_PAGE = 30
TABS = {"overview": "Overview", "timeline": "Timeline", "people": "People"}
_KINDS = {"accounts": SubjectKind.ACCOUNT, "contacts": SubjectKind.PERSON}


class RecordState(EventList, rx.State):
    """An account or a person; which one is in the path. `panel=why` and `event` open panels, `show=all` the noise.

    `tab` is the part that phones show; wider screens show all parts at once.
    """

    record: RecordLook = RecordLook()
    look: ScoreLook = ScoreLook()
    days: list[DayGroup] = []
    shown: int = 0
    more: bool = False
    everything: bool = False
    tab: str = "overview"
    why_open: bool = False
    raw: bool = False
    links: dict[str, str] = {}
    reason: str = ""
    as_of: str = ""
    echo: str = ""
    loaded: bool = False
    missing: bool = False

    _shown: tuple[SubjectKind, UUID | None, bool] = (SubjectKind.ACCOUNT, None, False)
    _event: str = ""
    _cursor: str | None = None
    _top: str | None = None
    _score: float = 0.0
    _untold: tuple[Line, ...] = ()
    _names: dict[str, str] = {}

    @guarded("records.read", track=False)
    async def load(self) -> Any:
        """The record that the address names, and what of it is open."""
        query = self.router.url.query_parameters
        self.everything, self.raw = query.get("show") == "all", query.get("raw") == "1"
        tab = str(query.get("tab", ""))
        self.tab = tab if tab in TABS else "overview"
        opened = parse_id(str(query.get("event", ""))[:36])
        self._event = str(opened) if opened else ""
        self.why_open = query.get("panel") == "why" and not self._event
        wanted = (*self._subject, self.everything)
        same, self._shown = self.loaded and wanted == self._shown, wanted
        if not same:
            self.reason, self.loaded = "", False
        self.echo = echo_of(self)
        if not await self._read():
            return None
        if not same:
            self._score = float(self.look.exact)
            await self._first_page()
        await self._open_sheet(self._event, self._at)
        self._draw()
        return RecordState.measure

    @guarded("feed.read", background=True, track=False)
    async def measure(self) -> None:
        """What the events that are shown did to scores."""
        await self._measure_rest()

    @guarded("records.read", background=True, track=False)
    async def listen(self) -> None:
        """While the page is open: follow what happens with this record, and say what moved its score."""
        async for _ in arrivals(self._notes(Topic.EVENTS, Topic.SCORES), heeds=self._heeds):
            async with self:
                await self._tell_news()
            async with self:
                if await self._read():
                    self._say_why(float(self.look.exact))

    def _heeds(self, note: Note) -> bool:
        """Whether a note may be about this record."""
        record_id = self._subject[1]
        return record_id is not None and not self.missing and note.may_concern(record_id)

    @guarded("feed.read")
    async def load_more(self) -> Any:
        """The next page of what happened, below."""
        if self._subject[1] is None:
            return None
        self._add(await self._entries(cursor=self._cursor))
        self._draw()
        return RecordState.measure

    @property
    def _subject(self) -> tuple[SubjectKind, UUID | None]:
        """What the path is about, like `/accounts/ID`."""
        parts = (self.router.url.path or "").strip("/").split("/")
        if len(parts) != 2 or parts[0] not in _KINDS:
            return SubjectKind.ACCOUNT, None
        return _KINDS[parts[0]], parse_id(parts[1])

    async def _read(self) -> bool:
        """Read the record; False when there is none of this id."""
        kind, record_id = self._subject
        if record_id is None:
            self.missing = True
            return False
        try:
            self.record = await self._do("records.read", record_look, kind=kind, record_id=record_id, now=now())
        except NotFound:
            self.record, self.days, self.missing, self.loaded = RecordLook(), [], True, False
            return False
        self.look, self.missing, self.loaded = self.record.look, False, True
        self.as_of = time_words(now(), zone_of(self._actor.zone), seconds=True)
        return True

    async def _first_page(self) -> None:
        self._lines, self._unmeasured, self._untold, self._top = (), (), (), None
        self._names = await self._do("feed.read", _labels)
        self._add(await self._entries())

    async def _tell_news(self) -> None:
        """Put what is new on top, and say at once how far it moved the score."""
        kind, record_id = self._subject
        lens = self._lens(everything=self.everything)
        found: News = await self._do(
            "feed.read", news, kind=kind, record_id=record_id, lens=lens, newer_than=self._top, limit=_PAGE
        )
        page, zone = found.page, zone_of(self._actor.zone)
        if page.items:
            fresh = lines(page.items, zone, self._names, account_known=True)
            fresh = measured(fresh, found.effects.changes, found.effects.crossed)
            self._lines = (*fresh, *self._lines)
            # An event may be read before the score follows it: what moved nothing so far is told when it does.
            self._untold = (*fresh, *self._untold)[:_PAGE]
            self._top, self.shown = page.items[0].cursor, len(self._lines)
        scored = found.score.as_of
        if page.items and scored is not None and scored >= max(one.received_at for one in page.items):
            self.look = score_look(found.score.score, found.score.band)
            self._say_why(found.score.score)
        self._draw()

    def _say_why(self, score: float) -> None:
        """Name the event that moved the score, if one did since the last time."""
        moved, self._score = score - self._score, score
        if self._untold and abs(moved) >= 0.05:
            newest, self._untold = max(self._untold, key=lambda line: abs(line.change or 0.0)), ()
            self.as_of = time_words(now(), zone_of(self._actor.zone), seconds=True)
            self.reason = f"{newest.row.title}: score {change(moved)[0]}, now {decimal(score)}, at {self.as_of}"

    async def _entries(self, **place: Any) -> Page[FeedEntry]:
        lens = self._lens(everything=self.everything)
        found: Page[FeedEntry] = await self._do("feed.read", events.entries, lens, limit=_PAGE, **place)
        return found

    def _add(self, page: Page[FeedEntry]) -> None:
        zone = zone_of(self._actor.zone)
        self._lines = (*self._lines, *lines(page.items, zone, self._names, account_known=True))
        self._unmeasured = (*self._unmeasured, *page.items)
        self._top = self._top or (page.items[0].cursor if page.items else None)
        self._cursor, self.more, self.shown = page.next_cursor, page.next_cursor is not None, len(self._lines)

    def _lens(self, *, everything: bool) -> Lens:
        lane = "" if everything else events.SIGNALS
        kind, record_id = self._subject
        if kind is SubjectKind.ACCOUNT:
            return Lens(lane=lane, account_id=record_id)
        return Lens(lane=lane, person_id=record_id)

    def _draw(self) -> None:
        zone = zone_of(self._actor.zone)
        self.days = grouped(self._lines, day_of(now(), zone), link=self._at, current=self._event)
        self.links = {
            "why": self._href(panel="why"),
            "raw": self._href(panel="why", raw="" if self.raw else "1"),
            "close": self._href(),
            "signals": self._href(show=""),
            "everything": self._href(show="all"),
            **{name: self._href(tab="" if name == "overview" else name) for name in TABS},
        }

    def _at(self, event_id: str) -> str:
        return self._href(event=event_id)

    def _href(self, **query: str) -> str:
        wanted = {
            "tab": "" if self.tab == "overview" else self.tab,
            "show": "all" if self.everything else "",
            **query,
        }
        kind, record_id = self._subject
        link = routes.account if kind is SubjectKind.ACCOUNT else routes.contact
        return link(str(record_id), **wanted)


def _labels(session: Any) -> dict[str, str]:
    """What the tenant calls its own types."""
    return {key: known.label for key, known in events.types(session).items() if known.own}
