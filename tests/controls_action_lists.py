"""How the verbs that read actions are called so that they give data; the rest is in `controls.py`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from salescompass.actions import Query, Views
from tests.world import World


def _today(w: World) -> Any:
    return w.at.date()


def _days(w: World) -> dict[str, Any]:
    return {"first": _today(w) - timedelta(days=1), "last": _today(w) + timedelta(days=1)}


ACTION_LIST_VERBS: dict[str, Callable[[World], dict[str, Any]]] = {
    "actions.board": lambda w: {"query": Query(), "at": w.at},
    "actions.calendar": lambda w: {"query": Query(), "first": _today(w), "last": _today(w) + timedelta(days=7)},
    "actions.completion_rates": lambda w: {**_days(w), "at": w.at + timedelta(hours=1)},
    "actions.completion_times": lambda w: {**_days(w), "by": "assignee", "at": w.at + timedelta(hours=1)},
    "actions.counts": lambda w: {"at": w.at},
    "actions.rank": lambda w: {"ids": [w.ids["action"]], "at": w.at},
    "actions.rerank": lambda w: {"at": w.at},
    "actions.stale": lambda w: {"at": w.at},
    "actions.today": lambda w: {"at": w.at},
    "actions.why_here": lambda w: {"action_id": w.ids["action"], "at": w.at},
    "actions.worklist": lambda w: {"query": Query(view=Views.TEAM), "at": w.at},
}
