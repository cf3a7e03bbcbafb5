"""How what is done to actions is called so that it shows or changes something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from salescompass import actions
from tests.world import World

Payload = Callable[[World], dict[str, Any]]
STATES = ("ActionState", "ActionsState", "TodayState")


def _nothing(_: World) -> dict[str, Any]:
    return {}


def _about(argument: str, thing: str) -> Payload:
    return lambda w: {argument: str(w.ids[thing])}


def _form(thing: str = "action", **fields: str) -> Payload:
    return lambda w: {"form": {"action": str(w.ids[thing]), **fields}}


def _edit(w: World) -> dict[str, Any]:
    with w.session() as session:
        version = actions.get(session, w.actor, action_id=w.ids["action"]).row_version
    fields = {"title": "Other", "detail": "", "message": "", "due": "", "effort": "5"}
    return {"form": {"version": str(version), **fields}}


def _of_cards(state: str) -> dict[str, Payload]:
    """What is done on any page with cards of actions."""
    return {
        f"{state}.answer_offer": lambda w: {"offer": str(w.ids["offer"]), "accept": True},
        f"{state}.complete": _form(outcome="positive", note=""),
        f"{state}.delegate": lambda w: {
            "form": {"action": str(w.ids["action"]), "member": str(w.ids["colleague"]), "note": "Please"}
        },
        f"{state}.dismiss": _form(reason="cancelled", note=""),
        f"{state}.snooze": _form(until="", wait="page_viewed"),
        f"{state}.take": _about("action", "action_proposed"),
        f"{state}.take_back": _about("move", "action_move"),
    }


ACTION_CONTROLS: dict[str, Payload] = {
    **{name: payload for state in STATES for name, payload in _of_cards(state).items()},
    "ActionState.begin": _nothing,
    "ActionState.give": _about("member", "colleague"),
    "ActionState.listen": _nothing,
    "ActionState.load": _nothing,
    "ActionState.save": _edit,
    "ActionState.say": lambda w: {"form": {"body": "On holiday"}},
    "ActionsState.begin": _about("action", "action"),
    "ActionsState.keep": lambda w: {"action": str(w.ids["action"]), "drop": False},
    "ActionsState.listen": _nothing,
    "ActionsState.load": _nothing,
    "NumbersState.load": _nothing,
    "QuickState.find": lambda w: {"ticket": 1, "text": w.mark},
    "QuickState.log": lambda w: {
        "form": {"of": "contacts", "record": str(w.ids["person"]), "kind": "call", "outcome": "connected", "note": ""}
    },
    "QuickState.plan": lambda w: {
        "form": {
            "of": "contacts", "record": str(w.ids["person"]), "kind": "call", "title": "Call", "due": "today",
            "note": "",
        }
    },
    "QuickState.take_back": _about("move", "action_move"),
}  # fmt: skip
# What they would show or add was put there by another handler before; here nothing was.
WITHOUT_DATA = {
    *(f"{state}.{name}" for state in STATES for name in ("add_follow", "drop_follow")),
    "ActionsState.choose", "ActionsState.load_more", "ActionsState.search", "NumbersState.choose",
    "QuickState.add_next",
}  # fmt: skip
