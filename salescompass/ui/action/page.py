"""The page of an action: what to do and say, why now, why here, the events that show it, and its life so far."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.action.state import ActionState
from salescompass.ui.action.view import MoveLook
from salescompass.ui.components import (
    ago,
    area,
    button,
    chip,
    dialog,
    empty,
    field,
    form,
    hidden,
    icon,
    link_button,
    meta,
    note,
    submit_button,
)
from salescompass.ui.components.action_cards import follow_card
from salescompass.ui.components.action_sheets import action_sheets
from salescompass.ui.components.event_rows import event_line
from salescompass.ui.components.notes import notes_card
from salescompass.ui.components.panel import Here
from salescompass.ui.noting import ActionNotes
from salescompass.ui.shell import only_for, screen
from salescompass.ui.shell_state import ShellState

S = ActionState
ONE = ActionState.one
CARD = ActionState.one.card


@screen(
    routes.ACTION,
    title="Action",
    place="actions",
    on_load=[S.load, ActionNotes.load_notes, S.listen, ActionNotes.listen_notes],
)
def action_page() -> rx.Component:
    """Everything about an action."""
    whole = rx.fragment(
        _head(),
        rx.el.div(
            rx.cond(ONE.asked != "", _asked()),
            rx.cond(ONE.waits != "", note(ONE.waits, "info", "clock")),
            rx.cond(ONE.ended != "", note(ONE.ended, "success", "check")),
            follow_card(S),
            rx.cond(CARD.may, _acts(), rx.cond(CARD.free, _free())),
            rx.el.div(
                rx.el.div(
                    _why(),
                    _evidence(),
                    _talk(),
                    notes_card(ActionNotes, ShellState.allowed.contains("records.write"), ShellState.zone),
                    class_name="column",
                ),
                rx.el.div(_facts(), _life(), class_name="column"),
                class_name="record-columns",
            ),
            class_name="record",
        ),
        rx.cond(CARD.may, rx.fragment(_edit_dialog(), _give_dialog())),
        action_sheets(S, S.cards),
    )
    return Here.create(
        rx.cond(S.missing, _missing(), rx.cond(S.loaded, whole)),
        echo=S.echo,
        heading="Loading",
    )


def _head() -> rx.Component:
    return rx.el.header(
        rx.el.span(icon(CARD.icon, 20), class_name="monogram large", custom_attrs={"aria-hidden": "true"}),
        rx.el.div(
            rx.el.h1(CARD.title, tab_index=-1),
            rx.el.div(
                rx.foreach(
                    ONE.about,
                    lambda one: rx.el.a(icon(one[0], 14), one[1], href=one[2], class_name="link about-record"),
                ),
                class_name="muted about-line",
            ),
            class_name="grow",
        ),
        rx.el.div(
            chip(ONE.state, ONE.tone),
            rx.cond(CARD.due != "", chip(CARD.due, CARD.due_tone, "clock")),
            class_name="row",
        ),
        class_name="record-head",
    )


def _asked() -> rx.Component:
    answer = rx.el.div(
        button("Accept", "solid", "check", on_click=S.answer_offer(ONE.offer, True)),
        button("Decline", "outline", "x", on_click=S.answer_offer(ONE.offer, False)),
        class_name="row",
    )
    return rx.el.div(
        icon("hand"),
        rx.el.span(ONE.asked, class_name="strong grow"),
        rx.cond(ONE.offer != "", answer),
        class_name="card pad row follow",
    )


def _acts() -> rx.Component:
    def way(one: rx.Var[Any]) -> rx.Component:
        return rx.el.a(
            icon(one[1]), one[0], href=one[2], class_name="button outline", custom_attrs={"data-do": CARD.id}
        )

    return rx.el.div(
        rx.foreach(ONE.ways, way),
        rx.cond(ONE.state == "Proposed", button("Accept", "outline", "check", on_click=S.take(CARD.id))),
        rx.cond(ONE.state == "To do", button("Begin", "outline", "play", on_click=S.begin)),
        link_button("Snooze", "#snooze-" + CARD.id, "outline", "clock"),
        link_button("Delegate", "#delegate-" + CARD.id, "outline", "user-plus", class_name="on-desktops"),
        link_button("Not to be done", "#dismiss-" + CARD.id, "outline", "ban", class_name="on-desktops"),
        link_button("More", "#more-" + CARD.id, "outline", "ellipsis", class_name="on-phones"),
        link_button("Done", "#done-" + CARD.id, "solid", "check"),
        class_name="action-bar",
    )


def _free() -> rx.Component:
    return rx.el.div(
        rx.el.span("It is nobody's yet.", class_name="grow"),
        button("Take it", "solid", "check", on_click=S.take(CARD.id)),
        class_name="card pad row follow",
    )


def _card(title: str, *body: Any, head: Any = None) -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2(title, class_name="grow"), *([head] if head is not None else []), class_name="card-title"),
        *body,
        class_name="card people-card",
    )


def _why() -> rx.Component:
    def listed(items: rx.Var[list[str]]) -> rx.Component:
        return rx.el.ul(rx.foreach(items, lambda one: rx.el.li(one)), class_name="why-list")

    return _card(
        "Why now",
        rx.cond(
            ONE.reasons.length() > 0, listed(ONE.reasons), rx.el.p("Somebody made it by hand.", class_name="muted")
        ),
        rx.cond(
            ONE.rank.length() > 0,
            rx.el.details(rx.el.summary("Why it stands where it stands"), listed(ONE.rank), class_name="why-more"),
        ),
        rx.cond(
            ONE.because.length() > 0,
            rx.el.details(rx.el.summary("Why it was given so"), listed(ONE.because), class_name="why-more"),
        ),
    )


def _evidence() -> rx.Component:
    return rx.cond(
        ONE.evidence.length() > 0,
        rx.el.section(
            rx.el.div(rx.el.h2("What shows it"), class_name="day"),
            rx.el.ul(rx.foreach(ONE.evidence, lambda row: event_line(row)), class_name="events"),
        ),
    )


def _talk() -> rx.Component:
    return rx.fragment(
        rx.cond(ONE.detail != "", _card("What to do", rx.el.p(ONE.detail, class_name="note-body"))),
        rx.cond(
            ONE.message != "",
            _card(
                "What to say",
                rx.el.p(ONE.message, class_name="note-body"),
                head=button("Copy", "ghost", "copy", custom_attrs={"data-act": "copy", "data-value": ONE.message}),
            ),
        ),
    )


def _facts() -> rx.Component:
    def fact(label: str, value: Any) -> rx.Component:
        return rx.el.div(rx.el.dt(label), rx.el.dd(rx.el.span(value, class_name="fact-value")), class_name="fact")

    edit = rx.cond(CARD.may, link_button("Change", "#edit", "ghost", "pencil", class_name="clear"))
    give = rx.cond(CARD.may, link_button("Give to", "#give", "ghost", "users", class_name="clear"))
    return _card(
        "Facts",
        rx.el.dl(
            rx.cond(ONE.due != "", fact("Due", ONE.due)),
            fact("Takes", f"{ONE.effort} min"),
            fact("Whose", rx.cond(CARD.assignee == "", "Yours", CARD.assignee)),
            rx.cond(ONE.rule != "", fact("Made by a rule", ONE.rule)),
            class_name="fact-list",
        ),
        head=rx.el.span(give, edit, class_name="row"),
    )


def _life() -> rx.Component:
    say = form(
        "say",
        area("say", "body", "Write a remark", rows=2, max_length=2000, required=True),
        submit_button("Save remark", cancel=False, look="outline"),
        on_submit=S.say,
        draft_of=CARD.id,
        class_name="form note-form",
    )

    def step(one: rx.Var[MoveLook]) -> rx.Component:
        return rx.el.li(
            rx.el.span(one.who, class_name="strong"), " ", one.what, " ", meta(ago(one.at, zone=ShellState.zone)),
            rx.cond(one.said != "", rx.el.p(one.said, class_name="muted note-body")),
            key=one.id,
        )  # fmt: skip

    return _card(
        "What became of it", only_for("actions.write", say), rx.el.ul(rx.foreach(ONE.moves, step), class_name="changes")
    )


def _edit_dialog() -> rx.Component:
    return dialog(
        "edit",
        "Change the action",
        form(
            "action-edit",
            hidden("version", CARD.version.to_string()),
            field("action-edit", "title", "What", required=True, max_length=200, default_value=CARD.title),
            field("action-edit", "due", "Due", type="datetime-local", default_value=ONE.due_field),
            field("action-edit", "effort", "Takes (minutes)", type="number", min="0", max="1440",
                  default_value=ONE.effort.to_string()),
            area("action-edit", "detail", "Detail", rows=3, max_length=4000, default_value=ONE.detail),
            area("action-edit", "message", "What to say", rows=4, max_length=4000, default_value=ONE.message),
            submit_button("Save"),
            on_submit=S.save,
            draft=False,
            key=CARD.id + CARD.version.to_string(),
            class_name="form",
        ),
    )  # fmt: skip


def _give_dialog() -> rx.Component:
    return dialog(
        "give",
        "Give it to a colleague",
        rx.el.div(
            rx.foreach(
                S.colleagues,
                lambda one: button(
                    one[1], "outline", "user", on_click=S.give(one[0]), custom_attrs={"data-act": "close"}
                ),
            ),
            class_name="act-choices",
        ),
        lead="It is theirs at once, and they are told. To ask first, use Delegate.",
    )


def _missing() -> rx.Component:
    return rx.fragment(
        rx.el.h1("Action", class_name="hidden"),
        rx.el.div(
            empty(
                "There is no such action",
                "It may be about records that you do not see, or its address was cut short.",
                link_button("All actions", routes.ACTIONS, "outline", "list-checks"),
                icon_name="list-checks",
            ),
            class_name="card lost",
        ),
    )
