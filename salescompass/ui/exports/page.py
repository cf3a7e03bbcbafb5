"""One's exports: each list that was written to a file, the file, and how far those under way are."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import ago, button, cell, chip, column, first_use, link_button, loading, meta, table
from salescompass.ui.exports.state import ExportRow, ExportsState
from salescompass.ui.shell import page_head, screen
from salescompass.ui.shell_state import ShellState


@screen(routes.EXPORTS, title="My exports", on_load=ExportsState.load)
def exports_page() -> rx.Component:
    """For whoever writes lists to files."""
    return rx.fragment(
        page_head(
            "My exports",
            lead="Lists that you have written to files. Only you can fetch them, and they are kept for three days.",
        ),
        rx.cond(ExportsState.loaded, rx.cond(ExportsState.rows.length() > 0, _list(), _none()), loading(5)),
    )


def _list() -> rx.Component:
    heads = [column("File"), column("State"), column("Rows", end=True), column("When"), column("", end=True)]
    return rx.el.div(table("My exports", heads, ExportsState.rows, _row), class_name="exports-list")


def _row(row: rx.Var[ExportRow]) -> rx.Component:
    name = rx.cond(row.href != "", _file(row.file, row.href, class_name="row-link anywhere"), row.file)
    state = rx.el.span(
        chip(row.word, row.tone, row.icon),
        rx.cond(row.moving, rx.el.progress(value=row.share, max=100, custom_attrs={"aria-label": "Rows written"})),
        rx.cond(row.error != "", rx.el.span(row.error, class_name="meta anywhere")),
        class_name="stacked",
    )
    act = rx.cond(
        row.moving,
        button("Stop", "ghost", "ban", on_click=ExportsState.stop(row.id)),
        rx.cond(row.href != "", _button(row.href)),
    )
    return rx.el.tr(
        cell("File", rx.el.span(name, meta(row.kind), class_name="stacked"), primary=True),
        cell("State", state),
        cell(
            "Rows", rx.el.span(rx.el.span(row.rows, class_name="num"), meta(row.size), class_name="stacked"), end=True
        ),
        cell("When", rx.el.span(ago(row.at, zone=ShellState.zone), meta(row.until), class_name="stacked")),
        cell("", act, end=True),
        key=row.id,
        custom_attrs={"aria-current": rx.cond(row.id == ExportsState.chosen, "true", rx.Var("undefined"))},
    )


def _file(label: rx.Var[str], href: rx.Var[str], **props: str) -> rx.Component:
    """A link that the browser saves: the router would look for a page there."""
    return rx.el.a(label, href=href, custom_attrs={"download": "", "reloadDocument": True}, **props)


def _button(href: rx.Var[str]) -> rx.Component:
    saved = {"download": "", "reloadDocument": True}
    return link_button("Download", href, "outline", "download", custom_attrs=saved)


def _none() -> rx.Component:
    return rx.el.div(
        first_use(
            "Nothing was exported yet",
            "Every list of accounts, contacts, leads and deals has the button Export: what it shows becomes a CSV file "
            "or a workbook, which can be brought in again.",
            link_button("Open contacts", routes.CONTACTS, "outline", "contact"),
            safe="Cells that a spreadsheet would take for a formula are made safe.",
        ),
        class_name="card",
    )
