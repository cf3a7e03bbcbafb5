"""`Screen`: the base of every state, and `_do`, the only way from a handler to data.

    class FeedState(Screen, rx.State):
        rows: list[FeedEntry] = []

        @guarded("feed.read")
        async def load(self) -> None:
            self.rows = (await self._do("feed.read", feed, limit=50)).items

What a state holds lives in one web process and may be gone at any moment: identity comes from the cookie, the view
from the address, drafts from the browser. Then Reflex runs the page's `on_load` again, so that is where data is read.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextvars import ContextVar
from typing import Any
from uuid import UUID

import reflex as rx

from salescompass import identity
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Denied, Unauthenticated
from salescompass.kit.live import Note, hub
from salescompass.ui.connections import is_connected
from salescompass.ui.cookies import session_token
from salescompass.ui.patience import notes_missed
from salescompass.ui.threads import in_thread, takes_actor, views_only

# How long one check of the session holds inside one event; a handler that runs for longer is checked again.
_CHECK_HOLDS = 5.0

_checked: ContextVar[tuple[Actor, float] | None] = ContextVar("checked", default=None)


class Screen(rx.State, mixin=True):
    """What every state has: who is acting, the way to the data, live notes."""

    async def _do(self, permission: str, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a slice's verb as the signed-in member, in a thread and one transaction; its views come back.

        `verb(session, ...)`, or `verb(session, actor, ...)` when its second parameter is called actor.
        """
        actor = await self._authenticate()
        if not actor.may(permission):
            raise Denied("Your role does not allow this", permission=permission)
        if takes_actor(verb):
            args = (actor, *args)

        def act() -> Any:
            with tenant_session(actor.tenant_id, reader=actor) as session:
                return views_only(verb(session, *args, **kwargs))

        return await in_thread(act)

    @property
    def _actor(self) -> Actor:
        """Who is acting in this event."""
        checked = _checked.get()
        if checked is None:
            raise Unauthenticated("Please sign in")
        return checked[0]

    async def _authenticate(self, *, in_use: bool = True) -> Actor:
        """The member whose session cookie came with this socket; Unauthenticated when it holds no longer."""
        checked = _checked.get()
        if checked is not None and time.monotonic() - checked[1] < _CHECK_HOLDS:
            return checked[0]
        actor = await who(self.router.headers.cookie, in_use=in_use)
        if actor is None:
            _checked.set(None)
            raise Unauthenticated("Please sign in")
        _checked.set((actor, time.monotonic()))
        return actor

    async def _signed_in(self) -> Actor | None:
        """Who is signed in, if anybody is: for handlers that are open to all."""
        try:
            return await self._authenticate()
        except Unauthenticated:
            return None

    async def _notes(self, *topics: str) -> AsyncIterator[Note]:
        """Live notes of the member's tenant, for a background handler that `on_load` starts; ends with the page.

        A note says what changed, by ids; fetch it with `_do`. With `resync` set, fetch all that is shown.
        """
        actor = await self._authenticate()
        token = self.router.session.client_token
        async with hub().listen(actor.tenant_id, topics) as listener:
            if notes_missed.get():
                notes_missed.set(False)
                listener.offer(Note(topics[0], resync=True))
            async for note in listener:
                if not is_connected(token):
                    return
                await self._authenticate(in_use=False)
                if await in_thread(lambda: identity.flag_on(actor.tenant_id, "live_updates", actor.member_id)):
                    yield note

    def _begin_event(self) -> None:
        """Begin an event in which nobody is signed in as far as the handler knows."""
        _checked.set(None)
        identity.client_ip.set(self.router.session.client_ip)

    def _forget_all(self) -> None:
        """Empty every screen's state: nothing of a session that ended stays on the page or in memory."""
        for state in self._get_root_state().substates.values():
            if isinstance(state, Screen):
                state.reset()

    def _tenant_of_actor(self) -> UUID | None:
        checked = _checked.get()
        return checked[0].tenant_id if checked else None


async def who(cookie_header: str, *, in_use: bool = True) -> Actor | None:
    """The member a Cookie header stands for, asked of the database each time."""
    token = session_token(cookie_header)
    if token is None:
        return None
    return await in_thread(lambda: identity.authenticate(token, in_use=in_use))
