"""The sheets of an action: how it went, when again, why not, who else. The client opens them without a round trip."""

from __future__ import annotations

from typing import Any, TypeVar

import reflex as rx

from salescompass.ui.action_words import OUTCOMES, REASONS, WAITS

_SOURCE = rx.asset("action_sheets.jsx", shared=True)
Sent = TypeVar("Sent")


def _act(form: rx.Var[Sent]) -> tuple[rx.Var[Sent]]:
    """What a sheet sends: the action and what is to happen to it. The handler's TypedDict bounds it."""
    return (form,)


class ActionSheets(rx.Component):
    """The client's part: links to `#done-ID` and the like open a sheet about the card of that id."""

    library = _SOURCE.importable_path
    tag = "ActionSheets"

    cards: rx.Var[list[Any]]
    outcomes: rx.Var[dict[str, Any]]
    reasons: rx.Var[list[Any]]
    snoozes: rx.Var[list[Any]]
    waits: rx.Var[list[Any]]
    members: rx.Var[list[Any]]
    on_complete: rx.EventHandler[_act]  # type: ignore[type-arg, valid-type]
    on_snooze: rx.EventHandler[_act]  # type: ignore[type-arg, valid-type]
    on_dismiss: rx.EventHandler[_act]  # type: ignore[type-arg, valid-type]
    on_delegate: rx.EventHandler[_act]  # type: ignore[type-arg, valid-type]


def action_sheets(state: Any, cards: Any) -> rx.Component:
    """The sheets of these cards; `state` has the acts of `ActionActs`."""
    return ActionSheets.create(
        cards=cards,
        outcomes={kind.value: [list(one) for one in listed] for kind, listed in OUTCOMES.items()},
        reasons=[[reason.value, *told] for reason, told in REASONS.items()],
        snoozes=state.snoozes,
        waits=[list(one) for one in WAITS],
        members=state.colleagues,
        on_complete=state.complete,
        on_snooze=state.snooze,
        on_dismiss=state.dismiss,
        on_delegate=state.delegate,
    )
