"""The dialogs of scoring: a rule, publishing, going back, discarding, and choosing accounts to look at."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.admin_scoring.content import CONDITION_ROWS
from salescompass.ui.admin_scoring.rows import HOWS, OPERATORS, BandRow
from salescompass.ui.admin_scoring.state import ScoringState
from salescompass.ui.components import button, confirm, dialog, field, form, hidden, icon, submit_button
from salescompass.ui.components.forms import FieldError, choice
from salescompass.ui.components.scores import band_chip

L = ScoringState.look
P = ScoringState.picked


def dialogs() -> rx.Component:
    """All of them."""
    back = "Go back to version " + ScoringState.returning.to_string() + "?"
    return rx.fragment(
        _rule_dialog(),
        _publish_dialog(),
        _look_dialog(),
        confirm(
            "discard",
            "Discard the draft?",
            "What you changed since the live version is gone. Scores stay as they are.",
            action="Discard draft",
            on_confirm=ScoringState.discard,
        ),
        confirm(
            "return",
            back,
            "It is published again as a new version and everybody is scored by it at once. A draft that is being "
            "written stays.",
            action="Go back",
            on_confirm=ScoringState.roll_back(ScoringState.returning),
        ),
    )


def _rule_dialog() -> rx.Component:
    drop = button("Take it out of the draft", "ghost", "trash-2", on_click=ScoringState.drop_rule(P.key))
    return dialog(
        "rule",
        rx.cond(P.key != "", "Rule for " + P.label, "Add rule"),
        rx.cond(
            L.drafting,
            rx.fragment(
                form(
                    "rule",
                    hidden("was", P.key),
                    rx.cond(P.key != "", hidden("type", P.type), _type_field()),
                    _narrowing(),
                    rx.el.div(*_worth(), class_name="two-fields"),
                    _how(),
                    submit_button("Save rule"),
                    on_submit=ScoringState.save_rule,
                    draft=False,
                    key="rule-" + P.key + "-" + L.version.to_string(),
                ),
                rx.cond(P.set_here, rx.el.div(drop, class_name="row")),
            ),
            rx.el.p("Start a draft first; rules are changed in it.", class_name="muted"),
        ),
        shape="wide",
    )


def _type_field() -> rx.Component:
    return rx.el.div(
        rx.el.label("Event", html_for="rule-type"),
        rx.el.select(
            rx.foreach(L.types, lambda one: rx.el.option(one[1], value=one[0])),
            id="rule-type",
            name="type",
            default_value=P.type,
            class_name="select",
        ),
        FieldError.create(field="type"),
        class_name="field",
    )


def _narrowing() -> rx.Component:
    only = rx.el.div(
        rx.el.p(
            "With a name and conditions it counts only events whose properties fit all of them, before the type's "
            "other rules. Without a name it counts every event of the type that is left.",
            class_name="help",
        ),
        field(
            "rule",
            "name",
            "Name (optional)",
            default_value=P.name,
            max_length=60,
            auto_complete="off",
            placeholder="enterprise plan",
        ),
        *[_condition(place) for place in range(CONDITION_ROWS)],
        rx.el.p(
            'Numbers compare with numbers. Put text that looks like a number in quotation marks: "12".',
            class_name="help",
        ),
        class_name="form",
    )
    return rx.cond(
        (P.key != "") & ~P.narrows,
        rx.fragment(
            hidden("name", ""), rx.el.p("Counts every event of the type that no other rule takes.", class_name="muted")
        ),
        only,
    )


def _condition(place: int) -> rx.Component:
    row = P.fields[place]
    number = place + 1
    attributes = {"spellCheck": "false"}
    prop, operator, value = (f"{part}_{place}" for part in ("property", "operator", "value"))
    return rx.el.fieldset(
        rx.el.legend(f"Condition {number}" + ("" if place == 0 else " (optional)")),
        rx.el.div(
            rx.el.input(
                id=f"rule-{prop}",
                name=prop,
                default_value=row.property,
                placeholder="property",
                class_name="input",
                custom_attrs={**attributes, "aria-label": f"Property {number}"},
            ),
            rx.el.select(
                *[rx.el.option(words, value=key) for key, words in OPERATORS],
                name=operator,
                default_value=row.operator,
                class_name="select",
                custom_attrs={"aria-label": f"Comparison {number}"},
            ),
            rx.el.input(
                id=f"rule-{value}",
                name=value,
                default_value=row.value,
                placeholder="value",
                class_name="input",
                custom_attrs={**attributes, "aria-label": f"Value {number}"},
            ),
            class_name="condition",
        ),
        FieldError.create(field=prop),
        FieldError.create(field=value),
        class_name="field",
    )


def _worth() -> list[rx.Component]:
    group = rx.el.div(
        rx.el.label("Group", html_for="rule-group"),
        rx.el.select(
            rx.foreach(L.groups, lambda one: rx.el.option(one.name, value=one.key)),
            id="rule-group",
            name="group",
            default_value=P.group,
            class_name="select",
        ),
        FieldError.create(field="group"),
        class_name="field",
    )
    points = field("rule", "points", "Points", default_value=P.points_value, input_mode="decimal", required=True)
    return [points, group]


def _how() -> rx.Component:
    choices = [
        choice("how", key, words, about, type="radio", default_checked=P.how == key) for key, words, about in HOWS
    ]
    return rx.fragment(
        rx.el.fieldset(
            rx.el.legend("On one day it counts"),
            rx.el.div(*choices, class_name="choices"),
            FieldError.create(field="how"),
            class_name="field",
            id="rule-how",
        ),
        field(
            "rule",
            "most",
            "That number a day",
            default_value=P.most,
            input_mode="numeric",
            help_text="Only for the last of the three.",
        ),
    )


def _publish_dialog() -> rx.Component:
    return dialog(
        "publish",
        "Publish version " + L.version.to_string() + "?",
        rx.el.p(
            "Everybody is scored by it at once, and it stays in the list of versions. You can go back to an "
            "earlier one."
        ),
        rx.cond(
            ScoringState.has_effect, rx.el.ul(rx.foreach(ScoringState.effect.bands, _band), class_name="band-counts")
        ),
        form(
            "publish",
            field(
                "publish",
                "note",
                "What you change and why",
                default_value=L.note,
                max_length=500,
                help_text="For those who look at the list of versions later.",
            ),
            submit_button("Publish"),
            on_submit=ScoringState.publish,
            draft=False,
            key="publish-" + L.version.to_string(),
        ),
    )


def _band(row: rx.Var[BandRow]) -> rx.Component:
    return rx.el.li(
        band_chip(row.look),
        rx.el.span(row.before.to_string()),
        icon("arrow-right", 14),
        rx.el.span(row.after.to_string()),
    )


def _look_dialog() -> rx.Component:
    def match(one: Any) -> rx.Component:
        return rx.el.li(
            rx.el.a(
                icon("building-2"),
                rx.el.span(one["name"], class_name="grow cut"),
                rx.el.span(one["detail"], class_name="meta cut"),
                href=one["href"],
                class_name="menu-item",
            )
        )

    return dialog(
        "look",
        "Choose accounts to look at",
        rx.el.div(
            rx.el.label("Name", html_for="look-name"),
            rx.el.input(
                id="look-name",
                type="search",
                class_name="input",
                auto_complete="off",
                on_change=ScoringState.find.debounce(200),
                custom_attrs={"aria-describedby": "look-help"},
            ),
            rx.el.p("The beginning of a name, or a whole domain.", class_name="help", id="look-help"),
            class_name="field",
        ),
        rx.el.ul(rx.foreach(ScoringState.matches, match), class_name="matches", custom_attrs={"aria-label": "Found"}),
        rx.el.p(rx.el.a("Look at the warmest again", href=routes.SCORING, class_name="link")),
    )
