"""The audit trail: who did what, in an order that nobody can change unnoticed."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.admin_audit.state import AuditRow, AuditState, Choice
from salescompass.ui.components import (
    ago,
    button,
    cell,
    chip,
    column,
    empty,
    icon,
    link_button,
    loading,
    meta,
    note,
    table,
)
from salescompass.ui.shell import page_head, screen
from salescompass.ui.shell_state import ShellState


@screen(routes.AUDIT, title="Audit trail", place="audit", on_load=[AuditState.load, AuditState.verify])
def audit_page() -> rx.Component:
    """For administrators and auditors."""
    return rx.fragment(
        page_head(
            "Audit trail",
            _seal(),
            lead="For administrators and auditors: who did what, newest first. Entries are never changed; each is "
            "sealed to the one before it, so a missing or altered one would show.",
        ),
        rx.cond(
            AuditState.broken != "",
            note(
                "The chain does not hold: " + AuditState.broken + ". Change nothing and tell whoever runs the server.",
                "danger",
                "triangle-alert",
            ),
        ),
        _filters(),
        rx.cond(AuditState.loaded, rx.cond(AuditState.rows.length() > 0, _table(), _none()), loading(8)),
    )


def _seal() -> rx.Component:
    good = rx.fragment(
        chip("Sealed and verified", "success", "shield-check"),
        meta(rx.el.span(AuditState.sealed.to_string(), class_name="num"), " entries"),
    )
    late = chip(AuditState.waiting.to_string() + " wait for their seal", "warning", "clock")
    state = rx.cond(
        AuditState.broken != "", chip("Broken", "danger", "triangle-alert"), rx.cond(AuditState.waiting > 0, late, good)
    )
    return rx.cond(AuditState.verified, state, meta("verifying the chain …"))


def _select(
    label: str, every: str, value: rx.Var[str], options: rx.Var[list[Choice]], on_change: object
) -> rx.Component:
    return rx.el.select(
        rx.el.option(every, value=""),
        rx.foreach(options, lambda one: rx.el.option(one.label, value=one.value)),
        value=value,
        on_change=on_change,
        class_name="select",
        custom_attrs={"aria-label": label},
    )


def _filters() -> rx.Component:
    return rx.el.div(
        _select("Filter by act", "Every act", AuditState.action, AuditState.actions, AuditState.choose_action),
        _select("Filter by person", "Everybody", AuditState.person, AuditState.people, AuditState.choose_person),
        rx.cond(
            (AuditState.action != "") | (AuditState.person != ""), link_button("Clear", routes.AUDIT, "ghost", "x")
        ),
        class_name="filters",
        role="group",
        custom_attrs={"aria-label": "Filters"},
    )


def _table() -> rx.Component:
    return rx.fragment(
        table(
            "Audit trail",
            [column("Who"), column("Did what"), column("Details"), column("From"), column("When", end=True)],
            AuditState.rows,
            _row,
        ),
        rx.el.div(
            meta(rx.el.span(AuditState.rows.length().to_string(), class_name="num"), " shown"),
            rx.cond(AuditState.more, button("Load more", on_click=AuditState.load_more), meta("That is everything.")),
            class_name="table-foot",
        ),
    )


def _row(row: rx.Var[AuditRow]) -> rx.Component:
    who = rx.el.div(
        rx.cond(
            row.kind_icon != "",
            rx.el.span(icon(row.kind_icon, 14), class_name="avatar small"),
            rx.el.span(row.initials, class_name="avatar small " + row.tint, custom_attrs={"aria-hidden": "true"}),
        ),
        row.who,
        class_name="row",
    )
    return rx.el.tr(
        cell("Who", who, primary=True),
        cell("Did what", rx.el.span(row.act, title=row.action)),
        cell("Details", rx.cond(row.detail != "", rx.el.span(row.detail, class_name="muted anywhere"))),
        cell("From", rx.cond(row.ip != "", rx.el.span(row.ip, class_name="meta num"))),
        cell("When", rx.el.span(ago(row.at, zone=ShellState.zone), class_name="meta"), end=True),
    )


def _none() -> rx.Component:
    return rx.el.div(
        empty(
            "Nothing matches",
            "No entry fits these filters. Clear them to see the whole trail.",
            link_button("Clear filters", routes.AUDIT),
            icon_name="scroll-text",
        ),
        class_name="card",
    )
