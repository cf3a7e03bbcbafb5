"""How the handlers of assignment are called so that they show or change something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.world import World


def _territory(w: World) -> dict[str, Any]:
    ids = {"territory": str(w.ids["territory"]), "team": str(w.ids["team"])}
    return {"form": {**ids, "name": "Other", "conditions": '{"rules": []}'}}


def _member(w: World) -> dict[str, Any]:
    away = {"out_from": "2026-11-20", "out_to": "", "delegate": str(w.ids["member"])}
    return {"form": {"member": str(w.ids["colleague"]), "weight": "3", "max_open": "9", **away}}


ASSIGNMENT_CONTROLS: dict[str, Callable[[World], dict[str, Any]]] = {
    "AssignmentState.delete": lambda w: {"territory": str(w.ids["territory"])},
    "AssignmentState.load": lambda w: {},
    "AssignmentState.measure": lambda w: {"tree": '{"rules": []}'},
    "AssignmentState.move": lambda w: {"territory": str(w.ids["territory"]), "up": True},
    "AssignmentState.save": _territory,
    "AssignmentState.save_fallback": lambda w: {"form": {"fallback": f"team:{w.ids['team']}", "idle_hours": ""}},
    "AssignmentState.save_member": _member,
    "AssignmentState.simulate": lambda w: {},
    "ProfileState.save_away": lambda w: {
        "form": {"out_from": "2026-11-20", "out_to": "2026-11-23", "delegate": str(w.ids["colleague"])}
    },
    "ProfileState.save_hours": lambda w: {
        "form": {"work_from": "09:00", "work_to": "17:00", "work_days": ["1"], "quiet_from": "", "quiet_to": ""}
    },
}
