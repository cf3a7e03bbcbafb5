"""The page at an address that leads nowhere."""

from __future__ import annotations

import reflex as rx

from salescompass.ui import routes
from salescompass.ui.components import link_button
from salescompass.ui.shell import door


@door("404", title="Not found")
def lost_page() -> rx.Component:
    """Says that nothing is here, without saying whether something is elsewhere, and shows the way back."""
    return rx.el.div(
        rx.el.h1("There is nothing here", tab_index=-1),
        rx.el.p(
            "The page may have moved, or it belongs to another company. Check the address, or start again from Today.",
            class_name="lead",
        ),
        link_button("Go to Today", routes.TODAY, "solid", "sun"),
        class_name="card",
    )
