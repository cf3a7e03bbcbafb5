"""One's own profile: name and zone, shortcuts, password, and where one is signed in."""

from __future__ import annotations

import reflex as rx

from salescompass.identity import PASSWORD_ADVICE
from salescompass.kit.clock import usual_zones
from salescompass.ui import routes
from salescompass.ui.components import (
    ago,
    button,
    cell,
    chip,
    column,
    field,
    form,
    icon,
    loading,
    meta,
    submit_button,
    table,
)
from salescompass.ui.profile.availability import away_form, hours_form
from salescompass.ui.profile.notice_cards import calendar_card, notices_card, quiet_card
from salescompass.ui.profile.notices import NoticesState
from salescompass.ui.profile.state import ProfileState, SessionLine
from salescompass.ui.shell import page_head, screen
from salescompass.ui.shell_state import ShellState


@screen(routes.PROFILE, title="Profile", on_load=[ProfileState.load, NoticesState.load])
def profile_page() -> rx.Component:
    """For everybody: oneself."""
    return rx.fragment(
        page_head(
            "Profile",
            rx.cond(ProfileState.loaded, meta(ProfileState.email, " · ", ProfileState.role_names)),
            lead="Only you change what is here. Your roles are given by an administrator.",
        ),
        rx.el.div(
            rx.cond(ProfileState.loaded, rx.fragment(_about(), _availability(), _keyboard()), loading(6)),
            # Not behind `loaded`: a new connection must not take away a password that is being typed.
            _password(),
            rx.cond(NoticesState.loaded, rx.fragment(notices_card(), quiet_card(), calendar_card())),
            rx.cond(ProfileState.loaded, _sessions()),
            class_name="stack-lg reading-wide",
        ),
    )


def _card(title: str, *content: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2(title), class_name="card-head"),
        rx.el.div(*content, class_name="card-body"),
        class_name="card",
    )


def _about() -> rx.Component:
    return _card(
        "What colleagues see",
        form(
            "profile",
            field(
                "profile",
                "name",
                "Name",
                default_value=ProfileState.name,
                auto_complete="name",
                required=True,
                max_length=120,
            ),
            field(
                "profile",
                "zone",
                "Time zone",
                default_value=ProfileState.zone,
                required=True,
                max_length=60,
                help_text="Days and times are shown in it, for example Europe/Paris.",
                list="zones",
                auto_complete="off",
            ),
            rx.el.datalist(*[rx.el.option(value=zone) for zone in usual_zones()], id="zones"),
            submit_button("Save profile", cancel=False),
            on_submit=ProfileState.save,
            key=ProfileState.name + ProfileState.zone,
        ),
    )


def _availability() -> rx.Component:
    return rx.fragment(
        _card("Availability", hours_form(ProfileState.presence, ProfileState.save_hours)),
        _card("Out of office", away_form(ProfileState.presence, ProfileState.save_away)),
    )


def _keyboard() -> rx.Component:
    return _card(
        "Keyboard",
        rx.el.label(
            rx.el.input(
                type="checkbox",
                default_checked=ProfileState.shortcuts,
                on_change=ProfileState.use_shortcuts,
                name="shortcuts",
            ),
            rx.el.span(
                rx.el.span("Single-letter shortcuts", class_name="strong"),
                rx.el.span("Such as g then f for the feed. They never work while you type.", class_name="help"),
            ),
            class_name="choice",
        ),
        rx.el.a(icon("keyboard"), "Show all shortcuts", href="#shortcuts", class_name="button outline"),
    )


def _password() -> rx.Component:
    return _card(
        "Password",
        form(
            "password",
            rx.el.input(
                type="email",
                value=ProfileState.email,
                read_only=True,
                auto_complete="username",
                style={"display": "none"},
            ),
            field(
                "password",
                "current",
                "Present password",
                type="password",
                auto_complete="current-password",
                required=True,
                max_length=256,
            ),
            field(
                "password",
                "new",
                "New password",
                type="password",
                auto_complete="new-password",
                required=True,
                max_length=256,
                help_text=PASSWORD_ADVICE,
            ),
            submit_button("Change password", cancel=False),
            on_submit=ProfileState.change_password,
            draft=False,
        ),
    )


def _sessions() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Where you are signed in"),
            rx.cond(
                ProfileState.sessions.length() > 1,
                button(
                    "End all others",
                    "outline",
                    "log-out",
                    on_click=ProfileState.end_others,
                    style={"margin-left": "auto"},
                ),
            ),
            class_name="section-head",
        ),
        table(
            "Your sessions",
            [column("Browser"), column("Address"), column("Last used"), column("Since"), column("", end=True)],
            ProfileState.sessions,
            _session,
        ),
    )


def _session(row: rx.Var[SessionLine]) -> rx.Component:
    return rx.el.tr(
        cell("Browser", row.device, primary=True),
        cell("Address", rx.el.span(row.ip, class_name="num")),
        cell("Last used", ago(row.seen_at, zone=ShellState.zone)),
        cell("Since", ago(row.created_at, zone=ShellState.zone)),
        cell(
            "",
            rx.cond(
                row.current,
                chip("This one", "success", "circle-check"),
                button("End session", "ghost", "log-out", on_click=ProfileState.end_session(row.id)),
            ),
            end=True,
        ),
    )
