"""The panel beside a page (a sheet on phones), open while the address says so; and the keys j, k and o of a list."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui.components.elements import Text, icon

_SOURCE = rx.asset("panel.jsx", shared=True)


class SidePanel(rx.Component):
    """The client's part of a panel: on desktops beside the page, on phones modal; Esc and Back close it."""

    library = _SOURCE.importable_path
    tag = "SidePanel"
    lib_dependencies: list[str] = ["tinykeys@4.0.0"]

    param: rx.Var[str]
    label: rx.Var[str]
    close_href: rx.Var[str]


class Here(rx.Component):
    """Shows what was read for this address, and grey shapes until it is: a state outlives the page it was read for.

    `echo` is the path as the server read it, and a mark that changes with every reading. Within one path what was
    shown stays, dimmed, until it is read anew.
    """

    library = _SOURCE.importable_path
    tag = "Here"
    lib_dependencies: list[str] = ["tinykeys@4.0.0"]

    echo: rx.Var[str]
    heading: rx.Var[str]


class ListKeys(rx.Component):
    """Moves between the links marked `data-row`: j down, k up, o opens; while a panel is open it follows."""

    library = _SOURCE.importable_path
    tag = "ListKeys"
    lib_dependencies: list[str] = ["tinykeys@4.0.0"]

    on: rx.Var[bool]


def side_panel(
    param: str, title: Text, close_href: Any, *body: Any, head: Any = (), sub: Any = None, foot: Any = ()
) -> Any:
    """A panel, there while the address has the parameter: head with title and cross, body, and a foot.

    A foot has at most one solid button.
    """
    words = [rx.el.h2(title, tab_index=-1)]
    if sub is not None:
        words.append(rx.el.div(sub, class_name="meta"))
    before, after = (list(head), []) if not isinstance(head, dict) else (head["before"], head["after"])
    return SidePanel.create(
        rx.el.div(
            *before,
            rx.el.div(*words, class_name="grow"),
            *after,
            panel_link("Close", "x", close_href),
            class_name="panel-head",
        ),
        rx.el.div(*body, class_name="panel-body"),
        *([rx.el.div(*foot, class_name="panel-foot")] if foot else []),
        param=param,
        label=title,
        close_href=close_href,
    )


def panel_link(label: str, icon_name: str, href: Any) -> rx.Component:
    """A link that is only an icon."""
    return rx.el.a(
        icon(icon_name), href=href, class_name="icon-button tip-end", custom_attrs={"aria-label": label}, title=label
    )
