"""The mappings kept for files with the same columns: which there are, another name for one, forgetting one."""

from __future__ import annotations

import reflex as rx

from salescompass.ui.admin_imports.rows import KeptRow
from salescompass.ui.admin_imports.state import ImportsState
from salescompass.ui.components import (
    cell,
    column,
    confirm,
    dialog,
    field,
    form,
    hidden,
    link_button,
    submit_button,
    table,
)

M = ImportsState.mapping


def kept_list() -> rx.Component:
    """The kept mappings, below the imports."""
    heads = [column("Name"), column("Rows are"), column("Columns"), column("", end=True)]
    return rx.cond(
        ImportsState.kept.length() > 0,
        rx.el.section(
            rx.el.div(rx.el.h2("Kept mappings"), class_name="section-head"),
            rx.el.p("A file with the same columns is mapped by them by itself.", class_name="muted"),
            table("Kept mappings", heads, ImportsState.kept, _row),
            class_name="stack",
        ),
    )


def _row(row: rx.Var[KeptRow]) -> rx.Component:
    return rx.el.tr(
        cell("Name", rx.el.span(row.name, class_name="strong anywhere"), primary=True),
        cell("Rows are", row.kind),
        cell("Columns", rx.el.span(row.columns, class_name="muted anywhere")),
        cell(
            "",
            rx.el.div(
                link_button("Rename", row.rename_href, "ghost", "pencil"),
                link_button("Forget", row.delete_href, "ghost", "trash-2"),
                class_name="row",
            ),
            end=True,
        ),
        key=row.id,
    )


def kept_dialogs() -> tuple[rx.Component, rx.Component]:
    """Another name, and forgetting: for the mapping that the address names."""
    rename = dialog(
        "rename",
        "Rename this mapping",
        form(
            "mapping",
            hidden("mapping", M.id),
            field("mapping", "name", "Name", required=True, max_length=120, default_value=M.name, auto_complete="off"),
            submit_button("Rename"),
            on_submit=ImportsState.rename,
            draft=False,
            key=M.id,
            class_name="form",
        ),
    )
    forget = confirm(
        "forget",
        "Forget this mapping?",
        rx.fragment(
            rx.el.strong(M.name),
            " is forgotten. Imports that used it stay; the next file is mapped by its headers.",
        ),
        action="Forget mapping",
        on_confirm=ImportsState.forget(M.id),
    )
    return rename, forget
