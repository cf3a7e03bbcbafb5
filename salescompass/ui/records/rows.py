"""A record as a row of its list: its name, then a cell for each column that is shown."""

from __future__ import annotations

from typing import Any

import reflex as rx

from salescompass.ui.components import ago, avatar, icon
from salescompass.ui.components.scores import score_chip, spark, velocity
from salescompass.ui.components.selection import pick
from salescompass.ui.records.cells import ListCell, ListRow
from salescompass.ui.records.kinds import ListKind
from salescompass.ui.shell import only_for
from salescompass.ui.shell_state import ShellState


def record_row(of: ListKind, state: Any, row: rx.Var[ListRow]) -> rx.Component:
    """The row of a record."""
    name = rx.el.div(
        rx.el.span(row.initial, class_name="monogram", custom_attrs={"aria-hidden": "true"}),
        rx.el.a(row.name, href=row.href, class_name="cut row-link", custom_attrs={"data-row": ""}),
        class_name="row",
    )
    cells = rx.foreach(row.cells.to(list[ListCell]), lambda one: _cell(of, state, row, one))
    tick = only_for("records.write", rx.el.td(pick(row.id, row.name), class_name="pick"))
    pencil = only_for(
        "records.write",
        rx.el.button(
            icon("pencil", 14), type="button", class_name="icon-button edit-row",
            custom_attrs={"data-edit-row": "", "aria-label": "Edit " + row.name},
        ),
    )  # fmt: skip
    called = rx.el.td(
        name, pencil, class_name="primary",
        custom_attrs={"data-label": "Name", "data-field": "name", "data-raw": row.name},
    )  # fmt: skip
    return rx.el.tr(tick, called, cells, key=row.id, custom_attrs={"data-id": row.id})


def _cell(of: ListKind, state: Any, row: rx.Var[ListRow], one: rx.Var[ListCell]) -> rx.Component:
    plain = rx.cond(
        one.at != "",
        ago(one.at, zone=ShellState.zone),
        rx.cond(
            one.href != "",
            rx.el.a(one.text, href=one.href, class_name="link cut"),
            rx.cond(one.text != "", rx.el.span(one.text, class_name="cut"), rx.el.span("–", class_name="muted")),
        ),
    )
    drawn = [("owner_id", _owner(row, one))] + (_life(state, row) if of.lively else [])
    return rx.el.td(
        rx.match(one.key, *drawn, plain),
        class_name=rx.Var.create("of-") + one.key + rx.cond(one.end, " end num", "") + rx.cond(one.none, " none", ""),
        tab_index=-1,
        custom_attrs={"data-label": one.label, "data-field": one.key, "data-raw": one.raw},
    )


def _owner(row: rx.Var[ListRow], one: rx.Var[ListCell]) -> rx.Component:
    return rx.cond(
        one.text != "",
        rx.el.div(
            rx.el.span(avatar(row.owner_initials, row.owner_tint), class_name="small-avatar"),
            rx.el.span(one.text, class_name="cut"),
            class_name="row",
        ),
        rx.el.span("Nobody", class_name="muted"),
    )


def _life(state: Any, row: rx.Var[ListRow]) -> list[tuple[str, rx.Component]]:
    """The cells of a lively list that tell of the account's life."""
    life = state.lives[row.id]
    signal = rx.cond(
        life.last_at != "",
        rx.el.div(
            rx.el.span(life.last, class_name="cut"),
            rx.el.span(ago(life.last_at, zone=ShellState.zone), class_name="meta"),
            class_name="last-signal",
        ),
        rx.el.span("Nothing yet", class_name="muted"),
    )
    return [
        ("score", rx.el.a(score_chip(life.look), href=life.why, title="Why this score", class_name="chip-link")),
        ("trend", rx.el.div(spark(life.spark, life.spark_dot), velocity(life.velocity), class_name="row trend")),
        ("signal", signal),
        ("people", rx.el.span(life.people, class_name="num")),
    ]
