"""How a handler answers a form: refused with the reasons beside the fields, or accepted."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from reflex.event import EventSpec
from reflex_components_sonner.toast import ToastAction, toast

from salescompass.kit.errors import SalesCompassError, Unauthenticated
from salescompass.ui.components import answered, refused

UNDO_MS = 10_000


async def form_outcome(name: str, doing: Awaitable[Any]) -> tuple[Any, EventSpec]:
    """What the verb returned (None when it refused), and what to tell the form of this name."""
    try:
        result = await doing
    except Unauthenticated:
        raise
    except SalesCompassError as error:
        return None, refused(name, error)
    return result if result is not None else True, answered(name)


def done(text: str, *, undo: Any = None) -> EventSpec:
    """A toast that says what happened; with `undo` it stays ten seconds and takes it back."""
    if undo is None:
        return toast.success(text)
    return toast.success(text, duration=UNDO_MS, action=ToastAction(label="Undo", on_click=undo))
