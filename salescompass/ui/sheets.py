"""The dialogs and menus that every page has: shortcuts, profile, companies, and the phone's "More"."""

from __future__ import annotations

import reflex as rx
from reflex_base.style import color_mode, set_color_mode

from salescompass.ui import routes
from salescompass.ui.components import chip, dialog, icon, menu, meta
from salescompass.ui.components.quick_sheets import quick_sheets
from salescompass.ui.quick_state import QuickState
from salescompass.ui.shell_state import ShellState, TenantRow


@rx.memo
def sheets() -> rx.Component:
    """The dialogs and menus that every page has."""
    quick = quick_sheets(QuickState, allowed=ShellState.allowed)
    return rx.fragment(shortcut_sheet(), more_sheet(), tenant_menu(), profile_menu(), quick)


def shortcut_sheet() -> rx.Component:
    """Every shortcut, and where to switch them off."""
    known = [("Search or jump to", "Ctrl K"), ("Search", "/")]
    known += [(f"Go to {place.label}", place.keys) for place in routes.PLACES if place.keys]
    known += [(deed.label, deed.keys) for deed in routes.DEEDS if deed.keys]
    known += [("Next row of a list", "j"), ("Row before", "k"), ("Open the row", "o")]
    rows: list[rx.Component] = []
    for label, keys in known:
        presses = ["Ctrl K"] if keys == "Ctrl K" else keys.split(" ")
        rows += [rx.el.dt(label), rx.el.dd(*[rx.el.kbd(press) for press in presses])]
    return dialog(
        "shortcuts",
        "Help and shortcuts",
        rx.el.dl(*rows, class_name="shortcut-list"),
        rx.cond(
            ShellState.shortcuts,
            rx.el.p(
                "Single letters can be switched off in ",
                rx.el.a("your profile", href=routes.PROFILE, class_name="link"),
                ".",
            ),
            rx.el.p(
                chip("Off", "warning", "keyboard"),
                " Single letters are switched off. Switch them on in ",
                rx.el.a("your profile", href=routes.PROFILE, class_name="link"),
                ".",
            ),
        ),
    )


def _menu_link(label: str, icon_name: str, href: str) -> rx.Component:
    return rx.el.a(icon(icon_name), label, href=href, class_name="menu-item")


def _menu_act(label: str, icon_name: str, act: str, **data: str) -> rx.Component:
    attributes = {"data-act": act, **{f"data-{name}": value for name, value in data.items()}}
    return rx.el.button(icon(icon_name), label, type="button", class_name="menu-item", custom_attrs=attributes)


def _theme_choice() -> rx.Component:
    def choice(mode: str, label: str) -> rx.Component:
        return rx.el.button(
            label,
            type="button",
            on_click=set_color_mode(mode),
            custom_attrs={"aria-pressed": rx.cond(color_mode == mode, "true", "false")},
        )

    return rx.el.div(
        choice("system", "System"),
        choice("light", "Light"),
        choice("dark", "Dark"),
        class_name="segments",
        role="group",
        style={"width": "100%"},
        custom_attrs={"aria-label": "Theme"},
    )


def _personal() -> list[rx.Component]:
    return [
        _menu_link("Profile and sessions", "circle-user", routes.PROFILE),
        rx.el.div(_theme_choice(), style={"padding": "6px 8px"}),
        rx.el.div(class_name="menu-rule"),
        _menu_act("Sign out", "log-out", "post", url="/auth/sign-out"),
    ]


def profile_menu() -> rx.Component:
    """Who is signed in, the theme, and the way out."""
    return menu(
        "profile-menu",
        rx.el.div(
            rx.el.div(ShellState.name, class_name="strong cut"),
            meta(ShellState.email),
            class_name="menu-head",
        ),
        *_personal(),
    )


def _tenant_choice(row: rx.Var[TenantRow]) -> rx.Component:
    return rx.el.button(
        icon(rx.cond(row.current, "check", "building-2")),
        rx.el.span(row.name, class_name="cut"),
        type="button",
        class_name="menu-item",
        disabled=row.current,
        custom_attrs={
            "data-act": "post",
            "data-url": "/auth/switch-tenant",
            "data-body": row.body,
            "aria-current": rx.cond(row.current, "true", rx.Var("undefined")),
        },
    )


def tenant_menu() -> rx.Component:
    """The companies the person belongs to; each has its own people, events and keys."""
    return menu(
        "tenant-menu",
        rx.el.div(meta("Your companies"), class_name="menu-head"),
        rx.foreach(ShellState.tenants, _tenant_choice),
        place="from-top",
    )


def more_sheet() -> rx.Component:
    """On phones: everything that the bottom bar has no room for."""
    others = [place for place in routes.PLACES if place.key not in ("today", "actions", "feed")]
    return dialog(
        "more",
        "More",
        rx.el.div(
            rx.el.a(
                icon("bell"),
                rx.el.span("Notifications", class_name="grow"),
                rx.cond(ShellState.unread > 0, chip(ShellState.unread.to_string(), "accent")),
                href=routes.INBOX,
                class_name="menu-item",
            ),
            *[
                rx.cond(ShellState.allowed.contains(place.needs), _menu_link(place.label, place.icon, place.href))
                for place in others
            ],
            rx.el.div(class_name="menu-rule"),
            rx.el.div(meta(ShellState.tenant), class_name="menu-head"),
            rx.cond(ShellState.tenants.length() > 1, rx.foreach(ShellState.tenants, _tenant_choice)),
            *_personal(),
        ),
    )
