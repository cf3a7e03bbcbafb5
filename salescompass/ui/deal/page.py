"""The page of a deal: its way through the stages, facts, the people in it, notes and what was changed."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import (
    ago,
    avatar,
    button,
    chip,
    dialog,
    empty,
    form,
    icon,
    icon_button,
    link,
    link_button,
    meta,
    select_field,
    submit_button,
)
from salescompass.ui.components.elements import WAITS
from salescompass.ui.components.facts import facts_card
from salescompass.ui.components.notes import changes_card, follow_button, notes_card
from salescompass.ui.components.panel import Here
from salescompass.ui.components.states import in_trash
from salescompass.ui.deal.cards import similar_card, timeline_card
from salescompass.ui.deal.state import DealState
from salescompass.ui.deal.view import PartLook, StepLook
from salescompass.ui.deal_words import ROLES
from salescompass.ui.losing import lost_dialog
from salescompass.ui.noting import RecordNotes
from salescompass.ui.shell import only_for, screen
from salescompass.ui.shell_state import ShellState

D = DealState.deal
_LOST = "The reason is what reports learn from. You can open the deal again at any time."


@screen(
    routes.DEAL, title="Deal", place="deals", on_load=[DealState.load, RecordNotes.load_notes, RecordNotes.listen_notes]
)
def deal_page() -> rx.Component:
    """Everything about a deal."""
    may_write = ShellState.allowed.contains("records.write")
    whole = rx.fragment(
        _head(),
        rx.el.div(
            _stages(),
            rx.el.div(
                rx.el.div(
                    notes_card(RecordNotes, may_write, ShellState.zone),
                    timeline_card(),
                    changes_card(DealState, ShellState.zone),
                    class_name="column",
                ),
                rx.el.div(facts_card(DealState, may_write), _people(), similar_card(), class_name="column"),
                class_name="record-columns deal-columns",
            ),
            class_name="record",
        ),
        only_for("records.write", _part_dialog(), lost_dialog(DealState.lose, lead=_LOST)),
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
                rx.el.span(D.amount, rx.cond(D.closes != "", ", " + D.closes, ""), class_name="num"),
                rx.cond(D.account_href != "", rx.el.span("with ", link(D.account, D.account_href))),
                class_name="muted about-line",
            ),
            class_name="grow",
        ),
        rx.el.div(
            chip(D.state, D.tone),
            follow_button(RecordNotes),
            only_for("records.write", _primary(), _trash()),
            class_name="row",
        ),
        class_name="record-head",
    )


def _primary() -> rx.Component:
    move = button(
        "Move to " + D.next,
        "solid",
        "arrow-right",
        on_click=DealState.move(D.next_id),
        class_name="primary",
        custom_attrs=WAITS,
    )
    return rx.cond(D.next != "", move)


def _trash() -> rx.Component:
    return icon_button(
        "Move to trash", "trash-2", on_click=DealState.throw_away(False, None, None), class_name="outline tip-end"
    )


def _stages() -> rx.Component:
    def step(one: rx.Var[StepLook]) -> rx.Component:
        here = one.place.startswith("current")
        current = {"aria-current": rx.cond(here, "step", rx.Var("undefined"))}
        words = [
            rx.el.span(one.name, class_name="cut"),
            rx.cond(one.stay != "", rx.el.span(one.stay, class_name="stay num")),
        ]
        act = rx.el.button(
            *words, type="button", title=one.about, on_click=DealState.move(one.id), disabled=here, class_name="face",
            custom_attrs={**current, **WAITS},
        )  # fmt: skip
        told = rx.el.div(*words, title=one.about, class_name="face", custom_attrs=current)
        may_write = ShellState.allowed.contains("records.write")
        return rx.el.li(rx.cond(may_write, act, told), class_name="deal-step " + one.place)

    return rx.el.section(
        rx.el.div(
            rx.el.h2("Stage"),
            rx.cond(D.rots, chip(D.standing, "warning", "clock"), meta(D.standing)),
            class_name="card-title",
        ),
        rx.el.ol(rx.foreach(D.steps, step), class_name="deal-steps", custom_attrs={"aria-label": "Stages"}),
        class_name="card people-card deal-stage",
    )


def _people() -> rx.Component:
    def person(one: rx.Var[PartLook]) -> rx.Component:
        return rx.el.li(
            avatar(one.initials, one.tint),
            rx.el.div(
                rx.el.a(one.name, href=one.href, class_name="strong cut"),
                rx.el.span(one.said, rx.cond(one.title != "", rx.fragment(" · ", one.title)), class_name="meta cut"),
                rx.el.span(
                    one.touched,
                    rx.cond(one.touched_at != "", rx.fragment(" ", ago(one.touched_at, zone=ShellState.zone))),
                    class_name="meta plain touched",
                ),
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
            only_for("records.write", link_button("Add person", "#part", "ghost", "plus", class_name="clear")),
            class_name="card-title",
        ),
        rx.cond(
            D.people.length() > 0,
            rx.el.ul(rx.foreach(D.people, person), class_name="people deal-people"),
            meta(
                rx.cond(
                    D.account_href != "",
                    "Nobody has a part in this deal yet.",
                    "Name the account among the facts: then its people can be given a part.",
                )
            ),
        ),
        rx.cond(D.uncovered != "", rx.el.p(meta("Nobody yet: ", D.uncovered), class_name="uncovered")),
        class_name="card people-card",
    )


def _found_words() -> rx.Var[str]:
    """What the list below holds."""
    many = rx.cond(
        DealState.people_found.length() > 0,
        "Below is who was found.",
        "Nobody you see is called so, or has this address.",
    )
    known = rx.cond(D.known.length() > 0, "Below are the people of the account.", "Type a name to find somebody.")
    return rx.cond(DealState.people_sought, many, known)


def _part_dialog() -> rx.Component:
    choices = rx.cond(DealState.people_sought, DealState.people_found, D.known)
    return dialog(
        "part",
        "Add a person to the deal",
        form(
            "part",
            rx.el.div(
                rx.el.label("Find a person", html_for="part-find"),
                rx.el.input(
                    id="part-find",
                    type="search",
                    max_length=100,
                    class_name="input",
                    auto_complete="off",
                    placeholder="Name or address",
                    on_change=DealState.find_people.debounce(200),
                    custom_attrs={"aria-describedby": "part-found"},
                ),
                rx.el.p(_found_words(), id="part-found", class_name="help", role="status"),
                class_name="field",
            ),
            rx.el.div(
                rx.el.label("Person", html_for="part-person"),
                rx.el.select(
                    rx.foreach(choices, lambda pair: rx.el.option(pair[1], value=pair[0])),
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


def _missing() -> rx.Component:
    trashed = in_trash("The deal is in the trash", DealState.throw_away(True, None, None))
    unknown = empty(
        "There is no such deal",
        "It may be in the trash, belong to somebody whose deals you do not see, or its address was cut short.",
        link_button("All deals", routes.DEALS, "outline", "handshake"),
        icon_name="handshake",
    )
    return rx.fragment(
        rx.el.h1("Deal", class_name="hidden"),
        rx.el.div(rx.cond(DealState.gone, trashed, unknown), class_name="card lost"),
    )
