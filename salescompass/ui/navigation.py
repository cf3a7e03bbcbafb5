"""The shell's navigation: the sidebar or rail of desktops, the bottom bar of phones."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import avatar, icon
from salescompass.ui.components.dialogs import menu_opener
from salescompass.ui.shell_state import ShellState

_GROUPS = tuple(dict.fromkeys(place.group for place in routes.PLACES))


def _is_current(current: Any, key: str) -> dict[str, Any]:
    return {"aria-current": rx.cond(current == key, "page", rx.Var("undefined"))}


def _place_link(place: routes.Place, current: Any) -> rx.Component:
    return rx.cond(
        ShellState.allowed.contains(place.needs),
        rx.el.a(
            icon(place.icon),
            rx.el.span(place.label, class_name="label"),
            href=place.href,
            class_name="nav-link",
            title=place.label,
            custom_attrs=_is_current(current, place.key),
        ),
    )


def _group(name: str, current: Any) -> list[rx.Component]:
    places = [place for place in routes.PLACES if place.group == name]
    links = [_place_link(place, current) for place in places]
    if not name:
        return links
    needs = [ShellState.allowed.contains(place.needs) for place in places]
    some = needs[0]
    for one in needs[1:]:
        some = some | one
    return [rx.cond(some, rx.el.div(rx.el.span(name), class_name="nav-group")), *links]


@rx.memo
def sidebar(current: rx.Var[str]) -> rx.Component:
    """Desktop navigation: 240 wide, or a rail of icons."""
    return rx.el.div(
        rx.el.button(
            rx.el.span("Company: ", class_name="hidden"),
            rx.el.span(ShellState.tenant_initial, class_name="mark", custom_attrs={"aria-hidden": "true"}),
            rx.el.span(ShellState.tenant, class_name="label cut"),
            rx.el.span(icon("chevrons-up-down", 14), class_name="label muted"),
            type="button",
            class_name="tenant",
            custom_attrs=menu_opener("tenant-menu"),
        ),
        rx.el.button(
            icon("search"),
            rx.el.span("Search or jump to", class_name="label grow"),
            rx.el.kbd("Ctrl K", custom_attrs={"aria-hidden": "true"}),
            type="button",
            class_name="search",
            custom_attrs={"data-act": "palette", "aria-keyshortcuts": "Control+K"},
        ),
        rx.el.nav(
            *[part for group in _GROUPS for part in _group(group, current)],
            class_name="nav",
            custom_attrs={"aria-label": "Main"},
        ),
        rx.el.a(
            icon("circle-question-mark"),
            rx.el.span("Help and shortcuts", class_name="label"),
            rx.el.kbd("?"),
            href="#shortcuts",
            class_name="nav-link",
            title="Help and shortcuts",
        ),
        rx.el.div(
            rx.el.button(
                rx.el.span("Your profile: ", class_name="hidden"),
                avatar(ShellState.initials, ShellState.tint),
                rx.el.span(
                    rx.el.span(ShellState.name, class_name="strong cut"),
                    rx.el.span(ShellState.role_names, class_name="meta cut"),
                    class_name="who label",
                ),
                type="button",
                class_name="profile",
                custom_attrs=menu_opener("profile-menu"),
            ),
            bell(),
            class_name="profile-row",
        ),
        class_name="sidebar",
    )


def bell() -> rx.Component:
    """The bell: a dot when something is new; it leads to the inbox."""
    label = rx.cond(ShellState.unread > 0, f"Notifications, {ShellState.unread} new", "Notifications")
    return rx.el.a(
        icon("bell"),
        rx.cond(ShellState.unread > 0, rx.el.span(class_name="dot")),
        href=routes.INBOX,
        class_name="icon-button bell",
        custom_attrs={"aria-label": label},
    )


@rx.memo
def bottom_bar(current: rx.Var[str]) -> rx.Component:
    """Navigation of phones."""

    def tab(key: str) -> rx.Component:
        place = next(place for place in routes.PLACES if place.key == key)
        link = rx.el.a(icon(place.icon, 22), place.label, href=place.href, custom_attrs=_is_current(current, place.key))
        return rx.cond(ShellState.allowed.contains(place.needs), link)

    log = rx.el.a(icon("plus", 22), href="#log", class_name="quick-log", custom_attrs={"aria-label": "Quick log"})
    return rx.el.nav(
        tab("today"),
        tab("actions"),
        rx.cond(ShellState.allowed.contains("actions.write"), log),
        tab("feed"),
        rx.el.button(icon("search", 22), "Search", type="button", custom_attrs={"data-act": "palette"}),
        rx.el.a(
            icon("menu", 22),
            "More",
            rx.cond(ShellState.unread > 0, rx.el.span(class_name="hidden", custom_attrs={})),
            href="#more",
        ),
        class_name="bottom",
        custom_attrs={"aria-label": "Main, phone"},
    )
