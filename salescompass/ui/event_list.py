"""What screens with a list of events have in common: what the events did to scores, and the sheet of one of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from uuid import UUID

from sqlmodel import Session

from salescompass import scoring
from salescompass.events import FeedEntry
from salescompass.kit.clock import now
from salescompass.kit.errors import NotFound
from salescompass.scoring import Impact
from salescompass.ui.band_causes import cause
from salescompass.ui.drawn import drawn_once
from salescompass.ui.event_groups import Line, measured, neighbours
from salescompass.ui.event_story import EventSheet, event_story
from salescompass.ui.session import Screen
from salescompass.vocabulary import SubjectKind

LONGEST_PATH = 200


@dataclass(frozen=True)
class Effects:
    """What events did: how far they moved a score, and which of them made an account enter a band."""

    changes: dict[UUID, float]
    crossed: dict[UUID, str]


def effects_of(session: Session, *, entries: Sequence[FeedEntry]) -> Effects:
    """What these events did when they came."""
    impacts = scoring.impacts(session, entries)
    return Effects({event_id: one.change for event_id, one in impacts.items()}, _crossed(session, entries, impacts))


def _asked(entries: tuple[FeedEntry, ...]) -> Hashable:
    """What tells the effects of these events from those of others."""
    return drawn_once(
        (entries,), "asked", lambda: " ".join(f"{one.id}{one.verdict}{one.merged_into}" for one in entries)
    )


def _measured(shown: tuple[Line, ...], told: Effects) -> tuple[Line, ...]:
    """The lines with what their events did; the same for all who see the same lines."""
    return drawn_once((shown, told), "measured", lambda: tuple(measured(shown, told.changes, told.crossed)))


def _crossed(session: Session, entries: Sequence[FeedEntry], impacts: Mapping[UUID, Impact]) -> dict[UUID, str]:
    """The bands that events made accounts enter; each crossing has one cause at most."""
    found: dict[UUID, str] = {}
    for one in scoring.crossings(session, limit=200):
        made = cause(one, entries, impacts) if one.kind is SubjectKind.ACCOUNT else None
        if made is not None:
            found.setdefault(made.id, one.to_band)
    return found


def echo_of(screen: Screen) -> str:
    """The path that a screen has read, for the page to compare with the one it is at, and a mark that is new."""
    return f"{(screen._url.path or '')[:LONGEST_PATH]} {token_hex(4)}"


class EventList(Screen, mixin=True):
    """Lines of events, newest first; `_draw` makes what is shown of them."""

    sheet: EventSheet = EventSheet()
    sheet_open: bool = False
    opened: str = ""
    sheet_close: str = ""
    sheet_older: str = ""
    sheet_newer: str = ""

    # Tuples: what a list holds is handed out wrapped, to notice changes, and drawing reads every part of it.
    _lines: tuple[Line, ...] = ()
    _unmeasured: tuple[FeedEntry, ...] = ()

    def _draw(self) -> None:
        raise NotImplementedError

    async def _put(self, entries: tuple[FeedEntry, ...], fresh: tuple[Line, ...]) -> None:
        """Put lines below those there; what they did to scores is told at once if somebody asked a moment ago."""
        known: Effects | None = await self._shared_already("feed.read", effects_of, by=_asked(entries))
        if known is None:
            self._unmeasured = (*self._unmeasured, *entries) if self._unmeasured else entries
        else:
            fresh = _measured(fresh, known)
        # A first page stays the very tuple that colleagues have, so that it is drawn once for all of them.
        self._lines = (*self._lines, *fresh) if self._lines else fresh

    async def _measure_rest(self) -> None:
        """Find out, outside the state's lock, what the events shown since did to scores."""
        entries = self._unmeasured
        if not entries:
            return
        found: Effects = await self._share("feed.read", effects_of, by=_asked(entries), entries=entries)
        async with self:
            seen = {entry.id for entry in entries}
            self._unmeasured = tuple(entry for entry in self._unmeasured if entry.id not in seen)
            self._lines = _measured(self._lines, found)
            self._draw()

    async def _open_sheet(self, wanted: str, at: Callable[[str], str]) -> None:
        """Open the sheet of an event, or close it; `at` is the address of this page with an event open."""
        self._renew(opened=wanted, sheet_open=bool(wanted), sheet_close=at(""))
        if wanted:
            try:
                at_ = next((line.at for line in self._lines if line.row.id == wanted), None)
                sheet = await self._share("feed.read", event_story, by=wanted, event_id=UUID(wanted), at=at_, now=now())
            except NotFound:
                sheet = EventSheet()
            self._renew(sheet=sheet)
        older, newer = neighbours(self._lines, wanted) if wanted else ("", "")
        self._renew(sheet_older=at(older) if older else "", sheet_newer=at(newer) if newer else "")
