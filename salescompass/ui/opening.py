"""Opening a page is one event: it reads all that the page shows, in one message where nothing takes long.

Reflex would make an event of every handler of `on_load`, and one more before and after them. And it ends a page's
background handlers whenever its address changes; those that are declared with `stays=True` go on for as long as the
same path is open, so that a filter or an open sheet does not make a page listen anew.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

from reflex.event import Event
from reflex.state import OnLoadInternalState
from reflex_base.constants import ROUTER_URL
from reflex_base.event.context import EventContext
from reflex_base.event.processor import EventFuture
from reflex_base.event.processor.base_state_processor import chain_updates
from reflex_base.registry import RegistrationContext

from salescompass.ui.guard import GUARD

# Seconds after which a page is shown what was read so far before the rest is read.
_PATIENCE = 0.03

Stayers = dict[str, tuple[str, EventFuture]]

_staying: dict[str, Stayers] = {}
"""By the token of a page: its handlers that stay, each with the path for which it was started."""


async def open_page(self: OnLoadInternalState) -> list[Any]:
    """Run what the page at this address loads; another address ends it, as it ends what it has begun."""
    registered, root = RegistrationContext.get(), self._get_root_state()
    path, begun = self.get_value(ROUTER_URL).path, monotonic()
    events = Event.from_event_type(registered.app.get_load_events(path))
    handlers = [(event, registered.event_handlers[event.name]) for event in events]
    at_once = [one for one in handlers if not one[1].handler.is_background]
    follow: list[Any] = []
    for number, (event, one) in enumerate(at_once, 1):
        state = await self.get_state(one.states[0])
        # Ours answer for themselves: their guard lets no error out.
        told = await one.handler.fn(state, **event.payload)
        follow += told if isinstance(told, list) else [told] if told is not None else []
        changed = any(not name.startswith("_") for name in state.dirty_vars)
        if changed and number < len(at_once) and monotonic() - begun > _PATIENCE:
            await chain_updates(None, event.name, root)
    staying = [event for event, one in handlers if getattr(one.handler.fn, GUARD).stays]
    await _keep(EventContext.get(), path, staying)
    self.is_hydrated = True
    return [*follow, *(event for event, one in handlers if one.handler.is_background and event not in staying)]


async def _keep(context: EventContext, path: str, wanted: list[Event]) -> None:
    """Have these handlers run for this page, and no others of those that stay."""
    mine = _staying.setdefault(context.token, {})
    names = {event.name for event in wanted}
    for name, (where, running) in list(mine.items()):
        if where != path or name not in names or running.done():
            running.cancel()
            del mine[name]
    for event in wanted:
        if event.name not in mine:
            # On its own: an event that follows from this one would be ended with it.
            alone = EventContext(
                token=context.token,
                state_manager=context.state_manager,
                enqueue_impl=context.enqueue_impl,
                emit_delta_impl=context.emit_delta_impl,
                emit_event_impl=context.emit_event_impl,
            )
            processor = RegistrationContext.get().app.event_processor
            mine[event.name] = path, await processor.enqueue(context.token, event, alone)


def end_stayers(token: str) -> None:
    """End what stayed for a page that is gone, or that is somebody else's now."""
    for _, running in _staying.pop(token, {}).values():
        running.cancel()


def install() -> None:
    """Put `open_page` in the place of Reflex's own handler, with what that is marked by."""
    handler = OnLoadInternalState.event_handlers["on_load_internal"]
    # Events are named after their function.
    open_page.__name__, open_page.__qualname__ = handler.fn.__name__, handler.fn.__qualname__
    vars(open_page).update(vars(handler.fn))
    object.__setattr__(handler, "fn", open_page)
    vars(handler).pop("_is_coroutine_function", None)
