"""The sheet of an event, drawn: scores before and after, what it set off, its facts, and the event as it was sent."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui.components.copying import copy_button
from salescompass.ui.components.elements import icon, link
from salescompass.ui.components.notes import notes_list
from salescompass.ui.components.panel import panel_link, side_panel
from salescompass.ui.components.scores import band_chip
from salescompass.ui.components.states import empty


def event_sheet(sheet: Any, close_href: Any, earlier: Any, later: Any, *, notes: rx.Component) -> rx.Component:
    """The panel of an event; `earlier` and `later` are the addresses of its neighbours in the list, or empty."""
    steps = rx.fragment(
        rx.cond(later != "", panel_link("Newer event", "chevron-up", later)),
        rx.cond(earlier != "", panel_link("Older event", "chevron-down", earlier)),
    )
    tile = rx.el.span(icon(sheet.icon), class_name="tile " + sheet.tile)
    return side_panel(
        "event",
        rx.cond(sheet.found, sheet.title, "Event"),
        close_href,
        rx.cond(sheet.found, rx.fragment(_whole(sheet), notes), _lost()),
        head={"before": [rx.cond(sheet.found, tile)], "after": [steps]},
        sub=sheet.sub,
    )


def event_notes(state: Any, may_write: Any, zone: Any) -> rx.Component:
    """What colleagues wrote about the event, and the field for more."""
    return _section("Notes", notes_list(state, may_write, zone, name="event-note"))


def _lost() -> rx.Component:
    return empty(
        "There is no such event",
        "It may belong to another company, or its address was cut short.",
        icon_name="activity",
    )


def _whole(sheet: Any) -> rx.Component:
    return rx.fragment(
        rx.cond(sheet.steps.length() > 0, _scores(sheet)),
        rx.cond(sheet.not_counted != "", rx.el.p(icon("info"), sheet.not_counted, class_name="aside-note")),
        _section("What it set off", rx.el.ol(rx.foreach(sheet.set_off, _followed), class_name="followed")),
        _section("Details", rx.el.dl(rx.foreach(sheet.facts, _fact), class_name="facts")),
        rx.cond(sheet.raw != "", _raw(sheet)),
    )


def _section(title: str, content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h3(title), content, class_name="panel-section")


def _scores(sheet: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(rx.foreach(sheet.steps, _step), class_name="score-steps"),
        rx.el.div(
            rx.el.span(sheet.points, class_name="grow"),
            rx.cond(sheet.why_href != "", link("Why this score", sheet.why_href)),
            class_name="score-foot",
        ),
        class_name="score-card",
    )


def _step(step: Any) -> rx.Component:
    return rx.el.div(
        rx.el.a(step.name, href=step.href, class_name="meta cut"),
        rx.el.div(
            rx.el.span(step.before, class_name="num before"),
            icon("arrow-right", 14),
            rx.el.span(step.after, class_name="num after"),
            class_name="row",
        ),
        band_chip(step.look),
    )


def _followed(one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon(one.icon, 14), class_name="dot"),
        rx.el.div(
            rx.cond(
                one.href != "",
                rx.el.a(one.title, href=one.href, class_name="link"),
                rx.el.span(one.title, class_name="strong"),
            ),
            rx.cond(one.detail != "", rx.el.div(one.detail, class_name="meta")),
            class_name="grow",
        ),
        rx.el.span(one.at, class_name="meta num"),
    )


def _fact(one: Any) -> rx.Component:
    return rx.fragment(
        rx.el.dt(one.name),
        rx.el.dd(rx.cond(one.href != "", link(one.value, one.href), one.value)),
    )


def _raw(sheet: Any) -> rx.Component:
    return rx.el.details(
        rx.el.summary(icon("code", 14), "As it was sent"),
        rx.el.pre(
            sheet.raw,
            class_name="codeblock",
            tab_index=0,
            custom_attrs={"aria-label": "The event as JSON"},
            role="region",
        ),
        rx.el.div(copy_button(sheet.raw, "Copy JSON"), class_name="row"),
        class_name="disclosure",
    )
