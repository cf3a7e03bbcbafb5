"""The dialogs of rules: one begins a rule, the other writes its draft."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui.action_words import KINDS
from salescompass.ui.admin_rules.forms import SUBJECTS, TRIGGERS
from salescompass.ui.admin_rules.looks import Choice
from salescompass.ui.admin_rules.state import RulesState
from salescompass.ui.components import area, dialog, field, form, hidden, select_field, submit_button
from salescompass.ui.components.condition_editor import ConditionField

S = RulesState
ONE = RulesState.one


def new_dialog() -> rx.Component:
    """Begins a rule."""
    return dialog(
        "new-rule",
        "New rule",
        form(
            "new-rule",
            field("new-rule", "name", "Name", required=True, max_length=80, auto_complete="off"),
            select_field("new-rule", "subject", "About", list(SUBJECTS.items())),
            select_field("new-rule", "trigger", "Set off when", list(TRIGGERS.items())),
            submit_button("Begin"),
            on_submit=S.begin,
            class_name="form",
        ),
        lead="It begins as a draft and makes nothing until you put it in force.",
    )


def edit_dialog() -> rx.Component:
    """Writes the draft of the rule that is looked at."""
    return dialog(
        "edit",
        "Change " + ONE.name,
        form(
            "rule",
            hidden("rule", ONE.id),
            hidden("version", ONE.version.to_string()),
            _text("name", "Name", ONE.name, 80),
            area("rule", "about", "What it is for", rows=2, max_length=500, default_value=ONE.about),
            rx.match(ONE.trigger, *_triggers(), rx.fragment()),
            ConditionField.create(
                offered=S.offered, counted=S.counted, noun=ONE.of.lower(), name="conditions", value=ONE.tree,
                legend="Only if", on_measure=S.measure,
            ),
            *_action(),
            *_limits(),
            submit_button("Save draft"),
            on_submit=S.save,
            draft=False,
            key=ONE.id + ONE.version.to_string(),
            class_name="form",
        ),
        shape="wide",
        lead="What is in force goes on as it is until the draft is put in force.",
    )  # fmt: skip


def _triggers() -> list[tuple[str, rx.Component]]:
    hour = _number("hour", "At which hour of the day", ONE.hour, 0, 23)
    return [
        (
            "event",
            rx.fragment(
                _ticks("types", "When one of these happens", ONE.types),
                _pair(
                    _number("at_least", "At least so many", ONE.at_least, 1, 1000),
                    _number("within_hours", "Within so many hours", ONE.within_hours, 1, 672),
                ),
            ),
        ),
        (
            "crossing",
            rx.fragment(
                select_field(
                    "rule", "direction", "When the score goes", [("up", "up"), ("down", "down")],
                    default_value=ONE.direction,
                ),
                _ticks("to", "Into one of these bands", ONE.bands),
            ),
        ),
        ("schedule", hour),
        (
            "absence",
            rx.fragment(
                _ticks("types", "When none of these happens", ONE.types),
                _pair(
                    _number("days", "For so many days", ONE.days, 1, 180),
                    _number("until_days", "But not for more than", ONE.until_days, 1, 180),
                ),
                hour,
            ),
        ),
    ]  # fmt: skip


def _action() -> list[rx.Component]:
    variables = "{{person.first_name}}, {{account.name}} and {{deal.name}} stand for the record's."
    return [
        rx.el.h3("Then do this"),
        _pair(
            select_field(
                "rule", "kind", "Kind", [(kind.value, words) for kind, words in KINDS.items()], default_value=ONE.kind
            ),
            _number("effort", "Takes (minutes)", ONE.effort, 1, 480),
        ),
        _text("title", "What", ONE.title, 200, help_text=variables),
        area(
            "rule", "reasons", "Why now, a line each", rows=2, max_length=2000, required=True,
            default_value=ONE.reasons,
        ),
        area("rule", "detail", "What to do (optional)", rows=3, max_length=4000, default_value=ONE.detail),
        area("rule", "message", "What to say (optional)", rows=3, max_length=4000, default_value=ONE.message),
        _pair(
            _number("due", "Due after", ONE.due, 0, 2160),
            select_field(
                "rule", "due_unit", "Counted in", [("hours", "hours"), ("business_days", "working days")],
                default_value=ONE.due_unit,
            ),
        ),
        select_field(
            "rule", "value", "Worth", [("deal", "What the deal is worth"), ("none", "Nothing of its own")],
            default_value=ONE.value,
        ),
    ]  # fmt: skip


def _limits() -> list[rx.Component]:
    return [
        rx.el.h3("Within limits"),
        _pair(
            _number("cooldown", "Days before it may fire for the same record again", ONE.cooldown, 1, 90),
            _number("cap", "At most so many a day for a member", ONE.cap, 1, 100),
        ),
        _number("expires", "Days after which the action closes by itself", ONE.expires, 1, 90),
        rx.el.details(
            rx.el.summary("Close it also when one of these happens"),
            _ticks("ends", "Events that end its reason", ONE.ends),
            class_name="why-more",
        ),
    ]


def _pair(*fields: rx.Component) -> rx.Component:
    return rx.el.div(*fields, class_name="two-fields")


def _text(name: str, label: str, value: Any, longest: int, **more: Any) -> rx.Component:
    return field(
        "rule", name, label, default_value=value, required=True, max_length=longest, auto_complete="off", **more
    )


def _number(name: str, label: str, value: Any, least: int, most: int) -> rx.Component:
    return field("rule", name, label, type="number", min=str(least), max=str(most), required=True, default_value=value)


def _ticks(name: str, legend: str, choices: Any) -> rx.Component:
    def tick(one: rx.Var[Choice]) -> rx.Component:
        return rx.el.label(
            rx.el.input(type="checkbox", name=name, value=one.value, default_checked=one.on),
            rx.el.span(one.label),
            class_name="choice",
        )

    return rx.el.fieldset(
        rx.el.legend(legend), rx.el.div(rx.foreach(choices, tick), class_name="choices two rule-ticks"),
        class_name="field",
    )  # fmt: skip
