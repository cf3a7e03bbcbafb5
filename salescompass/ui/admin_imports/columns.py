"""The step in which each column of the file is given a field."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui.admin_imports.file_look import Choice, ColumnRow
from salescompass.ui.admin_imports.state import ImportsState
from salescompass.ui.components import button, cell, column, field, form, hidden, meta, note, select_field, table
from salescompass.ui.components.forms import FieldError, choice

F = ImportsState.file
L = ImportsState.look
_MODES = (
    ("upsert", "Change known, create new"),
    ("insert", "Only create new, skip known"),
    ("update", "Only change known, skip new"),
)
_DATES = (
    ("", "As the file has it"),
    ("dmy", "Day first: 31/12/2026"),
    ("mdy", "Month first: 12/31/2026"),
    ("ymd", "Year first: 2026-12-31"),
)
_ENCODINGS = (
    "utf-8",
    "utf-16",
    "cp1252",
    "latin-1",
    "iso8859-15",
    "cp1250",
    "cp1251",
    "mac-roman",
    "shift_jis",
    "gb18030",
)
_SEPARATORS = ((",", "Comma"), (";", "Semicolon"), ("\t", "Tab"), ("|", "Vertical bar"))


def columns_step() -> rx.Component:
    """Columns and fields, how rows are known, and the button that tries every row."""
    return rx.fragment(
        rx.cond(F.origin != "", note(F.origin, "success", "circle-check")),
        rx.cond(
            F.asked != "",
            note("Dates can be read in two ways in: " + F.asked + ". Say below which comes first.", "warning"),
        ),
        _written(),
        form(
            "map",
            hidden("batch", L.id),
            hidden("encoding", F.told_encoding),
            hidden("delimiter", F.told_delimiter),
            hidden("sheet", F.sheet),
            rx.el.div(
                table(
                    "Columns of the file",
                    [column("Column"), column("First values"), column("Becomes")],
                    F.columns,
                    _row,
                ),
                class_name="import-columns",
            ),
            rx.el.section(
                rx.cond(F.known_by.length() > 0, _known_by()),
                select_field("map", "dates", "Dates are written", _DATES, default_value=F.dates),
                field(
                    "map",
                    "keep",
                    "Keep this mapping as (optional)",
                    max_length=120,
                    auto_complete="off",
                    help_text="The next file with these columns is then mapped by itself.",
                ),
                rx.cond(F.dated, _shift()),
                class_name="card pad import-choices",
            ),
            rx.el.div(
                button("Drop this file", "ghost", "trash-2", on_click=ImportsState.cancel(L.id)),
                button("Check every row", "solid", type="submit"),
                class_name="form-actions",
            ),
            on_submit=ImportsState.save_map,
            draft_of=F.form,
            key=F.form,
        ),
    )


def _row(row: rx.Var[ColumnRow], at: rx.Var[int]) -> rx.Component:
    box = rx.el.select(
        rx.el.option("Leave out", value=""),
        rx.foreach(F.fields, _option),
        name="fields",
        default_value=row.field,
        class_name="select",
        custom_attrs={"aria-label": "Field of the column " + row.header, "data-list": ""},
    )
    return rx.el.tr(
        cell("Column", rx.el.span(row.header, class_name="strong anywhere"), primary=True),
        cell("First values", rx.el.span(rx.cond(row.samples != "", row.samples, "empty"), class_name="muted anywhere")),
        cell("Becomes", rx.el.div(box, rx.cond(row.hint != "", meta(row.hint)), class_name="import-field")),
        key=at.to_string(),
    )


def _option(one: rx.Var[Choice]) -> rx.Component:
    return rx.el.option(one.label, value=one.value)


def _known_by() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.label("Rows are known by", html_for="map-key"),
            rx.el.select(
                rx.el.option("Whatever fits, the surest first", value=""),
                rx.foreach(F.known_by, _option),
                id="map-key",
                name="key",
                default_value=F.key,
                class_name="select",
                custom_attrs={"aria-describedby": "map-key-error"},
            ),
            FieldError.create(field="key"),
            class_name="field",
        ),
        select_field("map", "mode", "What happens", _MODES, default_value=F.mode),
    )


def _shift() -> rx.Component:
    return rx.el.div(
        choice(
            "shift",
            "yes",
            "Move all dates so that the newest is of today",
            "For trying out with old data; leave it off for your own.",
            default_checked=F.shift,
        ),
        class_name="field",
    )


def _written() -> rx.Component:
    """How the file is read, and the way to read it otherwise."""
    csv = rx.fragment(
        _read_as("delimiter", "Columns apart by", _SEPARATORS, F.delimiter),
        _read_as("encoding", "Encoding", [(one, one.upper()) for one in _ENCODINGS], F.encoding),
    )
    sheet = rx.el.label(
        "Sheet",
        rx.el.select(
            rx.foreach(F.sheets, lambda one: rx.el.option(one, value=one)),
            value=F.sheet,
            on_change=lambda value: ImportsState.read_as("sheet", value),
            class_name="select",
        ),
        class_name="field",
    )
    return rx.el.details(
        rx.el.summary("How the file is read: " + F.written),
        rx.el.div(rx.cond(F.sheets.length() > 0, sheet, csv), class_name="number-row"),
        class_name="card pad disclosure",
    )


def _read_as(name: Any, label: str, options: Any, value: rx.Var[str]) -> rx.Component:
    return rx.el.label(
        label,
        rx.el.select(
            *[rx.el.option(text, value=one) for one, text in options],
            value=value,
            on_change=lambda chosen: ImportsState.read_as(name, chosen),
            class_name="select",
        ),
        class_name="field",
    )
