"""Dialogs are native and have an address: a link to `#name` opens one, Esc, Back and the cross close it.

So a reload or a shared link opens it again, focus stays inside and goes back where it was. On phones the same
markup is a bottom sheet. Menus are native popovers.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui.components.elements import button, icon


def close_button(label: str = "Close") -> rx.Component:
    """The cross of a dialog."""
    return rx.el.button(
        icon("x"),
        type="button",
        class_name="icon-button",
        custom_attrs={"data-act": "close", "aria-label": label},
    )


def dialog(name: str, title: str | rx.Var[str], *children: Any, lead: Any = None, shape: str = "") -> rx.Component:
    """A dialog opened by a link to `#name`. Shapes: "" (centred), "wide", "side" (a panel at the right)."""
    intro = [rx.el.p(lead, class_name="muted")] if lead is not None else []
    return rx.el.dialog(
        rx.el.div(rx.el.h2(title, id=f"{name}-title", tab_index=-1), close_button(), class_name="sheet-head"),
        rx.el.div(rx.el.div(*intro, *children, class_name="stack"), class_name="sheet-body"),
        id=name,
        class_name=shape,
        custom_attrs={"aria-labelledby": f"{name}-title"},
    )


def confirm(
    name: str,
    title: str | rx.Var[str],
    text: Any,
    *,
    action: str,
    on_confirm: Any,
) -> rx.Component:
    """Asks before what cannot be undone. Says what will happen; the button repeats the verb."""
    return dialog(
        name,
        title,
        rx.el.p(text),
        rx.el.div(
            button("Cancel", custom_attrs={"data-act": "close"}),
            button(action, "danger", on_click=on_confirm, custom_attrs={"data-act": "close"}),
            class_name="form-actions",
        ),
    )


def menu(name: str, *children: Any, place: str = "from-bottom") -> rx.Component:
    """A popover of links and acts; open it with a button that has `menu_opener(name)`."""
    return rx.el.div(*children, id=name, class_name=f"menu {place}", custom_attrs={"popover": "auto"})


def menu_opener(name: str) -> dict[str, str]:
    """The attributes of a button that opens the menu."""
    return {"popovertarget": name, "aria-haspopup": "true"}
