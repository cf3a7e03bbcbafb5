"""A field of several lines in which an @ names colleagues and teams."""

from __future__ import annotations

from typing import Any

import reflex as rx

_SOURCE = rx.asset("mentions.jsx", shared=True)


def _asked(text: rx.Var[str], visibility: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    """What is typed of a name, and whom the text is for."""
    return (text, visibility)


class MentionArea(rx.Component):
    """The client's part: it asks by `on_ask` and hears the answer as the window's event `sc:named`, because an editor
    in place stays as it was when it was opened."""

    library = _SOURCE.importable_path
    tag = "MentionArea"

    area_id: rx.Var[str]
    name: rx.Var[str]
    label: rx.Var[str]
    rows: rx.Var[int]
    longest: rx.Var[int]
    value: rx.Var[str]
    describedby: rx.Var[str]
    on_ask: rx.EventHandler[_asked]  # type: ignore[type-arg, valid-type]


def mention_area(name: str, label: str, *, on_ask: Any, **props: Any) -> rx.Component:
    """The field; without `area_id` its label is only told to those who cannot see it."""
    return MentionArea.create(name=name, label=label, on_ask=on_ask, **props)
