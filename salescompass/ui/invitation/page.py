"""Accept an invitation: the letter's link brings the token; name and password make the account."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import field, form, link, submit_button
from salescompass.ui.shell import door

_FORM = "invitation"


@door(routes.INVITATION, title="Join your team")
def invitation_page() -> rx.Component:
    """One card: choose a name and a password, then go straight to work."""
    return rx.fragment(
        rx.el.div(
            rx.el.h1("Join your team", tab_index=-1),
            rx.el.div(
                rx.el.p("Two things, then you are in. The link works once and for a few days.", class_name="lead"),
                form(
                    _FORM,
                    field(
                        _FORM,
                        "name",
                        "Your name",
                        help_text="As colleagues will see it.",
                        auto_complete="name",
                        required=True,
                        max_length=120,
                    ),
                    field(
                        _FORM,
                        "password",
                        "Choose a password",
                        type="password",
                        auto_complete="new-password",
                        help_text="At least 8 characters; a sentence of 15 or more is far better. Pasting is fine. "
                        "If you have an account here already, enter its password.",
                        required=True,
                        max_length=256,
                    ),
                    submit_button("Join", cancel=False),
                    action="/auth/invitation",
                ),
                class_name="with-token",
            ),
            rx.el.p(
                "This address lacks the code of an invitation. Open the link in the letter you got, "
                "or ask your administrator to send it again.",
                class_name="lead without-token",
            ),
            class_name="card",
        ),
        rx.el.p("Joined already? ", link("Sign in", routes.SIGN_IN), class_name="foot", style={"margin-top": "16px"}),
    )
