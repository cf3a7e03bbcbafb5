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
from collections.abc import AsyncIterator, Callable, Hashable
from contextvars import ContextVar
from functools import partial
from typing import Any
from uuid import UUID

import reflex as rx
from reflex.istate.data import ReflexURL
from reflex_base.constants import ROUTER_HEADERS, ROUTER_SESSION, ROUTER_URL

from salescompass import identity
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Denied, Unauthenticated
from salescompass.kit.live import Note, hub
from salescompass.ui.connections import is_connected
from salescompass.ui.patience import notes_missed
from salescompass.ui.seers import Seer, known
from salescompass.ui.shared import at_hand, shared
from salescompass.ui.threads import in_thread, takes_actor, views_only

# How long one check of the session holds inside one event; a handler that runs for longer is checked again.
_CHECK_HOLDS = 5.0

_checked: ContextVar[tuple[Seer, float] | None] = ContextVar("checked", default=None)


class Screen(rx.State, mixin=True):
    """What every state has: who is acting, the way to the data, live notes."""

    async def _do(self, permission: str, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a slice's verb as the signed-in member, in a thread and one transaction; its views come back.

        `verb(session, ...)`, or `verb(session, actor, ...)` when its second parameter is called actor.
        """
        seer = await self._admitted(permission)
        return await in_thread(partial(_act, seer, verb, args, kwargs))

    async def _share(self, permission: str, verb: Callable[..., Any], *, by: Hashable, **kwargs: Any) -> Any:
        """What `_do` gives, read once for all who see the same and ask for the same at a time (`ui.shared`).

        For verbs that only read, and that ask nothing of their actor but the zone and the permissions. `by` is what
        tells one question of this verb from another.
        """
        seer = await self._admitted(permission)
        key, turn = self._question(seer, verb, by)

        async def read() -> Any:
            return await in_thread(partial(_act, seer, verb, (), kwargs))

        return await shared(key, turn, read)

    async def _shared_already(self, permission: str, verb: Callable[..., Any], *, by: Hashable) -> Any:
        """The same, if the answer is at hand; else None."""
        return at_hand(*self._question(await self._admitted(permission), verb, by))

    def _question(self, seer: Seer, verb: Callable[..., Any], by: Hashable) -> tuple[Hashable, int]:
        actor = seer.actor
        key = (actor.tenant_id, verb, by, seer.reach, actor.zone, actor.permissions)
        return key, hub().turn(actor.tenant_id)

    async def _admitted(self, permission: str) -> Seer:
        actor = await self._authenticate()
        if not actor.may(permission):
            raise Denied("Your role does not allow this", permission=permission)
        checked = _checked.get()
        assert checked is not None
        return checked[0]

    @property
    def _actor(self) -> Actor:
        """Who is acting in this event."""
        checked = _checked.get()
        if checked is None:
            raise Unauthenticated("Please sign in")
        return checked[0].actor

    async def _authenticate(self, *, in_use: bool = True) -> Actor:
        """The member whose session cookie came with this socket; Unauthenticated when it holds no longer."""
        checked = _checked.get()
        if checked is not None and time.monotonic() - checked[1] < _CHECK_HOLDS:
            return checked[0].actor
        seer = await known(self.get_value(ROUTER_HEADERS).cookie, in_use=in_use)
        if seer is None:
            _checked.set(None)
            raise Unauthenticated("Please sign in")
        _checked.set((seer, time.monotonic()))
        return seer.actor

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
        token = self.get_value(ROUTER_SESSION).client_token
        async with hub().listen(actor.tenant_id, topics) as listener:
            if notes_missed.get():
                notes_missed.set(False)
                listener.offer(Note(topics[0], resync=True))
            async for note in listener:
                if not is_connected(token):
                    return
                if await self._hears():
                    yield note

    async def _hears(self) -> bool:
        """Whether live notes are switched on for this member."""
        actor = await self._authenticate(in_use=False)

        async def read() -> bool:
            return await in_thread(lambda: identity.flag_on(actor.tenant_id, "live_updates", actor.member_id))

        return bool(await shared((actor.tenant_id, "hears", actor.member_id), hub().turn(actor.tenant_id), read))

    def _renew(self, **values: Any) -> None:
        """Set what is another than before: what a page has already is not sent again."""
        for name, value in values.items():
            before = self.get_value(name)
            if before is not value and before != value:
                setattr(self, name, value)

    @property
    def _url(self) -> ReflexURL:
        """Where the page is."""
        url: ReflexURL = self.get_value(ROUTER_URL).href
        return url

    def _begin_event(self) -> None:
        """Begin an event in which nobody is signed in as far as the handler knows."""
        _checked.set(None)
        # Not by `self.router`, which makes all of it anew each time it is asked.
        identity.client_ip.set(self.get_value(ROUTER_SESSION).client_ip)

    def _forget_all(self) -> None:
        """Empty every screen's state: nothing of a session that ended stays on the page or in memory."""
        for state in self._get_root_state().substates.values():
            if isinstance(state, Screen):
                state.reset()

    def _tenant_of_actor(self) -> UUID | None:
        checked = _checked.get()
        return checked[0].actor.tenant_id if checked else None


def _act(seer: Seer, verb: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A verb as this member, in one transaction."""
    if takes_actor(verb):
        args = (seer.actor, *args)
    with tenant_session(seer.actor.tenant_id, reader=seer.actor) as session:
        seer.reach.hold(session, seer.actor)
        return views_only(verb(session, *args, **kwargs))
