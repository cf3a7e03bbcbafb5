"""Who calls: the API key of a request, its scopes, and how often it may call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from salescompass import identity
from salescompass.identity import Actor
from salescompass.kit.errors import Denied, Unauthenticated
from salescompass.kit.rate_limit import Limit, enforce
from salescompass.kit.settings import settings

PER_KEY = Limit("api-key", times=30_000, seconds=10)
BAD_KEYS = Limit("api-bad-key", times=100, seconds=60)
"""Wrong keys from one address: guessing 256 bits is hopeless, asking the database each time costs."""

bearer = HTTPBearer(auto_error=False, description="An API key: `Authorization: Bearer sc_...`")


def caller(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Actor:
    """The key's actor. Raises Unauthenticated, and TooMany when it calls too often."""
    actor = identity.authenticate_key(given.credentials) if given else None
    if actor is None:
        if given:
            _note_bad_key(request)
        raise Unauthenticated("Send a valid API key: Authorization: Bearer sc_...")
    request.state.actor = actor
    enforce(PER_KEY, str(actor.key_id), "This key calls too often: wait as Retry-After says")
    return actor


def _note_bad_key(request: Request) -> None:
    peer = request.client.host if request.client else ""
    address = identity.client_address(peer, request.headers.get("x-forwarded-for"), settings().trusted_proxies)
    enforce(BAD_KEYS, address)


def needs(scope: str) -> Callable[[Actor], Actor]:
    """A dependency: the caller, whose key must carry this scope."""

    def check(actor: Annotated[Actor, Depends(caller)]) -> Actor:
        if not actor.has_scope(scope):
            raise Denied(f"This key lacks the scope {scope}", scope=scope)
        return actor

    return check
