"""Where a browser's events arrive, before any state is loaded for them: tokens, budgets, names, sessions.

The token a socket names in its address brings back the state of an earlier socket. So a token belongs to the session
it was first used with: used with another, or with none, its state is dropped first.
"""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import reflex as rx
from engineio.packet import MESSAGE, Packet
from reflex.app import EventNamespace
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import StateUpdate
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import json_dumps
from socketio.exceptions import ConnectionRefusedError as Refused

from salescompass.identity import client_address
from salescompass.kit.settings import settings
from salescompass.ui import connections, sockets
from salescompass.ui.budget import Bucket
from salescompass.ui.drawn import written
from salescompass.ui.guard import GUARD
from salescompass.ui.opening import end_stayers
from salescompass.ui.patience import is_away
from salescompass.ui.seers import who

log = logging.getLogger(__name__)

WATCH_SECONDS = 20.0
_TOKEN = re.compile(r"[A-Za-z0-9-]{8,64}\Z")
_KEPT_HEADERS = ("cookie", "host", "origin", "user-agent", "accept-language")
# Of Reflex's own handlers, those that its client calls.
_OWN = re.compile(
    r"reflex___state____state\.(hydrate|hydrate_and_load|"
    r"reflex___state____(on_load_internal_state\.on_load_internal|update_vars_internal_state\.update_vars_internal|"
    r"frontend_event_exception_state\.handle_frontend_exception))\Z"
)


class GuardedNamespace(EventNamespace):
    """Reflex's namespace with a budget for each socket and an owner for each token."""

    def __init__(self, namespace: str, app: rx.App) -> None:
        super().__init__(namespace, app)
        self._budgets: dict[str, Bucket] = {}
        self._sessions: dict[str, UUID | None] = {}
        self._cookies: dict[str, str] = {}
        self._scopes: dict[str, Any] = {}
        self._owners: dict[str, UUID | None] = {}

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Check the token and find out whose socket this is, before Reflex loads a state for it."""
        token = parse_qs(environ.get("QUERY_STRING", "")).get("token", [""])[0]
        if not _TOKEN.match(token):
            raise Refused("no token")
        if isinstance(auth, dict) and isinstance(auth.get("event"), dict):
            self._check_name(auth["event"])
        cookie = environ.get("HTTP_COOKIE", "")
        try:
            actor = await who(cookie)
        except Exception as problem:
            if not is_away(problem):
                raise
            # Refused, the page tries again by itself; unanswered it would wait for ever.
            raise Refused("the database is away") from None
        session_id = actor.session_id if actor else None
        self._drop_foreign_state(token, session_id)
        self._budgets[sid], self._sessions[sid], self._cookies[sid] = Bucket(), session_id, cookie
        self._scopes[sid] = environ["asgi.scope"]
        await super().on_connect(sid, environ, auth)
        linked = self.sid_to_token.get(sid)
        if linked is not None:
            self._owners[linked] = session_id

    def on_disconnect(self, sid: str) -> asyncio.Task[Any] | None:
        """Forget the socket, and end what stayed for its page, unless that has a newer one already."""
        token = self.sid_to_token.get(sid)
        if token is not None and self.token_to_sid.get(token) == sid:
            end_stayers(token)
        for kept in (self._budgets, self._sessions, self._cookies, self._scopes):
            kept.pop(sid, None)
        return super().on_disconnect(sid)

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        """Send a change to its page: what many pages get is written only once."""
        socket = self._token_manager.token_to_socket.get(token)
        line = socket and self.server.manager.eio_sid_from_sid(socket.sid, self.namespace)
        if not line:
            await super().emit_update(update, token)
            return
        text = written(update.delta, lambda delta: json_dumps(replace(update, delta=delta), separators=(",", ":")))
        await self.server._send_eio_packet(line, Packet(MESSAGE, f'2{self.namespace},["event",{text}]'))
        # Let the line's writer send it before whoever told this goes on.
        await asyncio.sleep(0)

    async def on_event(self, sid: str, data: Any) -> None:
        """Wait until the budget allows it; the socket's reader waits too, so a flood stays in the sender's hands."""
        bucket = self._budgets.get(sid)
        if bucket is not None:
            wait = bucket.delay()
            if bucket.exhausted:
                log.warning("a socket was ended: its events never paused")
                self._end(sid)
                return
            if wait:
                await asyncio.sleep(wait)
        if not isinstance(data, dict) or not self._check_name(data):
            return
        await super().on_event(sid, data)

    async def on_ping(self, sid: str) -> None:
        """A ping costs as much as an event."""
        bucket = self._budgets.get(sid)
        if bucket is not None and (wait := bucket.delay()):
            await asyncio.sleep(wait)
        await super().on_ping(sid)

    async def watch_sessions(self) -> None:
        """End sockets whose session was revoked or ran out; runs as long as the process."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                await self.end_lapsed()
            except Exception:
                log.exception("watching the sessions of open sockets")

    async def end_lapsed(self) -> None:
        """Look once at the session of every open socket, and end those that lapsed."""
        still: dict[str, bool] = {}
        for sid, cookie in list(self._cookies.items()):
            if self._sessions.get(sid) is None:
                continue
            if cookie not in still:
                actor = await who(cookie, in_use=False)
                still[cookie] = actor is not None and actor.session_id == self._sessions.get(sid)
            if not still[cookie]:
                self._end(sid)
        kept = self._state_tokens()
        self._owners = {token: owner for token, owner in self._owners.items() if token in kept}

    def _end(self, sid: str) -> None:
        """Close the socket itself: leaving the namespace would leave the page dead and a flood undisturbed."""
        scope = self._scopes.pop(sid, None)
        if scope is not None:
            sockets.end(scope)

    def _check_name(self, event: dict[str, Any]) -> bool:
        """True for a handler of ours, or of Reflex's own that its client calls; never for a variable's setter."""
        name = event.get("name")
        if not isinstance(name, str) or not isinstance(event.get("payload", {}), dict):
            return False
        registered = RegistrationContext.get().event_handlers.get(name)
        if registered is None:
            return False
        function = registered.handler.fn
        return hasattr(function, GUARD) or bool(_OWN.match(name))

    def _drop_foreign_state(self, token: str, session_id: UUID | None) -> None:
        """Whoever comes with another session than the token's own gets a fresh state."""
        manager = self.app.state_manager
        if token in self._owners and self._owners[token] != session_id and isinstance(manager, StateManagerMemory):
            end_stayers(token)
            manager._purge_token(BaseStateToken(ident=token, cls=rx.State))
            del self._owners[token]

    def _state_tokens(self) -> set[str]:
        manager = self.app.state_manager
        alive = set(manager.states) if isinstance(manager, StateManagerMemory) else set()
        return alive | set(self.token_to_sid)

    def _build_static_router_data(self, sid: str, environ: dict[str, Any]) -> dict[str, Any]:
        """What a state learns of the request: no header that a proxy put in for somebody else's eyes."""
        data = super()._build_static_router_data(sid, environ)
        headers = data["headers"]
        peer = (environ.get("asgi.scope", {}).get("client") or ("", 0))[0]
        data["headers"] = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
        data["ip"] = client_address(peer, headers.get("x-forwarded-for"), settings().trusted_proxies)
        return data


def install(app: rx.App) -> GuardedNamespace:
    """Put the guarded namespace in Reflex's place, and let it watch for as long as the process serves."""
    reflexes = app.event_namespace
    assert reflexes is not None
    assert app.sio is not None
    guarded = GuardedNamespace(reflexes.namespace, app)
    app._event_namespace = guarded
    app.sio.register_namespace(guarded)
    connections.told_by(lambda token: token in guarded.token_to_sid)
    app.register_lifespan_task(guarded.watch_sessions)
    return guarded
