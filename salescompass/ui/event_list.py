"""What screens with a list of events have in common: what the events did to scores, and the sheet of one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from salescompass import scoring
from salescompass.events import FeedEntry
from salescompass.kit.clock import now
from salescompass.kit.errors import NotFound
from salescompass.ui.event_groups import Line, measured, neighbours
from salescompass.ui.event_story import EventSheet, event_story
from salescompass.ui.session import Screen
from salescompass.vocabulary import SubjectKind

_SOON = timedelta(minutes=2)


@dataclass(frozen=True)
class Effects:
    """What events did: how far they moved a score, and which of them made an account enter a band."""

    changes: dict[UUID, float]
    crossed: dict[UUID, str]


def effects_of(session: Session, *, entries: Sequence[FeedEntry]) -> Effects:
    """What these events did when they came."""
    changes = {event_id: one.change for event_id, one in scoring.impacts(session, entries).items()}
    return Effects(changes, _crossed(session, entries))


def _crossed(session: Session, entries: Sequence[FeedEntry]) -> dict[UUID, str]:
    """The band that the account of an event entered just after it was told; each crossing has one cause."""
    found: dict[UUID, str] = {}
    for one in scoring.crossings(session, limit=200):
        if one.cause == "events" and one.kind is SubjectKind.ACCOUNT:
            near = [
                entry
                for entry in entries
                if entry.account_id == one.subject_id and timedelta() <= one.at - entry.received_at <= _SOON
            ]
            if near:
                found.setdefault(max(near, key=lambda entry: entry.received_at).id, one.to_band)
    return found


class EventList(Screen, mixin=True):
    """Lines of events, newest first; `_draw` makes what is shown of them."""

    sheet: EventSheet = EventSheet()
    sheet_open: bool = False
    sheet_close: str = ""
    sheet_older: str = ""
    sheet_newer: str = ""

    _lines: list[Line] = []
    _unmeasured: list[FeedEntry] = []

    def _draw(self) -> None:
        raise NotImplementedError

    async def _measure_rest(self) -> None:
        """Find out, outside the state's lock, what the events shown since did to scores."""
        entries = list(self._unmeasured)
        if not entries:
            return
        found: Effects = await self._do("feed.read", effects_of, entries=entries)
        async with self:
            seen = {entry.id for entry in entries}
            self._unmeasured = [entry for entry in self._unmeasured if entry.id not in seen]
            self._lines = measured(self._lines, found.changes, found.crossed)
            self._draw()

    async def _open_sheet(self, wanted: str, at: Callable[[str], str]) -> None:
        """Open the sheet of an event, or close it; `at` is the address of this page with an event open."""
        self.sheet_open, self.sheet_close = bool(wanted), at("")
        if wanted:
            try:
                self.sheet = await self._do("feed.read", event_story, event_id=UUID(wanted), now=now())
            except NotFound:
                self.sheet = EventSheet()
        older, newer = neighbours(self._lines, wanted)
        self.sheet_older, self.sheet_newer = (at(one) if one else "" for one in (older, newer))
