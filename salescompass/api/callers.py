"""Who calls: the API key of a request, its scopes, how often it may call, and that it asks for what there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPBearer

from salescompass import identity
from salescompass.identity import Actor
from salescompass.kit.errors import Denied, FieldError, Invalid, TooMany, Unauthenticated
from salescompass.kit.gathering import Gathering
from salescompass.kit.rate_limit import Limit, enforce
from salescompass.kit.settings import settings

PER_KEY = Limit("api-key", times=30_000, seconds=10)
BAD_KEYS = Limit("api-bad-key", times=100, seconds=60)
"""Wrong keys from one address: guessing 256 bits is hopeless, asking the database each time costs."""


def _look_up(_line: str, keys: Sequence[str]) -> list[Actor | Exception | None]:
    """The actors of keys that call at once: one look-up for all, one count for each key."""
    calls = Counter(keys)
    actors = dict(zip(calls, identity.authenticate_keys(list(calls)), strict=True))
    over = {key: _over(actor, calls[key]) for key, actor in actors.items() if actor}
    return [(over[key].pop() or actors[key]) if actors[key] else None for key in keys]


def _over(actor: Actor, times: int) -> list[TooMany | None]:
    """For each of these calls whether it is one too many."""
    try:
        enforce(PER_KEY, str(actor.key_id), "This key calls too often: wait as Retry-After says", times=times)
    except TooMany as error:
        return [error] if times == 1 else [refused for _ in range(times) for refused in _over(actor, 1)]
    return [None] * times


_LOOK_UPS: Gathering[str, str, Actor | None] = Gathering(_look_up, hands=2)


def _check_parameters(request: Request) -> None:
    """Raise Invalid for a parameter that the route does not have, or has once: a misspelt filter would show all."""
    given = request.query_params.multi_items()
    if not given:
        return
    offered = dict(_parameters(request.scope["route"].dependant))
    problems, seen = [], set()
    for name, _ in given:
        if name not in offered:
            known = f"known here are {', '.join(sorted(offered))}" if offered else "none is known here"
            problems.append(FieldError(f"no such parameter; {known}", field=name[:100]))
        elif name in seen and not offered[name]:
            problems.append(FieldError("give this parameter once", field=name))
        seen.add(name)
    if problems:
        raise Invalid(problems[0].message, errors=tuple(problems[:20]))


def _parameters(dependant: Any) -> Iterator[tuple[str, bool]]:
    """The query parameters of a route, its dependencies' too, each with whether it may be given more than once."""
    for one in dependant.query_params:
        yield one.alias, "list[" in str(one.field_info.annotation)
    for part in dependant.dependencies:
        yield from _parameters(part)


def _note_bad_key(request: Request) -> None:
    peer = request.client.host if request.client else ""
    address = identity.client_address(peer, request.headers.get("x-forwarded-for"), settings().trusted_proxies)
    enforce(BAD_KEYS, address)


class Needs(HTTPBearer):
    """A dependency: the caller, whose key must carry this scope.

    All in one: each dependency of a dependency costs the framework more than this whole check.
    """

    def __init__(self, scope: str) -> None:
        super().__init__(
            scheme_name="HTTPBearer", auto_error=False, description="An API key: `Authorization: Bearer sc_...`"
        )
        self._scope = scope

    async def __call__(self, request: Request) -> Actor:  # type: ignore[override]
        """The key's actor. Raises Unauthenticated, TooMany when it calls too often, Denied without the scope."""
        given = await super().__call__(request)
        actor = await _LOOK_UPS.ask("", given.credentials) if given else None
        if actor is None:
            if given:
                await run_in_threadpool(_note_bad_key, request)
            raise Unauthenticated("Send a valid API key: Authorization: Bearer sc_...")
        request.state.actor = actor
        _check_parameters(request)
        if not actor.has_scope(self._scope):
            raise Denied(f"This key lacks the scope {self._scope}", scope=self._scope)
        return actor
