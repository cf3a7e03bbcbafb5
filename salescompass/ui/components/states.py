"""What a page shows when there is nothing yet, while it loads, and when something failed."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui.components.elements import button, icon


def _ghost_row(wide: int, narrow: int) -> rx.Component:
    return rx.el.div(
        rx.el.i(class_name="tile"),
        rx.el.div(rx.el.i(style={"width": f"{wide}%"}), rx.el.i(style={"width": f"{narrow}%"}), class_name="lines"),
        rx.el.i(class_name="action"),
        class_name="ghost-row",
    )


def first_use(title: str, why: str, *actions: Any, safe: str = "") -> rx.Component:
    """A page before its first use: what will stand here, why it is empty, and the one next step."""
    return rx.el.section(
        rx.el.div(_ghost_row(34, 54), _ghost_row(42, 46), class_name="ghosts", custom_attrs={"aria-hidden": "true"}),
        rx.el.div(
            rx.el.h2(title),
            rx.el.p(why),
            rx.el.div(*actions, class_name="row"),
            *([rx.el.span(safe, class_name="meta")] if safe else []),
            class_name="empty-text",
        ),
        class_name="empty",
    )


def step(number: int, title: str, detail: str, href: Any, time: str) -> rx.Component:
    """A next step in a list: where it leads and how long it takes."""
    return rx.el.a(
        rx.el.span(str(number), class_name="n"),
        rx.el.span(
            rx.el.span(title, class_name="strong", display="block"),
            rx.el.span(detail, class_name="muted", display="block"),
            class_name="grow",
        ),
        rx.el.span(time, class_name="meta"),
        href=href,
        class_name="step first" if number == 1 else "step",
    )


def empty(title: str, text: Any, *actions: Any, icon_name: str = "inbox") -> rx.Component:
    """Nothing here, and what to do about it."""
    return rx.el.div(icon(icon_name, 20), rx.el.h2(title), rx.el.p(text), *actions, class_name="empty-plain")


def in_trash(title: str, on_bring_back: Any) -> rx.Component:
    """What was put into the trash here, and the way back."""
    return empty(
        title,
        "For 30 days it can be brought back, with all that belongs to it.",
        button("Bring it back", "outline", "undo-2", on_click=on_bring_back),
        icon_name="trash-2",
    )


def all_well(text: str) -> rx.Component:
    """One quiet line where a list of troubles would stand."""
    return rx.el.div(icon("circle-check"), text, class_name="card quiet-line")


def loading(rows: int = 5) -> rx.Component:
    """Grey shapes in the place of rows; they appear only when loading takes a moment."""
    widths = (62, 48, 71, 55, 66)
    return rx.el.div(
        *[rx.el.div(rx.el.i(style={"width": f"{widths[i % 5]}%"}), class_name="line") for i in range(rows)],
        class_name="card skeleton",
        custom_attrs={"aria-hidden": "true"},
    )


def failed(text: str | rx.Var[str], on_retry: Any) -> rx.Component:
    """What failed, and a way to try again; nothing was lost by it."""
    return rx.el.div(
        icon("triangle-alert"),
        rx.el.div(text, class_name="grow"),
        button("Try again", on_click=on_retry),
        class_name="note danger",
        role="alert",
    )
