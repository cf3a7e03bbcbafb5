"""Texts to copy: commands and secrets, with a button beside them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui.components.elements import Text, button


def copy_button(value: Text, label: str = "Copy") -> rx.Component:
    """Copies a text; a toast says so."""
    return button(label, "outline", "copy", custom_attrs={"data-act": "copy", "data-value": value})


def secret(value: Text) -> rx.Component:
    """A text in one line with its copy button."""
    return rx.el.div(rx.el.code(value), copy_button(value), class_name="secret")


def command(value: Any) -> rx.Component:
    """A command as it is typed, with its copy button."""
    return rx.el.div(
        rx.el.pre(value, class_name="codeblock", tab_index=0),
        rx.el.div(copy_button(value, "Copy command"), class_name="row"),
        class_name="stack",
    )
