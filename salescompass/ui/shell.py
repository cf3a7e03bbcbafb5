"""The frame of every page: navigation, search, bell, tenant and profile menus, and how a page joins it.

@screen(routes.FEED, title="Feed", place="feed", on_load=FeedState.load)
def feed_page() -> rx.Component: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import reflex as rx
from reflex_base.style import color_mode, set_color_mode
from reflex_components_core.core.banner import has_connection_errors

from salescompass.ui import routes
from salescompass.ui.components import ago, avatar, chip, dialog, empty, icon, link_button, menu, meta
from salescompass.ui.components.dialogs import menu_opener
from salescompass.ui.components.frame import Frame
from salescompass.ui.shell_state import NotificationRow, ShellState, TenantRow

_GROUPS = tuple(dict.fromkeys(place.group for place in routes.PLACES))


@dataclass(frozen=True)
class Page:
    """A page that joined the application."""

    route: str
    title: str
    build: Callable[[], rx.Component]
    on_load: Any


SCREENS: list[Page] = []
"""Every page, in the order of their modules; the composition root adds them to the application."""


def screen(
    route: str, *, title: str, place: str = "", on_load: Any = ()
) -> Callable[[Callable[[], rx.Component]], Callable[[], rx.Component]]:
    """Make a function the page at a route, inside the frame. `place` is its key in the navigation."""
    loads = list(on_load) if isinstance(on_load, list | tuple) else [on_load]

    def register(body: Callable[[], rx.Component]) -> Callable[[], rx.Component]:
        needs = next((one.needs for one in routes.PLACES if one.key == place), "account.self")

        def page() -> rx.Component:
            return frame(
                rx.cond(ShellState.known & ~ShellState.allowed.contains(needs), _not_allowed(title), body()), place
            )

        SCREENS.append(Page(route, f"{title} · SalesCompass", page, [ShellState.load, ShellState.listen, *loads]))
        return body

    return register


def door(
    route: str, *, title: str, on_load: Any = None
) -> Callable[[Callable[[], rx.Component]], Callable[[], rx.Component]]:
    """Make a function the page at a route, outside the frame: sign in and the like."""

    def register(body: Callable[[], rx.Component]) -> Callable[[], rx.Component]:
        def page() -> rx.Component:
            return rx.el.div(
                rx.el.div(rx.el.span(icon("compass", 18), class_name="mark"), "SalesCompass", class_name="brand"),
                rx.el.main(body(), id="main"),
                offline_bar(),
                Frame.create(commands=[], allowed=[], shortcuts=False, member=False),
                class_name="door",
            )

        SCREENS.append(Page(route, f"{title} · SalesCompass", page, on_load))
        return body

    return register


def page_head(title: str, *about: Any, lead: Any = None, actions: Any = ()) -> rx.Component:
    """A page's heading, what stands beside it, its actions, and a sentence: whom it is for, what to do next."""
    return rx.el.header(
        rx.el.div(rx.el.h1(title, tab_index=-1), *about, class_name="about"),
        rx.el.div(*actions, class_name="actions"),
        *([rx.el.p(lead, class_name="page-lead")] if lead is not None else []),
        class_name="page-head",
    )


def frame(body: rx.Component, current: str) -> rx.Component:
    """A page inside the shell."""
    return rx.el.div(
        rx.el.a("Skip to content", href="#main", class_name="skip button solid"),
        sidebar(current=current),
        rx.el.div(offline_bar(), rx.el.main(body, id="main", tab_index=-1), class_name="stage"),
        bottom_bar(current=current),
        sheets(),
        Frame.create(commands=commands(), allowed=ShellState.allowed, shortcuts=ShellState.shortcuts, member=True),
        class_name="app",
    )


def commands() -> list[dict[str, Any]]:
    """What the palette and the shortcuts can do; the client leaves out what the member may not."""
    pages = [{**asdict(place), "group": "Go to"} for place in routes.PLACES]
    deeds = [{**asdict(deed), "group": "Do"} for deed in routes.DEEDS]
    return [{name: value for name, value in one.items() if value} for one in (*pages, *deeds)]


def offline_bar() -> rx.Component:
    """Says quietly that the server is away; it goes when the connection is back."""
    return rx.cond(
        has_connection_errors,
        rx.el.div(
            icon("wifi-off", 14),
            "Offline. What you type is kept, and this page catches up by itself.",
            class_name="offline",
            role="status",
        ),
    )


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
            rx.el.span(ShellState.tenant_initial, class_name="mark"),
            rx.el.span(ShellState.tenant, class_name="label cut"),
            rx.el.span(icon("chevrons-up-down", 14), class_name="label muted"),
            type="button",
            class_name="tenant",
            custom_attrs={**menu_opener("tenant-menu"), "aria-label": "Company: " + ShellState.tenant},
        ),
        rx.el.button(
            icon("search"),
            rx.el.span("Search or jump to", class_name="label grow"),
            rx.el.kbd("Ctrl K"),
            type="button",
            class_name="search",
            custom_attrs={"data-act": "palette", "aria-label": "Search or jump to (Ctrl K)"},
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
                avatar(ShellState.initials, ShellState.tint),
                rx.el.span(
                    rx.el.span(ShellState.name, class_name="strong cut"),
                    rx.el.span(ShellState.role_names, class_name="meta cut"),
                    class_name="who label",
                ),
                type="button",
                class_name="profile",
                custom_attrs={**menu_opener("profile-menu"), "aria-label": "Your profile: " + ShellState.name},
            ),
            bell(),
            class_name="profile-row",
        ),
        class_name="sidebar",
    )


def bell() -> rx.Component:
    """The bell: a dot when something is new; it opens the inbox."""
    label = rx.cond(ShellState.unread > 0, f"Notifications, {ShellState.unread} new", "Notifications")
    return rx.el.a(
        icon("bell"),
        rx.cond(ShellState.unread > 0, rx.el.span(class_name="dot")),
        href="#inbox",
        class_name="icon-button bell",
        custom_attrs={"aria-label": label},
    )


@rx.memo
def bottom_bar(current: rx.Var[str]) -> rx.Component:
    """Navigation of phones."""
    tabs = [place for place in routes.PLACES if place.key in ("today", "feed")]
    return rx.el.nav(
        *[
            rx.el.a(icon(place.icon, 22), place.label, href=place.href, custom_attrs=_is_current(current, place.key))
            for place in tabs
        ],
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


@rx.memo
def sheets() -> rx.Component:
    """The dialogs and menus that every page has."""
    return rx.fragment(inbox(), shortcut_sheet(), more_sheet(), tenant_menu(), profile_menu())


def inbox() -> rx.Component:
    """The notifications of the member, newest first."""
    return dialog(
        "inbox",
        "Notifications",
        rx.cond(
            ShellState.inbox.length() > 0,
            rx.fragment(
                rx.cond(
                    ShellState.unread > 0,
                    rx.el.div(
                        rx.el.button(
                            "Mark all as read", type="button", class_name="link", on_click=ShellState.mark_all_read
                        )
                    ),
                ),
                rx.el.ul(rx.foreach(ShellState.inbox, _notification), class_name="inbox"),
            ),
            rx.el.div(
                icon("inbox", 20),
                rx.el.h3("All caught up"),
                rx.el.p("What needs your attention will appear here, for example when your roles change."),
                class_name="empty-plain",
            ),
        ),
        shape="side",
    )


def _notification(row: rx.Var[NotificationRow]) -> rx.Component:
    words = rx.el.div(
        rx.cond(
            row.link != "",
            rx.el.a(row.title, href=row.link, class_name="strong"),
            rx.el.span(row.title, class_name="strong"),
        ),
        rx.el.p(row.body, class_name="muted"),
    )
    return rx.el.li(
        rx.el.span(class_name=rx.cond(row.read, "", "new")),
        words,
        rx.el.span(ago(row.at, zone=ShellState.zone), class_name="meta tip-end"),
    )


def shortcut_sheet() -> rx.Component:
    """Every shortcut, and where to switch them off."""
    known = [("Search or jump to", "Ctrl K"), ("Search", "/")]
    known += [(f"Go to {place.label}", place.keys) for place in routes.PLACES]
    known += [(deed.label, deed.keys) for deed in routes.DEEDS if deed.keys]
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
    others = [place for place in routes.PLACES if place.key not in ("today", "feed")]
    return dialog(
        "more",
        "More",
        rx.el.div(
            rx.el.a(
                icon("bell"),
                rx.el.span("Notifications", class_name="grow"),
                rx.cond(ShellState.unread > 0, chip(ShellState.unread.to_string(), "accent")),
                href="#inbox",
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


def _not_allowed(title: str) -> rx.Component:
    return rx.fragment(
        page_head(title),
        rx.el.div(
            empty(
                "Your role does not open this page",
                "An administrator of your company can give you a role that does. Everything else is as before.",
                link_button("Go to Today", routes.TODAY, "outline", "sun"),
                icon_name="lock",
            ),
            class_name="card",
        ),
    )


def only_for(permission: str, *children: Any) -> rx.Component:
    """Shown only to members with the permission; the server checks it again at every act."""
    return rx.cond(ShellState.allowed.contains(permission), rx.fragment(*children))
