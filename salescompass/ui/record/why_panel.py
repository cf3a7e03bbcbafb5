"""The panel "Why this score": per person the events that make it, shares that add up, and what did not count."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import avatar, icon, link_button, meta
from salescompass.ui.components.panel import side_panel
from salescompass.ui.components.scores import band_chip, ring
from salescompass.ui.record.state import RecordState
from salescompass.ui.record.why import Apart, WhyPerson, WhyRow
from salescompass.ui.shell import only_for

R = RecordState.record


def why_panel() -> rx.Component:
    """The panel of the score that the page shows."""
    version = "Scoring version " + R.why.version.to_string()
    return side_panel(
        "panel",
        "Why this score",
        RecordState.links["close"],
        _summary(),
        rx.cond(R.why.people.length() > 0, _shares(), rx.el.p("Nothing counts so far.", class_name="muted")),
        rx.cond(R.why.apart.length() > 0, rx.el.ul(rx.foreach(R.why.apart, _apart), class_name="apart")),
        head={"before": [], "after": [meta("as of ", rx.el.span(RecordState.as_of, class_name="num"))]},
        foot=[
            link_button(
                rx.cond(RecordState.raw, "Hide raw points", "Show raw points"),
                RecordState.links["raw"],
                "outline",
                "table-properties",
            ),
            only_for("scoring.manage", link_button(version, routes.SCORING, "ghost", "history")),
        ],
    )


def _summary() -> rx.Component:
    return rx.el.div(
        ring(R.look),
        rx.el.div(
            rx.el.div(band_chip(R.look), rx.el.span(R.band_words, class_name="meta"), class_name="row"),
            rx.cond(R.crossed != "", rx.el.p(R.crossed), rx.el.p("It has been in this band all along.")),
            class_name="stack-sm grow",
        ),
        class_name="why-summary",
    )


def _shares() -> rx.Component:
    whose = rx.cond(R.kind == "account", "Person and event", "Event")
    return rx.el.div(
        rx.el.div(rx.el.span(whose), rx.el.span("Share of score"), class_name="meta why-columns"),
        rx.foreach(R.why.people, _person),
        rx.el.div(
            rx.el.span("Sum of shares", class_name="grow"),
            rx.el.span(R.why.total, class_name="num"),
            class_name="why-sum",
        ),
        class_name="why-shares",
    )


def _person(person: rx.Var[WhyPerson]) -> rx.Component:
    picture = rx.cond(
        person.initials != "",
        rx.el.span(avatar(person.initials, person.tint), class_name="small-avatar"),
        rx.el.span(icon("building-2", 14), class_name="avatar small"),
    )
    name = rx.cond(
        person.href != "",
        rx.el.a(person.name, href=person.href, class_name="strong cut"),
        rx.el.span(person.name, class_name="strong cut"),
    )
    head = rx.el.div(
        picture,
        rx.el.span(name, rx.el.span(person.meta, class_name="meta"), class_name="grow who"),
        rx.el.span(rx.el.span(style={"width": person.width}), class_name="bar", custom_attrs={"aria-hidden": "true"}),
        rx.el.span(person.share, class_name="num share"),
        class_name="why-person",
    )
    return rx.el.div(
        rx.cond(person.name != "", head),
        rx.el.ul(rx.foreach(person.rows, _row), class_name=rx.cond(person.name != "", "of-person", "")),
        class_name="why-group",
    )


def _row(row: rx.Var[WhyRow]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            row.label,
            " ",
            rx.el.span(row.when, class_name="meta plain"),
            rx.cond(RecordState.raw & (row.raw != ""), rx.el.span(row.raw, class_name="meta plain raw num")),
            class_name="grow",
        ),
        rx.el.span(row.share, class_name="num share"),
    )


def _apart(one: rx.Var[Apart]) -> rx.Component:
    return rx.el.li(
        icon(one.icon, 14),
        rx.el.span(rx.el.span(one.what, class_name="strong"), " ", rx.el.span(one.why, class_name="muted")),
    )
