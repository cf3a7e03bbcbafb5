"""What a draft would do, drawn: bands, the distribution before and after, named accounts, and those that move most."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.admin_scoring.rows import BandRow, BinRow, ChangeRow
from salescompass.ui.admin_scoring.state import ScoringState
from salescompass.ui.components import cell, chip, column, icon, link_button, loading, meta, table
from salescompass.ui.components.scores import band_chip, score_chip

E = ScoringState.effect


def effect_card() -> rx.Component:
    """The effect of the draft; computed when the page opens and after every change, nothing is written."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Effect of the draft"),
            meta(E.words),
            rx.cond(E.estimated != "", chip(E.estimated, "warning", "triangle-alert")),
            class_name="card-head",
            role="status",
        ),
        rx.cond(
            ScoringState.has_effect,
            rx.el.div(
                rx.el.ul(rx.foreach(E.bands, _band), class_name="band-counts"),
                _histogram(),
                _changes("Accounts you look at", E.named, _choose()),
                rx.cond(E.moved.length() > 0, _changes("Accounts that change most", E.moved, rx.fragment())),
                class_name="card-body stack-lg",
            ),
            rx.cond(ScoringState.computing, loading(5), rx.el.div(class_name="card-body")),
        ),
        class_name=rx.cond(
            ScoringState.has_effect, rx.cond(ScoringState.computing, "card busy", "card"), "card waiting"
        ),
        custom_attrs={"aria-busy": rx.cond(ScoringState.computing, "true", "false")},
    )


def _band(row: rx.Var[BandRow]) -> rx.Component:
    return rx.el.li(
        band_chip(row.look),
        rx.el.span(row.before.to_string(), class_name="num before"),
        icon("arrow-right", 14),
        rx.el.span(row.after.to_string(), class_name="num after"),
        meta(row.change),
    )


def _histogram() -> rx.Component:
    head = rx.el.thead(
        rx.el.tr(
            rx.el.th("Score", scope="col"),
            rx.el.th(rx.el.span(class_name="swatch now"), "Accounts now", scope="col"),
            rx.el.th(rx.el.span(class_name="swatch then"), "By the draft", scope="col"),
        )
    )
    return rx.el.table(
        rx.el.caption("How many accounts have which score, now and by the draft", class_name="hidden"),
        head,
        rx.el.tbody(rx.foreach(E.bins, _bin)),
        class_name="histogram",
    )


def _bin(row: rx.Var[BinRow]) -> rx.Component:
    def bar(width: rx.Var[str], number: rx.Var[int], kind: str) -> rx.Component:
        return rx.el.td(
            rx.el.div(
                rx.el.span(class_name=f"fill {kind}", style={"width": width}),
                rx.el.span(number.to_string(), class_name="num"),
            )
        )

    return rx.el.tr(
        rx.el.th(row.span, scope="row", class_name="num"),
        bar(row.before_width, row.before, "now"),
        bar(row.after_width, row.after, "then"),
    )


def _choose() -> rx.Component:
    return link_button("Choose accounts", routes.scoring("look"), "ghost", "plus")


def _changes(title: str, rows: rx.Var[list[ChangeRow]], action: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.div(rx.el.h3(title, class_name="grow"), action, class_name="row"),
        table(
            title, [column("Account"), column("Now"), column("By the draft"), column("Change", end=True)], rows, _change
        ),
        class_name="stack-sm",
    )


def _change(row: rx.Var[ChangeRow]) -> rx.Component:
    return rx.el.tr(
        cell("Account", rx.el.a(row.name, href=row.href, class_name="row-link"), primary=True),
        cell("Now", score_chip(row.before)),
        cell("By the draft", score_chip(row.after)),
        cell("Change", rx.el.span(row.change, class_name="num " + row.tone), end=True),
        key=row.href,
    )
