"""How the verbs of assignment are called so that they give data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from salescompass.assignment import About
from tests.world import World


def _territory(w: World) -> dict[str, Any]:
    return {"name": "More", "conditions": {"rules": []}, "team_id": w.ids["team"], "territory_id": w.ids["territory"]}


ASSIGNMENT_VERBS: dict[str, Callable[[World], dict[str, Any]]] = {
    "assignment.assignee_for": lambda w: {"account_id": w.ids["account"], "now": w.at},
    "assignment.assignees_for": lambda w: {"subjects": [About(w.ids["account"])], "now": w.at},
    "assignment.assignment_settings": lambda w: {},
    "assignment.count_territory": lambda w: {
        "conditions": {"rules": [{"field": "name", "operator": "contains", "value": w.mark}]},
        "now": w.at,
    },
    "assignment.delete_territory": lambda w: {"territory_id": w.ids["territory"]},
    "assignment.move_idle": lambda w: {"now": w.at + timedelta(days=9)},
    "assignment.order_territories": lambda w: {"territory_ids": [w.ids["territory"]]},
    "assignment.save_territory": _territory,
    "assignment.set_assignment": lambda w: {"fallback_team_id": w.ids["team"]},
    "assignment.simulate": lambda w: {"now": w.at},
    "assignment.territories": lambda w: {},
    "assignment.territory_sizes": lambda w: {"now": w.at},
    "assignment.workloads": lambda w: {"now": w.at},
    "crm.ownerships": lambda w: {"object_type": "account", "ids": [w.ids["account"]]},
    "identity.reaches": lambda w: {"member_ids": [w.ids["member"]]},
}
