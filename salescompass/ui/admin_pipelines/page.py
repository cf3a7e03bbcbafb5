"""Pipelines: the stages that deals go through, how likely each is won, and when a deal rots."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.admin_pipelines.dialogs import pipeline_dialogs, stage_dialogs
from salescompass.ui.admin_pipelines.rows import PipelineRow, StageRow
from salescompass.ui.admin_pipelines.state import PipelinesState
from salescompass.ui.components import button, cell, chip, column, icon_button, link_button, loading, meta, table
from salescompass.ui.shell import page_head, screen


@screen(routes.PIPELINES, title="Pipelines", place="pipelines", on_load=PipelinesState.load)
def pipelines_page() -> rx.Component:
    """For administrators."""
    return rx.fragment(
        page_head(
            "Pipelines",
            lead="For administrators: the stages that a deal goes through. Probabilities weigh the forecast; a "
            "deal that stays in a stage for longer than its days is shown as rotting.",
            actions=[link_button("Add pipeline", routes.pipelines(dialog="pipeline"), "solid", "plus")],
        ),
        rx.cond(
            PipelinesState.loaded,
            rx.el.div(rx.foreach(PipelinesState.rows, _pipeline), class_name="stack-lg"),
            loading(8),
        ),
        *pipeline_dialogs(),
        *stage_dialogs(),
    )


def _with(row: Any, dialog: str) -> Any:
    return f"{routes.PIPELINES}?pipeline=" + row.id + f"#{dialog}"


def _pipeline(row: rx.Var[PipelineRow]) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(row.name),
            rx.cond(row.usual, chip("Default", "accent")),
            meta(row.deals, " deals"),
            rx.el.div(
                rx.cond(
                    ~row.usual,
                    rx.fragment(
                        button("Make usual", "ghost", "star", on_click=PipelinesState.make_usual(row.id)),
                        link_button("Delete", _with(row, "delete-pipeline"), "ghost", "trash-2"),
                    ),
                ),
                link_button("Rename", _with(row, "pipeline"), "ghost", "pencil"),
                link_button("Add stage", _with(row, "stage"), "outline", "plus"),
                class_name="row wrap",
                style={"margin_inline_start": "auto"},
            ),
            class_name="section-head",
        ),
        table(
            "Stages",
            [
                column("Stage"),
                column("Kind"),
                column("Probability", end=True),
                column("Rots after", end=True),
                column("Deals", end=True),
                column("Order", end=True),
                column("", end=True),
            ],
            row.stages,
            _stage,
        ),
        key=row.id,
    )


def _stage(row: rx.Var[StageRow]) -> rx.Component:
    here = f"{routes.PIPELINES}?pipeline=" + row.pipeline + "&stage=" + row.id
    order = rx.el.div(
        icon_button(
            "Move up", "arrow-up", disabled=row.first, on_click=PipelinesState.move(row.pipeline, row.id, True)
        ),
        icon_button(
            "Move down", "arrow-down", disabled=row.last, on_click=PipelinesState.move(row.pipeline, row.id, False)
        ),
        class_name="row",
    )
    acts = rx.el.div(
        link_button("Edit", here + "#stage", "ghost", "pencil"),
        link_button("Remove", here + "#remove-stage", "ghost", "trash-2"),
        class_name="row",
    )
    return rx.el.tr(
        cell("Stage", row.name, primary=True),
        cell("Kind", chip(row.kind_word, row.tone)),
        cell("Probability", rx.el.span(row.probability, " %", class_name="num"), end=True),
        cell("Rots after", rx.el.span(row.rots, class_name="muted"), end=True),
        cell("Deals", rx.el.span(row.deals, class_name="num"), end=True),
        cell("Order", order, end=True),
        cell("", acts, end=True),
        key=row.id,
    )
