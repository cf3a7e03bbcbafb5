"""Beside a deal: its timeline, and how deals like it ended."""

from __future__ import annotations

import reflex as rx

from salescompass.ui.components import button, chip, meta
from salescompass.ui.components.event_rows import day_section
from salescompass.ui.deal.journey import SimilarRow
from salescompass.ui.deal.state import DealState
from salescompass.ui.shell import only_for

D = DealState.deal


def similar_card() -> rx.Component:
    """How deals like this one ended; absent where nothing can be compared."""

    def row(one: rx.Var[SimilarRow]) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.a(one.name, href=one.href, class_name="strong row-link cut"),
                rx.el.div(one.account, rx.cond(one.took != "", ", " + one.took, ""), class_name="meta plain"),
                class_name="grow",
            ),
            chip(one.state, one.tone),
            rx.el.span(one.amount, class_name="num amount"),
            key=one.href,
        )

    return rx.cond(
        D.similar.about != "",
        rx.el.section(
            rx.el.div(
                rx.el.h2("Similar deals"), rx.el.span(D.similar.ended, class_name="meta num"), class_name="card-title"
            ),
            rx.el.p(D.similar.about + ":", class_name="muted"),
            rx.el.ul(rx.foreach(D.similar.rows, row), class_name="deal-rows"),
            class_name="card people-card",
        ),
    )


def timeline_card() -> rx.Component:
    """What the account did and what happened with the deal."""
    return only_for(
        "feed.read",
        rx.el.section(
            rx.el.div(rx.el.h2("Timeline"), class_name="card-title"),
            rx.cond(
                DealState.days.length() > 0,
                rx.el.div(
                    rx.foreach(DealState.days, lambda day: day_section(day, rx.Var.create(""))),
                    rx.el.div(
                        rx.cond(
                            DealState.more_story,
                            button("Load more", on_click=DealState.earlier_story),
                            meta("That is everything."),
                        ),
                        class_name="table-foot",
                    ),
                ),
                rx.el.p("What the account does, notes and stages appear here by themselves.", class_name="muted"),
            ),
            class_name="card timeline",
        ),
    )
