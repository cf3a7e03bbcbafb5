"""From entries of the ledger to what is drawn: one line an event, bursts in one line, days of the reader. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from salescompass.events import DayCount, FeedEntry
from salescompass.ui.clock_words import day_of, day_words, exact_words, time_words
from salescompass.ui.components.event_rows import DayGroup, EventRow, PartRow
from salescompass.ui.components.event_words import about, detail, event_icon, headline, is_quiet, verdict_chip
from salescompass.ui.score_words import change, score_look

BURST_GAP = timedelta(minutes=30)
"""Acts of one kind by one person that follow each other within this time are one line."""

BESIDE = "moment"
"""The kind of a line that is no event: a note, a stage, a change."""

Link = Callable[[str], str]


@dataclass(frozen=True)
class Line:
    """One event, ready to be drawn, with what decides where it is drawn."""

    row: EventRow
    subject: tuple[str, ...]
    at: datetime
    day: date
    about: str
    change: float | None = None


def event_row(entry: FeedEntry, zone: ZoneInfo, *, names: Mapping[str, str] | None = None, href: str = "") -> EventRow:
    """One entry as a row; `names` are labels of the tenant's own types."""
    word, icon, kind = verdict_chip(entry.verdict, entry.direction)
    if kind in ("human", "unknown") and (entry.duplicate_of or entry.merged_into):
        word, icon, kind = "Told twice", "layers", "repeated"
    return EventRow(
        id=str(entry.id),
        at=time_words(entry.occurred_at, zone),
        exact=exact_words(entry.occurred_at, zone),
        icon=event_icon(entry.type),
        tile="quiet" if is_quiet(entry.type, entry.direction) else "",
        title=headline(entry.type, entry.person_name, entry.account_name, (names or {}).get(entry.type)),
        detail=detail(entry.person_name, entry.account_name, entry.properties),
        verdict=word,
        verdict_icon=icon,
        verdict_kind=kind,
        href=href,
    )


def lines(
    entries: Iterable[FeedEntry], zone: ZoneInfo, names: Mapping[str, str], *, account_known: bool = False
) -> list[Line]:
    """Entries as lines, in their order; where the account is known, lines do not repeat it."""
    found = []
    for entry in entries:
        row = event_row(entry, zone, names=names)
        if account_known:
            row = replace(row, detail=about(entry.properties))
        subject = (str(entry.person_id or entry.account_id or entry.id), entry.type, row.verdict_kind)
        at = entry.occurred_at
        found.append(Line(row, subject, at, day_of(at, zone), about(entry.properties)))
    return found


def measured(shown: Sequence[Line], changes: Mapping[UUID, float], crossed: Mapping[UUID, str]) -> list[Line]:
    """The lines with what their events did to scores, and the bands they made accounts enter."""
    found = []
    for line in shown:
        event_id = UUID(line.row.id)
        if event_id in crossed:
            look = score_look(0, crossed[event_id])
            row = replace(line.row, crossed=look.word, crossed_band=look.band, crossed_icon=look.icon)
            line = replace(line, row=row)
        found.append(replace(line, change=changes[event_id]) if event_id in changes else line)
    return found


def neighbours(shown: Sequence[Line], event_id: str) -> tuple[str, str]:
    """The events below and above one in a list: older and newer, empty where there is none."""
    ids = [line.row.id for line in shown if line.row.verdict_kind != BESIDE]
    if event_id not in ids:
        return "", ""
    place = ids.index(event_id)
    return ids[place + 1] if place + 1 < len(ids) else "", ids[place - 1] if place else ""


def grouped(
    shown: Sequence[Line],
    today: date,
    *,
    link: Link | None = None,
    days: Mapping[date, DayCount] | None = None,
    folded_link: Link | None = None,
    noise: bool = False,
) -> list[DayGroup]:
    """Lines, newest first, by the reader's days, with bursts in one line; `noise` when they are noise themselves."""
    by_day: dict[date, list[Line]] = {}
    for line in shown:
        by_day.setdefault(line.day, []).append(line)
    counts = days or {}
    found = []
    for day, mine in by_day.items():
        count = counts.get(day)
        told = _noise(count) if count else ""
        folded = f"Folded as noise: {told}" if told and folded_link else ""
        rows = [_row(burst, link) for burst in bursts(mine)]
        href = folded_link(day.isoformat()) if folded and folded_link else ""
        found.append(
            DayGroup(day.isoformat(), day_words(day, today), told if noise else _note(count), rows, folded, href)
        )
    return found


def bursts(shown: Sequence[Line]) -> list[list[Line]]:
    """Lines that are one act repeated, each list newest first, in the order of the newest of each."""
    found: list[list[Line]] = []
    open_: dict[tuple[str, ...], list[Line]] = {}
    for line in shown:
        burst = open_.get(line.subject)
        if burst is not None and burst[-1].at - line.at <= BURST_GAP:
            burst.append(line)
        else:
            open_[line.subject] = [line]
            found.append(open_[line.subject])
    return found


def _row(burst: Sequence[Line], link: Link | None) -> EventRow:
    first = burst[0]
    open_at = link or (lambda _: "")
    effect, tone = _effect([line.change for line in burst])
    crossed = next((line.row for line in burst if line.row.crossed), first.row)
    row = replace(
        first.row,
        href=open_at(first.row.id),
        effect=effect,
        tone=tone,
        crossed=crossed.crossed,
        crossed_band=crossed.crossed_band,
        crossed_icon=crossed.crossed_icon,
    )
    if len(burst) == 1:
        return row
    parts = [
        PartRow(
            line.row.id,
            line.row.at,
            line.about or "Without details",
            open_at(line.row.id),
            _effect([line.change])[0],
        )
        for line in burst
    ]
    span = int((first.at - burst[-1].at).total_seconds() // 60)
    return replace(
        row,
        burst=f"×{len(burst)} " + (f"in {span} min" if span else "within a minute"),
        parts=parts,
        holds=" ".join(part.id for part in parts),
    )


def _effect(changes: Iterable[float | None]) -> tuple[str, str]:
    known = [one for one in changes if one is not None]
    return change(sum(known)) if known else ("", "")


def _note(count: DayCount | None) -> str:
    if count is None or not count.signals:
        return ""
    accounts = f", {count.accounts} account{'s' if count.accounts != 1 else ''}" if count.accounts else ""
    return f"{count.signals}{'+' if count.more else ''} signal{'s' if count.signals != 1 else ''}{accounts}"


def _noise(count: DayCount) -> str:
    """`23 machine hits, 9 of our own`"""
    kinds = (
        (count.machines, "machine hit", "machine hits"),
        (count.ours, "of our own", "of our own"),
        (count.repeated, "told twice", "told twice"),
    )
    return ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in kinds if n)
