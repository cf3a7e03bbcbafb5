"""The client's part of changing values in the cells of a list."""

from __future__ import annotations

import json
from typing import Any

import reflex as rx
from reflex.event import EventSpec

_SOURCE = rx.asset("cell_editing.jsx", shared=True)


def _cell(
    record: rx.Var[str], field: rx.Var[str], value: rx.Var[str], was: rx.Var[str]
) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str], rx.Var[str]]:
    """What is saved: the record, the field, what was typed, and what stood there when it was typed."""
    return record, field, value, was


class CellEditing(rx.Component):
    """Edits cells `td[data-field][data-raw]` of rows `tr[data-id]` whose field is among `fields`.

    The handler answers with `cell_saved` or `cell_refused`.
    """

    library = _SOURCE.importable_path
    tag = "CellEditing"

    fields: rx.Var[list[dict[str, Any]]]
    on_save: rx.EventHandler[_cell]  # type: ignore[type-arg, valid-type]


def cell_saved(record: str, field: str) -> EventSpec:
    """Tell the cell that is edited that its value was taken."""
    return _tell({"id": record, "field": field, "ok": True})


def cell_refused(record: str, field: str, message: str, **theirs: str) -> EventSpec:
    """Tell the cell why its value was not taken; `theirs` is what somebody else put there meanwhile."""
    return _tell({"id": record, "field": field, "message": message, **theirs})


def _tell(detail: dict[str, Any]) -> EventSpec:
    return rx.call_script(f"window.dispatchEvent(new CustomEvent('sc:cell', {{detail: {json.dumps(detail)}}}))")
