"""Entries of the ledger as rows of the screen, in groups of the reader's days."""

from __future__ import annotations

from dataclasses import dataclass, field

import reflex as rx

from salescompass.ui.components.elements import chip, icon, link

NOT_OPEN = rx.Var.create("")


@dataclass(frozen=True)
class PartRow:
    """One event of a burst."""

    id: str
    at: str
    text: str
    href: str
    effect: str


@dataclass(frozen=True)
class EventRow:
    """An event as it is drawn, or a burst of them: then it is the newest, and `parts` are all of them.

    `holds` are the ids of a burst's events. Which event is open is no part of a row: rows are the same for everybody.
    """

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
    href: str = ""
    effect: str = ""
    tone: str = ""
    crossed: str = ""
    crossed_band: str = ""
    crossed_icon: str = ""
    burst: str = ""
    parts: list[PartRow] = field(default_factory=list)
    holds: str = ""


@dataclass(frozen=True)
class DayGroup:
    """The events of one day that are loaded so far, what the whole day counts, and the noise folded away.

    `silence` says how long nothing came after it.
    """

    day: str
    title: str
    note: str
    rows: list[EventRow]
    folded: str = ""
    folded_href: str = ""
    silence: str = ""


def event_line(row: rx.Var[EventRow], opened: rx.Var[str] = NOT_OPEN) -> rx.Component:
    """One event: time, icon, who did what, what about, whether a person did it, and what it did to the score.

    `opened` is the id of the event whose sheet is open.
    """
    current = (opened != "") & ((row.id == opened) | row.holds.contains(opened))
    return rx.el.li(
        rx.el.time(row.at, class_name="at", title=row.exact),
        rx.el.span(icon(row.icon), class_name="tile " + row.tile),
        rx.el.div(
            rx.cond(row.href != "", _open_link(row, current), rx.el.span(row.title, class_name="title")),
            rx.cond(row.burst != "", _burst(row, opened)),
            rx.cond(row.detail != "", rx.el.div(row.detail, class_name="detail")),
            rx.cond(
                row.crossed != "",
                chip("Became " + row.crossed, row.crossed_band, row.crossed_icon, class_name="crossed"),
            ),
            chip(row.verdict, "", row.verdict_icon, class_name="verdict within " + row.verdict_kind),
            class_name="what",
        ),
        chip(row.verdict, "", row.verdict_icon, class_name="verdict beside " + row.verdict_kind),
        rx.el.span(row.effect, class_name="effect num " + row.tone),
        rx.cond(row.href != "", rx.el.span(icon("chevron-right"), class_name="go")),
        key=row.id,
        class_name=rx.cond(current, "event current ", "event ") + row.verdict_kind,
    )


def _open_link(row: rx.Var[EventRow], current: rx.Var[bool]) -> rx.Component:
    return rx.el.a(
        row.title,
        href=row.href,
        class_name="title",
        custom_attrs={"data-row": "", "aria-current": rx.cond(current, "true", rx.Var("undefined"))},
    )


def _burst(row: rx.Var[EventRow], opened: rx.Var[str]) -> rx.Component:
    return rx.el.details(
        rx.el.summary(icon("layers", 13), row.burst, class_name="chip accent"),
        rx.el.ul(rx.foreach(row.parts, lambda part: _part(part, opened)), class_name="parts"),
        class_name="burst",
    )


def _part(part: rx.Var[PartRow], opened: rx.Var[str]) -> rx.Component:
    return rx.el.li(
        rx.el.span(part.at, class_name="at"),
        rx.cond(part.href != "", rx.el.a(part.text, href=part.href), rx.el.span(part.text)),
        rx.el.span(part.effect, class_name="effect num"),
        key=part.id,
        class_name=rx.cond(part.id == opened, "current", ""),
    )


def day_section(group: rx.Var[DayGroup], opened: rx.Var[str]) -> rx.Component:
    """A day: its name, what it counts, its events, and one line for the noise."""
    return rx.el.section(
        rx.cond(group.silence != "", rx.el.p(icon("moon", 14), group.silence, class_name="silence")),
        rx.el.div(rx.el.h2(group.title), rx.el.span(group.note, class_name="meta num"), class_name="day"),
        rx.el.ul(
            rx.foreach(group.rows, lambda row: event_line(row, opened)),
            rx.cond(
                group.folded != "",
                rx.el.li(
                    icon("bot"),
                    rx.el.span(group.folded, class_name="grow"),
                    link("Show", group.folded_href),
                    class_name="folded",
                ),
            ),
            class_name="events",
        ),
        key=group.day,
    )
