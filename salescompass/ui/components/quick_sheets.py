"""Two sheets that every page has: log what happened, and plan what is to be done."""

from __future__ import annotations

from typing import Any, TypeVar

import reflex as rx

from salescompass.ui.action_words import KINDS, OUTCOMES

_SOURCE = rx.asset("quick_sheets.jsx", shared=True)
Sent = TypeVar("Sent")


def _form(form: rx.Var[Sent]) -> tuple[rx.Var[Sent]]:
    """What a sheet sends; the handler's TypedDict bounds it."""
    return (form,)


def _question(ticket: rx.Var[int], text: rx.Var[str]) -> tuple[rx.Var[int], rx.Var[str]]:
    """Which question it is, and what was typed."""
    return (ticket, text)


class QuickSheets(rx.Component):
    """The client's part of `#log` and `#plan`."""

    library = _SOURCE.importable_path
    tag = "QuickSheets"

    allowed: rx.Var[list[str]]
    outcomes: rx.Var[dict[str, Any]]
    kinds: rx.Var[list[Any]]
    found: rx.Var[dict[str, Any]]
    on_find: rx.EventHandler[_question]  # type: ignore[type-arg, valid-type]
    on_log: rx.EventHandler[_form]  # type: ignore[type-arg, valid-type]
    on_plan: rx.EventHandler[_form]  # type: ignore[type-arg, valid-type]


def quick_sheets(state: Any, *, allowed: Any) -> rx.Component:
    """The sheets; `state` finds records, logs and plans."""
    return QuickSheets.create(
        allowed=allowed,
        outcomes={kind.value: [list(one) for one in listed] for kind, listed in OUTCOMES.items()},
        kinds=[[kind.value, words] for kind, words in KINDS.items()],
        found=state.found,
        on_find=state.find,
        on_log=state.log,
        on_plan=state.plan,
    )
