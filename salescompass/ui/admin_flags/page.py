"""Features: what each switch does, what holds now, and the company's own choice."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.admin_flags.state import FlagRow, FlagsState
from salescompass.ui.components import chip, empty, loading, meta, note
from salescompass.ui.shell import page_head, screen


@screen(routes.FLAGS, title="Features", place="flags", on_load=FlagsState.load)
def flags_page() -> rx.Component:
    """For administrators."""
    return rx.fragment(
        page_head(
            "Features",
            lead="For administrators: parts of the product that can be switched for your whole company. A choice holds "
            "within ten seconds, and “Default” follows whoever runs this installation.",
        ),
        rx.cond(
            FlagsState.loaded,
            rx.cond(
                FlagsState.rows.length() > 0,
                rx.el.div(rx.foreach(FlagsState.rows, _flag), class_name="stack reading-wide"),
                rx.el.div(
                    empty("Nothing to switch", "Every feature is on for everybody.", icon_name="flag"),
                    class_name="card",
                ),
            ),
            loading(3),
        ),
    )


def _flag(row: rx.Var[FlagRow]) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.h2(row.name, class_name="flag-name"),
                rx.cond(row.on, chip("On", "success", "circle-check"), chip("Off", "", "ban")),
                rx.cond(row.stale, chip("Overdue", "warning", "clock")),
                class_name="row wrap",
            ),
            rx.el.p(row.does, class_name="muted"),
            meta("Default: ", row.default_word, " · the switch itself goes by ", row.remove_by),
            class_name="stack-sm grow",
        ),
        rx.el.div(
            _choice(row, "on", "On"),
            _choice(row, "off", "Off"),
            _choice(row, "default", "Default"),
            class_name="segments",
            role="group",
            custom_attrs={"aria-label": row.name},
        ),
        rx.cond(
            row.killed,
            note("Switched off for the whole installation by whoever runs it; your choice waits.", "warning"),
        ),
        class_name="card pad flag",
    )


def _choice(row: rx.Var[FlagRow], value: str, label: str) -> rx.Component:
    return rx.el.button(
        label,
        type="button",
        on_click=FlagsState.choose(row.key, value),
        custom_attrs={"aria-pressed": rx.cond(row.choice == value, "true", "false")},
    )
