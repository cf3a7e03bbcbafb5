"""The editor of conditions: react-querybuilder with our own controls and a live count, applied into the address or sent
by a form."""

from __future__ import annotations

from typing import Any

import reflex as rx

_SOURCE = rx.asset("condition_editor.jsx", shared=True)
rx.asset("account_pick.jsx", shared=True)


def _tree(text: rx.Var[str]) -> tuple[rx.Var[str]]:
    """What is counted: the tree as JSON."""
    return (text,)


def _name(ticket: rx.Var[int], text: rx.Var[str]) -> tuple[rx.Var[int], rx.Var[str]]:
    """The beginning of an account's name, and the ticket of the answer."""
    return ticket, text


class ConditionEditor(rx.Component):
    """Edits the tree that the address holds as `where`.

    `offered` has fields, operators by kind and choices by what they refer to; `counted` the tree that was counted last
    and the words for it. What is not filled in yet is left out. `named` are the names of ids in the tree, `found` the
    accounts that `on_find` asked for under a ticket.
    """

    library = _SOURCE.importable_path
    tag = "ConditionEditor"
    lib_dependencies: list[str] = ["react-querybuilder@8.24.1"]

    offered: rx.Var[dict[str, Any]]
    counted: rx.Var[dict[str, str]]
    noun: rx.Var[str]
    named: rx.Var[dict[str, str]]
    found: rx.Var[dict[str, Any]]
    on_measure: rx.EventHandler[_tree]  # type: ignore[type-arg, valid-type]
    on_find: rx.EventHandler[_name]  # type: ignore[type-arg, valid-type]


class ConditionField(rx.Component):
    """Edits a tree as a field of a form: `value` is what it begins with, as JSON; it is sent under `name`."""

    library = _SOURCE.importable_path
    tag = "ConditionField"
    lib_dependencies: list[str] = ["react-querybuilder@8.24.1"]

    offered: rx.Var[dict[str, Any]]
    counted: rx.Var[dict[str, str]]
    noun: rx.Var[str]
    name: rx.Var[str]
    value: rx.Var[str]
    legend: rx.Var[str]
    on_measure: rx.EventHandler[_tree]  # type: ignore[type-arg, valid-type]
