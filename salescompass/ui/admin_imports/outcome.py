"""The steps after the columns: what would happen, how far it has come, what did happen."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.admin_imports.rows import Named, ReasonRow
from salescompass.ui.admin_imports.state import ImportsState
from salescompass.ui.components import button, cell, chip, column, link_button, note, table

L = ImportsState.look


def preview_step() -> rx.Component:
    """What every row would do; nothing of it is kept yet."""
    nothing = (L.created == "0") & (L.updated == "0")
    return rx.fragment(
        _tiles("Would be created", "Would change", "Would be skipped", "Would fail"),
        rx.cond(
            nothing,
            note("No row would change anything: map the columns otherwise, or mend the file.", "warning"),
        ),
        _details(),
        rx.el.div(
            button("Drop this file", "ghost", "trash-2", on_click=ImportsState.cancel(L.id)),
            link_button("Change columns", L.map_href, "outline", "pencil"),
            rx.cond(
                nothing,
                rx.fragment(),
                button(
                    "Import " + L.done + rx.cond(L.done == "1", " row", " rows"),
                    "solid",
                    "upload",
                    on_click=ImportsState.start(L.id),
                ),
            ),
            class_name="form-actions",
        ),
    )


def progress_step() -> rx.Component:
    """How far it has come, and a way to stop."""
    what = rx.match(
        L.state,
        ("checking", "Every row is tried. Nothing is kept of it."),
        ("cancelling", "It stops after the rows at hand."),
        ("undoing", "The import is being undone."),
        "Rows are coming in. You can leave this page; it goes on.",
    )
    of = rx.cond(L.total != "", L.done + " of " + L.total + " rows", L.done + " rows so far")
    bar = rx.cond(
        L.total != "",
        rx.el.progress(value=L.share, max=100, custom_attrs={"aria-label": "Rows done"}),
        rx.el.progress(custom_attrs={"aria-label": "Rows done"}),
    )
    stop = button("Stop", "outline", "ban", on_click=ImportsState.cancel(L.id))
    return rx.el.section(
        rx.el.div(rx.cond(L.waits != "", L.waits, what), role="status"),
        bar,
        rx.el.div(
            rx.cond(L.state == "undoing", rx.fragment(), rx.el.span(of, class_name="num muted")),
            rx.cond((L.state == "checking") | (L.state == "running"), stop),
            class_name="row wrap spread",
        ),
        class_name="card pad stack",
    )


def result_step() -> rx.Component:
    """What it did, the rows that failed, the way to the records, and the way back."""
    return rx.fragment(
        rx.cond(
            (L.state == "cancelled") & (L.done == "0"),
            note("The file was dropped before anything was imported.", "info"),
            _tiles("Created", "Changed", "Skipped", "Failed"),
        ),
        rx.cond(
            (L.state == "cancelled") & (L.done != "0"),
            note("It was stopped after " + L.done + " rows. What is in stays until you undo it.", "warning", "ban"),
        ),
        rx.cond(L.undone != "", note(L.undone, "success", "undo-2")),
        _details(),
        rx.el.div(
            rx.cond(L.can_undo, link_button("Undo import", L.href + "#undo", "outline", "undo-2")),
            rx.cond(
                L.errors_href != "",
                errors_link("Failed rows as CSV", L.errors_href, "outline"),
            ),
            rx.cond(L.records_href != "", link_button("Show " + L.kind.lower(), L.records_href, "outline")),
            link_button("Import another file", routes.imports(step="file"), "solid", "upload"),
            class_name="form-actions",
        ),
    )


def errors_link(label: str, href: rx.Var[str], look: str) -> rx.Component:
    """A link that the browser saves: the router would look for a page there."""
    return link_button(label, href, look, "download", custom_attrs={"download": "", "reloadDocument": True})


def _tiles(created: str, updated: str, skipped: str, failed: str) -> rx.Component:
    def tile(value: Any, label: str) -> rx.Component:
        return rx.el.div(rx.el.dt(label, class_name="muted"), rx.el.dd(value, class_name="value"), class_name="card")

    return rx.el.dl(
        tile(L.created, created),
        tile(L.updated, updated),
        tile(L.skipped, skipped),
        tile(L.failed, failed),
        class_name="tiles import-tiles",
        custom_attrs={"aria-label": "Rows"},
    )


def _details() -> rx.Component:
    return rx.fragment(
        rx.cond(
            L.reasons.length() > 0,
            rx.el.section(
                rx.el.div(rx.el.h2("Why rows fail or are skipped"), class_name="section-head"),
                table(
                    "Reasons",
                    [column("Reason"), column("Rows", end=True), column("First of them")],
                    L.reasons,
                    _reason,
                ),
                class_name="stack",
            ),
        ),
        _names("Names that nothing here fits", L.unknown, "They are left empty; nothing is guessed."),
        _names("Beside the rows", L.beside, ""),
    )


def _reason(row: rx.Var[ReasonRow]) -> rx.Component:
    word = rx.cond(row.failed, chip("Fails", "danger", "circle-x"), chip("Skipped", ""))
    return rx.el.tr(
        cell("Reason", rx.el.span(word, " ", row.reason, class_name="anywhere"), primary=True),
        cell("Rows", rx.el.span(row.n, class_name="num"), end=True),
        cell("First of them", rx.el.span("Row ", row.row, ": ", row.cells, class_name="muted anywhere")),
    )


def _names(title: str, rows: Any, about: str) -> rx.Component:
    def line(one: rx.Var[Named]) -> rx.Component:
        return rx.fragment(rx.el.dt(one.what), rx.el.dd(one.n))

    return rx.cond(
        rows.length() > 0,
        rx.el.section(
            rx.el.h2(title),
            *([rx.el.p(about, class_name="muted")] if about else []),
            rx.el.dl(rx.foreach(rows, line), class_name="facts num"),
            class_name="card pad stack",
        ),
    )
