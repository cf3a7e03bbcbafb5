"""The page of a deal: its way through the stages, facts, the people in it, notes and what was changed."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import (
    ago,
    area,
    avatar,
    chip,
    dialog,
    empty,
    field,
    form,
    hidden,
    icon,
    icon_button,
    link,
    link_button,
    meta,
    select_field,
    submit_button,
)
from salescompass.ui.components.panel import Here
from salescompass.ui.deal.state import DealState
from salescompass.ui.deal.view import ROLES, ChangeLook, FactLook, NoteLook, PartLook, StepLook
from salescompass.ui.shell import only_for, screen
from salescompass.ui.shell_state import ShellState

D = DealState.deal


@screen(routes.DEAL, title="Deal", place="deals", on_load=DealState.load)
def deal_page() -> rx.Component:
    """Everything about a deal."""
    whole = rx.fragment(
        _head(),
        rx.el.div(
            _stages(),
            rx.el.div(
                rx.el.div(_notes(), _changes(), class_name="stack"),
                rx.el.div(_facts(), _people(), class_name="stack"),
                class_name="record-columns",
            ),
            class_name="record",
        ),
        only_for("records.write", _edit_dialog(), _part_dialog(), _lost_dialog()),
    )
    return Here.create(
        rx.cond(DealState.missing, _missing(), rx.cond(DealState.loaded, whole)),
        echo=DealState.echo,
        heading="Loading",
    )


def _head() -> rx.Component:
    return rx.el.header(
        rx.el.span(icon("handshake", 20), class_name="monogram large", custom_attrs={"aria-hidden": "true"}),
        rx.el.div(
            rx.el.h1(D.name, tab_index=-1),
            rx.el.div(
                rx.el.span(D.amount, class_name="num"),
                rx.cond(D.account_href != "", rx.el.span("with ", link(D.account, D.account_href))),
                class_name="muted about-line",
            ),
            class_name="grow",
        ),
        rx.el.div(
            chip(D.state, D.tone),
            only_for("records.write", link_button("Edit deal", "#deal", "outline", "pencil")),
            class_name="row",
        ),
        class_name="record-head",
    )


def _stages() -> rx.Component:
    def step(one: rx.Var[StepLook]) -> rx.Component:
        return rx.el.li(
            rx.el.button(
                rx.el.span(one.name, class_name="cut"),
                type="button",
                title=one.about,
                on_click=DealState.move(one.id),
                disabled=one.place.startswith("current"),
                custom_attrs={"aria-current": rx.cond(one.place.startswith("current"), "step", rx.Var("undefined"))},
            ),
            class_name="deal-step " + one.place,
        )

    return rx.el.section(
        rx.el.div(
            rx.el.h2("Stage"),
            rx.cond(D.rots, chip(D.standing, "warning", "clock"), meta(D.standing)),
            class_name="card-title",
        ),
        rx.el.ol(rx.foreach(D.steps, step), class_name="deal-steps", custom_attrs={"aria-label": "Stages"}),
        class_name="card people-card deal-stage",
    )


def _facts() -> rx.Component:
    def fact(one: rx.Var[FactLook]) -> rx.Component:
        return rx.fragment(
            rx.el.dt(one.label),
            rx.el.dd(rx.cond(one.href != "", link(one.value, one.href), one.value)),
        )

    return rx.el.section(
        rx.el.div(rx.el.h2("Facts"), class_name="card-title"),
        rx.el.dl(rx.foreach(D.facts, fact), class_name="facts"),
        class_name="card people-card",
    )


def _people() -> rx.Component:
    def person(one: rx.Var[PartLook]) -> rx.Component:
        return rx.el.li(
            avatar(one.initials, one.tint),
            rx.el.div(
                rx.el.a(one.name, href=one.href, class_name="strong cut"),
                rx.el.span(one.said, rx.cond(one.title != "", rx.fragment(" · ", one.title)), class_name="meta cut"),
                class_name="grow",
            ),
            only_for(
                "records.write",
                icon_button("Take " + one.name + " out", "x", on_click=DealState.take_part(one.person, one.role)),
            ),
        )

    return rx.el.section(
        rx.el.div(
            rx.el.h2("People"),
            rx.cond(
                D.known.length() > 0,
                only_for("records.write", link_button("Add person", "#part", "ghost", "plus", class_name="clear")),
            ),
            class_name="card-title",
        ),
        rx.cond(
            D.people.length() > 0,
            rx.el.ul(rx.foreach(D.people, person), class_name="people deal-people"),
            meta("Nobody has a part in this deal yet."),
        ),
        class_name="card people-card",
    )


def _notes() -> rx.Component:
    def note(one: rx.Var[NoteLook]) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.span(one.author, class_name="strong"),
                rx.el.span(ago(one.at, zone=ShellState.zone), rx.cond(one.edited, ", edited", ""), class_name="meta"),
                class_name="row",
            ),
            rx.el.p(one.body, class_name="note-body"),
            key=one.id,
        )

    write = form(
        "note",
        area("note", "body", "Write a note", rows=3, max_length=20_000, required=True),
        submit_button("Save note", cancel=False),
        on_submit=DealState.write_note,
        class_name="form",
    )
    return rx.el.section(
        rx.el.div(rx.el.h2("Notes"), class_name="card-title"),
        only_for("records.write", write),
        rx.el.ul(rx.foreach(D.notes, note), class_name="notes"),
        class_name="card people-card",
    )


def _changes() -> rx.Component:
    def change(one: rx.Var[ChangeLook]) -> rx.Component:
        return rx.el.li(
            rx.el.span(one.who, class_name="strong"),
            " ",
            one.what,
            " ",
            rx.el.span(ago(one.at, zone=ShellState.zone), class_name="meta"),
        )

    return rx.el.section(
        rx.el.div(rx.el.h2("What was changed"), class_name="card-title"),
        rx.el.ul(rx.foreach(D.changes, change), class_name="changes"),
        class_name="card people-card",
    )


def _edit_dialog() -> rx.Component:
    return dialog(
        "deal",
        "Edit deal",
        rx.el.div(
            form(
                "deal",
                field("deal", "name", "Name", required=True, max_length=200, default_value=D.name, auto_complete="off"),
                field(
                    "deal",
                    "amount",
                    "Amount (optional)",
                    default_value=D.amount_typed,
                    input_mode="decimal",
                    max_length=20,
                    auto_complete="off",
                    help_text="A number, like 1250.50",
                ),
                field("deal", "close_date", "Close date (optional)", type="date", default_value=D.close_date),
                field("deal", "source", "Source (optional)", default_value=D.source, max_length=120),
                hidden("version", D.version.to_string()),
                submit_button("Save deal"),
                on_submit=DealState.save,
                draft=False,
                class_name="form",
            ),
            key=D.id,
        ),
    )


def _part_dialog() -> rx.Component:
    return dialog(
        "part",
        "Add a person to the deal",
        form(
            "part",
            rx.el.div(
                rx.el.label("Person", html_for="part-person"),
                rx.el.select(
                    rx.foreach(D.known, lambda pair: rx.el.option(pair[1], value=pair[0])),
                    id="part-person",
                    name="person",
                    class_name="select",
                ),
                class_name="field",
            ),
            select_field("part", "role", "Part", [(role.value, words) for role, words in ROLES.items()]),
            submit_button("Add person"),
            on_submit=DealState.give_part,
            class_name="form",
        ),
    )


def _lost_dialog() -> rx.Component:
    return dialog(
        "lost",
        "Close the deal as lost",
        form(
            "lost",
            field("lost", "reason", "Why was it lost?", required=True, max_length=500, auto_complete="off"),
            submit_button("Close as lost"),
            on_submit=DealState.lose,
            class_name="form",
        ),
        lead="The reason is what reports learn from. You can open the deal again at any time.",
    )


def _missing() -> rx.Component:
    return rx.fragment(
        rx.el.h1("Deal", class_name="hidden"),
        rx.el.div(
            empty(
                "There is no such deal",
                "It may be in the trash, belong to somebody whose deals you do not see, or its address was cut short.",
                link_button("All deals", routes.DEALS, "outline", "handshake"),
                icon_name="handshake",
            ),
            class_name="card lost",
        ),
    )
