"""Sign in: address and password on one card, by HTTP, because only HTTP may set the session's cookie."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import field, form, link, submit_button
from salescompass.ui.shell import door

_FORM = "sign-in"


@door(routes.SIGN_IN, title="Sign in")
def sign_in_page() -> rx.Component:
    """The card, the way to a new password, and whom to ask for an account."""
    return rx.fragment(
        rx.el.div(
            rx.el.h1("Sign in", tab_index=-1),
            rx.el.p("See what your customers do, and what to do next.", class_name="lead"),
            form(
                _FORM,
                field(
                    _FORM,
                    "email",
                    "Work email",
                    type="email",
                    auto_complete="username",
                    required=True,
                    max_length=320,
                    custom_attrs={"inputMode": "email", "autoCapitalize": "none", "spellCheck": "false"},
                ),
                field(
                    _FORM,
                    "password",
                    "Password",
                    type="password",
                    auto_complete="current-password",
                    required=True,
                    max_length=256,
                ),
                submit_button("Sign in", cancel=False),
                rx.el.p(link("Forgot your password?", routes.RESET)),
                action="/auth/sign-in",
                draft=False,
            ),
            class_name="card",
        ),
        rx.el.p(
            "No account? Ask your administrator for an invitation.", class_name="foot", style={"margin-top": "16px"}
        ),
    )
