"""Scoring: how points fade and add up, the rules, a draft with its effect, and the versions that were published."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.admin_scoring.dialogs import dialogs
from salescompass.ui.admin_scoring.effect import effect_card
from salescompass.ui.admin_scoring.rows import GroupRow, RuleRow, VersionRow
from salescompass.ui.admin_scoring.state import ScoringState
from salescompass.ui.components import (
    ago,
    button,
    cell,
    chip,
    column,
    field,
    form,
    icon_button,
    link_button,
    loading,
    meta,
    note,
    table,
)
from salescompass.ui.components.forms import FieldError
from salescompass.ui.shell import page_head, screen
from salescompass.ui.shell_state import ShellState

L = ScoringState.look


@screen(routes.SCORING, title="Scoring", place="scoring", on_load=[ScoringState.load, ScoringState.listen])
def scoring_page() -> rx.Component:
    """For administrators."""
    return rx.fragment(
        page_head(
            "Scoring",
            rx.cond(ScoringState.loaded, _state_chip()),
            lead="For administrators: what acts of customers are worth and how fast it fades. Change a draft, see what "
            "it does to real accounts, then publish it. You can always go back.",
            actions=[rx.cond(ScoringState.loaded, _actions())],
        ),
        rx.cond(
            ScoringState.loaded,
            rx.el.div(
                rx.cond(L.publishing, _being_published()),
                rx.cond(L.drafting, effect_card()),
                _explained(),
                _numbers(),
                _rules(),
                _versions(),
                class_name="stack scoring",
            ),
            loading(8),
        ),
        dialogs(),
    )


def _state_chip() -> rx.Component:
    live = "Version " + L.live.to_string() + " is live"
    draft = "Draft of version " + L.version.to_string()
    return rx.fragment(
        chip(live, "success", "circle-check"), rx.cond(L.drafting, chip(draft + ", not live", "accent", "pencil"))
    )


def _actions() -> rx.Component:
    drafting = rx.fragment(
        link_button("Discard", routes.scoring("discard"), "ghost", "trash-2"),
        link_button("Publish draft", routes.scoring("publish"), "solid", "send"),
    )
    start = button("Start draft", "solid", "pencil", on_click=ScoringState.start)
    return rx.cond(L.publishing, rx.fragment(), rx.cond(L.drafting, drafting, start))


def _being_published() -> rx.Component:
    return note(
        "A version is being published: events whose rules look at properties are counted anew first. This page changes "
        "when it is live; scores stay as they were until then.",
        "info",
        "clock",
    )


def _explained() -> rx.Component:
    known = L.example
    return rx.el.details(
        rx.el.summary("How a score comes about"),
        rx.el.ol(
            rx.el.li(
                "Every act of a customer gives points: ",
                rx.el.strong(known["what"]),
                " gives ",
                known["points"],
                ". What machines do and what you do yourselves gives none.",
            ),
            rx.el.li(
                "A day's repeats count less and less: the second of a day adds 0.6 of the first, the third 0.4. "
                "So a burst cannot pin a score."
            ),
            rx.el.li(
                "Points fade by half in the half-life of their group: those ",
                known["points"],
                " are ",
                known["half"],
                " after ",
                known["days"],
                " days. It happens by itself, also when nobody does anything.",
            ),
            rx.el.li(
                "A group counts up to its cap at once: the group ", known["group"], " up to ", known["cap"], " points."
            ),
            rx.el.li(
                "All points together make a score from 0 to 100 that rises steeply first and then ever more slowly: ",
                known["points"],
                " points alone make ",
                known["score"],
                ". A larger number for ",
                rx.el.em("points for a score of 63"),
                " makes high scores rarer.",
            ),
            rx.el.li(
                "An account's score comes from its six warmest people, weighted 70, 50, 40, 30, 20 and 10 %. One "
                "person alone can make an account warm, never hot; a crowd of cold readers cannot either."
            ),
        ),
        class_name="card pad disclosure explained",
    )


def _numbers() -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2("Fading, caps and bands"), class_name="card-head"),
        rx.el.div(rx.cond(L.drafting, _numbers_form(), _numbers_table()), class_name="card-body"),
        class_name="card",
    )


def _numbers_table() -> rx.Component:
    return rx.el.dl(
        rx.foreach(
            L.groups,
            lambda one: rx.fragment(
                rx.el.dt(one.name),
                rx.el.dd("halved every ", one.half_life, " days, at most ", one.cap, " points at once"),
            ),
        ),
        rx.el.dt("Bands"),
        rx.el.dd("Cool from ", L.cool, ", warm from ", L.warm, ", hot from ", L.hot),
        rx.el.dt("Points for a score of 63"),
        rx.el.dd(L.k),
        class_name="facts num",
    )


def _numbers_form() -> rx.Component:
    def number(name: Any, label: str, value: Any, help_text: str = "") -> rx.Component:
        return field("numbers", name, label, default_value=value, input_mode="decimal", help_text=help_text)

    return form(
        "numbers",
        rx.el.div(rx.foreach(L.groups, _group_fields), class_name="group-fields"),
        rx.el.div(
            number("cool", "Cool from", L.cool),
            number("warm", "Warm from", L.warm),
            number("hot", "Hot from", L.hot),
            number("k", "Points for a score of 63", L.k, "Larger: high scores are rarer."),
            class_name="number-row",
        ),
        field(
            "numbers",
            "note",
            "What you change and why (optional)",
            default_value=L.note,
            max_length=500,
            help_text="Stands in the list of versions.",
        ),
        rx.el.div(button("Save and see the effect", "outline", "check", type="submit"), class_name="row"),
        on_submit=ScoringState.save_numbers,
        draft=False,
        key="numbers-" + L.version.to_string(),
    )


def _group_fields(group: rx.Var[GroupRow]) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(group.name),
        rx.el.div(
            _plain_field(group.half_life_field, "Half-life in days", group.half_life),
            _plain_field(group.cap_field, "Cap in points", group.cap),
            class_name="number-row",
        ),
        class_name="field",
        key=group.key,
    )


def _plain_field(name: rx.Var[str], label: str, value: rx.Var[str]) -> rx.Component:
    """A field whose name is known only on the page."""
    return rx.el.div(
        rx.el.label(label, html_for="numbers-" + name),
        rx.el.input(
            id="numbers-" + name,
            name=name,
            default_value=value,
            input_mode="decimal",
            class_name="input",
            custom_attrs={"aria-describedby": "numbers-" + name + "-error"},
        ),
        FieldError.create(field=name),
        class_name="field",
    )


def _rules() -> rx.Component:
    add = link_button("Add rule", routes.scoring("rule"), "outline", "plus", style={"margin-left": "auto"})
    return rx.el.section(
        rx.el.div(rx.el.h2("Rules"), rx.cond(L.drafting, add), class_name="section-head"),
        rx.el.p(
            "An event counts in the first rule of its type that fits. A type without a rule of yours is worth what the "
            "registry says.",
            class_name="muted",
        ),
        table(
            "Rules",
            [column("Event"), column("Points", end=True), column("Group"), column("Counts"), column("", end=True)],
            L.rules,
            _rule_row,
        ),
        class_name="stack rules-table compact-cards",
    )


def _rule_row(row: rx.Var[RuleRow]) -> rx.Component:
    name = rx.el.div(
        rx.el.div(
            rx.el.span(row.label, class_name="strong"),
            rx.cond(row.narrows, chip(row.name, "accent")),
            rx.cond(row.set_here & ~row.narrows, chip("Set here", "")),
            class_name="row wrap",
        ),
        rx.cond(row.conditions != "", rx.el.div("when ", row.conditions, class_name="meta plain anywhere")),
    )
    edit = link_button("Edit", f"{routes.SCORING}?rule=" + row.key + "#rule", "ghost", "pencil")
    earlier = icon_button(
        "Try this rule earlier", "arrow-up", on_click=ScoringState.try_earlier(row.key), class_name="tip-end"
    )
    return rx.el.tr(
        cell("Event", name, primary=True),
        cell("Points", rx.el.span(row.points, class_name="num"), end=True),
        cell("Group", row.group),
        cell("Counts", row.how_words),
        cell(
            "",
            rx.cond(L.drafting, rx.el.div(rx.cond(row.narrows & ~row.first, earlier), edit, class_name="row")),
            end=True,
        ),
        key=row.key,
    )


def _versions() -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2("Versions"), class_name="section-head"),
        table(
            "Versions",
            [column("Version"), column("State"), column("What changed"), column("Published"), column("", end=True)],
            L.versions,
            _version_row,
        ),
        class_name="stack",
    )


def _version_row(row: rx.Var[VersionRow]) -> rx.Component:
    published = rx.cond(
        row.at != "",
        rx.el.span(ago(row.at, zone=ShellState.zone), rx.cond(row.by != "", " by " + row.by, "")),
        rx.el.span("", class_name="muted"),
    )
    return rx.el.tr(
        cell("Version", "Version " + row.number.to_string(), primary=True),
        cell("State", chip(row.word, row.tone, row.icon)),
        cell("What changed", rx.cond(row.note != "", row.note, meta("Without a note"))),
        cell("Published", published),
        cell(
            "",
            rx.cond(row.can_return & ~L.publishing, link_button("Go back to it", row.href, "ghost", "undo-2")),
            end=True,
        ),
        key=row.number.to_string(),
    )
