"""The one table: semantic, sorted by links that say so, and a list of cards on phones."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui.components.elements import icon


def column(
    title: str,
    *,
    end: bool = False,
    sort: rx.Var[str] | str | None = None,
    href: rx.Var[str] | str | None = None,
) -> rx.Component:
    """A heading. With `sort` (ascending, descending, none) and `href` it is a link that sorts by it."""
    attributes: dict[str, Any] = {"scope": "col"}
    if sort is None:
        return rx.el.th(title, class_name="end" if end else "", custom_attrs=attributes)
    attributes["aria-sort"] = sort
    arrow = rx.match(
        sort,
        ("ascending", icon("arrow-up", 13)),
        ("descending", icon("arrow-down", 13)),
        rx.fragment(),
    )
    return rx.el.th(rx.el.a(title, arrow, href=href), class_name="end" if end else "", custom_attrs=attributes)


def cell(label: str, *children: Any, end: bool = False, primary: bool = False) -> rx.Component:
    """A cell; the label is its column's name, which a phone shows beside the value."""
    classes = " ".join(name for name, on in (("end", end), ("primary", primary)) if on)
    return rx.el.td(*children, class_name=classes, custom_attrs={"data-label": label} if label else {})


def table(caption: str, columns: list[rx.Component], rows: Any, row: Any, **props: Any) -> rx.Component:
    """A table of a list variable: `row` makes the `<tr>` of one item."""
    return rx.el.div(
        rx.el.table(
            rx.el.caption(caption, class_name="hidden"),
            rx.el.thead(rx.el.tr(*columns)),
            rx.el.tbody(rx.foreach(rows, row)),
            class_name="table",
        ),
        class_name="table-wrap",
        **props,
    )
