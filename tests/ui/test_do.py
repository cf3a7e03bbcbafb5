"""`_do`, the only way from a handler to data, asks for the permission itself: a handler's guard may be wrong."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from salescompass import identity
from salescompass.identity import Reach
from salescompass.kit.errors import Denied
from salescompass.ui import session
from salescompass.ui.feed.state import FeedState
from salescompass.ui.seers import Seer
from tests.ui.conftest import Signed


def _ask(token: str, permission: str, verb: Callable[[Session], Any]) -> Any:
    """What `_do` gives to whoever is signed in with this token."""

    async def ask() -> Any:
        actor = identity.authenticate(token)
        assert actor is not None
        session._checked.set((Seer(actor, Reach()), time.monotonic()))
        screen: Any = FeedState(_reflex_internal_init=True)  # type: ignore[call-arg]
        return await screen._do(permission, verb)

    return asyncio.run(ask())


def test_a_permission_one_lacks_is_refused_though_the_handler_let_one_in(
    tenant: UUID, sign_in: Callable[[UUID, str], Signed]
) -> None:
    rep, admin = sign_in(tenant, "rep"), sign_in(tenant, "admin")
    assert len(_ask(admin.token, "keys.manage", identity.keys)) == 0
    with pytest.raises(Denied):
        _ask(rep.token, "keys.manage", identity.keys)
