"""Rules: what each does and did, tried on the past, put in force, paused, taken back; and the form that writes one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.admin_rules.editor import edit_dialog, new_dialog
from salescompass.ui.admin_rules.looks import RuleRow, RunLook, VersionLook
from salescompass.ui.admin_rules.state import RulesState
from salescompass.ui.components import (
    ago,
    button,
    cell,
    chip,
    column,
    confirm,
    empty,
    link_button,
    loading,
    meta,
    note,
    table,
)
from salescompass.ui.shell import page_head, screen
from salescompass.ui.shell_state import ShellState

S = RulesState
ONE = RulesState.one


@screen(routes.RULES, title="Rules", place="rules", on_load=S.load)
def rules_page() -> rx.Component:
    """For managers: what makes actions by itself."""
    return rx.fragment(
        rx.cond(S.one.id != "", _rule(), _list()),
        new_dialog(),
        rx.cond(S.one.id != "", rx.fragment(edit_dialog(), *_confirms())),
    )


def _list() -> rx.Component:
    heads = [
        column("Rule"), column("About"), column("State"), column("Made in a week", end=True),
        column("Held back", end=True),
    ]  # fmt: skip
    return rx.fragment(
        page_head(
            "Rules",
            actions=[link_button("New rule", "#new-rule", "solid", "plus")],
            lead="For managers: what makes actions by itself. A rule is tried on the last 90 days before it is put in "
            "force, tells of each action why it is there, and of each record why not.",
        ),
        rx.cond(S.missing, note("There is no such rule: it may have been thrown away.", "warning", "triangle-alert")),
        rx.cond(S.loaded, table("Rules", heads, S.rows, _row), loading(8)),
    )


def _row(one: rx.Var[RuleRow]) -> rx.Component:
    return rx.el.tr(
        cell(
            "Rule",
            rx.el.div(
                rx.el.a(one.name, href=one.href, class_name="strong row-link"),
                rx.el.span(one.about, class_name="meta plain", display="block"),
            ),
            primary=True,
        ),
        cell("About", one.of),
        cell(
            "State",
            rx.el.span(chip(one.state, one.tone), rx.cond(one.draft, chip("Draft", "accent")), class_name="row"),
        ),
        cell("Made in a week", rx.el.span(one.made, class_name="num"), end=True),
        cell("Held back", rx.el.span(one.held, class_name="num"), end=True),
        key=one.id,
    )


def _rule() -> rx.Component:
    return rx.fragment(
        page_head(
            ONE.name,
            chip(ONE.state, ONE.tone),
            rx.cond(ONE.draft & (ONE.state != "Draft"), chip("Changed, not in force yet", "accent", "pencil")),
            actions=_acts(),
            lead=ONE.about,
        ),
        rx.el.div(
            rx.el.div(_what(), _trial(), _log(), class_name="column"),
            rx.el.div(_versions(), class_name="column"),
            class_name="record-columns rule-columns",
        ),
    )


def _acts() -> list[rx.Component]:
    dry = button("Try on the last 90 days", "outline", "history", on_click=S.try_out(ONE.id), disabled=S.trying)
    return [
        link_button("All rules", routes.RULES, "ghost", "chevron-left"),
        link_button("Change", "#edit", "outline", "pencil"),
        dry,
        rx.cond(ONE.state == "In force", button("Pause", "outline", "pause", on_click=S.pause(ONE.id, ONE.version))),
        rx.cond(ONE.state == "Paused", button("Resume", "outline", "play", on_click=S.resume(ONE.id, ONE.version))),
        rx.cond(ONE.draft, link_button("Discard draft", "#discard", "ghost", "trash-2")),
        rx.cond(ONE.draft, button("Put in force", "solid", "check", on_click=S.publish(ONE.id, ONE.version))),
    ]


def _card(title: str, *body: Any) -> rx.Component:
    return rx.el.section(rx.el.div(rx.el.h2(title), class_name="card-title"), *body, class_name="card people-card")


def _what() -> rx.Component:
    def fact(label: str, value: Any) -> rx.Component:
        return rx.el.div(rx.el.dt(label), rx.el.dd(rx.el.span(value, class_name="fact-value")), class_name="fact")

    return _card(
        "What it does",
        rx.el.dl(
            fact("Looks at", ONE.of),
            fact("Set off by", ONE.trigger_words),
            fact("Only if", rx.cond(ONE.condition_words != "", ONE.condition_words, "Always")),
            fact("Then", rx.el.span(ONE.title, " (", ONE.kind, ")")),
            fact("Says why", ONE.reasons),
            fact("At most", f"once in {ONE.cooldown} days for a record, {ONE.cap} a day for a member"),
            fact("Closes by itself", f"after {ONE.expires} days, or when its reason is gone"),
            class_name="fact-list",
        ),
    )


def _trial() -> rx.Component:
    return rx.fragment(
        rx.cond(S.trying, rx.el.div(loading(4), role="status", custom_attrs={"aria-label": "Looking at the past"})),
        rx.cond(
            (S.trial.told != "") & ~S.trying,
            _card(
                "On the last 90 days",
                rx.el.p(S.trial.told, class_name="strong", role="status"),
                rx.el.ul(rx.foreach(S.trial.also, lambda one: rx.el.li(one)), class_name="why-list muted"),
                rx.el.ul(rx.foreach(S.trial.rows, _run), class_name="rule-runs"),
            ),
        ),
    )


def _run(one: rx.Var[RunLook]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.a(one.name, href=one.href, class_name="link"),
            rx.cond(one.words != "", rx.el.span(one.words, class_name="muted")),
            rx.cond(one.whose != "", meta("for ", one.whose)),
            rx.el.span(ago(one.at, zone=ShellState.zone), class_name="meta tip-end"),
            class_name="rule-run-head",
        ),
        rx.el.div(
            rx.cond(one.action != "", rx.el.a("Action", href=one.action, class_name="link small")),
            rx.foreach(one.evidence, lambda href: rx.el.a("Event", href=href, class_name="link small")),
            rx.cond(
                one.seen.length() > 0,
                rx.el.details(
                    rx.el.summary("What it saw"),
                    rx.el.ul(rx.foreach(one.seen, lambda said: rx.el.li(said)), class_name="why-list"),
                    class_name="why-more",
                ),
            ),
            class_name="rule-run-more",
        ),
        key=one.id,
    )


def _log() -> rx.Component:
    nothing = empty(
        "It has done nothing yet", "What it makes, and what holds it back, is kept here for 90 days.",
        icon_name="scroll-text",
    )  # fmt: skip
    return rx.el.section(
        rx.el.div(rx.el.h2("What it did"), class_name="card-title"),
        rx.cond(S.runs.length() > 0, rx.el.ul(rx.foreach(S.runs, _run), class_name="rule-runs"), nothing),
        class_name="card people-card",
    )


def _versions() -> rx.Component:
    def version(one: rx.Var[VersionLook]) -> rx.Component:
        return rx.el.li(
            rx.el.span(
                rx.el.span("Version ", one.version.to_string(), class_name="strong"), " ",
                meta(one.who, ", ", ago(one.at, zone=ShellState.zone)),
                rx.cond(one.note != "", rx.el.span(one.note, class_name="muted", display="block")),
                class_name="grow",
            ),
            rx.cond(
                one.now,
                chip("Now", "success"),
                button("Back to it", "ghost", "undo-2", on_click=S.roll_back(ONE.id, ONE.version, one.version)),
            ),
            key=one.version.to_string(),
            class_name="row",
        )  # fmt: skip

    return _card(
        "Versions",
        rx.cond(
            S.versions.length() > 0,
            rx.el.ul(rx.foreach(S.versions, version), class_name="changes"),
            rx.el.p("It was never in force.", class_name="muted"),
        ),
    )


def _confirms() -> list[rx.Component]:
    text = "What is in force stays as it is. A rule that was never in force is gone with its draft."
    return [
        confirm(
            "discard", "Throw the draft away?", text, action="Throw away", on_confirm=S.discard(ONE.id, ONE.version)
        )
    ]
