"""Who calls: the API key of a request, its scopes, how often it may call, and that it asks for what there is."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPBearer
from sqlmodel import Session

from salescompass import identity
from salescompass.identity import Actor
from salescompass.kit.errors import Denied, FieldError, Invalid, TooMany, Unauthenticated
from salescompass.kit.gathering import Gathering
from salescompass.kit.rate_limit import Limit, enforce
from salescompass.kit.settings import settings

PER_KEY = Limit("api-key", times=30_000, seconds=10)
NO_KEY = "Send a valid API key: Authorization: Bearer sc_..."
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
_NAMES: Gathering[str, str, Actor | None] = Gathering(lambda _line, keys: identity.authenticate_keys(keys), hands=2)
_KEPT_SECONDS, _MOST_KEPT = 2.0, 1000
_kept: dict[str, tuple[Actor, float]] = {}


async def _kept_actor(key: str) -> Actor | None:
    """The key's actor, as it was found a moment ago."""
    found, until = _kept.get(key, (None, 0.0))
    if found is None or time.monotonic() > until:
        found = await _NAMES.ask("", key)
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        if found is not None:
            _kept[key] = found, time.monotonic() + _KEPT_SECONDS
    return found


def too_many(actors: Sequence[Actor]) -> list[TooMany | None]:
    """Count these calls of a `Busy` route; for each whether it is one too many."""
    by_key = {actor.key_id: actor for actor in actors}
    calls = Counter(actor.key_id for actor in actors)
    over = {key: _over(by_key[key], times) for key, times in calls.items()}
    return [over[actor.key_id].pop() for actor in actors]


def gone(session: Session, actors: Sequence[Actor]) -> set[UUID]:
    """The keys among those of a `Busy` route's callers that hold no longer, as this transaction sees it."""
    called = {actor.key_id for actor in actors if actor.key_id}
    return called - identity.keys_in_force(session, called)


def _check_parameters(request: Request) -> None:
    """Raise Invalid for a parameter that the route does not have, or has once: a misspelt filter would show all."""
    if not request.scope["query_string"]:
        return
    given = request.query_params.multi_items()
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

    All in one: each dependency of a dependency costs the framework more than this whole check. Without `parameters` the
    route has looked at its own already.
    """

    def __init__(self, scope: str, *, parameters: bool = True) -> None:
        super().__init__(
            scheme_name="HTTPBearer", auto_error=False, description="An API key: `Authorization: Bearer sc_...`"
        )
        self._scope, self._parameters = scope, parameters

    async def __call__(self, request: Request) -> Actor:  # type: ignore[override]
        """The key's actor. Raises Unauthenticated, TooMany when it calls too often, Denied without the scope."""
        given = await super().__call__(request)
        actor = await self._actor_of(given.credentials) if given else None
        if actor is None:
            if given:
                await run_in_threadpool(_note_bad_key, request)
            raise Unauthenticated(NO_KEY)
        request.state.actor = actor
        if self._parameters:
            _check_parameters(request)
        if not actor.has_scope(self._scope):
            raise Denied(f"This key lacks the scope {self._scope}", scope=self._scope)
        return actor

    async def _actor_of(self, key: str) -> Actor | None:
        return await _LOOK_UPS.ask("", key)


class Busy(Needs):
    """The same for a route that busy applications call all the time: a key found is kept for a moment.

    The route calls `too_many` for all who come together, and in its transaction `gone`: a revoked key is one at once.
    """

    async def _actor_of(self, key: str) -> Actor | None:
        return await _kept_actor(key)
