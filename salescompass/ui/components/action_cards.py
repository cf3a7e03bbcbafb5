"""Cards of actions: what to do, with whom, why now, and one tap for each way it may go."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui.action_looks import ActionLook
from salescompass.ui.components.elements import button, chip, icon, link_button
from salescompass.ui.components.scores import score_chip


def action_card(one: rx.Var[ActionLook], state: Any) -> rx.Component:
    """A card with its buttons, for who may; the first of a list stands out."""
    acts = rx.el.div(
        rx.cond(
            one.do != "",
            rx.el.a(
                icon(one.do_icon),
                one.do,
                href=one.do_href,
                class_name=rx.cond(one.first, "button solid", "button outline"),
                custom_attrs={"data-do": one.id, "aria-label": one.do + ": " + one.title},
            ),
        ),
        link_button("Done", "#done-" + one.id, "outline", "check"),
        link_button("Snooze", "#snooze-" + one.id, "outline", "clock"),
        class_name="action-acts",
    )
    take = rx.el.div(button("Take it", "outline", "check", on_click=state.take(one.id)), class_name="action-acts")
    more = rx.el.a(
        icon("ellipsis"),
        href="#more-" + one.id,
        class_name="icon-button action-more",
        custom_attrs={"aria-label": "More about " + one.title},
    )
    return rx.el.li(
        rx.el.span(icon(one.icon, 20), class_name="tile"),
        rx.el.div(
            rx.el.h3(rx.el.a(one.title, href=one.href)),
            rx.el.p(
                rx.cond(one.about != "", rx.el.span(one.about, class_name="muted num")),
                rx.cond(one.scored, score_chip(one.score)),
                rx.cond(one.due != "", chip(one.due, one.due_tone, "clock")),
                rx.cond(one.assignee != "", chip(one.assignee, "", "user")),
                rx.cond(one.ended != "", chip(one.ended, "", "check")),
                class_name="action-about",
            ),
            class_name="action-what",
        ),
        more,
        rx.cond(
            one.why != "",
            rx.el.p(rx.el.span("Why now", class_name="why-head"), one.why, class_name="action-why"),
        ),
        rx.cond(one.may, acts, rx.cond(one.free, take)),
        key=one.id,
        class_name=rx.cond(one.first, "card action-card first", "card action-card"),
        custom_attrs={"data-action": one.id, "data-swipe": rx.cond(one.may, "", rx.Var("undefined"))},
    )


def offer_card(one: rx.Var[ActionLook], state: Any) -> rx.Component:
    """An action that a colleague asks one to take over."""
    return rx.el.li(
        rx.el.span(icon("hand", 20), class_name="tile"),
        rx.el.div(
            rx.el.h3(rx.el.a(one.title, href=one.href)),
            rx.el.p(
                rx.cond(one.about != "", rx.el.span(one.about, class_name="muted num")),
                rx.cond(one.due != "", chip(one.due, one.due_tone, "clock")),
                class_name="action-about",
            ),
            class_name="action-what",
        ),
        rx.el.p(one.offered, class_name="action-why"),
        rx.el.div(
            button("Accept", "outline", "check", on_click=state.answer_offer(one.offer, True)),
            button("Decline", "outline", "x", on_click=state.answer_offer(one.offer, False)),
            class_name="action-acts",
        ),
        key=one.id,
        class_name="card action-card offered",
        custom_attrs={"data-action": one.id},
    )


def follow_card(state: Any) -> rx.Component:
    """What usually follows what was just done, ready to be added."""
    return rx.cond(
        state.follow.of != "",
        rx.el.div(
            icon("zap"),
            rx.el.span(
                rx.el.span("Next: ", state.follow.title, class_name="strong"),
                " ",
                rx.el.span(state.follow.due, class_name="muted"),
                class_name="grow",
            ),
            button("Add", "outline", "plus", on_click=state.add_follow),
            button("No", "ghost", on_click=state.drop_follow),
            class_name="card pad row follow",
            role="status",
        ),
    )
