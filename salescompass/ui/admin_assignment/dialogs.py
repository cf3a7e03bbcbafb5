"""The dialogs of assignment: a territory with its conditions, how much a member takes on."""

from __future__ import annotations

import reflex as rx

from salescompass.ui.admin_assignment.state import AssignmentState
from salescompass.ui.components import confirm, dialog, field, form, hidden, select_field, submit_button
from salescompass.ui.components.condition_editor import ConditionField


def dialogs() -> rx.Component:
    """All of them."""
    return rx.fragment(_territory(), _delete(), _member())


def _territory() -> rx.Component:
    picked = AssignmentState.territory
    new = picked.id == ""
    return dialog(
        "territory",
        rx.cond(new, "Create territory", "Edit " + picked.name),
        rx.cond(
            AssignmentState.loaded,
            form(
                "territory",
                hidden("territory", picked.id),
                rx.el.div(
                    field(
                        "territory",
                        "name",
                        "Name of the territory",
                        default_value=picked.name,
                        required=True,
                        max_length=80,
                        auto_complete="off",
                        placeholder="DACH",
                    ),
                    select_field(
                        "territory",
                        "team",
                        "Team",
                        AssignmentState.teams,
                        none="Choose a team",
                        default_value=picked.team,
                        help_text="Its members take turns.",
                    ),
                    class_name="two-fields",
                ),
                ConditionField.create(
                    offered=AssignmentState.offered,
                    counted=AssignmentState.counted,
                    noun="accounts",
                    name="conditions",
                    value=picked.tree,
                    legend="Accounts such that",
                    on_measure=AssignmentState.measure,
                ),
                submit_button("Save territory"),
                on_submit=AssignmentState.save,
                draft=False,
                # Another territory, or one more, begins anew.
                key="territory-" + picked.id + AssignmentState.territories.length().to_string(),
            ),
        ),
        shape="wide",
    )


def _delete() -> rx.Component:
    picked = AssignmentState.territory
    return confirm(
        "delete-territory",
        "Delete the territory " + picked.name + "?",
        "Its accounts are those of the next territory that holds for them. What was given out stays where it is. "
        "It cannot be brought back.",
        action="Delete territory",
        on_confirm=AssignmentState.delete(picked.id),
    )


def _member() -> rx.Component:
    picked = AssignmentState.member
    return dialog(
        "member",
        picked.name,
        rx.cond(
            picked.id != "",
            form(
                "member",
                hidden("member", picked.id),
                rx.el.div(
                    field(
                        "member",
                        "weight",
                        "Weight",
                        type="number",
                        min="0",
                        max="100",
                        required=True,
                        default_value=picked.weight,
                        help_text="Twice the weight, twice as many turns; 0 is none.",
                    ),
                    field(
                        "member",
                        "max_open",
                        "Most open actions",
                        type="number",
                        min="0",
                        max="10000",
                        default_value=picked.max_open,
                        help_text="Empty: no limit.",
                    ),
                    field("member", "out_from", "First day out", type="date", default_value=picked.out_from),
                    field(
                        "member",
                        "out_to",
                        "Last day out",
                        type="date",
                        default_value=picked.out_to,
                        help_text="Empty: until further notice.",
                    ),
                    class_name="two-fields",
                ),
                select_field(
                    "member",
                    "delegate",
                    "Who stands in",
                    picked.others,
                    none="Nobody",
                    default_value=picked.delegate,
                    help_text="Gets what is the member's while they are out.",
                ),
                submit_button("Save"),
                on_submit=AssignmentState.save_member,
                draft=False,
                key="member-" + picked.id,
            ),
        ),
    )
