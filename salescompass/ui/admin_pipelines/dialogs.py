"""The dialogs of the page of pipelines."""

from __future__ import annotations

import reflex as rx

from salescompass.ui.admin_pipelines.rows import KINDS
from salescompass.ui.admin_pipelines.state import PipelinesState
from salescompass.ui.components import confirm, dialog, field, form, hidden, select_field, submit_button

_FIRST = "Choose a pipeline from the page first."


def pipeline_dialogs() -> list[rx.Component]:
    """A new pipeline or another name, and one that goes."""
    picked = PipelinesState.picked
    new = picked.id == ""
    return [
        dialog(
            "pipeline",
            rx.cond(new, "Add pipeline", "Rename " + picked.name),
            form(
                "pipeline",
                hidden("pipeline", picked.id),
                field(
                    "pipeline",
                    "name",
                    "Name",
                    default_value=picked.name,
                    required=True,
                    max_length=60,
                    auto_complete="off",
                    placeholder="Renewals",
                    help_text="A new one begins with the usual stages.",
                ),
                submit_button("Save pipeline"),
                on_submit=PipelinesState.save,
                draft=new,
                key="pipeline-" + picked.id,
            ),
        ),
        confirm(
            "delete-pipeline",
            "Delete the pipeline " + picked.name + "?",
            rx.cond(
                picked.deals != "0",
                "It has deals, also those in the trash count: move them to another pipeline first.",
                "It has no deals. It cannot be brought back.",
            ),
            action="Delete pipeline",
            on_confirm=PipelinesState.delete(picked.id),
        ),
    ]


def stage_dialogs() -> list[rx.Component]:
    """A stage, and one that goes."""
    stage = PipelinesState.stage
    return [
        dialog(
            "stage",
            rx.cond(stage.id == "", "Add a stage to " + PipelinesState.picked.name, "Edit " + stage.name),
            rx.cond(PipelinesState.picked.id != "", _stage_form(), rx.el.p(_FIRST, class_name="muted")),
        ),
        dialog(
            "remove-stage",
            "Remove the stage " + stage.name + "?",
            rx.cond(stage.id != "", _remove_form(), rx.el.p(_FIRST, class_name="muted")),
        ),
    ]


def _stage_form() -> rx.Component:
    stage = PipelinesState.stage
    return form(
        "stage",
        hidden("pipeline", PipelinesState.picked.id),
        hidden("stage", stage.id),
        field(
            "stage",
            "stage_name",
            "Name",
            default_value=stage.name,
            required=True,
            max_length=60,
            auto_complete="off",
        ),
        select_field(
            "stage",
            "kind",
            "Kind",
            KINDS,
            default_value=stage.kind,
            help_text="A deal that comes into a won or lost stage closes.",
        ),
        rx.el.div(
            field(
                "stage",
                "probability",
                "Probability in %",
                default_value=stage.probability,
                input_mode="numeric",
                auto_complete="off",
                help_text="Its deals carry it.",
            ),
            field(
                "stage",
                "rot_days",
                "Rots after, in days (optional)",
                default_value=stage.rot_days,
                input_mode="numeric",
                auto_complete="off",
                help_text="For open stages.",
            ),
            class_name="two-fields",
        ),
        submit_button("Save stage"),
        on_submit=PipelinesState.save_stage,
        draft=stage.id == "",
        draft_of=PipelinesState.picked.id,
        key="stage-" + PipelinesState.picked.id + stage.id + stage.name + stage.probability + stage.rot_days,
    )


def _remove_form() -> rx.Component:
    stage = PipelinesState.stage
    return form(
        "remove-stage",
        hidden("stage", stage.id),
        rx.cond(
            stage.deals != "0",
            rx.fragment(
                rx.el.p(stage.deals_word, " in it. They move to another stage first, and their history says so."),
                select_field("remove-stage", "into", "Move its deals to", stage.others, none="Choose a stage"),
            ),
            rx.el.p("No deals are in it. It cannot be brought back."),
        ),
        submit_button("Remove stage"),
        on_submit=PipelinesState.remove_stage,
        draft=False,
        key="remove-" + stage.id,
    )
