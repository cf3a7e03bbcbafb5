"""The frame of every page, and how a page joins it.

@screen(routes.FEED, title="Feed", place="feed", on_load=FeedState.load)
def feed_page() -> rx.Component: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from salescompass.ui import routes
from salescompass.ui.components import empty, icon, link_button
from salescompass.ui.components.frame import Frame
from salescompass.ui.navigation import bottom_bar, sidebar
from salescompass.ui.sheets import sheets
from salescompass.ui.shell_state import ShellState


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
        Frame.create(
            commands=commands(),
            allowed=ShellState.allowed,
            shortcuts=ShellState.shortcuts,
            member=True,
            who=ShellState.email,
            found=ShellState.found,
            on_find=ShellState.find,
        ),
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
