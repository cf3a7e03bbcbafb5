"""The client's part of the shell: dialogs, focus, shortcuts and the palette (frame.jsx, palette.jsx)."""

from __future__ import annotations

from typing import Any

import reflex as rx

_SOURCE = rx.asset("frame.jsx", shared=True)
rx.asset("palette.jsx", shared=True)


def _words(text: rx.Var[str]) -> tuple[rx.Var[str]]:
    """What was typed into the palette."""
    return (text,)


class Frame(rx.Component):
    """Draws nothing until the palette opens. `found` are the records for the words `q`, as `on_find` asked."""

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
