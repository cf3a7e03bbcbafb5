"""Accept an invitation: the letter's link brings the token; name and password make the account."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import field, form, link, submit_button
from salescompass.ui.invitation.state import InvitationState
from salescompass.ui.shell import door

_FORM = "invitation"


@door(routes.INVITATION, title="Join your team", on_load=InvitationState.load)
def invitation_page() -> rx.Component:
    """One card: choose a name and a password, then go straight to work."""
    company = rx.cond(InvitationState.company != "", InvitationState.company, "your team")
    return rx.fragment(
        rx.el.div(
            rx.el.h1("Join ", company, tab_index=-1),
            rx.el.div(
                rx.cond(
                    InvitationState.problem != "",
                    rx.el.p(InvitationState.problem, class_name="lead", role="alert"),
                    rx.fragment(rx.el.p(_lead(), class_name="lead"), _form()),
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


def _lead() -> rx.Var[str]:
    return rx.cond(
        InvitationState.email != "",
        "You were invited as " + InvitationState.email + ". The link works once and for a few days.",
        "The link works once and for a few days.",
    )


def _either(holds: rx.Var[bool], one: rx.Var[str] | str, other: str) -> rx.Component:
    return rx.fragment(rx.cond(holds, one, other))


def _form() -> rx.Component:
    return form(
        _FORM,
        field(
            _FORM,
            "name",
            "Your name",
            help_text=_either(
                InvitationState.name != "",
                "As colleagues will see it; left empty, it is " + InvitationState.name + ".",
                "As colleagues will see it.",
            ),
            auto_complete="name",
            max_length=120,
        ),
        field(
            _FORM,
            "password",
            rx.cond(InvitationState.known, "Your password", "Choose a password"),
            type="password",
            auto_complete=rx.cond(InvitationState.known, "current-password", "new-password"),
            help_text=_either(
                InvitationState.known,
                "You have an account here already: enter its password.",
                "At least 8 characters; a sentence of 15 or more is far better. Pasting is fine.",
            ),
            required=True,
            max_length=256,
        ),
        submit_button("Join", cancel=False),
        action="/auth/invitation",
    )
