"""One timeline of a record: its events, and beside them notes, stages of its deals and changes of weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from salescompass import crm, events
from salescompass.crm import ChangeView, DealBeside, Moment, RecordView
from salescompass.events import FeedEntry, Lens
from salescompass.kit.pagination import Page, Position
from salescompass.ui import routes
from salescompass.ui.clock_words import day_of, exact_words, time_words
from salescompass.ui.components.event_rows import EventRow
from salescompass.ui.event_groups import BESIDE, Line
from salescompass.ui.money import money
from salescompass.ui.record_beside import told_change

KINDS = {"": "All", "events": "Events", "note": "Notes", "stage": "Deals", "change": "Changes"}
"""What the timeline may be narrowed to, as the address names it, and in words."""
_MOST = 140


@dataclass(frozen=True)
class PlannedRow:
    """Something expected: the day, what, and whether that day has gone by."""

    when: str
    title: str
    detail: str
    href: str
    late: bool


@dataclass(frozen=True)
class Around:
    """The records whose moments a page tells, by type: their ids and names. The page's own has no name."""

    names: dict[str, dict[UUID, str]] = field(default_factory=dict)

    def name(self, object_type: str, object_id: UUID) -> str:
        """What one of them is called; empty for the page's own."""
        return self.names.get(object_type, {}).get(object_id, "")


@dataclass(frozen=True)
class Story:
    """A page of the timeline, newest first."""

    entries: tuple[FeedEntry, ...]
    moments: tuple[Moment, ...]
    next_cursor: str | None


def story(
    session: Session, *, lens: Lens | None, around: Around, kind: str = "", cursor: str | None = None, limit: int = 30
) -> Story:
    """A page of everything, or of one kind, after a position: both streams go by time and id, so one cursor serves.

    Without a lens there are no events.
    """
    happened: Page[FeedEntry] = Page(())
    if lens is not None and kind in ("", "events"):
        happened = events.entries(session, lens, cursor=cursor, limit=limit)
    beside: Page[Moment] = Page(())
    if kind != "events":
        kinds = (kind,) if kind else crm.MOMENTS
        beside = crm.moments(session, objects=around.names, kinds=kinds, cursor=cursor, limit=limit)
    places = sorted(
        [(one.occurred_at, one.id) for one in happened.items] + [(one.at, one.id) for one in beside.items], reverse=True
    )
    last = places[limit - 1] if len(places) > limit else places[-1] if places else None
    more = len(places) > limit or happened.next_cursor is not None or beside.next_cursor is not None
    if last is None:
        return Story((), (), None)
    return Story(
        tuple(one for one in happened.items if (one.occurred_at, one.id) >= last),
        tuple(one for one in beside.items if (one.at, one.id) >= last),
        Position(*last).cursor() if more else None,
    )


def moment_lines(moments: Sequence[Moment], zone: ZoneInfo, around: Around) -> list[Line]:
    """Moments as lines of the timeline."""
    found = []
    for one in moments:
        icon, title, detail = _WORDS[one.kind](one, around.name(one.object_type, one.object_id))
        row = EventRow(
            id=str(one.id), at=time_words(one.at, zone), exact=exact_words(one.at, zone), icon=icon, tile="quiet",
            title=title, detail=_short(detail), verdict="", verdict_icon="check", verdict_kind=BESIDE,
        )  # fmt: skip
        found.append(Line(row, (str(one.id),), one.at, day_of(one.at, zone), ""))
    return found


def moment_href(one: Moment, around: Around) -> str:
    """The page that a moment leads to: that of a deal or person beside the page's own record."""
    if not around.name(one.object_type, one.object_id):
        return ""
    pages = {"opportunity": routes.deal, "person": routes.contact, "account": routes.account}
    return pages[one.object_type](str(one.object_id))


def _note(one: Moment, name: str) -> tuple[str, str, str]:
    on = f" on {name}" if name else ""
    return "notebook-pen", f"{one.who or 'Somebody'} wrote a note{on}", one.text


def _stage(one: Moment, name: str) -> tuple[str, str, str]:
    what = f"moved from {one.before} to {one.text}" if one.before else f"opened in {one.text}"
    return "handshake", f"{name or 'The deal'} {what}", f"by {one.who}" if one.who else ""


def _change(one: Moment, name: str) -> tuple[str, str, str]:
    by = f"by {one.who or 'somebody'}"
    if one.change is None or one.change.act != "changed":
        act = one.change.act if one.change else ""
        what = {"converted": "became a contact", "restored": "came back from the trash"}.get(act, "was changed")
        return "user-check", f"{name} {what}".strip().capitalize() if not name else f"{name} {what}", by
    told = ", ".join(f"{label} from {before} to {after}" for label, before, after in _told(one.change))
    return "pencil", f"{name}: {told}" if name else told, by


def _told(change: ChangeView) -> list[tuple[str, str, str]]:
    return told_change(change, only=crm.WEIGHTY)[:3]


_WORDS = {"note": _note, "stage": _stage, "change": _change}


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST else line[: _MOST - 1].rstrip() + "…"


def around_of(record: RecordView, object_type: str, deals: Sequence[DealBeside], people: Mapping[UUID, str]) -> Around:
    """The record of the page, its deals, and its people."""
    names: dict[str, dict[UUID, str]] = {"opportunity": {one.id: one.name for one in deals}, "person": dict(people)}
    names[object_type] = {**names.get(object_type, {}), record.id: ""}
    return Around(names)


def planned(deals: Sequence[DealBeside], *, today: date) -> list[PlannedRow]:
    """What is expected: the days by which open deals should close."""
    found = []
    for one in deals:
        if one.state != "open" or one.close_date is None:
            continue
        late = one.close_date < today
        amount = money(one.amount_minor, one.currency or "") if one.amount_minor is not None else ""
        found.append(
            PlannedRow(
                f"{one.close_date:%a} {one.close_date.day} {one.close_date:%b}"
                + (f" {one.close_date.year}" if one.close_date.year != today.year else ""),
                f"{one.name} {'should have closed' if late else 'should close'}",
                ", ".join(part for part in (one.stage, amount) if part),
                routes.deal(str(one.id)),
                late,
            )
        )
    return found
