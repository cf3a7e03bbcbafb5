"""Icons, buttons, links, chips, avatars: one function each, drawn with the classes of assets/*.css."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.element import Element

Text = str | rx.Var[str]
WAITS = {"data-waits": ""}
"""Attributes of a button whose answer is the server's: it shows at once that it was pressed (see frame.jsx)."""


class Use(Element):
    """`<use>` of SVG: draws a symbol of assets/icons.svg, so that an icon may have a name known only later."""

    tag = "use"
    href: rx.Var[str]


def icon(name: Text, size: int = 16, **props: Any) -> rx.Component:
    """A Lucide icon by its name; it is decoration, the words beside it or the label carry the meaning."""
    return rx.el.svg(
        Use.create(href="/icons.svg#" + name),
        width=str(size),
        height=str(size),
        view_box="0 0 24 24",
        class_name="icon",
        custom_attrs={"aria-hidden": "true"},
        **props,
    )


def _content(label: Text | rx.Component, icon_name: Text | None) -> list[Any]:
    return [icon(icon_name), label] if icon_name is not None else [label]


def button(label: Text, look: str = "outline", icon_name: Text | None = None, **props: Any) -> rx.Component:
    """A button that does something here. Looks: solid (one per page or panel), outline, ghost, danger."""
    props.setdefault("type", "button")
    extra = props.pop("class_name", "")
    return rx.el.button(*_content(label, icon_name), class_name=f"button {look} {extra}".strip(), **props)


def link_button(
    label: Text | rx.Component, href: Text, look: str = "outline", icon_name: Text | None = None, **props: Any
) -> rx.Component:
    """A link that looks like a button: it leads somewhere, or opens a dialog by its address (#name)."""
    extra = props.pop("class_name", "")
    return rx.el.a(*_content(label, icon_name), href=href, class_name=f"button {look} {extra}".strip(), **props)


def link(label: Text, href: Text, **props: Any) -> rx.Component:
    """A link in text."""
    return rx.el.a(label, href=href, class_name="link", **props)


def icon_button(label: str, icon_name: Text, **props: Any) -> rx.Component:
    """A button that is only an icon; the label is its name for those who cannot see it, and its tooltip."""
    extra = props.pop("class_name", "")
    attributes = {"aria-label": label, "data-tip": label, **props.pop("custom_attrs", {})}
    props.setdefault("type", "button")
    return rx.el.button(icon(icon_name), class_name=f"icon-button {extra}".strip(), custom_attrs=attributes, **props)


def chip(label: Text, tone: Text = "", icon_name: Text | None = None, **props: Any) -> rx.Component:
    """A word about a state. Tones: success, warning, danger, info, accent; none is neutral."""
    content = [icon(icon_name, 13), label] if icon_name is not None else [label]
    extra = props.pop("class_name", "")
    return rx.el.span(*content, class_name=rx.Var.create("chip ") + tone + f" {extra}", **props)


def avatar(initials: Text, tint: Text = "iris") -> rx.Component:
    """A person's initials on one of five tints. The name stands beside it, so it is hidden from readers."""
    return rx.el.span(initials, class_name=rx.Var.create("avatar ") + tint, custom_attrs={"aria-hidden": "true"})


def meta(*children: Any, **props: Any) -> rx.Component:
    """Small muted text: counts, freshness, hints."""
    return rx.el.span(*children, class_name="meta", **props)


def note(text: Any, tone: Text = "info", icon_name: str = "info") -> rx.Component:
    """A box that says something worth stopping for. Tones: info, warning, danger, success."""
    return rx.el.div(icon(icon_name), rx.el.div(text, class_name="grow"), class_name=rx.Var.create("note ") + tone)
