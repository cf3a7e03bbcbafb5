"""The page of an account and of a person: score and why, facts, deals, people, notes and everything that happened."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import ago, button, chip, empty, icon, link, meta
from salescompass.ui.components.elements import WAITS
from salescompass.ui.components.event_rows import day_section
from salescompass.ui.components.event_sheet import event_notes, event_sheet
from salescompass.ui.components.facts import facts_card
from salescompass.ui.components.notes import changes_card, notes_card
from salescompass.ui.components.panel import Here, ListKeys
from salescompass.ui.components.scores import band_chip, ring, velocity
from salescompass.ui.noting import EventNotes, RecordNotes
from salescompass.ui.record.cards import below_card, deals_card, head, missing, people_card
from salescompass.ui.record.dialogs import account_dialogs, person_dialogs
from salescompass.ui.record.state import TABS, RecordState
from salescompass.ui.record.view import TrendRow
from salescompass.ui.record.why_panel import why_panel
from salescompass.ui.record_story import KINDS, PlannedRow
from salescompass.ui.record_times import RibbonPart
from salescompass.ui.shell import only_for, screen
from salescompass.ui.shell_state import ShellState

R = RecordState.record
_LOADS = [RecordState.load, RecordNotes.load_notes, EventNotes.load_notes, RecordState.listen, RecordNotes.listen_notes]


@screen(routes.ACCOUNT, title="Account", place="accounts", on_load=_LOADS)
def account_page() -> rx.Component:
    """Everything about an account."""
    return _record(_account_strip(), [people_card(), below_card()], account_dialogs())


@screen(routes.CONTACT, title="Contact", place="contacts", on_load=_LOADS)
def contact_page() -> rx.Component:
    """Everything about a person."""
    return _record(_person_strip(), [], person_dialogs())


def _record(strip: rx.Component, people: list[rx.Component], dialogs: rx.Component) -> rx.Component:
    may_write = ShellState.allowed.contains("records.write")
    zone = ShellState.zone
    whole = rx.fragment(
        head(),
        rx.el.div(
            rx.el.div(rx.el.span(RecordState.reason), class_name="moved", role="status"),
            _tabs(people=bool(people)),
            strip,
            rx.el.div(
                rx.el.div(deals_card(), notes_card(RecordNotes, may_write, zone), _timeline(), class_name="column"),
                rx.el.div(
                    facts_card(RecordState, may_write),
                    *people,
                    _trend(),
                    changes_card(RecordState, zone),
                    class_name="column",
                ),
                class_name="record-columns",
            ),
            class_name="record at-" + RecordState.tab,
        ),
        only_for("records.write", dialogs),
    )
    return rx.fragment(
        Here.create(
            rx.cond(RecordState.missing, missing(), rx.cond(RecordState.loaded, whole)),
            echo=RecordState.echo,
            heading="Loading",
        ),
        rx.cond(RecordState.why_open & RecordState.loaded, why_panel()),
        rx.cond(
            RecordState.sheet_open & RecordState.loaded,
            event_sheet(
                RecordState.sheet,
                RecordState.sheet_close,
                RecordState.sheet_older,
                RecordState.sheet_newer,
                notes=event_notes(EventNotes, may_write, zone),
            ),
        ),
        ListKeys.create(on=ShellState.shortcuts),
    )


def _tabs(*, people: bool) -> rx.Component:
    """The parts of the page, for phones."""
    return rx.el.nav(
        *[
            rx.el.a(
                label,
                href=RecordState.links[name],
                custom_attrs={"aria-current": rx.cond(RecordState.tab == name, "true", rx.Var("undefined"))},
            )
            for name, label in TABS.items()
            if people or name != "people"
        ],
        class_name="segments record-tabs",
        custom_attrs={"aria-label": "Parts of this page"},
    )


def _score() -> rx.Component:
    return rx.el.div(
        ring(RecordState.look),
        rx.el.div(
            band_chip(RecordState.look),
            velocity(R.velocity, "in 7 days"),
            rx.el.a("Why this score", href=RecordState.links["why"], class_name="link small"),
            class_name="ring-words",
        ),
        class_name="part score-part",
    )


def _part(label: str, value: Any, detail: Any) -> rx.Component:
    return rx.el.div(
        meta(label),
        rx.el.div(value, class_name="value"),
        rx.el.div(detail, class_name="meta plain"),
        class_name="part",
    )


def _last() -> rx.Component:
    return rx.cond(
        R.last_at != "",
        _part("Last signal", ago(R.last_at, zone=ShellState.zone), R.last),
        _part("Last signal", "None yet", "Nothing that counts so far"),
    )


def _account_strip() -> rx.Component:
    return rx.el.section(
        _score(),
        _part("People engaged", rx.el.span(R.engaged, class_name="num"), "with a score of 1 or more"),
        _last(),
        class_name="card strip in-overview",
        custom_attrs={"aria-label": "Score"},
    )


def _person_strip() -> rx.Component:
    return rx.el.section(_score(), _last(), class_name="card strip in-overview", custom_attrs={"aria-label": "Score"})


def _trend() -> rx.Component:
    line = rx.el.svg(
        *[rx.el.svg.path(d=f"M0 {y}H600", class_name="grid") for y in (2, 52, 102)],
        rx.el.svg.path(d=R.trend.path, fill="none", class_name="line"),
        view_box="0 0 600 104",
        preserve_aspect_ratio="none",
        class_name="trend-line",
        custom_attrs={"aria-hidden": "true"},
    )
    scale = rx.el.div(
        "100", rx.el.span("50"), rx.el.span("0"), class_name="scale num", custom_attrs={"aria-hidden": "true"}
    )
    rows = rx.el.table(
        rx.el.caption("Score at the end of each day", class_name="hidden"),
        rx.el.thead(rx.el.tr(rx.el.th("Day", scope="col"), rx.el.th("Score", scope="col", class_name="end"))),
        rx.el.tbody(rx.foreach(R.trend.rows, _trend_row)),
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Score, 90 days"), rx.el.span(R.trend.words, class_name="meta num"), class_name="card-title"
        ),
        rx.el.div(scale, line, class_name="trend-box"),
        _ribbon(),
        rx.el.div(rx.el.span(R.trend.first), rx.el.span("now"), class_name="meta trend-axis"),
        rx.el.details(
            rx.el.summary("View as table"),
            rx.el.div(
                rows, class_name="trend-table", tab_index=0, role="region", custom_attrs={"aria-label": "Score by day"}
            ),
            class_name="disclosure",
        ),
        class_name="card trend-card in-overview",
    )


def _ribbon() -> rx.Component:
    """The bands of these days as one strip below the line."""

    def part(one: rx.Var[RibbonPart]) -> rx.Component:
        return rx.el.span(class_name="ribbon-part " + one.band, title=one.words, style={"width": f"{one.percent}%"})

    return rx.el.div(
        rx.foreach(R.ribbon.parts, part),
        class_name="ribbon",
        role="img",
        custom_attrs={"aria-label": "Bands: " + R.ribbon.words},
    )


def _trend_row(row: rx.Var[TrendRow]) -> rx.Component:
    return rx.el.tr(rx.el.td(row.day), rx.el.td(row.score, class_name="num end"))


def _planned() -> rx.Component:
    def row(one: rx.Var[PlannedRow]) -> rx.Component:
        return rx.el.li(
            rx.el.span(one.when, class_name="at num"),
            rx.el.span(icon("calendar-clock"), class_name="tile quiet"),
            rx.el.div(
                rx.el.a(one.title, href=one.href, class_name="strong"),
                rx.el.div(one.detail, class_name="detail"),
                class_name="what",
            ),
            rx.cond(one.late, chip("Overdue", "warning", "clock")),
            key=one.href,
        )

    return rx.cond(
        (RecordState.planned.length() > 0) & ((RecordState.only == "") | (RecordState.only == "stage")),
        rx.el.div(
            rx.el.h3("Planned", class_name="meta"),
            rx.el.ul(rx.foreach(RecordState.planned, row), class_name="planned"),
            rx.el.div(rx.el.span("Now, ", RecordState.as_of[:5]), class_name="now-line"),
            class_name="planned-part",
        ),
    )


def _jump() -> rx.Component:
    """A day to go back to."""
    return rx.el.div(
        rx.cond(
            RecordState.until != "",
            rx.el.a("Back to the newest", href=RecordState.links["newest"], class_name="link small"),
        ),
        rx.el.label("Jump to", html_for="jump", class_name="meta"),
        rx.el.input(
            id="jump",
            type="date",
            default_value=RecordState.until,
            on_change=RecordState.jump.debounce(600),
            key=RecordState.until,
            class_name="input",
        ),
        class_name="jump",
    )


def _timeline() -> rx.Component:
    def lane(key: str, label: str, on: Any) -> rx.Component:
        return rx.el.a(
            label,
            href=RecordState.links[key],
            custom_attrs={"aria-current": rx.cond(on, "true", rx.Var("undefined"))},
        )

    lanes = rx.el.div(
        lane("signals", "Signals", ~RecordState.everything),
        lane("everything", "Everything", RecordState.everything),
        class_name="segments",
        role="group",
        custom_attrs={"aria-label": "Lane"},
    )
    kinds = rx.el.nav(
        *[lane(f"only_{name}", label, RecordState.only == name) for name, label in KINDS.items()],
        class_name="kind-links",
        custom_attrs={"aria-label": "What the timeline tells"},
    )
    return rx.el.section(
        rx.el.div(rx.el.h2("Timeline", class_name="grow"), lanes, class_name="card-title"),
        rx.el.div(kinds, _jump(), class_name="timeline-tools"),
        rx.cond(RecordState.until == "", _planned()),
        rx.cond(
            RecordState.shown > 0,
            rx.el.div(
                rx.foreach(RecordState.days, lambda day: day_section(day, RecordState.opened)),
                rx.el.div(
                    rx.cond(
                        RecordState.more,
                        button("Load more", on_click=RecordState.load_more, custom_attrs=WAITS),
                        meta("That is everything."),
                    ),
                    link("Open in the feed", R.feed_href),
                    class_name="table-foot",
                ),
            ),
            empty(
                rx.cond(
                    RecordState.until != "",
                    "Nothing up to " + RecordState.until_words,
                    rx.cond(RecordState.only == "", "Nothing here yet", "Nothing of this kind"),
                ),
                "What they do, notes, stages of deals and changes appear here by themselves.",
                icon_name="activity",
            ),
        ),
        class_name="card timeline in-timeline",
    )
