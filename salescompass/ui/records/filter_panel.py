"""The filter of a list: the button that opens its editor, the panel with it, and the filter in words with a cross."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui.components import icon
from salescompass.ui.components.condition_editor import ConditionEditor
from salescompass.ui.components.panel import side_panel
from salescompass.ui.records.kinds import ListKind


def filter_link(state: Any) -> rx.Component:
    """Opens the editor."""
    return rx.el.a(
        icon("list-filter", 14),
        "Filter",
        href=state.filter_href,
        class_name=rx.cond(state.filter_words != "", "filter on", "filter"),
    )


def filter_line(state: Any) -> rx.Component:
    """What the address's filter says, or why it says nothing."""
    cross = rx.el.a(
        icon("x", 14),
        href=state.unfiltered_href,
        class_name="chip-cross",
        custom_attrs={"aria-label": "Remove the filter"},
        title="Remove the filter",
    )
    words = rx.el.div(
        rx.el.a("Filter: ", state.filter_words, href=state.filter_href, class_name="filter-words"),
        cross,
        class_name="filter-told",
    )
    problem = rx.el.div(
        icon("triangle-alert"),
        rx.el.p("The filter in this address cannot be read, so everything is shown. ", state.filter_problem),
        rx.el.a("Remove it", href=state.unfiltered_href, class_name="link"),
        class_name="note filter-problem",
        role="alert",
    )
    return rx.fragment(rx.cond(state.filter_words != "", words), rx.cond(state.filter_problem != "", problem))


def filter_panel(of: ListKind, state: Any) -> rx.Component:
    """The editor beside the list, on phones above it."""
    return side_panel(
        "panel",
        f"Filter {of.title.lower()}",
        state.panel_close,
        ConditionEditor.create(
            offered=state.offered,
            counted=state.counted,
            noun=of.title.lower(),
            named=state.named,
            found=state.accounts_found,
            on_measure=state.measure,
            on_find=state.find_accounts,
        ),
    )
