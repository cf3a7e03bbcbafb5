"""Health: is everything running, does work pile up, what went wrong, and what to do about it."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.admin_health.checks import Check, DeadRow, ErrorRow, QueueRow
from salescompass.ui.admin_health.state import HealthState
from salescompass.ui.components import ago, all_well, button, cell, chip, column, loading, meta, table
from salescompass.ui.shell import page_head, screen
from salescompass.ui.shell_state import ShellState


@screen(routes.HEALTH, title="Health", place="health", on_load=HealthState.load)
def health_page() -> rx.Component:
    """For administrators and whoever runs the servers."""
    return rx.fragment(
        page_head(
            "Health",
            rx.cond(HealthState.loaded, meta("as of ", rx.el.span(HealthState.as_of, class_name="num"))),
            lead="For administrators and whoever runs the servers: does everything run, does work pile up, what went "
            "wrong. “./compass doctor” on the server says more, and how to mend it.",
            actions=[button("Check again", "outline", "refresh-cw", on_click=HealthState.load)],
        ),
        rx.cond(
            HealthState.loaded,
            rx.el.div(_checks(), _dead(), _queues(), _errors(), _versions(), class_name="stack-lg"),
            loading(6),
        ),
    )


def _checks() -> rx.Component:
    return rx.el.section(
        rx.foreach(HealthState.checks, _check), class_name="tiles", custom_attrs={"aria-label": "Servers"}
    )


def _check(one: rx.Var[Check]) -> rx.Component:
    return rx.el.div(
        rx.el.div(rx.el.span(one.name, class_name="meta grow"), chip(one.word, one.tone, one.icon), class_name="row"),
        rx.el.p(one.value, class_name="value"),
        rx.el.p(one.about, class_name="help"),
        class_name="card",
    )


def _section(title: str, about: str, *content: rx.Component, action: rx.Component | None = None) -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2(title), meta(about), *([action] if action is not None else []), class_name="section-head"),
        *content,
    )


def _dead() -> rx.Component:
    return rx.cond(
        HealthState.dead.length() > 0,
        _section(
            "Failed work",
            "given up after ten attempts; mend the cause, then try again",
            table(
                "Failed work",
                [column("Work"), column("Error"), column("Attempts", end=True), column("Since"), column("", end=True)],
                HealthState.dead,
                _dead_row,
            ),
            action=button("Retry all", "outline", "undo-2", on_click=HealthState.retry_all),
        ),
    )


def _dead_row(row: rx.Var[DeadRow]) -> rx.Component:
    return rx.el.tr(
        cell("Work", row.topic, primary=True),
        cell("Error", rx.el.span(row.error, class_name="muted anywhere")),
        cell("Attempts", rx.el.span(row.attempts.to_string(), class_name="num"), end=True),
        cell("Since", ago(row.dead_at, zone=ShellState.zone)),
        cell("", button("Retry", "ghost", "undo-2", on_click=HealthState.retry_one(row.id)), end=True),
    )


def _queues() -> rx.Component:
    head = [
        column("Work"), column("Waiting", end=True), column("In hand", end=True), column("Failed", end=True),
        column("Oldest due"),
    ]  # fmt: skip
    return _section(
        "Waiting work",
        "what follows from events, and letters",
        rx.cond(
            HealthState.queues.length() > 0,
            table("Waiting work", head, HealthState.queues, _queue_row),
            all_well("Nothing waits. New work is done within a second."),
        ),
    )


def _queue_row(row: rx.Var[QueueRow]) -> rx.Component:
    return rx.el.tr(
        cell("Work", row.topic, primary=True),
        cell("Waiting", rx.el.span(row.waiting.to_string(), class_name="num"), end=True),
        cell("In hand", rx.el.span(row.claimed.to_string(), class_name="num"), end=True),
        cell("Failed", rx.el.span(row.dead.to_string(), class_name="num"), end=True),
        cell("Oldest due", ago(row.oldest, zone=ShellState.zone, never="nothing due")),
    )


def _errors() -> rx.Component:
    head = [column("Error"), column("Where"), column("Times", end=True), column("Last"), column("Reference")]
    return _section(
        "Recent errors",
        "unexpected ones, without personal data",
        rx.cond(
            HealthState.errors.length() > 0,
            table("Recent errors", head, HealthState.errors, _error_row),
            all_well("Nothing unexpected has happened."),
        ),
    )


def _error_row(row: rx.Var[ErrorRow]) -> rx.Component:
    return rx.el.tr(
        cell("Error", rx.el.div(row.kind, rx.el.div(row.message, class_name="meta anywhere")), primary=True),
        cell("Where", rx.el.code(row.place, class_name="anywhere")),
        cell("Times", rx.el.span(row.n.to_string(), class_name="num"), end=True),
        cell("Last", ago(row.last_seen, zone=ShellState.zone)),
        cell("Reference", rx.el.code(row.reference, class_name="anywhere")),
    )


def _versions() -> rx.Component:
    return _section(
        "Versions",
        "for a report of a fault",
        rx.el.div(
            rx.el.dl(
                rx.foreach(
                    HealthState.versions, lambda one: rx.fragment(rx.el.dt(one[0]), rx.el.dd(one[1], class_name="num"))
                ),
                class_name="facts",
            ),
            class_name="card pad",
        ),
    )
