"""The guard of every handler: who calls, may they, do the arguments fit, and what is shown when it goes wrong.

Any browser can call any public method of any state with anything, whatever page it is on. So each handler is
declared by `@guarded(permission)` or, for the few that need no sign-in, by `@public`; a test enumerates them.
"""

from __future__ import annotations

import functools
import inspect
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import reflex as rx

from salescompass import identity
from salescompass.identity import Actor
from salescompass.kit import observability
from salescompass.kit.errors import Denied, Invalid, SalesCompassError, Unauthenticated
from salescompass.kit.ids import new_id
from salescompass.ui import routes
from salescompass.ui.arguments import Refused, kinds_of, read_arguments
from salescompass.ui.components import forms
from salescompass.ui.patience import worth_another_try

log = logging.getLogger(__name__)

GUARD = "_salescompass_guard"
_NOT_UNDERSTOOD = "That could not be understood. Please reload the page and try again."
Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True)
class Guard:
    """What a handler was declared with; found on the function as the attribute named by GUARD."""

    permission: str | None
    track: bool
    kinds: dict[str, Any]
    required: frozenset[str]
    order: tuple[str, ...]
    form: str
    background: bool
    stays: bool


def guarded(
    permission: str, *, track: bool = True, form: str = "", stays: bool = False, **options: Any
) -> Callable[[Handler], Handler]:
    """A handler for members with this permission.

    `form` names the form whose submit it answers: what is wrong is then shown there. `track=False` is for what the page
    does by itself and what changes no data: it is left out of the usage counters, and tried again when the database was
    away. `stays=True` is for what `on_load` starts in the background and what goes on while other views of the same
    path are opened (`ui.opening`): each time it must look anew at its state, under its lock. `options` are those of
    `rx.event` (background=True, supersedes=True, ...).
    """

    def decorate(function: Handler) -> Handler:
        return _declare(function, permission, track, form, options, stays=stays)

    return decorate


def public(function: Any = None, *, track: bool = False, form: str = "", **options: Any) -> Any:
    """A handler that needs no sign-in: it must show nothing of any tenant."""
    if function is None:
        return lambda one: _declare(one, None, track, form, options)
    return _declare(function, None, track, form, options)


def _declare(
    function: Any, permission: str | None, track: bool, form: str, options: dict[str, Any], *, stays: bool = False
) -> Any:
    kinds = kinds_of(function)
    parameters = list(inspect.signature(function).parameters.values())[1:]
    guard = Guard(
        permission,
        track,
        kinds,
        frozenset(one.name for one in parameters if one.default is inspect.Parameter.empty),
        tuple(one.name for one in parameters),
        form,
        bool(options.get("background")),
        stays,
    )
    several = inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function)
    wrapped = (_several if several else _once)(function, guard)
    setattr(wrapped, GUARD, guard)
    return rx.event(wrapped, **options) if options else rx.event(wrapped)


def _once(function: Any, guard: Guard) -> Any:
    @functools.wraps(function)
    async def handler(self: Any, *args: Any, **kwargs: Any) -> Any:
        began = time.monotonic()
        while True:
            try:
                values = await _admit(self, function, guard, args, kwargs)
                result = function(self, **values)
                return await result if inspect.isawaitable(result) else result
            except Exception as problem:
                if not await _once_more(self, problem, guard, began):
                    return _answer(self, problem, function, guard)

    return handler


async def _once_more(self: Any, problem: Exception, guard: Guard, began: float) -> bool:
    """Only what the page does by itself: that is not tracked and changes no data."""
    if guard.track or guard.permission is None:
        return False
    token = self.router.session.client_token
    return await worth_another_try(problem, token, began, for_ever=guard.background)


def _several(function: Any, guard: Guard) -> Any:
    @functools.wraps(function)
    async def handler(self: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        try:
            values = await _admit(self, function, guard, args, kwargs)
            events = function(self, **values)
            if inspect.isasyncgen(events):
                async for event in events:
                    yield event
            else:
                for event in events:
                    yield event
        except Exception as problem:
            yield _answer(self, problem, function, guard)

    return handler


async def _admit(
    self: Any, function: Any, guard: Guard, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> dict[str, Any]:
    """Everything that is checked before the handler's own first line."""
    observability.request_id.set(str(new_id()))
    self._begin_event()
    actor: Actor | None = None
    if guard.permission is not None:
        actor = await self._authenticate()
        if not actor.may(guard.permission):
            raise Denied("Your role does not allow this", permission=guard.permission)
    if len(args) > len(guard.order):
        raise Refused("arguments", "too many")
    given = dict(zip(guard.order, args, strict=False)) | kwargs
    values = read_arguments(guard.kinds, guard.required, given)
    if guard.track and actor is not None:
        identity.count(actor, _name(self, function))
    return values


def _answer(self: Any, problem: Exception, function: Any, guard: Guard) -> Any:
    """What the person sees instead of a result: never a traceback."""
    where = _name(self, function)
    if isinstance(problem, Unauthenticated):
        if not guard.background:
            self._forget_all()
        # A full page load: the next socket then brings the browser's cookie of that moment.
        return rx.call_script(f"window.location.assign({json.dumps(sign_in_link(self))})")
    if isinstance(problem, Refused):
        log.info("refused an argument of %s: %s", where, problem.argument)
        reason = f"This {problem.reason}." if problem.field else _NOT_UNDERSTOOD
        problem = Invalid(reason, field=problem.field)
    if isinstance(problem, SalesCompassError):
        return forms.refused(guard.form, problem) if guard.form else rx.toast.error(problem.message)
    reference = observability.record_error(problem, where=where, tenant_id=self._tenant_of_actor())
    return rx.toast.error(f"Something went wrong. If it happens again, tell your administrator: {reference}")


def sign_in_link(self: Any) -> str:
    """Where to sign in, coming back to this page afterwards."""
    url = self.router.url
    here = (url.path or "/") + (f"?{url.query}" if url.query else "")
    return routes.sign_in("" if here.startswith(routes.SIGN_IN) else here)


def _name(self: Any, function: Any) -> str:
    """`FeedState.load_more`: how usage counters, logs and errors call a handler."""
    owner = getattr(self, "__wrapped__", self)
    return f"{type(owner).__name__}.{function.__name__}"
