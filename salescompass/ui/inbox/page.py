"""The inbox: what one was told, in four parts, and what to do with it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import ago, button, chip, empty, form, icon, icon_button, link_button, loading, meta
from salescompass.ui.components.dialogs import menu, menu_opener
from salescompass.ui.components.panel import ListKeys
from salescompass.ui.inbox.state import ACTS, UNTIL, InboxState, LineRow
from salescompass.ui.shell import page_head, screen
from salescompass.ui.shell_state import ShellState

_TABS = {"all": "All", "unread": "Unread", "mentions": "Mentions", "assigned": "Assigned"}
_NOTHING = {
    "all": ("Nothing was told to you yet", "Mentions, actions given to you and hot accounts of yours appear here."),
    "unread": ("All caught up", "What is new appears here by itself."),
    "mentions": ("Nobody has mentioned you yet", "Colleagues name you in a note by an @ and your name."),
    "assigned": ("Nothing was given to you yet", "Actions and records that become yours appear here."),
}


@screen(routes.INBOX, title="Inbox", on_load=[InboxState.load, InboxState.listen])
def inbox_page() -> rx.Component:
    """For everybody: what they were told."""
    return rx.fragment(
        page_head(
            "Inbox",
            rx.cond(InboxState.unread > 0, chip(f"{InboxState.unread} unread", "accent")),
            actions=[
                rx.cond(
                    InboxState.unread > 0,
                    button(_word("Mark all as read"), "ghost", "check-check", class_name="compact",
                           on_click=InboxState.mark_all, custom_attrs={"aria-label": "Mark all as read"}),
                ),
                link_button(_word("Settings"), f"{routes.PROFILE}#notifications", "ghost", "bell", class_name="compact",
                            custom_attrs={"aria-label": "Notification settings"}),
            ],
        ),
        rx.el.nav(*[_tab(key, word) for key, word in _TABS.items()], class_name="segments inbox-parts",
                  custom_attrs={"aria-label": "Parts"}),
        rx.cond(
            InboxState.loaded,
            rx.cond(InboxState.rows.length() > 0, _list(), rx.match(InboxState.tab, *_nothing(), rx.fragment())),
            loading(6),
        ),
        ListKeys.create(on=ShellState.shortcuts),
    )  # fmt: skip


def _word(text: str) -> rx.Component:
    return rx.el.span(text, class_name="word")


def _tab(key: str, word: str) -> rx.Component:
    current = {"aria-current": rx.cond(InboxState.tab == key, "page", rx.Var("undefined"))}
    return rx.el.a(word, href=routes.inbox("" if key == "all" else key), custom_attrs=current)


def _nothing() -> list[tuple[str, rx.Component]]:
    return [
        (key, rx.el.div(empty(title, text, icon_name="inbox"), class_name="card"))
        for key, (title, text) in _NOTHING.items()
    ]


def _list() -> rx.Component:
    acts = rx.el.div(
        rx.el.select(
            *[rx.el.option(word, value=key) for key, word in ACTS.items()],
            name="act",
            class_name="select",
            custom_attrs={"aria-label": "What to do with those ticked"},
        ),
        button("Apply to those ticked", type="submit"),
        class_name="row wrap inbox-acts",
    )
    return form(
        "inbox",
        rx.el.ul(rx.foreach(InboxState.rows, _line), class_name="inbox-lines card"),
        rx.cond(InboxState.more, button("Earlier", "ghost", on_click=InboxState.load_more)),
        acts,
        on_submit=InboxState.do_with_many,
        draft=False,
    )


def _line(row: rx.Var[LineRow]) -> rx.Component:
    snooze: Any = "put-off-" + row.id
    words = rx.el.span(row.title, class_name="strong")
    opened = rx.el.a(
        row.title,
        href=row.link,
        class_name="strong row-link",
        on_click=InboxState.mark(row.id, True),
        custom_attrs={"data-row": ""},
    )
    ack = rx.cond(
        row.acked,
        chip("Acknowledged", "success", "check"),
        button("Acknowledge", "outline", "check", on_click=InboxState.acknowledge(row.id)),
    )
    return rx.el.li(
        rx.el.label(
            rx.el.input(
                type="checkbox", name="chosen", value=row.id, custom_attrs={"aria-label": "Choose " + row.title}
            ),
            class_name="inbox-pick",
        ),
        rx.el.span(icon(row.icon), class_name="tile"),
        rx.el.div(
            rx.el.div(
                rx.cond(~row.read, rx.el.span(rx.el.span("Unread: ", class_name="hidden"), class_name="new")),
                rx.cond(row.link != "", opened, words),
            ),
            rx.cond(row.body != "", rx.el.p(row.body, class_name="muted inbox-body")),
            rx.el.div(
                meta(ago(row.at, zone=ShellState.zone), rx.cond(row.times != "", ", " + row.times, "")),
                rx.cond(row.critical, ack),
                class_name="row wrap",
            ),
            class_name="grow",
        ),
        rx.el.div(
            rx.cond(
                row.read,
                icon_button("Mark as unread", "mail", on_click=InboxState.mark(row.id, False), class_name="tip-end"),
                icon_button("Mark as read", "mail-open", on_click=InboxState.mark(row.id, True), class_name="tip-end"),
            ),
            rx.el.button(
                icon("alarm-clock"),
                type="button",
                class_name="icon-button tip-end",
                custom_attrs={**menu_opener(snooze), "aria-label": "Put off", "data-tip": "Put off"},
            ),
            menu(
                snooze,
                *[
                    rx.el.button(
                        icon("alarm-clock"),
                        word,
                        type="button",
                        class_name="menu-item",
                        on_click=InboxState.put_off(row.id, key),
                        custom_attrs={"popovertarget": snooze, "popovertargetaction": "hide"},
                    )
                    for key, word in UNTIL.items()
                ],
            ),
            class_name="row inbox-row-acts",
        ),
        key=row.id,
        class_name=rx.cond(row.read, "read", "unread"),
    )
