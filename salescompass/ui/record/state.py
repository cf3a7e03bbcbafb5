"""What the page of an account or a person knows: the record, its score and why, and what happened, live."""

from __future__ import annotations

import json
from typing import Annotated, Any
from uuid import UUID

import reflex as rx

from salescompass import events
from salescompass.events import Lens
from salescompass.kit.clock import now
from salescompass.kit.errors import NotFound
from salescompass.kit.ids import parse_id
from salescompass.kit.live import Note
from salescompass.ui import routes
from salescompass.ui.arguments import Text
from salescompass.ui.arrivals import arrivals
from salescompass.ui.clock_words import day_of, time_words, zone_of
from salescompass.ui.components.event_rows import DayGroup
from salescompass.ui.deal_words import DealsLook
from salescompass.ui.event_groups import Line, grouped, lines, measured
from salescompass.ui.event_list import EventList, echo_of
from salescompass.ui.guard import guarded
from salescompass.ui.record.acts import NewBeside
from salescompass.ui.record.news import News, news
from salescompass.ui.record.view import RecordLook
from salescompass.ui.record.whole import WholeLook, whole_look
from salescompass.ui.record_story import KINDS, Around, PlannedRow, Story, moment_href, moment_lines, story
from salescompass.ui.record_times import cursor_at, day_in, with_silences
from salescompass.ui.score_words import ScoreLook, change, decimal, score_look
from salescompass.vocabulary import RecordKind, SubjectKind, Topic

_PAGE = 30
TABS = {"overview": "Overview", "timeline": "Timeline", "people": "People", "facts": "Facts"}
Day = Annotated[str, Text(10)]
_KINDS = {"accounts": SubjectKind.ACCOUNT, "contacts": SubjectKind.PERSON}


class RecordState(NewBeside, EventList, rx.State):
    """An account or a person; which one is in the path. `panel=why` and `event` open panels, `show=all` the noise,
    `until` is the day from which on the timeline goes back.

    `tab` is the part that phones show; wider screens show all parts at once.
    """

    record: RecordLook = RecordLook()
    deals: DealsLook = DealsLook()
    below: list[tuple[str, str]] = []
    look: ScoreLook = ScoreLook()
    days: list[DayGroup] = []
    shown: int = 0
    more: bool = False
    everything: bool = False
    only: str = ""
    until: str = ""
    until_words: str = ""
    planned: list[PlannedRow] = []
    tab: str = "overview"
    why_open: bool = False
    raw: bool = False
    links: dict[str, str] = {}
    reason: str = ""
    as_of: str = ""
    echo: str = ""
    loaded: bool = False
    missing: bool = False

    _shown: tuple[SubjectKind, UUID | None, bool, str, str] = (SubjectKind.ACCOUNT, None, False, "", "")
    _around: Around = Around()
    _hrefs: dict[str, str] = {}
    _event: str = ""
    _cursor: str | None = None
    _top: str | None = None
    _score: float = 0.0
    _untold: tuple[Line, ...] = ()
    _names: dict[str, str] = {}

    @guarded("records.read", track=False)
    async def load(self) -> Any:
        """The record that the address names, and what of it is open."""
        query = self._url.query_parameters
        self.everything, self.raw = query.get("show") == "all", query.get("raw") == "1"
        only = str(query.get("only", ""))
        self.only = only if only in KINDS else ""
        day = day_in(str(query.get("until", "")))
        self.until = day.isoformat() if day else ""
        self.until_words = f"{day.day} {day:%B %Y}" if day else ""
        tab = str(query.get("tab", ""))
        self.tab = tab if tab in TABS else "overview"
        opened = parse_id(str(query.get("event", ""))[:36])
        self._event = str(opened) if opened else ""
        self.why_open = query.get("panel") == "why" and not self._event
        wanted = (*self._subject, self.everything, self.only, self.until)
        same, self._shown = self.loaded and wanted == self._shown, wanted
        if not same:
            self.reason, self.loaded, self.gone = "", False, False
        self.echo, around = echo_of(self), self._around
        if not await self._read():
            return None
        if not same:
            self._score = float(self.look.exact)
        if not same or self._around != around:  # a deal or a person made meanwhile has a past of its own
            await self._first_page()
        await self._open_sheet(self._event, self._at)
        self._draw()
        return RecordState.measure

    @guarded("feed.read", background=True, track=False)
    async def measure(self) -> None:
        """What the events that are shown did to scores."""
        await self._measure_rest()

    @guarded("records.read", background=True, track=False, stays=True)
    async def listen(self) -> None:
        """While the page is open: follow what happens with this record, and say what moved its score."""
        async for come in arrivals(self._notes(Topic.EVENTS, Topic.SCORES, Topic.RECORDS), heeds=self._heeds):
            async with self:
                await self._tell_news()
            async with self:
                if await self._read():
                    self._say_why(float(self.look.exact))
                if Topic.RECORDS in come.topics and not self.missing:
                    await self._first_page()
                    if not self._unmeasured:
                        self._draw()
            await self._measure_rest()

    def _heeds(self, note: Note) -> bool:
        """Whether a note may be about this record; one about changed records, also about those told with it."""
        record_id = self._subject[1]
        if record_id is None or self.missing:
            return False
        if note.topic == Topic.RECORDS and not note.resync and note.n <= len(note.ids):
            near = {str(one) for names in self._around.names.values() for one in names}
            return any(str(one) in near for one in note.ids)
        return note.may_concern(record_id)

    @guarded("records.read", track=False)
    async def jump(self, day: Day) -> Any:
        """Show the timeline from a day on back; none is the newest."""
        return rx.redirect(self._href(until=day))

    @guarded("feed.read")
    async def load_more(self) -> Any:
        """The next page of what happened, below."""
        if self._subject[1] is None:
            return None
        self._add(await self._story(self._cursor))
        self._draw()
        return RecordState.measure

    @property
    def _subject(self) -> tuple[SubjectKind, UUID | None]:
        """What the path is about, like `/accounts/ID`."""
        parts = (self._url.path or "").strip("/").split("/")
        if len(parts) != 2 or parts[0] not in _KINDS:
            return SubjectKind.ACCOUNT, None
        return _KINDS[parts[0]], parse_id(parts[1])

    def _about(self) -> tuple[RecordKind, UUID]:
        kind, record_id = self._subject
        if record_id is None:
            raise NotFound("There is no such record")
        return RecordKind.ACCOUNTS if kind is SubjectKind.ACCOUNT else RecordKind.CONTACTS, record_id

    async def _reread(self) -> None:
        await self._read()

    async def _read(self) -> bool:
        """Read the record; False when there is none of this id."""
        kind, record_id = self._subject
        if record_id is None:
            self.missing = True
            return False
        try:
            found: WholeLook = await self._do("records.read", whole_look, kind=kind, record_id=record_id, now=now())
        except NotFound:
            self.record, self.days, self.missing, self.loaded = RecordLook(), [], True, False
            return False
        self.record, self.deals, self.below = found.record, found.deals, found.below
        self.planned, self._around = found.planned, found.around
        self._tell_beside(found.beside, found.changes)
        self.look, self.missing, self.loaded = self.record.look, False, True
        self.as_of = time_words(now(), zone_of(self._actor.zone), seconds=True)
        return True

    async def _first_page(self) -> None:
        self._lines, self._unmeasured, self._untold, self._top = (), (), (), None
        self._names = await self._do("feed.read", _labels)
        self._hrefs = {}
        self._add(await self._story(cursor_at(day_in(self.until), zone_of(self._actor.zone))))

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
            if self.only in ("", "events") and not self.until:
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

    async def _story(self, cursor: str | None) -> Story:
        lens = self._lens(everything=self.everything)
        told: Story = await self._do(
            "feed.read", story, lens=lens, around=self._around, kind=self.only, cursor=cursor, limit=_PAGE
        )
        return told

    def _add(self, page: Story) -> None:
        zone = zone_of(self._actor.zone)
        happened = lines(page.entries, zone, self._names, account_known=True)
        beside = moment_lines(page.moments, zone, self._around)
        more = sorted([*happened, *beside], key=lambda line: (line.at, line.row.id), reverse=True)
        self._lines = (*self._lines, *more)
        self._hrefs = self._hrefs | {str(one.id): moment_href(one, self._around) for one in page.moments}
        self._unmeasured = (*self._unmeasured, *page.entries)
        self._top = self._top or (page.entries[0].cursor if page.entries else None)
        self._cursor, self.more, self.shown = page.next_cursor, page.next_cursor is not None, len(self._lines)

    def _lens(self, *, everything: bool) -> Lens:
        lane = "" if everything else events.SIGNALS
        kind, record_id = self._subject
        if kind is SubjectKind.ACCOUNT:
            return Lens(lane=lane, account_id=record_id)
        return Lens(lane=lane, person_id=record_id)

    def _draw(self) -> None:
        today = day_of(now(), zone_of(self._actor.zone))
        days = grouped(self._lines, today, link=self._at)
        heard = self.only in ("", "events")
        self.days = with_silences(days, self._lines, None if self.until else today) if heard else days
        self.links = {
            "here": self._href(),
            "why": self._href(panel="why"),
            "raw": self._href(panel="why", raw="" if self.raw else "1"),
            "close": self._href(),
            "newest": self._href(until=""),
            "deals": deals_of_account(str(self._subject[1] or "")),
            "signals": self._href(show=""),
            "everything": self._href(show="all"),
            **{name: self._href(tab="" if name == "overview" else name) for name in TABS},
            **{f"only_{name}": self._href(only=name) for name in KINDS},
        }

    def _at(self, event_id: str) -> str:
        return self._hrefs[event_id] if event_id in self._hrefs else self._href(event=event_id)

    def _href(self, **query: str) -> str:
        wanted = {
            "tab": "" if self.tab == "overview" else self.tab,
            "show": "all" if self.everything else "",
            "only": self.only,
            "until": self.until,
            **query,
        }
        kind, record_id = self._subject
        link = routes.account if kind is SubjectKind.ACCOUNT else routes.contact
        return link(str(record_id), **wanted)


def deals_of_account(account_id: str) -> str:
    """The list of the deals of an account."""
    where = {"rules": [{"field": "account_id", "operator": "is", "value": account_id}]}
    return routes.record_list(routes.DEALS, where=json.dumps(where, separators=(",", ":")))


def _labels(session: Any) -> dict[str, str]:
    """What the tenant calls its own types."""
    return {key: known.label for key, known in events.types(session).items() if known.own}
