"""Trash and changes: what was deleted, chosen and brought back; who changed what, from what to what, and undo."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import (
    ago,
    button,
    cell,
    column,
    empty,
    form,
    icon,
    link,
    link_button,
    loading,
    meta,
    submit_button,
    table,
)
from salescompass.ui.shell import only_for, page_head, screen
from salescompass.ui.shell_state import ShellState
from salescompass.ui.trash.state import TrashState
from salescompass.ui.trash.view import KINDS, TrashRow


@screen(routes.TRASH, title="Trash and changes", place="trash", on_load=TrashState.load)
def trash_page() -> rx.Component:
    """What happened to records in the last 30 days."""
    return rx.fragment(
        page_head(
            "Trash and changes",
            actions=[_tabs()],
            lead="What was deleted stays here for 30 days and is then gone for good; events stay. "
            "Changes tell who did what to the records you see.",
        ),
        _filters(),
        rx.cond(
            TrashState.loaded,
            rx.cond(TrashState.rows.length() > 0, rx.cond(TrashState.changes, _changes(), _trash()), _nothing()),
            loading(6),
        ),
    )


def _tabs() -> rx.Component:
    def tab(label: str, icon_name: str, href: Any, on: Any) -> rx.Component:
        current = {"aria-current": rx.cond(on, "page", rx.Var("undefined"))}
        return rx.el.a(icon(icon_name, 14), label, href=href, custom_attrs=current)

    return rx.el.nav(
        tab("Trash", "trash-2", TrashState.trash_href, ~TrashState.changes),
        tab("Changes", "history", TrashState.changes_href, TrashState.changes),
        class_name="segments",
        custom_attrs={"aria-label": "Show"},
    )


def _filters() -> rx.Component:
    def select(label: str, every: str, name: str, value: Any, options: Any) -> rx.Component:
        return rx.el.select(
            rx.el.option(every, value=""),
            options,
            value=value,
            on_change=lambda chosen: TrashState.choose(name, chosen),
            class_name="select",
            custom_attrs={"aria-label": label},
        )

    kinds = rx.fragment(*[rx.el.option(label, value=kind) for kind, label in KINDS.items()])
    people = rx.foreach(TrashState.people, lambda one: rx.el.option(one[1], value=one[0]))
    narrowed = (TrashState.kind != "") | (TrashState.person != "")
    clear = rx.cond(TrashState.changes, routes.trash(tab="changes"), routes.TRASH)
    return rx.el.div(
        select("Kind of records", "Everything", "kind", TrashState.kind, kinds),
        select("By whom", "By anybody", "person", TrashState.person, people),
        rx.cond(narrowed, link_button("Clear", clear, "ghost", "x")),
        class_name="filters",
        role="group",
        custom_attrs={"aria-label": "Filters"},
    )


def _trash() -> rx.Component:
    rows = table(
        "Trash",
        [column("Record"), column("Kind"), column("Deleted by"), column("When", end=True)],
        TrashState.rows,
        _gone,
    )
    return form(
        "trash",
        rows,
        _more(),
        only_for("records.write", submit_button("Bring back", cancel=False)),
        on_submit=TrashState.restore,
        draft=False,
        class_name="trash-form",
    )


def _gone(row: rx.Var[TrashRow]) -> rx.Component:
    choose = rx.el.label(
        only_for(
            "records.write",
            rx.el.input(type="checkbox", name="chosen", value=row.key, class_name="checkbox"),
        ),
        rx.el.span(row.name, class_name="strong"),
        class_name="row",
    )
    return rx.el.tr(
        cell("Record", choose, primary=True),
        cell("Kind", row.kind),
        cell("Deleted by", row.who),
        cell("When", rx.el.span(ago(row.at, zone=ShellState.zone), class_name="meta cut"), end=True),
        key=row.key,
    )


def _changes() -> rx.Component:
    heads = [column("Record"), column("Kind"), column("What"), column("Who"), column("When", end=True)]
    return rx.fragment(table("Changes", heads, TrashState.rows, _change), _more())


def _change(row: rx.Var[TrashRow]) -> rx.Component:
    what = rx.el.div(
        rx.foreach(row.what, lambda one: rx.el.span(one, class_name="anywhere")),
        rx.cond(
            row.batch != "",
            only_for("records.write", button("Undo", "ghost", "undo-2", on_click=TrashState.take_back(row.batch))),
        ),
        class_name="change-what",
    )
    return rx.el.tr(
        cell("Record", rx.cond(row.href != "", link(row.name, row.href), row.name), primary=True),
        cell("Kind", row.kind),
        cell("What", what),
        cell("Who", row.who),
        cell("When", rx.el.span(ago(row.at, zone=ShellState.zone), class_name="meta cut"), end=True),
        key=row.key,
    )


def _more() -> rx.Component:
    return rx.el.div(
        meta(rx.el.span(TrashState.rows.length().to_string(), class_name="num"), " shown"),
        rx.cond(TrashState.more, button("Load more", on_click=TrashState.load_more), meta("That is everything.")),
        class_name="table-foot",
    )


def _nothing() -> rx.Component:
    return rx.el.div(
        rx.cond(
            (TrashState.kind != "") | (TrashState.person != ""),
            empty(
                "Nothing matches", "No record of the last 30 days fits these filters.",
                link_button("Clear filters", rx.cond(TrashState.changes, routes.trash(tab="changes"), routes.TRASH)),
                icon_name="list-filter",
            ),
            rx.cond(
                TrashState.changes,
                empty("No changes yet", "What is changed on records is told here for 30 days.", icon_name="history"),
                empty("The trash is empty", "What is deleted waits here for 30 days.", icon_name="trash-2"),
            ),
        ),
        class_name="card",
    )  # fmt: skip
