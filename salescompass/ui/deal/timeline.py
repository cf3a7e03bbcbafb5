"""The timeline of a deal: what its account did, and what happened with the deal itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import Session

from salescompass import events
from salescompass.events import Lens
from salescompass.kit.clock import now
from salescompass.ui import routes
from salescompass.ui.clock_words import day_of, zone_of
from salescompass.ui.components.event_rows import DayGroup
from salescompass.ui.event_groups import BESIDE, Line, grouped, lines
from salescompass.ui.guard import guarded
from salescompass.ui.record_acts import RecordActs
from salescompass.ui.record_story import Around, Story, moment_lines, story
from salescompass.ui.record_times import with_silences

_PAGE = 20


def told(
    session: Session, *, deal_id: UUID, account_id: UUID | None, cursor: str | None
) -> tuple[Story, dict[str, str]]:
    """A page of the timeline, and what the tenant calls its own types of events."""
    lens = Lens(lane=events.SIGNALS, account_id=account_id) if account_id else None
    page = story(session, lens=lens, around=_around(deal_id), cursor=cursor, limit=_PAGE)
    return page, {key: known.label for key, known in events.types(session).items() if known.own}


def _around(deal_id: UUID) -> Around:
    return Around({"opportunity": {deal_id: ""}})


class DealTimeline(RecordActs, mixin=True):
    """What happened, the latest first, page by page."""

    days: list[DayGroup] = []
    more_story: bool = False

    _lines: tuple[Line, ...] = ()
    _account: UUID | None = None
    _story_cursor: str | None = None

    @guarded("feed.read")
    async def earlier_story(self) -> None:
        """The next page of what happened, below."""
        if self._story_cursor is not None:
            await self._tell_story(self._story_cursor)

    async def _tell_story(self, cursor: str | None = None) -> None:
        deal_id = self._about()[1]
        page: Story
        names: dict[str, str]
        page, names = await self._do("feed.read", told, deal_id=deal_id, account_id=self._account, cursor=cursor)
        zone = zone_of(self._actor.zone)
        happened = lines(page.entries, zone, names, account_known=True)
        fresh = [*happened, *moment_lines(page.moments, zone, _around(deal_id))]
        before = self._lines if cursor else ()
        self._lines = (*before, *sorted(fresh, key=lambda line: (line.at, line.row.id), reverse=True))
        today = day_of(now(), zone)
        self.days = with_silences(grouped(self._lines, today, link=self._event_at), self._lines, today)
        self._story_cursor, self.more_story = page.next_cursor, page.next_cursor is not None

    def _event_at(self, event_id: str) -> str:
        """An event opens in the feed; what is no event leads nowhere."""
        known: Any = next((line.row for line in self._lines if line.row.id == event_id), None)
        return "" if known is None or known.verdict_kind == BESIDE else routes.feed(event=event_id)
