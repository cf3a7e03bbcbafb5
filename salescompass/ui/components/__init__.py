"""What screens are made of: plain elements with the classes of the design, and four small client widgets."""

from salescompass.ui.components.dialogs import close_button, confirm, dialog, menu
from salescompass.ui.components.elements import (
    avatar,
    button,
    chip,
    icon,
    icon_button,
    link,
    link_button,
    meta,
    note,
)
from salescompass.ui.components.forms import (
    answered,
    area,
    checkboxes,
    field,
    form,
    hidden,
    radios,
    refused,
    select_field,
    submit_button,
)
from salescompass.ui.components.states import all_well, empty, failed, first_use, loading, step
from salescompass.ui.components.tables import cell, column, table
from salescompass.ui.components.times import ago

__all__ = [
    "ago",
    "all_well",
    "answered",
    "area",
    "avatar",
    "button",
    "cell",
    "checkboxes",
    "chip",
    "close_button",
    "column",
    "confirm",
    "dialog",
    "empty",
    "failed",
    "field",
    "first_use",
    "form",
    "hidden",
    "icon",
    "icon_button",
    "link",
    "link_button",
    "loading",
    "menu",
    "meta",
    "note",
    "radios",
    "refused",
    "select_field",
    "step",
    "submit_button",
    "table",
]
