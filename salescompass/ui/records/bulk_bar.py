"""The bar over what is selected in a list, the dialogs of its acts, and the card of a bulk edit at work."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui.components import (
    button,
    dialog,
    field,
    form,
    icon,
    icon_button,
    link_button,
    submit_button,
)
from salescompass.ui.components.forms import FieldChoice, radios
from salescompass.ui.components.selection import Selection, picked_fields
from salescompass.ui.records.kinds import ListKind
from salescompass.ui.shell_state import ShellState


def bulk_bar(state: Any) -> rx.Component:
    """What can be done with the records that are selected."""
    return Selection.create(
        link_button("Change field", "#bulk-field", "outline", "pencil"),
        link_button("Tags", "#bulk-tags", "outline", "tag"),
        link_button("Delete", "#bulk-delete", "outline", "trash-2"),
        matching=state.matching,
        matching_words=state.matching_words,
        rows=state.rows.length(),
        on=ShellState.shortcuts,
    )


def bulk_card(state: Any) -> rx.Component:
    """How far a bulk edit is, and what can be done about it."""
    bulk = state.bulk
    bar = rx.el.div(
        rx.el.span(style={"width": bulk.percent.to_string() + "%"}),
        class_name="bar wide",
        role="progressbar",
        custom_attrs={
            "aria-label": "Progress", "aria-valuenow": bulk.percent, "aria-valuemin": "0", "aria-valuemax": "100",
        },
    )  # fmt: skip
    acts = rx.el.div(
        rx.cond(bulk.can_cancel, button("Cancel", on_click=state.cancel_bulk(bulk.id))),
        rx.cond(bulk.can_undo, button("Undo", icon_name="undo-2", on_click=state.undo_bulk(bulk.id))),
        rx.cond(
            ~bulk.moving,
            rx.fragment(
                rx.el.a(
                    icon("download"), "Result of each record", href=bulk.results, class_name="button ghost",
                    custom_attrs={"download": "", "reloadDocument": True},
                ),
                icon_button("Close", "x", on_click=state.close_bulk),
            ),
        ),
        class_name="row wrap",
    )  # fmt: skip
    card = rx.el.section(
        rx.el.div(rx.el.h2(bulk.words), rx.el.p(bulk.told, class_name="muted num", role="status"), class_name="grow"),
        acts,
        rx.cond(bulk.moving, bar),
        class_name="card bulk-card",
        custom_attrs={"aria-label": "Bulk edit"},
    )
    return rx.cond(bulk.id != "", card)


def bulk_dialogs(of: ListKind, state: Any) -> list[rx.Component]:
    """Giving a field one value, tags, and the trash."""
    change = form(
        "bulk-field",
        *picked_fields(),
        FieldChoice.create(form="bulk-field", fields=state.bulk_editors),
        submit_button("Change records"),
        on_submit=state.bulk_field,
        draft=False,
        class_name="form",
    )
    ways = (("add", "Add", "Put them on; others stay."), ("remove", "Remove", "Take them off where they are."))
    tags = form(
        "bulk-tags",
        *picked_fields(),
        radios("bulk-tags", "way", "What shall be done", ways, "add"),
        field(
            "bulk-tags", "tags", "Tags", required=True, max_length=500, auto_complete="off",
            help_text="Several are separated by commas.",
        ),
        submit_button("Change tags"),
        on_submit=state.bulk_tags,
        draft=False,
        class_name="form",
    )  # fmt: skip
    delete = form(
        "bulk-delete",
        *picked_fields(),
        rx.el.p(f"The selected {of.title.lower()} go to the trash, where they stay for 30 days."),
        submit_button("Delete records"),
        on_submit=state.bulk_delete,
        draft=False,
        class_name="form",
    )
    lead = "All that is selected gets this value. Above 200 records it is done in the background, and can be cancelled."
    return [
        dialog("bulk-field", "Change a field", change, lead=lead),
        dialog("bulk-tags", "Change tags", tags),
        dialog("bulk-delete", f"Delete {of.title.lower()}", delete),
    ]
