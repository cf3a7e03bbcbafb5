"""Fields of a company's own: what it keeps of records beyond what everybody keeps."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.admin_fields.rows import KINDS, OBJECTS, FieldRow
from salescompass.ui.admin_fields.state import FieldsState
from salescompass.ui.components import (
    area,
    button,
    cell,
    chip,
    column,
    dialog,
    field,
    first_use,
    form,
    hidden,
    icon_button,
    link_button,
    loading,
    select_field,
    submit_button,
    table,
)
from salescompass.ui.components.forms import choice
from salescompass.ui.shell import page_head, screen


@screen(routes.FIELDS, title="Custom fields", place="fields", on_load=FieldsState.load)
def fields_page() -> rx.Component:
    """For administrators: the fields of one kind of record at a time."""
    return rx.fragment(
        page_head(
            "Custom fields",
            lead="For administrators: what you keep of your records beyond what everybody keeps. A field of your own "
            "is on pages, in filters, imports, exports and the API at once.",
            actions=[link_button("Add field", _here("#own-field"), "solid", "plus")],
        ),
        _kinds(),
        rx.cond(FieldsState.loaded, rx.cond(FieldsState.rows.length() > 0, _table(), _none_yet()), loading(5)),
        _field_dialog(),
    )


def _here(more: str) -> Any:
    return f"{routes.FIELDS}?of=" + FieldsState.of + more


def _kinds() -> rx.Component:
    return rx.el.div(
        rx.el.nav(
            *[
                rx.el.a(
                    label,
                    href=routes.own_fields(key),
                    custom_attrs={"aria-current": rx.cond(FieldsState.of == key, "page", rx.Var("undefined"))},
                )
                for key, label, _ in OBJECTS
            ],
            class_name="segments",
            custom_attrs={"aria-label": "Kind of record"},
        ),
        class_name="filters",
    )


def _none_yet() -> rx.Component:
    return first_use(
        "No custom fields yet",
        "Contract number, renewal month, partner level: whatever you ask of every record. Fields have a kind, so that "
        "they can be filtered and sorted out.",
        link_button("Add the first field", _here("#own-field"), "outline", "plus"),
        safe="A field that is used no more is retired; its values stay.",
    )


def _table() -> rx.Component:
    return table(
        "Custom fields",
        [column("Field"), column("Kind"), column("Options"), column("Order", end=True), column("", end=True)],
        FieldsState.rows,
        _row,
    )


def _row(row: rx.Var[FieldRow]) -> rx.Component:
    name = rx.el.div(
        rx.el.div(
            rx.el.span(row.label, class_name="strong"),
            rx.cond(row.required, chip("Required", "info")),
            rx.cond(row.retired, chip("Retired", "warning", "ban")),
            class_name="row wrap",
        ),
        rx.el.div(rx.el.code("custom." + row.key), class_name="meta plain anywhere"),
    )
    order = rx.cond(
        row.retired,
        rx.fragment(),
        rx.el.div(
            icon_button(
                "Move up", "arrow-up", disabled=row.first, on_click=FieldsState.move(FieldsState.of, row.key, True)
            ),
            icon_button(
                "Move down", "arrow-down", disabled=row.last, on_click=FieldsState.move(FieldsState.of, row.key, False)
            ),
            class_name="row",
        ),
    )
    acts = rx.cond(
        row.retired,
        button("Use again", "ghost", "undo-2", on_click=FieldsState.bring_back(FieldsState.of, row.key)),
        rx.el.div(
            link_button("Edit", _here("&field=") + row.key + "#own-field", "ghost", "pencil"),
            button("Retire", "ghost", "ban", on_click=FieldsState.retire(FieldsState.of, row.key)),
            class_name="row",
        ),
    )
    return rx.el.tr(
        cell("Field", name, primary=True),
        cell("Kind", row.kind_word),
        cell("Options", rx.el.span(row.options_word, class_name="muted")),
        cell("Order", order, end=True),
        cell("", acts, end=True),
        key=row.key,
    )


def _field_dialog() -> rx.Component:
    picked = FieldsState.picked
    new = picked.key == ""
    return dialog(
        "own-field",
        rx.cond(new, "Add a field to " + FieldsState.many, "Edit " + picked.label),
        rx.cond(
            FieldsState.loaded,
            form(
                "own-field",
                hidden("of", FieldsState.of),
                hidden("key", picked.key),
                field(
                    "own-field",
                    "label",
                    "Label",
                    default_value=picked.label,
                    required=True,
                    max_length=60,
                    auto_complete="off",
                    placeholder="Contract number",
                ),
                rx.cond(
                    new,
                    select_field(
                        "own-field",
                        "kind",
                        "Kind",
                        KINDS,
                        default_value="text",
                        help_text="It decides how values are compared, and stays.",
                    ),
                    rx.fragment(hidden("kind", picked.kind)),
                ),
                rx.cond(new | (picked.kind == "choice"), _options(picked)),
                choice(
                    "required",
                    "on",
                    "Required",
                    "A new record needs it. Records that are there stay as they are.",
                    default_checked=picked.required,
                ),
                submit_button("Save field"),
                on_submit=FieldsState.save,
                draft=new,
                key="field-" + FieldsState.of + "-" + picked.key,
            ),
        ),
    )


def _options(picked: Any) -> rx.Component:
    return area(
        "own-field",
        "options",
        "Options",
        default_value=picked.options,
        rows=5,
        placeholder="Gold\nSilver\nBronze",
        help_text="For a choice of one: a line for each. An option that goes stays on the records that have it.",
    )
