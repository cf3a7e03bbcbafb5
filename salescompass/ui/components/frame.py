"""The client's part of the shell: dialogs, focus, shortcuts and the palette (frame.jsx, palette.jsx)."""

from __future__ import annotations

from typing import Any

import reflex as rx

_SOURCE = rx.asset("frame.jsx", shared=True)
rx.asset("palette.jsx", shared=True)


def _words(ticket: rx.Var[int], text: rx.Var[str]) -> tuple[rx.Var[int], rx.Var[str]]:
    """What was typed into the palette, and the ticket of the answer."""
    return ticket, text


class Frame(rx.Component):
    """Draws nothing until the palette opens. `found` has the records that `on_find` asked for under a ticket."""

    library = _SOURCE.importable_path
    tag = "Frame"
    lib_dependencies: list[str] = ["tinykeys@4.0.0", "cmdk@1.1.1"]

    commands: rx.Var[list[dict[str, Any]]]
    allowed: rx.Var[list[str]]
    shortcuts: rx.Var[bool]
    member: rx.Var[bool]
    who: rx.Var[str]
    found: rx.Var[dict[str, Any]]
    on_find: rx.EventHandler[_words]  # type: ignore[type-arg, valid-type]
