"""Who looks at a screen, and how far they see: asked of the database, and held for the events of one moment.

Opening a page is several events, and so is typing a word. An answer holds for a second at most, and no longer than
until a change of access is told: a session that ended, a role, a team. Who only listens keeps no session in use.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass

from salescompass import identity
from salescompass.identity import Actor, Reach
from salescompass.kit.live import hub
from salescompass.ui.cookies import session_token
from salescompass.ui.threads import in_thread
from salescompass.vocabulary import Topic

HOLDS = 1.0
_MOST = 2000


@dataclass(frozen=True, slots=True)
class Seer:
    """A member who looks at a screen."""

    actor: Actor
    reach: Reach


@dataclass(frozen=True, slots=True)
class _Known:
    seer: Seer
    until: float
    turn: int
    in_use: bool


_known: OrderedDict[str, _Known] = OrderedDict()
_asking: dict[tuple[str, bool, int, asyncio.AbstractEventLoop], asyncio.Task[Seer | None]] = {}


async def known(cookie_header: str, *, in_use: bool = True) -> Seer | None:
    """The member a Cookie header stands for, as of this moment or the second before it."""
    token = session_token(cookie_header)
    if token is None:
        return None
    held, now = _known.get(token), time.monotonic()
    turn = hub().turn(None, Topic.ACCESS)
    if held is not None and held.until > now and held.turn == turn and (held.in_use or not in_use):
        return held.seer
    seer = await _asked_once(token, in_use, turn)
    _known.pop(token, None)
    if seer is not None:
        while _known and (len(_known) >= _MOST or next(iter(_known.values())).until <= now):
            _known.popitem(last=False)
        _known[token] = _Known(seer, now + HOLDS, turn, in_use)
    return seer


async def who(cookie_header: str, *, in_use: bool = True) -> Actor | None:
    """The member a Cookie header stands for, asked of the database each time."""
    token = session_token(cookie_header)
    if token is None:
        return None
    return await in_thread(lambda: identity.authenticate(token, in_use=in_use))


async def _asked_once(token: str, in_use: bool, turn: int) -> Seer | None:
    """Ask; who comes with the same token meanwhile waits for the same answer."""
    loop = asyncio.get_running_loop()
    key = (token, in_use, turn, loop)
    asking = _asking.get(key)
    if asking is None:
        asking = _asking[key] = loop.create_task(in_thread(lambda: _ask(token, in_use=in_use)))
        asking.add_done_callback(lambda _: _asking.pop(key, None))
    return await asyncio.shield(asking)


def _ask(token: str, *, in_use: bool) -> Seer | None:
    found = identity.recognize(token, in_use=in_use)
    return Seer(*found) if found else None
