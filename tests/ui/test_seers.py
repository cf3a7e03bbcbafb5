"""Who looks at a screen is held for a moment, and asked for anew as soon as a change of access is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import UUID

from salescompass import identity
from salescompass.identity import Reach
from salescompass.kit.database import tenant_session
from salescompass.ui.seers import Seer, known
from tests.ui.conftest import Signed

SignIn = Callable[[UUID, str], Signed]


def _cookie(token: str) -> str:
    return f"other=1; {identity.session_cookie()}={token}"


def test_an_answer_is_held_and_a_session_that_ends_is_out_at_once(tenant: UUID, sign_in: SignIn) -> None:
    token = sign_in(tenant, "rep").token

    async def look() -> None:
        first = await known(_cookie(token))
        assert first is not None
        assert await known(_cookie(token)) is first
        identity.sign_out(token)
        assert await known(_cookie(token)) is None

    asyncio.run(look())


def test_roles_and_reach_that_change_are_seen_at_once(tenant: UUID, sign_in: SignIn) -> None:
    rep, admin = sign_in(tenant, "rep"), sign_in(tenant, "admin")
    boss = identity.authenticate(admin.token)
    assert boss is not None

    async def look() -> Seer:
        found = await known(_cookie(rep.token))
        assert found is not None
        return found

    async def both() -> None:
        before = await look()
        assert not before.actor.may("keys.manage")
        assert before.actor.member_id is not None
        with tenant_session(tenant) as session:
            identity.set_role_scope(session, boss, key="rep", levels={"account": "own"})
        narrow = await look()
        assert narrow.reach.account == frozenset({before.actor.member_id})
        with tenant_session(tenant) as session:
            identity.set_roles(session, boss, member_id=before.actor.member_id, role_keys=["admin"])
        after = await look()
        assert after.actor.may("keys.manage")
        assert after.reach == Reach()

    asyncio.run(both())


def test_who_only_listens_is_no_use_of_the_session(tenant: UUID, sign_in: SignIn) -> None:
    token = sign_in(tenant, "rep").token

    async def look() -> None:
        listening = await known(_cookie(token), in_use=False)
        acting = await known(_cookie(token))
        assert acting is not listening
        assert await known(_cookie(token), in_use=False) is acting

    asyncio.run(look())


def test_nobody_is_known_without_a_session() -> None:
    assert asyncio.run(known("")) is None
    assert asyncio.run(known(_cookie("x" * 43))) is None
