"""The page of an account and of a person: score and velocity, why, the trend, people and everything that happened."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import ago, avatar, button, chip, empty, icon, link, link_button, meta
from salescompass.ui.components.event_rows import day_section
from salescompass.ui.components.event_sheet import event_sheet
from salescompass.ui.components.panel import Here, ListKeys
from salescompass.ui.components.scores import band_chip, ring, score_chip, velocity
from salescompass.ui.record.state import TABS, RecordState
from salescompass.ui.record.view import PersonRow, TrendRow
from salescompass.ui.record.why_panel import why_panel
from salescompass.ui.shell import screen
from salescompass.ui.shell_state import ShellState

R = RecordState.record
_LOADS = [RecordState.load, RecordState.listen]


@screen(routes.ACCOUNT, title="Account", place="accounts", on_load=_LOADS)
def account_page() -> rx.Component:
    """Everything about an account."""
    return _record(_account_strip(), _people())


@screen(routes.CONTACT, title="Contact", place="accounts", on_load=_LOADS)
def contact_page() -> rx.Component:
    """Everything about a person."""
    return _record(_person_strip(), None)


def _record(strip: rx.Component, beside: rx.Component | None) -> rx.Component:
    columns = [_timeline()] if beside is None else [_timeline(), beside]
    whole = rx.fragment(
        _head(),
        rx.el.div(
            rx.el.div(rx.el.span(RecordState.reason), class_name="moved", role="status"),
            _tabs(people=beside is not None),
            strip,
            _trend(),
            rx.el.div(*columns, class_name="record-columns" if beside is not None else ""),
            class_name="record at-" + RecordState.tab,
        ),
    )
    return rx.fragment(
        Here.create(
            rx.cond(RecordState.missing, _missing(), rx.cond(RecordState.loaded, whole)),
            echo=RecordState.echo,
            heading="Loading",
        ),
        rx.cond(RecordState.why_open & RecordState.loaded, why_panel()),
        rx.cond(
            RecordState.sheet_open & RecordState.loaded,
            event_sheet(RecordState.sheet, RecordState.sheet_close, RecordState.sheet_older, RecordState.sheet_newer),
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


def _head() -> rx.Component:
    picture = rx.cond(
        R.kind == "account",
        rx.el.span(R.initials, class_name="monogram large", custom_attrs={"aria-hidden": "true"}),
        rx.el.span(avatar(R.initials, R.tint), class_name="large-avatar"),
    )
    return rx.el.header(
        picture,
        rx.el.div(
            rx.el.h1(R.name, tab_index=-1),
            rx.el.div(
                rx.el.span(R.sub, rx.cond(R.account_href != "", rx.fragment(" at ", link(R.account, R.account_href)))),
                rx.cond(R.email != "", rx.el.span(R.email, class_name="anywhere")),
                class_name="muted about-line",
            ),
            class_name="grow",
        ),
        rx.el.div(
            rx.cond(
                R.live,
                chip(rx.fragment(rx.el.span(class_name="pulse"), "Live"), "success"),
                chip("Not live", "warning", "clock"),
            ),
            meta("as of ", rx.el.span(RecordState.as_of, class_name="num")),
            class_name="row",
        ),
        class_name="record-head",
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
        class_name="card strip",
        custom_attrs={"aria-label": "Score"},
    )


def _person_strip() -> rx.Component:
    return rx.el.section(_score(), _last(), class_name="card strip", custom_attrs={"aria-label": "Score"})


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
        rx.el.div(rx.el.span(R.trend.first), rx.el.span("now"), class_name="meta trend-axis"),
        rx.el.details(
            rx.el.summary("View as table"),
            rx.el.div(
                rows, class_name="trend-table", tab_index=0, role="region", custom_attrs={"aria-label": "Score by day"}
            ),
            class_name="disclosure",
        ),
        class_name="card trend-card",
    )


def _trend_row(row: rx.Var[TrendRow]) -> rx.Component:
    return rx.el.tr(rx.el.td(row.day), rx.el.td(row.score, class_name="num end"))


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
    return rx.el.section(
        rx.el.div(rx.el.h2("Timeline", class_name="grow"), lanes, class_name="card-title"),
        rx.cond(
            RecordState.shown > 0,
            rx.el.div(
                rx.foreach(RecordState.days, day_section),
                rx.el.div(
                    rx.cond(
                        RecordState.more,
                        button("Load more", on_click=RecordState.load_more),
                        meta("That is everything."),
                    ),
                    link("Open in the feed", R.feed_href),
                    class_name="table-foot",
                ),
            ),
            empty(
                "Nothing here yet",
                "What they do will appear here by itself, with its effect on the score.",
                icon_name="activity",
            ),
        ),
        class_name="card timeline",
    )


def _people() -> rx.Component:
    quiet = rx.el.p(icon("users", 14), R.quiet.to_string() + " more, less engaged", class_name="meta quiet")
    return rx.el.section(
        rx.el.div(rx.el.h2("People"), class_name="card-title"),
        rx.cond(
            R.people.length() > 0,
            rx.fragment(
                rx.el.ul(rx.foreach(R.people, _person), class_name="people"),
                rx.cond(R.quiet > 0, quiet),
            ),
            rx.el.p("Nobody is known here yet.", class_name="muted"),
        ),
        class_name="card people-card",
    )


def _person(row: rx.Var[PersonRow]) -> rx.Component:
    return rx.el.li(
        avatar(row.initials, row.tint),
        rx.el.div(
            rx.el.a(row.name, href=row.href, class_name="strong row-link cut"),
            rx.el.div(row.detail, class_name="meta plain cut"),
            class_name="grow",
        ),
        score_chip(row.look),
        key=row.href,
    )


def _missing() -> rx.Component:
    return rx.el.div(
        rx.el.h1("There is nothing here", tab_index=-1),
        empty(
            "No such record",
            "It may have been removed, or it belongs to another company. Check the address, or look for it by name.",
            link_button("Open accounts", routes.ACCOUNTS, "outline", "building-2"),
            icon_name="building-2",
        ),
        class_name="lost",
    )
