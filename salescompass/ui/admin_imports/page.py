"""Imports: the list of earlier ones, and the way of a file from the upload to its result."""

from __future__ import annotations

import reflex as rx

from salescompass.imports import MOST_BYTES
from salescompass.ui import routes
from salescompass.ui.admin_imports.columns import columns_step
from salescompass.ui.admin_imports.kept import kept_dialogs, kept_list
from salescompass.ui.admin_imports.outcome import errors_link, preview_step, progress_step, result_step
from salescompass.ui.admin_imports.rows import KINDS, ImportRow
from salescompass.ui.admin_imports.state import ImportsState
from salescompass.ui.components import (
    ago,
    cell,
    chip,
    column,
    confirm,
    first_use,
    icon,
    link_button,
    loading,
    meta,
    note,
    table,
)
from salescompass.ui.shell import page_head, screen
from salescompass.ui.shell_state import ShellState

L = ImportsState.look
_STEPS = ("File", "Columns", "Preview", "Import")
_SOURCE = rx.asset("upload.jsx", shared=True)


class Upload(rx.Component):
    """Chooses a file and sends it."""

    library = _SOURCE.importable_path
    tag = "Upload"

    kinds: rx.Var[list[dict[str, str]]]
    allowed: rx.Var[list[str]]
    largest: rx.Var[int]


@screen(routes.IMPORTS, title="Imports", place="imports", on_load=[ImportsState.load, ImportsState.listen])
def imports_page() -> rx.Component:
    """For whoever brings files in."""
    new = link_button("Import a file", routes.imports(step="file"), "solid", "upload")
    back = link_button("All imports", routes.IMPORTS, "ghost", "list-checks")
    return rx.fragment(
        page_head(
            "Imports",
            lead="Bring in what you have elsewhere. You see what would happen to every row before anything does, and "
            "an import can be undone.",
            actions=[rx.cond(ImportsState.view == "list", new, back)],
        ),
        rx.cond(
            ImportsState.loaded,
            rx.match(ImportsState.view, ("list", _list()), ("new", _new()), _one()),
            loading(5),
        ),
        confirm(
            "undo",
            "Undo this import?",
            "Records it created go, records it changed are as they were before. What somebody has gone on with since "
            "stays, and you are told how many that were.",
            action="Undo import",
            on_confirm=ImportsState.undo(L.id),
        ),
        *kept_dialogs(),
    )


def _list() -> rx.Component:
    heads = [column("File"), column("Rows are"), column("State"), column("Rows"), column("When"), column("", end=True)]
    return rx.cond(
        ImportsState.rows.length() > 0,
        rx.el.div(table("Imports", heads, ImportsState.rows, _row), kept_list(), class_name="imports-list stack"),
        rx.el.div(
            first_use(
                "Nothing was imported yet",
                "Companies, people, deals, products, events and colleagues come in as CSV or XLSX files, exports of "
                "HubSpot, Salesforce and Pipedrive among them.",
                link_button("Import a file", routes.imports(step="file"), "outline", "upload"),
                safe="Nothing is written before you have seen the preview.",
            ),
            class_name="card",
        ),
    )


def _row(row: rx.Var[ImportRow]) -> rx.Component:
    return rx.el.tr(
        cell("File", rx.el.a(row.file, href=row.href, class_name="row-link anywhere"), primary=True),
        cell("Rows are", row.kind),
        cell("State", chip(row.word, row.tone, row.icon)),
        cell("Rows", rx.cond(row.counts != "", rx.el.span(row.counts, class_name="num"), meta("none yet"))),
        cell("When", rx.el.span(ago(row.at, zone=ShellState.zone), meta(row.who), class_name="stacked")),
        cell(
            "",
            rx.el.div(
                rx.cond(row.errors_href != "", errors_link("Failed rows", row.errors_href, "ghost")),
                rx.cond(row.undo_href != "", link_button("Undo", row.undo_href, "ghost", "undo-2")),
                class_name="row",
            ),
            end=True,
        ),
        key=row.id,
    )


def _new() -> rx.Component:
    kinds = [
        {"key": key, "label": label, "about": about, "needs": "users.manage" if key == "users" else ""}
        for key, (label, about) in KINDS.items()
    ]
    return rx.el.div(
        _steps(1),
        rx.el.section(
            Upload.create(kinds=kinds, allowed=ShellState.allowed, largest=MOST_BYTES), class_name="card pad reading"
        ),
        class_name="stack imports",
    )


def _one() -> rx.Component:
    known = rx.fragment(
        _steps(L.at),
        rx.el.div(
            icon("file-text"),
            rx.el.strong(L.file, class_name="anywhere"),
            meta(L.kind),
            chip(L.word, L.tone, L.icon),
            class_name="row wrap import-file",
        ),
        rx.cond(L.error != "", note(L.error, "danger", "triangle-alert")),
        rx.match(
            L.step,
            ("map", columns_step()),
            ("preview", preview_step()),
            ("result", result_step()),
            progress_step(),
        ),
    )
    return rx.el.div(rx.cond(ImportsState.problem != "", _problem(), known), class_name="stack imports")


def _problem() -> rx.Component:
    return rx.fragment(
        note(ImportsState.problem, "danger", "triangle-alert"),
        rx.el.div(link_button("Import a file", routes.imports(step="file"), "outline", "upload"), class_name="row"),
    )


def _steps(at: rx.Var[int] | int) -> rx.Component:
    at = rx.Var.create(at)

    def entry(number: int, label: str) -> rx.Component:
        return rx.el.li(
            rx.el.span(rx.cond(at > number, icon("check", 14), str(number)), class_name="n"),
            label,
            class_name=rx.cond(at == number, "on", rx.cond(at > number, "past", "")),
            custom_attrs={"aria-current": rx.cond(at == number, "step", rx.Var("undefined"))},
        )

    return rx.el.ol(
        *[entry(number, label) for number, label in enumerate(_STEPS, 1)],
        class_name="import-steps",
        custom_attrs={"aria-label": "Steps"},
    )
