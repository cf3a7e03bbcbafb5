"""API keys: what applications sign in with. A key is shown once, with the line that sends a first event."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.admin_keys.state import KeyRow, KeysState
from salescompass.ui.components import (
    ago,
    button,
    cell,
    checkboxes,
    chip,
    column,
    confirm,
    dialog,
    empty,
    field,
    form,
    icon,
    link,
    link_button,
    loading,
    select_field,
    submit_button,
    table,
)
from salescompass.ui.components.copying import command, secret
from salescompass.ui.components.forms import choice
from salescompass.ui.shell import page_head, screen
from salescompass.ui.shell_state import ShellState

# What each scope opens today; further ones come with the parts of the product they are for.
_SCOPES = (
    ("events:write", "Send events", "Record what customers do. It also reads them."),
    ("events:read", "Read events", "See the feed from a program."),
    ("*", "Everything", "All of these, and all that comes later: for tools you trust."),
)
_LASTS = (("90", "90 days"), ("30", "30 days"), ("365", "One year"), ("", "Without end"))
_EXAMPLE = (
    '{"type": "pricing_viewed", "account": {"name": "Example Ltd", "domain": "example.com"}, '
    '"contact": {"name": "Ada Example", "email": "ada@example.com"}}'
)


@screen(routes.KEYS, title="API keys", place="keys", on_load=KeysState.load)
def keys_page() -> rx.Component:
    """For administrators and the developers they work with."""
    return rx.fragment(
        page_head(
            "API keys",
            lead="For administrators and developers: a key lets an application send events or read data. "
            "Give each application its own, so that you can take one away without stopping the others.",
            actions=[link_button("Create API key", "#create", "solid", "plus")],
        ),
        rx.cond(KeysState.fresh != "", _fresh()),
        rx.cond(KeysState.loaded, rx.cond(KeysState.rows.length() > 0, _table(), _none()), loading(4)),
        _create_dialog(),
        confirm(
            "revoke",
            "Revoke the key " + KeysState.picked.name + "?",
            "Whatever uses it is refused at once. This cannot be undone; you can always make a new key.",
            action="Revoke key",
            on_confirm=KeysState.revoke(KeysState.picked.id),
        ),
    )


def _fresh() -> rx.Component:
    address = rx.Var("(typeof location === 'undefined' ? '' : location.origin)").to(str)
    curl = (
        "curl -X POST " + address + "/api/v1/events \\\n  -H 'Authorization: Bearer " + KeysState.fresh + "' \\\n"
        "  -H 'Content-Type: application/json' \\\n  -d '" + _EXAMPLE + "'"
    )
    return rx.el.section(
        rx.el.div(
            icon("key-round"),
            rx.el.h2("Your new key: " + KeysState.fresh_name),
            button("I have copied it", "outline", "check", on_click=KeysState.put_away, style={"margin-left": "auto"}),
            class_name="card-head",
        ),
        rx.el.div(
            rx.el.p("This is the only time it is shown: we keep a fingerprint of it, not the key. Store it safely."),
            secret(KeysState.fresh),
            rx.el.p("Try it. This sends one made-up event, which you then see in the ", link("feed", routes.FEED), ":"),
            command(curl),
            class_name="card-body stack",
        ),
        class_name="card fresh-key",
        role="status",
    )


def _table() -> rx.Component:
    return table(
        "API keys",
        [
            column("Name"),
            column("Key"),
            column("May"),
            column("Status"),
            column("Last used"),
            column("Expires"),
            column("", end=True),
        ],
        KeysState.rows,
        _row,
    )


def _row(row: rx.Var[KeyRow]) -> rx.Component:
    return rx.el.tr(
        cell("Name", row.name, primary=True),
        cell("Key", rx.el.code(row.prefix)),
        cell("May", rx.el.span(row.scopes, class_name="muted")),
        cell("Status", chip(row.word, row.tone, row.icon)),
        cell("Last used", ago(row.used_at, zone=ShellState.zone)),
        cell("Expires", ago(row.expires_at, zone=ShellState.zone)),
        cell(
            "",
            rx.cond(row.active, link_button("Revoke", f"{routes.KEYS}?key=" + row.id + "#revoke", "ghost", "ban")),
            end=True,
        ),
    )


def _none() -> rx.Component:
    return rx.el.div(
        empty(
            "No keys yet",
            "Create one for the application that knows what your customers do: your website, your product, your "
            "help desk. You get the key and a line to try it with.",
            link_button("Create API key", "#create", "outline", "plus"),
            icon_name="key-round",
        ),
        class_name="card",
    )


def _create_dialog() -> rx.Component:
    return dialog(
        "create",
        "Create API key",
        form(
            "create",
            field(
                "create",
                "name",
                "Name",
                required=True,
                max_length=120,
                auto_complete="off",
                help_text="The application that will use it, for example Website.",
            ),
            checkboxes(
                "create",
                "scopes",
                "May",
                *[
                    choice("scopes", scope, label, about, default_checked=scope == "events:write")
                    for scope, label, about in _SCOPES
                ],
                help_text="As little as the application needs.",
            ),
            select_field(
                "create", "lasts", "Lasts", _LASTS, help_text="After this it is refused; make a new one then."
            ),
            submit_button("Create key"),
            on_submit=KeysState.create,
        ),
        shape="wide",
    )
