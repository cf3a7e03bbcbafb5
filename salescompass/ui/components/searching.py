"""The search field of a list: what is typed goes into the address, and the field follows the address back."""

from __future__ import annotations

import json

import reflex as rx
from reflex.event import EventSpec


def follow_address(field_id: str, words: str) -> EventSpec:
    """Put the address's words into the field, also after Back; whoever is typing in it keeps what they type."""
    return rx.call_script(
        f"(() => {{ const field = document.getElementById({json.dumps(field_id)}); "
        f"if (field && document.activeElement !== field) field.value = {json.dumps(words)}; }})()"
    )
