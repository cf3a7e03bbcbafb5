"""The facts of a record: each with its name, changed where it stands by those who may."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from salescompass.ui.components.elements import icon, link
from salescompass.ui.components.forms import FieldError, form, hidden
from salescompass.ui.components.in_place import in_place, in_place_buttons

FOUND = "found-names"
"""The list of names that fields for other records suggest from."""


@dataclass(frozen=True)
class FactLook:
    """A fact. `typed` is how its value stands in the field; `editor` text, lines, number, date, choice, record, or
    nothing where it cannot be changed. `options` are the values and words of a choice."""

    key: str = ""
    label: str = ""
    value: str = ""
    href: str = ""
    typed: str = ""
    editor: str = ""
    help: str = ""
    most: int = 255
    options: list[tuple[str, str]] = field(default_factory=list)


def facts_card(state: Any, may_edit: Any) -> rx.Component:
    """The facts that are known, tags, and behind a line the fields without a value; `state` is a record's (see
    ui/record_acts.py)."""
    shown, empty = state.beside.facts, state.beside.empty

    def fact(one: rx.Var[FactLook]) -> rx.Component:
        return rx.el.div(
            rx.el.dt(one.label),
            rx.el.dd(rx.cond(may_edit & (one.editor != ""), _changeable(one, state), _value(one))),
            class_name="fact",
            key=one.key,
        )

    return rx.el.section(
        rx.el.div(rx.el.h2("Facts"), class_name="card-title"),
        rx.el.dl(rx.foreach(shown, fact), class_name="fact-list"),
        rx.cond(
            may_edit & (empty.length() > 0),
            rx.el.details(
                rx.el.summary(empty.length().to_string(), " fields without a value"),
                rx.el.dl(rx.foreach(empty, fact), class_name="fact-list"),
                class_name="disclosure",
            ),
        ),
        _tags(state, may_edit),
        rx.el.datalist(rx.foreach(state.names_found, lambda name: rx.el.option(value=name)), id=FOUND),
        class_name="card people-card in-facts",
        id="facts",
    )


def _tags(state: Any, may_edit: Any) -> rx.Component:
    def tag(name: rx.Var[str]) -> rx.Component:
        off = rx.el.button(
            icon("x", 13),
            type="button",
            on_click=state.put_tag(name, False, None, None),
            custom_attrs={"aria-label": "Take off the tag " + name},
        )
        return rx.el.li(rx.el.span(name, class_name="cut"), rx.cond(may_edit, off), class_name="chip tag", key=name)

    editor = form(
        "tag",
        rx.el.input(
            id="tag-tag",
            name="tag",
            max_length=60,
            class_name="input",
            auto_complete="off",
            custom_attrs={"aria-label": "New tag", "aria-describedby": "tag-tag-error"},
        ),
        FieldError.create(field="tag"),
        in_place_buttons("Add tag"),
        on_submit=state.add_tag,
        draft=False,
        class_name="form in-place-form",
    )
    add = in_place("tag", "Add tag", rx.el.span(icon("tag", 14), "Add tag"), editor)
    return rx.el.div(
        rx.el.ul(rx.foreach(state.beside.tags, tag), class_name="tags", custom_attrs={"aria-label": "Tags"}),
        rx.cond(may_edit, add),
        class_name="tag-line",
    )


def _value(one: rx.Var[FactLook]) -> rx.Component:
    words = rx.cond(
        one.value != "", rx.el.span(one.value, class_name="fact-value"), rx.el.span("–", class_name="muted")
    )
    return rx.cond(one.href != "", link(one.value, one.href), words)


def _changeable(one: rx.Var[FactLook], state: Any) -> rx.Component:
    name = "fact-" + one.key
    said = one.label + ": " + rx.cond(one.value != "", one.value, "nothing") + ". Change"
    editor = form(
        name,
        rx.match(
            one.editor,
            ("lines", rx.el.textarea(**_field(one, "area"), rows=5)),
            ("choice", _choice(one)),
            ("date", rx.el.input(**_field(one, "input"), type="date")),
            ("number", rx.el.input(**_field(one, "input"), input_mode="decimal", auto_complete="off")),
            (
                "record",
                rx.el.input(
                    **_field(one, "input"),
                    list=FOUND,
                    auto_complete="off",
                    on_change=state.find_names(one.key).debounce(200),
                ),
            ),
            rx.el.input(**_field(one, "input"), auto_complete="off"),
        ),
        rx.cond(one.help != "", rx.el.p(one.help, class_name="help")),
        FieldError.create(field="value"),
        hidden("key", one.key),
        hidden("was", one.typed),
        in_place_buttons(),
        on_submit=state.save_fact,
        draft=False,
        class_name="form in-place-form",
    )
    return rx.cond(
        one.href != "",
        in_place(name, "Change " + one.label, link(one.value, one.href), editor, beside=True),
        in_place(name, said, _value(one), editor),
    )


def _field(one: rx.Var[FactLook], look: str) -> dict[str, Any]:
    return {
        "id": "fact-" + one.key + "-value",
        "name": "value",
        "default_value": one.typed,
        "max_length": one.most,
        "class_name": look,
        "custom_attrs": {"aria-label": one.label, "aria-describedby": "fact-" + one.key + "-value-error"},
    }


def _choice(one: rx.Var[FactLook]) -> rx.Component:
    props = _field(one, "select")
    props.pop("max_length")
    return rx.el.select(
        rx.el.option("–", value=""),
        rx.foreach(one.options, lambda pair: rx.el.option(pair[1], value=pair[0])),
        **props,
    )
