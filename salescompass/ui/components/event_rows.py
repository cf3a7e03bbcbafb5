"""Entries of the ledger as rows of the screen, in groups of the reader's days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import reflex as rx

from salescompass.events import FeedEntry
from salescompass.ui.clock_words import day_of, day_words, exact_words, time_words
from salescompass.ui.components.elements import chip, icon
from salescompass.ui.components.event_words import detail, event_icon, headline, is_quiet, verdict_chip


@dataclass(frozen=True)
class EventRow:
    """An event as it is drawn."""

    id: str
    at: str
    exact: str
    icon: str
    tile: str
    title: str
    detail: str
    verdict: str
    verdict_icon: str
    verdict_kind: str


@dataclass(frozen=True)
class DayGroup:
    """The events of one day that are loaded so far."""

    day: str
    title: str
    note: str
    rows: list[EventRow]


def event_row(entry: FeedEntry, zone: ZoneInfo) -> EventRow:
    """One entry as a row."""
    word, icon, kind = verdict_chip(entry.verdict, entry.direction)
    return EventRow(
        id=str(entry.id),
        at=time_words(entry.occurred_at, zone),
        exact=exact_words(entry.occurred_at, zone),
        icon=event_icon(entry.type),
        tile="quiet" if is_quiet(entry.type, entry.direction) else "",
        title=headline(entry.type, entry.person_name, entry.account_name),
        detail=detail(entry.person_name, entry.account_name, entry.properties),
        verdict=word,
        verdict_icon=icon,
        verdict_kind=kind,
    )


def grouped(entries: Iterable[FeedEntry], zone: ZoneInfo, now: datetime) -> list[DayGroup]:
    """Entries, newest first, by the reader's days."""
    today = day_of(now, zone)
    groups: list[DayGroup] = []
    for entry in entries:
        day = day_of(entry.occurred_at, zone)
        if not groups or groups[-1].day != day.isoformat():
            groups.append(DayGroup(day.isoformat(), day_words(day, today), "", []))
        groups[-1].rows.append(event_row(entry, zone))
    return groups


def joined(shown: list[DayGroup], more: list[DayGroup]) -> list[DayGroup]:
    """The next page put below what is shown; a day that goes on stays one group."""
    if shown and more and shown[-1].day == more[0].day:
        last = replace(shown[-1], rows=[*shown[-1].rows, *more[0].rows])
        return [*shown[:-1], last, *more[1:]]
    return [*shown, *more]


def event_line(row: rx.Var[EventRow]) -> rx.Component:
    """One event: time, icon, who did what, what about, and whether a person did it."""
    return rx.el.li(
        rx.el.time(row.at, class_name="at", title=row.exact),
        rx.el.span(icon(row.icon), class_name="tile " + row.tile),
        rx.el.div(
            rx.el.div(row.title, class_name="title"),
            rx.cond(row.detail != "", rx.el.div(row.detail, class_name="detail")),
            class_name="what grow",
        ),
        chip(row.verdict, "", row.verdict_icon, class_name="verdict " + row.verdict_kind),
        class_name="event " + row.verdict_kind,
    )
