"""How the verbs and routes of actions are called so that they give or change something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from salescompass import events
from salescompass.actions import Act, NewAction
from salescompass.catalogue import catalogue
from salescompass.vocabulary import ActionVerb
from tests.world import World

Arguments = Callable[[World], dict[str, Any]]


def _nothing(_: World) -> dict[str, Any]:
    return {}


def _of(name: str, **more: Any) -> Arguments:
    return lambda w: {"action_id": w.ids[name], **more}


def _new(w: World) -> NewAction:
    return NewAction(f"{w.mark} more", account_id=w.ids["account"])


def _awaited(w: World) -> dict[str, Any]:
    with w.session() as session:
        found = events.event_by_id(session, w.ids["event_awaited"])
    return {"batch": events.EventBatch((found.id,), (found.occurred_at,))}


def _known(w: World) -> dict[str, Any]:
    with w.session() as session:
        return {"known": catalogue(session), "now": w.at + timedelta(hours=2)}


ACTION_VERBS: dict[str, Arguments] = {
    "actions.accept": _of("action_proposed"),
    "actions.answer": lambda w: {"delegation_id": w.ids["offer"], "accept": True},
    "actions.assign": lambda w: {"action_id": w.ids["action"], "member_id": w.ids["colleague"]},
    "actions.assign_event": lambda w: {"event_id": w.ids["event"]},
    "actions.assigned_of": lambda w: {"event_ids": [w.ids["one"]]},
    "actions.bulk": lambda w: {"act": Act(ActionVerb.DISMISS, reason="not_relevant"), "ids": [w.ids["action"]]},
    "actions.bulk_rows": lambda w: {"bulk_id": w.ids["bulk_action"]},
    "actions.bulk_state": lambda w: {"bulk_id": w.ids["bulk_action"]},
    "actions.chain": _of("action_offered"),
    "actions.comment": _of("action", body="More"),
    "actions.complete": _of("action", outcome="positive"),
    "actions.create": lambda w: {"new": _new(w)},
    "actions.delegate": lambda w: {"action_id": w.ids["action"], "to_id": w.ids["colleague"]},
    "actions.dismiss": _of("action", reason="not_relevant"),
    "actions.edit": _of("action", changes={"title": "Changed"}),
    "actions.expire_and_wake": lambda w: {"now": w.at + timedelta(days=40)},
    "actions.get": _of("action"),
    "actions.get_many": lambda w: {"ids": [w.ids["action"]]},
    "actions.go_on_with_bulk": lambda w: {"bulk_id": w.ids["bulk_action_open"]},
    "actions.hand_back": _of("action_taken"),
    "actions.handed_over": _nothing,
    "actions.history": _of("action"),
    "actions.list_actions": _nothing,
    "actions.offers_to_me": _nothing,
    "actions.propose_many": lambda w: {"news": [_new(w)]},
    "actions.react": _awaited,
    "actions.recheck": _known,
    "actions.snooze": lambda w: {"action_id": w.ids["action"], "until": w.at + timedelta(days=1)},
    "actions.start": _of("action"),
    "actions.takers": _of("action"),
    "actions.undo_bulk": lambda w: {"bulk_id": w.ids["bulk_action"]},
    "actions.undo": lambda w: {"move_id": w.ids["action_move"]},
    "actions.withdraw_offer": _of("action_offered"),
}


def _key(w: World) -> dict[str, str]:
    return {"Authorization": f"Bearer {w.key}"}


def _step(path: str, body: Callable[[World], dict[str, Any]], method: str = "POST") -> tuple[str, Any]:
    """A route that does something with the action, and how it is called."""
    route = f"{method} /api/v1/actions/{{action_id}}{path}"
    return route, lambda of, by: {"path": {"action_id": of.ids["action"]}, "json": body(of), "headers": _key(by)}


ACTION_ROUTES: dict[str, Callable[[World, World], dict[str, Any]]] = {
    "GET /api/v1/actions": lambda of, by: {"headers": _key(by)},
    "POST /api/v1/actions": lambda of, by: {
        "json": {"title": "More", "account_id": str(of.ids["account"])},
        "headers": _key(by),
    },
    "GET /api/v1/actions/{action_id}": lambda of, by: {
        "path": {"action_id": of.ids["action"]},
        "headers": _key(by),
    },
    **dict(
        (
            _step("", lambda w: {"title": "Changed"}, "PATCH"),
            _step("/assign", lambda w: {"member_id": str(w.ids["colleague"])}),
            _step("/complete", lambda w: {"outcome": "positive"}),
        )
    ),
    "POST /api/v1/actions/{action_id}/snooze": lambda of, by: {
        "path": {"action_id": of.ids["action_in_bulk"]},
        "json": {"until_event": "page_viewed"},
        "headers": _key(by),
    },
    "POST /api/v1/actions/{action_id}/dismiss": lambda of, by: {
        "path": {"action_id": of.ids["action_proposed"]},
        "json": {"reason": "not_relevant"},
        "headers": _key(by),
    },
}
