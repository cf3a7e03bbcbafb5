"""Why a deal was lost: the form that asks it wherever deals are moved, and what it sends."""

from __future__ import annotations

from typing import Any, TypedDict

import reflex as rx

from salescompass.ui.arguments import Line
from salescompass.ui.components import dialog, field, form, submit_button


class LostForm(TypedDict):
    """Why a deal was lost."""

    reason: Line


def lost_dialog(on_submit: Any, *, lead: Any, draft: bool = True) -> rx.Component:
    """Opens at `#lost`. `draft=False` where the next deal that is lost is another one."""
    ask = form(
        "lost",
        field("lost", "reason", "Why was it lost?", required=True, max_length=500, auto_complete="off"),
        submit_button("Close as lost"),
        on_submit=on_submit,
        draft=draft,
        class_name="form",
    )
    return dialog("lost", "Close the deal as lost", ask, lead=lead)
