"""The editor of conditions: react-querybuilder with our own controls, a live count, and Apply into the address."""

from __future__ import annotations

from typing import Any

import reflex as rx

_SOURCE = rx.asset("condition_editor.jsx", shared=True)


def _tree(text: rx.Var[str]) -> tuple[rx.Var[str]]:
    """What is counted: the tree as JSON."""
    return (text,)


class ConditionEditor(rx.Component):
    """Edits the tree that the address holds as `where`.

    `offered` has fields, operators by kind and choices by what they refer to; `counted` the tree that was counted last
    and the words for it. What is not filled in yet is left out.
    """

    library = _SOURCE.importable_path
    tag = "ConditionEditor"
    lib_dependencies: list[str] = ["react-querybuilder@8.24.1"]

    offered: rx.Var[dict[str, Any]]
    counted: rx.Var[dict[str, str]]
    noun: rx.Var[str]
    on_measure: rx.EventHandler[_tree]  # type: ignore[type-arg, valid-type]
