"""Who gets what is to be done: the ladder from owner over territory and team to the fallback."""

from salescompass.assignment.idle import move_idle
from salescompass.assignment.ladder import Assigned, Rung
from salescompass.assignment.service import About, assignee_for, assignees_for
from salescompass.assignment.settings import Settings, assignment_settings, set_assignment
from salescompass.assignment.simulation import Share, Simulation, simulate
from salescompass.assignment.territories import (
    TerritoryView,
    count_territory,
    delete_territory,
    order_territories,
    save_territory,
    territories,
    territory_sizes,
)
from salescompass.assignment.workloads import Workload, workloads

__all__ = [
    "About",
    "Assigned",
    "Rung",
    "Settings",
    "Share",
    "Simulation",
    "TerritoryView",
    "Workload",
    "assignee_for",
    "assignees_for",
    "assignment_settings",
    "count_territory",
    "delete_territory",
    "move_idle",
    "order_territories",
    "save_territory",
    "set_assignment",
    "simulate",
    "territories",
    "territory_sizes",
    "workloads",
]
