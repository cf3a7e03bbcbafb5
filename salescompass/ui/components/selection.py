"""The client's part of selecting records in a list."""

from __future__ import annotations

from typing import Any

import reflex as rx

_SOURCE = rx.asset("selection.jsx", shared=True)


class Selection(rx.Component):
    """The bar over what is selected; its children are the acts. Rows bear an input with `data-pick`.

    Forms take the selection along by `picked_fields`; one whose name begins with `bulk-` ends it when it is accepted.
    """

    library = _SOURCE.importable_path
    tag = "Selection"
    lib_dependencies: list[str] = ["tinykeys@4.0.0"]

    matching: rx.Var[int]
    matching_words: rx.Var[str]
    rows: rx.Var[int]
    on: rx.Var[bool]


def pick(value: rx.Var[str], name: Any) -> rx.Component:
    """The tick of a row."""
    attributes = {"data-pick": "", "aria-label": "Select " + name}
    return rx.el.input(type="checkbox", default_value=value, custom_attrs=attributes)


def pick_page() -> rx.Component:
    """The tick in the heading: all rows that are shown."""
    attributes = {"data-pick-page": "", "aria-label": "Select all rows shown"}
    return rx.el.input(type="checkbox", custom_attrs=attributes)


def picked_fields() -> list[rx.Component]:
    """What goes along with a form: the ids that are selected, and whether all that match are meant."""
    return [
        rx.el.input(type="hidden", name="picked", custom_attrs={"data-picked": ""}),
        rx.el.input(type="hidden", name="everything", custom_attrs={"data-everything": ""}),
    ]
