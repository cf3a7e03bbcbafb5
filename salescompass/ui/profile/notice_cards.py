"""The profile's cards about being told: each kind by its ways, quiet hours, and the calendar's address."""

from __future__ import annotations

import reflex as rx

from salescompass.notifications import EMAIL
from salescompass.ui.components import ago, button, cell, chip, column, field, form, submit_button, table
from salescompass.ui.components.copying import secret
from salescompass.ui.profile.notices import ChoiceRow, NoticesState
from salescompass.ui.shell_state import ShellState


def notices_card() -> rx.Component:
    """Each kind of notification, in the inbox or not, and by email at once, once a day or not."""
    heads = [column("What"), column("Inbox"), column("Email")]
    return rx.el.section(
        rx.el.div(rx.el.h2("Notifications"), class_name="card-head"),
        table("How you are told of what", heads, NoticesState.rows, _row),
        class_name="card notices",
        id="notifications",
    )


def _row(row: rx.Var[ChoiceRow]) -> rx.Component:
    shown = rx.el.label(
        rx.el.input(
            type="checkbox",
            default_checked=row.in_app,
            on_change=lambda on: NoticesState.show_in_app(row.kind, on),
            custom_attrs={"aria-label": row.words + ": in the inbox"},
        ),
        class_name="choice",
    )
    email = rx.el.select(
        *[rx.el.option(word, value=key) for key, word in EMAIL.items()],
        value=row.email,
        on_change=lambda way: NoticesState.write_email(row.kind, way),
        class_name="select",
        custom_attrs={"aria-label": row.words + ": email"},
    )
    return rx.el.tr(
        cell("What", rx.el.span(row.words), rx.cond(row.critical, chip("Critical", "warning", "flame")), primary=True),
        cell("Inbox", shown),
        cell("Email", email),
        key=row.kind,
    )


def quiet_card() -> rx.Component:
    """When nothing but what is critical is shown."""
    return rx.el.section(
        rx.el.div(rx.el.h2("Quiet hours"), class_name="card-head"),
        rx.el.div(
            rx.el.p(
                "On your clock. What is critical is still shown in the inbox; everything else, and every email, waits "
                "until they end. Leave both empty for none.",
                class_name="muted",
            ),
            form(
                "quiet",
                rx.el.div(
                    field("quiet", "quiet_from", "From", type="time", default_value=NoticesState.quiet_from),
                    field("quiet", "quiet_to", "Until", type="time", default_value=NoticesState.quiet_to),
                    class_name="row wrap",
                ),
                submit_button("Save quiet hours", cancel=False, look="outline"),
                on_submit=NoticesState.save_quiet,
                key=NoticesState.quiet_from + NoticesState.quiet_to,
                draft=False,
            ),
            class_name="card-body",
        ),
        class_name="card",
    )


def calendar_card() -> rx.Component:
    """The secret address under which a calendar program reads one's actions."""
    made = rx.fragment(
        rx.el.p(
            "Made ", ago(NoticesState.calendar_made, zone=ShellState.zone), ", last read ",
            ago(NoticesState.calendar_read, zone=ShellState.zone), ".", class_name="muted",
        ),
        rx.cond(
            NoticesState.calendar_address != "",
            rx.fragment(
                rx.el.p("Copy it now: it is not shown again. Whoever knows it reads your actions."),
                secret(NoticesState.calendar_address),
            ),
        ),
        rx.el.div(
            button("New address", "outline", "refresh-cw", on_click=NoticesState.make_calendar),
            button("Take it back", "outline", "ban", on_click=NoticesState.revoke_calendar),
            class_name="row wrap",
        ),
    )  # fmt: skip
    return rx.el.section(
        rx.el.div(rx.el.h2("Calendar"), class_name="card-head"),
        rx.el.div(
            rx.el.p("Your open actions with a day, in your own calendar program, by an address only you know."),
            rx.cond(
                NoticesState.calendar_made != "",
                made,
                rx.el.div(button("Make an address", "outline", "plus", on_click=NoticesState.make_calendar)),
            ),
            class_name="card-body stack",
        ),
        class_name="card",
    )
