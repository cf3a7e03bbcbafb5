"""What stands above the records of a list or a board: search, and what narrows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from salescompass.ui.components import icon, link_button
from salescompass.ui.records.filter_panel import filter_link
from salescompass.ui.records.kinds import ListKind


def toolbar(
    of: ListKind, state: Any, *, before: Sequence[rx.Component] = (), after: Sequence[rx.Component] = ()
) -> rx.Component:
    """The search field and the filters; `before` and `after` are those of one page alone."""
    title = of.title.lower()
    search = rx.el.div(
        icon("search"),
        rx.el.input(
            id="record-search",
            type="search",
            placeholder=f"Search {title}",
            auto_complete="off",
            max_length=80,
            class_name="input",
            on_change=state.search.debounce(250),
            custom_attrs={"aria-label": f"Search {title} by words that begin so"},
        ),
        class_name="search-field",
    )
    mine = rx.el.a(
        rx.cond(state.mine, icon("check", 14), icon("user", 14)),
        "Mine",
        href=state.mine_href,
        class_name=rx.cond(state.mine, "filter on", "filter"),
        custom_attrs={"aria-current": rx.cond(state.mine, "true", rx.Var("undefined"))},
    )
    filters = rx.el.div(
        *before,
        mine,
        filter_link(state),
        rx.cond(state.narrowed, link_button("Clear", of.path, "ghost")),
        *after,
        class_name="filters",
        role="group",
        custom_attrs={"aria-label": "Filters"},
    )
    return rx.el.div(search, filters, class_name="toolbar")
