"""Event types: what may be told of customers, what it is worth, and a line to send one with."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.admin_types.rows import DIRECTIONS, TypeRow
from salescompass.ui.admin_types.state import TypesState
from salescompass.ui.components import (
    area,
    button,
    cell,
    chip,
    column,
    dialog,
    field,
    form,
    hidden,
    icon,
    link,
    link_button,
    loading,
    meta,
    note,
    select_field,
    submit_button,
    table,
)
from salescompass.ui.components.copying import command
from salescompass.ui.shell import page_head, screen


@screen(routes.EVENT_TYPES, title="Event types", place="types", on_load=TypesState.load)
def types_page() -> rx.Component:
    """For administrators."""
    return rx.fragment(
        page_head(
            "Event types",
            rx.cond(
                TypesState.loaded,
                meta(TypesState.rows.length().to_string(), " types, ", TypesState.own.to_string(), " of your own"),
            ),
            lead="For administrators: what your applications may tell of customers. A type of your own needs no code: "
            "name it here and send it. What a type is worth is set under Scoring, where you see the effect first.",
            actions=[link_button("Create type", routes.event_types(dialog="type"), "solid", "plus")],
        ),
        rx.cond(TypesState.loaded, _table(), loading(10)),
        _type_dialog(),
        _send_dialog(),
    )


def _table() -> rx.Component:
    return rx.el.div(
        table(
            "Event types",
            [
                column("Type"),
                column("Direction"),
                column("Channel"),
                column("Points", end=True),
                column("Group"),
                column("Last 30 days", end=True),
                column("", end=True),
            ],
            TypesState.rows,
            _row,
        ),
        class_name="types-table compact-cards",
    )


def _row(row: rx.Var[TypeRow]) -> rx.Component:
    name = rx.el.div(
        rx.el.span(icon(row.icon), class_name="tile small"),
        rx.el.div(
            rx.el.div(
                rx.el.span(row.label, class_name="strong"),
                rx.cond(row.own, chip("Yours", "accent")),
                rx.cond(row.changed, chip("Changed", "")),
                rx.cond(row.retired, chip("Retired", "warning", "ban")),
                class_name="row wrap",
            ),
            rx.el.div(
                rx.el.code(row.key), rx.cond(row.checks != "", " · " + row.checks, ""), class_name="meta plain anywhere"
            ),
        ),
        class_name="row",
    )
    acts = rx.el.div(
        link_button("Edit", f"{routes.EVENT_TYPES}?type=" + row.key + "#type", "ghost", "pencil"),
        link_button("Send one", f"{routes.EVENT_TYPES}?type=" + row.key + "#send", "ghost", "terminal"),
        class_name="row",
    )
    return rx.el.tr(
        cell("Type", name, primary=True),
        cell("Direction", row.direction_word),
        cell("Channel", row.channel),
        cell("Points", rx.el.span(row.points, class_name="num"), end=True),
        cell("Group", row.group),
        cell("Last 30 days", rx.el.span(row.count, class_name="num"), end=True),
        cell("", acts, end=True),
        key=row.key,
    )


def _type_dialog() -> rx.Component:
    picked = TypesState.picked
    new = picked.key == ""
    built_in_note = "A type of the product: its key stays, you may rename it and say more about it."
    return dialog(
        "type",
        rx.cond(new, "Create type", "Edit " + picked.label),
        rx.cond(~new & ~picked.own, note(built_in_note, "info", "info")),
        form(
            "type",
            hidden("new", rx.cond(new, "new", "")),
            *_naming(picked, new),
            rx.el.div(*_acting(picked), class_name="two-fields"),
            rx.cond(new, rx.el.div(*_worth(), class_name="two-fields"), _worth_elsewhere(picked)),
            rx.el.div(*_repeating(picked), class_name="two-fields"),
            area(
                "type",
                "json_schema",
                "JSON schema of its properties (optional)",
                default_value=picked.json_schema,
                rows=5,
                placeholder='{"type": "object", "required": ["plan"], "properties": {"plan": {"type": "string"}}}',
                help_text="An event that does not fit is refused with the reason and the place. Without a schema every "
                "property is taken.",
            ),
            submit_button("Save type"),
            on_submit=TypesState.save,
            draft=new,
            key="type-" + picked.key + "-" + picked.group,
        ),
        rx.cond(~new, _retiring(picked)),
        shape="wide",
    )


def _naming(picked: Any, new: Any) -> list[rx.Component]:
    key = field(
        "type",
        "key",
        "Key",
        required=True,
        max_length=63,
        auto_complete="off",
        placeholder="quote_requested",
        help_text="What applications send. Small letters, digits and _; it never changes.",
    )
    label = field(
        "type",
        "label",
        "Name",
        default_value=picked.label,
        required=True,
        max_length=80,
        auto_complete="off",
        help_text="What people read in the feed, for example Quote requested.",
    )
    return [label, rx.cond(new, key, hidden("key", picked.key))]


def _acting(picked: Any) -> list[rx.Component]:
    return [
        select_field("type", "direction", "Direction", DIRECTIONS, default_value=picked.direction),
        rx.fragment(
            field(
                "type",
                "channel",
                "Channel",
                default_value=picked.channel,
                required=True,
                max_length=63,
                help_text="Where it happens: web, email, call, or a word of your own.",
                custom_attrs={"list": "known-channels"},
            ),
            rx.el.datalist(rx.foreach(TypesState.channels, lambda one: rx.el.option(value=one)), id="known-channels"),
        ),
    ]


def _worth() -> list[rx.Component]:
    group = rx.el.div(
        rx.el.label("Group", html_for="type-group"),
        rx.el.select(
            rx.foreach(TypesState.groups, lambda one: rx.el.option(one, value=one)),
            id="type-group",
            name="group",
            default_value=TypesState.picked.group,
            class_name="select",
        ),
        rx.el.p("How fast its points fade: passive in days, active in weeks, intent in months.", class_name="help"),
        class_name="field",
    )
    points = field(
        "type",
        "points",
        "Points to begin with",
        default_value="5",
        input_mode="decimal",
        help_text="A proposal viewed is worth 15, a page viewed 1. Negative ones take away.",
    )
    return [points, group]


def _worth_elsewhere(picked: Any) -> rx.Component:
    return rx.el.p(
        hidden("points", "0"),
        hidden("group", picked.group),
        "Worth ",
        rx.el.span(picked.points, class_name="strong num"),
        " points in the group ",
        rx.el.span(picked.group, class_name="strong"),
        ". ",
        link("Change it under Scoring", routes.SCORING),
        class_name="muted",
    )


def _repeating(picked: Any) -> list[rx.Component]:
    return [
        field(
            "type",
            "object_key",
            "Object (optional)",
            default_value=picked.object_key,
            max_length=63,
            auto_complete="off",
            placeholder="document_id",
            help_text="The property that names what was acted on.",
        ),
        field(
            "type",
            "window",
            "Told twice within, in seconds (optional)",
            default_value=picked.window,
            input_mode="numeric",
            auto_complete="off",
            placeholder="1800",
            help_text="The same act on the same object within this time counts once. 1800 is half an hour.",
        ),
    ]


def _retiring(picked: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.cond(
                picked.retired,
                "Retired: events of this type are refused. What was recorded stays and counts.",
                "Retire it when nothing should send it any more. What was recorded stays and counts.",
            ),
            class_name="muted grow",
        ),
        rx.cond(
            picked.retired,
            button("Take events again", "outline", "undo-2", on_click=TypesState.reopen(picked.key)),
            button("Retire type", "outline", "ban", on_click=TypesState.retire(picked.key)),
        ),
        class_name="row retiring",
    )


def _send_dialog() -> rx.Component:
    picked = TypesState.picked
    address = rx.Var("(typeof location === 'undefined' ? '' : location.origin)").to(str)
    curl = (
        "curl -X POST " + address + "/api/v1/events \\\n  -H 'Authorization: Bearer YOUR_KEY' \\\n"
        "  -H 'Content-Type: application/json' \\\n  -d '" + picked.sample + "'"
    )
    return dialog(
        "send",
        rx.cond(picked.key != "", "Send " + picked.label, "Send an event"),
        rx.el.p(
            "Put a key of yours in the place of YOUR_KEY (",
            link("API keys", routes.KEYS),
            "). The event is then in the ",
            link("feed", routes.FEED),
            " within a second.",
        ),
        rx.cond(picked.key != "", command(curl)),
        shape="wide",
    )
