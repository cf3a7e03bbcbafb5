"""A value that is changed where it stands: a click, Enter or F2 opens its form, Esc leaves it as it was."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui.components.elements import Text, button

_SOURCE = rx.asset("in_place.jsx", shared=True)


class InPlace(rx.Component):
    """The client's part: closes when the form was accepted, and gives the focus back."""

    library = _SOURCE.importable_path
    tag = "InPlace"

    form: rx.Var[str]
    label: rx.Var[str]
    beside: rx.Var[bool]
    word: rx.Var[str]


def in_place(form_name: Text, label: Text, shown: Any, editor: Any, **props: Any) -> rx.Component:
    """What is shown, and the form that takes its place. `beside`: the value stays itself (a link, a text), and a
    button beside it opens the form; with `word` that button is a word."""
    return InPlace.create(shown, editor, form=form_name, label=label, **props)


def in_place_buttons(label: str = "Save") -> rx.Component:
    """The end of a form in place."""
    return rx.el.div(
        button(label, "solid", type="submit"),
        button("Cancel", "ghost", custom_attrs={"data-act": "leave"}),
        class_name="in-place-acts",
    )
