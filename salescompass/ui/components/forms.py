"""The one form: label, help and error for each field, a summary above, and nothing typed is ever lost.

Inputs are uncontrolled, so a lost socket changes nothing in them; what is typed is also kept in the browser
until the form was accepted. A form goes to the server by HTTP (`action`) or as an event (`on_submit`, which
answers with `answered(...)` or `refused(...)`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from salescompass.kit.errors import SalesCompassError
from salescompass.ui.components.elements import Text, button

_SOURCE = rx.asset("form.jsx", shared=True)
_VALUES = rx.asset("value_input.jsx", shared=True)


def _values(values: rx.Var[dict[str, Any]]) -> tuple[rx.Var[dict[str, Any]]]:
    """What a submitted form sends: its values by name, lists for checkboxes. The handler's TypedDict bounds them."""
    return (values,)


class Form(rx.Component):
    """The client's part of a form."""

    library = _SOURCE.importable_path
    tag = "Form"

    name: rx.Var[str]
    action: rx.Var[str]
    draft: rx.Var[bool]
    draft_of: rx.Var[str]
    sent: rx.Var[str]
    on_submit: rx.EventHandler[_values]  # type: ignore[type-arg, valid-type]


class FieldError(rx.Component):
    """What is wrong with one field; empty while nothing is."""

    library = _SOURCE.importable_path
    tag = "FieldError"

    field: rx.Var[str]


class FieldChoice(rx.Component):
    """A choice of a field, named `field`, and the control that fits it, named `value`."""

    library = _VALUES.importable_path
    tag = "FieldChoice"

    form: rx.Var[str]
    fields: rx.Var[list[dict[str, Any]]]


def form(name: Text, *children: Any, **props: Any) -> rx.Component:
    """A form. Give `action` (an HTTP address) or `on_submit`; `draft=False` keeps nothing in the browser.

    `draft_of` says what the form is about, where one thing's draft must not be found again under another. Fields with
    the attribute `data-list` that share a name are sent as a list.
    """
    return Form.create(*children, name=name, **props)


def answered(form_name: str) -> EventSpec:
    """Tell an open form that it was accepted: it empties itself and closes its dialog."""
    return _tell({"form": form_name, "ok": True})


def refused(form_name: str, error: SalesCompassError) -> EventSpec:
    """Tell an open form what is wrong; what was typed stays."""
    errors = {wrong.field: wrong.message for wrong in error.errors if wrong.field}
    return _tell({"form": form_name, "errors": errors, "message": "" if errors else error.message})


def _tell(detail: dict[str, Any]) -> EventSpec:
    text = json.dumps(detail)
    return rx.call_script(f"window.dispatchEvent(new CustomEvent('sc:answer', {{detail: {text}}}))")


def hidden(name: str, value: Text) -> rx.Component:
    """A value that goes along without being shown."""
    return rx.el.input(type="hidden", name=name, value=value, read_only=True)


def _about(form_name: str, name: str, help_text: Any) -> tuple[dict[str, str], list[rx.Component]]:
    """What describes a field: its help and its error, and the attributes that tie them to it."""
    described = [f"{form_name}-{name}-error"]
    parts: list[rx.Component] = []
    if help_text:
        described.insert(0, f"{form_name}-{name}-help")
        parts.append(rx.el.p(help_text, class_name="help", id=f"{form_name}-{name}-help"))
    parts.append(FieldError.create(field=name))
    return {"aria-describedby": " ".join(described)}, parts


def field(form_name: str, name: str, label: str, *, help_text: Any = "", **props: Any) -> rx.Component:
    """A text field with its label, help and error. Optional ones say so in their label."""
    described, parts = _about(form_name, name, help_text)
    attributes = {**described, **props.pop("custom_attrs", {})}
    return rx.el.div(
        rx.el.label(label, html_for=f"{form_name}-{name}"),
        rx.el.input(id=f"{form_name}-{name}", name=name, class_name="input", custom_attrs=attributes, **props),
        *parts,
        class_name="field",
    )


def area(form_name: str, name: str, label: str, *, help_text: Any = "", rows: int = 6, **props: Any) -> rx.Component:
    """A field of several lines."""
    described, parts = _about(form_name, name, help_text)
    return rx.el.div(
        rx.el.label(label, html_for=f"{form_name}-{name}"),
        rx.el.textarea(
            id=f"{form_name}-{name}",
            name=name,
            class_name="area",
            rows=rows,
            custom_attrs={**described, "spellCheck": "false"},
            **props,
        ),
        *parts,
        class_name="field",
    )


def select_field(
    form_name: str,
    name: str,
    label: str,
    options: Sequence[tuple[str, str]] | rx.Var[list[tuple[str, str]]],
    *,
    none: str = "",
    help_text: Any = "",
    **props: Any,
) -> rx.Component:
    """A choice of one from a short list of (value, words), as the browser draws it; `none` is the empty choice."""
    described, parts = _about(form_name, name, help_text)
    listed = (
        [rx.foreach(options, lambda one: rx.el.option(one[1], value=one[0]))]
        if isinstance(options, rx.Var)
        else [rx.el.option(text, value=value) for value, text in options]
    )
    return rx.el.div(
        rx.el.label(label, html_for=f"{form_name}-{name}"),
        rx.el.select(
            *([rx.el.option(none, value="")] if none else []),
            *listed,
            id=f"{form_name}-{name}",
            name=name,
            class_name="select",
            custom_attrs=described,
            **props,
        ),
        *parts,
        class_name="field",
    )


def choice(name: str, value: Text, label: Any, help_text: Any = "", **props: Any) -> rx.Component:
    """One checkbox or radio button, its words and what they mean."""
    props.setdefault("type", "checkbox")
    about = [rx.el.span(help_text, class_name="help")] if help_text is not None else []
    return rx.el.label(
        rx.el.input(name=name, value=value, **props),
        rx.el.span(rx.el.span(label, class_name="strong"), *about),
        class_name="choice",
    )


def checkboxes(form_name: str, name: str, legend: str, *choices: Any, help_text: Any = "") -> rx.Component:
    """A group of choices under one legend; the server gets the list of those ticked."""
    described, parts = _about(form_name, name, help_text)
    return rx.el.fieldset(
        rx.el.legend(legend),
        *parts[:-1],
        rx.el.div(*choices, class_name="choices two"),
        parts[-1],
        class_name="field",
        id=f"{form_name}-{name}",
        custom_attrs=described,
    )


def radios(
    form_name: str, name: str, legend: str, options: Sequence[tuple[str, str, str]], default: str
) -> rx.Component:
    """A choice of one with explanations: (value, label, help)."""
    choices = [
        choice(name, value, label, help_text, type="radio", default_checked=value == default)
        for value, label, help_text in options
    ]
    return rx.el.fieldset(
        rx.el.legend(legend),
        rx.el.div(*choices, class_name="choices"),
        FieldError.create(field=name),
        class_name="field",
        id=f"{form_name}-{name}",
    )


def submit_button(label: str, *, cancel: bool = True, look: str = "solid") -> rx.Component:
    """The end of a form in a dialog: Cancel, and the one solid button; `look` outline where the page has another."""
    return rx.el.div(
        *([button("Cancel", custom_attrs={"data-act": "close"})] if cancel else []),
        button(label, look, type="submit"),
        class_name="form-actions",
    )
