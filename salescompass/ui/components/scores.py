"""How scores are drawn: the ring, the chip of a band, how fast it moves, and small lines."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui.components.elements import chip, icon
from salescompass.ui.score_words import RING, ScoreLook, VelocityLook


def ring(look: rx.Var[ScoreLook], label: Any = "Score") -> rx.Component:
    """The score ring: 64 wide, from twelve o'clock, with the number inside."""
    circle = {"cx": "32", "cy": "32", "r": "29", "fill": "none", "stroke_width": "6"}
    return rx.el.div(
        rx.el.svg(
            rx.el.svg.circle(**circle, class_name="track"),
            rx.el.svg.circle(
                **circle,
                class_name="arc",
                stroke_dasharray=look.arc,
                stroke_linecap="round",
                transform="rotate(-90 32 32)",
            ),
            width="64",
            height="64",
            view_box="0 0 64 64",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.span(look.number, class_name="num", custom_attrs={"aria-hidden": "true"}),
        rx.el.span(label, " ", look.number, " of 100", class_name="hidden"),
        class_name="ring " + look.band,
        custom_attrs={"data-circumference": f"{RING:.2f}"},
    )


def band_chip(look: rx.Var[ScoreLook]) -> rx.Component:
    """The band in a word."""
    return chip(look.word, look.band, look.icon)


def score_chip(look: rx.Var[ScoreLook]) -> rx.Component:
    """Number and band in one chip: for lists."""
    return chip(rx.fragment(rx.el.span(look.number, class_name="num"), " ", look.word), look.band, look.icon)


def velocity(look: rx.Var[VelocityLook], about: str = "") -> rx.Component:
    """How far it moved in seven days: arrow, number and words."""
    said = [rx.el.span(about, class_name="muted")] if about else [rx.el.span(" in 7 days", class_name="hidden")]
    return rx.el.span(
        icon(look.icon, 14),
        rx.el.span(look.words, class_name="num"),
        *said,
        class_name="velocity " + look.tone,
    )


def spark(path: rx.Var[str], dot: rx.Var[str]) -> rx.Component:
    """A small line; the number beside it says the same, so readers pass it by."""
    return rx.el.svg(
        rx.el.svg.path(d=path, fill="none"),
        rx.el.svg.path(d=dot, fill="none", class_name="dot"),
        width="72",
        height="24",
        view_box="0 0 72 24",
        class_name="spark",
        custom_attrs={"aria-hidden": "true"},
    )
