"""A new password: ask for the letter, then, by its link, choose the password."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import field, form, link, submit_button
from salescompass.ui.shell import door

_ASK = "reset-request"
_SET = "reset"


@door(routes.RESET, title="Reset your password")
def reset_page() -> rx.Component:
    """Without a token the card asks for the address; with one it takes the new password."""
    return rx.fragment(
        rx.el.div(
            rx.el.h1("Reset your password", tab_index=-1),
            rx.el.div(_ask(), class_name="without-token"),
            rx.el.div(_set(), class_name="with-token"),
            class_name="card",
        ),
        rx.el.p("Remembered it? ", link("Sign in", routes.SIGN_IN), class_name="foot", style={"margin-top": "16px"}),
    )


def _ask() -> rx.Component:
    return rx.fragment(
        rx.el.p("We send you a link to choose a new one.", class_name="lead"),
        form(
            _ASK,
            field(_ASK, "email", "Work email", type="email", auto_complete="username", required=True, max_length=320),
            submit_button("Send the link", cancel=False),
            action="/auth/reset-request",
            sent="If this address has an account, a letter is on its way. The link works once, for one hour.",
        ),
    )


def _set() -> rx.Component:
    return rx.fragment(
        rx.el.p("Every other session of yours ends when you change it.", class_name="lead"),
        form(
            _SET,
            field(
                _SET,
                "password",
                "New password",
                type="password",
                auto_complete="new-password",
                help_text="At least 8 characters; a sentence of 15 or more is far better. Pasting is fine.",
                required=True,
                max_length=256,
            ),
            submit_button("Change password", cancel=False),
            action="/auth/reset",
        ),
    )
