"""The life of an action: which step is legal in which state, and where it leads. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from salescompass.kit.errors import Conflict
from salescompass.vocabulary import OPEN_ACTION_STATES, ActionState, ActionVerb

CLOSED = (ActionState.DONE, ActionState.DISMISSED, ActionState.EXPIRED)
_PROPOSED, _ACCEPTED, _BEGUN, _SNOOZED = OPEN_ACTION_STATES
_Moves = Mapping[ActionState, ActionState]


def _all_to(state: ActionState) -> _Moves:
    return dict.fromkeys(OPEN_ACTION_STATES, state)


_STAYS: _Moves = {state: state for state in OPEN_ACTION_STATES}

MOVES: Mapping[ActionVerb, _Moves] = MappingProxyType(
    {
        ActionVerb.EDIT: _STAYS,
        ActionVerb.COMMENT: {state: state for state in ActionState},
        ActionVerb.ACCEPT: {_PROPOSED: _ACCEPTED},
        ActionVerb.START: {_PROPOSED: _BEGUN, _ACCEPTED: _BEGUN, _SNOOZED: _BEGUN},
        ActionVerb.COMPLETE: _all_to(ActionState.DONE),
        ActionVerb.SNOOZE: _all_to(_SNOOZED),
        ActionVerb.WAKE: {_SNOOZED: _ACCEPTED},  # or whatever it was when it was snoozed
        ActionVerb.DISMISS: _all_to(ActionState.DISMISSED),
        ActionVerb.EXPIRE: _all_to(ActionState.EXPIRED),
        ActionVerb.ASSIGN: _STAYS,
        ActionVerb.OFFER: _STAYS,
        ActionVerb.TAKE: {**_STAYS, _PROPOSED: _ACCEPTED},
        ActionVerb.DECLINE: _STAYS,
        ActionVerb.WITHDRAW: _STAYS,
        ActionVerb.TIME_OUT: _STAYS,
        ActionVerb.HAND_BACK: _STAYS,
    }
)
"""For each step the states in which it is legal, and the state that it leads to."""
BEGINNINGS: Mapping[ActionVerb, ActionState] = MappingProxyType(
    {ActionVerb.PROPOSE: _PROPOSED, ActionVerb.CREATE: _ACCEPTED}
)
"""How an action comes to be, and in which state."""
TAKEN_BACK = (
    ActionVerb.CREATE, ActionVerb.EDIT, ActionVerb.ACCEPT, ActionVerb.START, ActionVerb.COMPLETE, ActionVerb.SNOOZE,
    ActionVerb.DISMISS, ActionVerb.ASSIGN, ActionVerb.OFFER,
)  # fmt: skip
"""Steps that can be undone."""
AWAKE: Mapping[str, Any] = MappingProxyType({"snoozed_until": None, "snoozed_for": None, "snoozed_from": None})
"""What an action has that is not snoozed."""
_CALLED: Mapping[ActionState, str] = {
    ActionState.PROPOSED: "proposed",
    ActionState.ACCEPTED: "accepted already",
    ActionState.IN_PROGRESS: "begun already",
    ActionState.SNOOZED: "snoozed",
    ActionState.DONE: "done already",
    ActionState.DISMISSED: "dismissed already",
    ActionState.EXPIRED: "over already",
}


def next_state(verb: ActionVerb, state: str, *, snoozed_from: str | None = None) -> ActionState:
    """The state that a step leads to. Raises Conflict when it is not legal in this state."""
    now = ActionState(state)
    if now not in MOVES[verb]:
        raise Conflict(f"This action is {_CALLED[now]}", state=now.value)
    if verb is ActionVerb.WAKE and snoozed_from:
        return ActionState(snoozed_from)
    return MOVES[verb][now]


def is_open(state: str) -> bool:
    """Whether something is still to be done."""
    return state in OPEN_ACTION_STATES
