from __future__ import annotations

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from salescompass import identity
from salescompass.identity import Actor
from salescompass.kit.clock import now
from salescompass.kit.database import system_session, tenant_session
from salescompass.kit.errors import Denied, Exists, Invalid
from tests.identity.conftest import Person


def made(tenant: UUID, *scopes: str, name: str = "CRM sync", lasts: timedelta | None = None) -> identity.NewKey:
    with tenant_session(tenant) as session:
        return identity.create_key(
            session, None, name=name, scopes=scopes or ("events:write",), expires_at=now() + lasts if lasts else None
        )


def last_used(key: identity.NewKey) -> object:
    with system_session() as system:
        return (
            system.connection()
            .execute(text("SELECT last_used_at FROM api_key WHERE id = :id"), {"id": key.id})
            .scalar_one()
        )


def test_a_key_says_whose_it_is_and_is_stored_as_a_hash(tenant: UUID) -> None:
    key = made(tenant)
    assert re.fullmatch(r"sc_[A-Za-z0-9]{8}_[A-Za-z0-9]{43}", key.key)
    assert key.key.startswith(f"sc_{key.prefix}_")
    with system_session() as system:
        row = (
            system.connection()
            .execute(text("SELECT key_hash, k::text AS whole FROM api_key k WHERE id = :id"), {"id": key.id})
            .one()
        )
    assert row.key_hash == hashlib.sha256(key.key.encode()).digest()
    assert key.key not in row.whole
    actor = identity.authenticate_key(key.key)
    assert actor is not None
    assert (actor.tenant_id, actor.kind, actor.name, actor.key_id) == (tenant, "key", "CRM sync", key.id)
    assert actor.has_scope("events:read")
    assert not actor.has_scope("crm:read")
    assert actor.permissions == {"events.write", "feed.read"}


@pytest.mark.parametrize("spoil", [lambda k: k[:-1], lambda k: k + "x", lambda k: k.swapcase(), lambda k: k[3:]])
def test_a_key_that_is_not_exactly_right_is_nobodys(tenant: UUID, spoil) -> None:  # type: ignore[no-untyped-def]
    assert identity.authenticate_key(spoil(made(tenant).key)) is None


@pytest.mark.parametrize("key", [None, "", "sc_", "sc_" + "x" * 60, "sc_\0" + "x" * 60, "x" * 99_999, "sc_\ud800" * 9])
def test_what_is_no_key_is_nobodys(servers: dict[str, str], key: str | None) -> None:
    assert identity.authenticate_key(key) is None


def test_a_key_ends_at_its_time(tenant: UUID) -> None:
    key = made(tenant, lasts=timedelta(hours=1))
    assert identity.authenticate_key(key.key, now=now() + timedelta(minutes=59)) is not None
    assert identity.authenticate_key(key.key, now=now() + timedelta(minutes=61)) is None
    with pytest.raises(Invalid, match="future"):
        made(tenant, name="past", lasts=timedelta(seconds=-1))


def test_a_revoked_key_is_dead_at_once(tenant: UUID, admin: Person) -> None:
    key, other = made(tenant), made(tenant, name="other")
    with tenant_session(tenant) as session:
        assert identity.revoke_key(session, admin.actor, key_id=key.id).state == "revoked"
    assert identity.authenticate_key(key.key) is None
    assert identity.authenticate_key(other.key) is not None
    with tenant_session(tenant) as session:
        identity.revoke_key(session, admin.actor, key_id=key.id)
        assert {view.name: view.state for view in identity.keys(session)} == {"CRM sync": "revoked", "other": "active"}
        lines = [line for line in identity.audit_entries(session).items if line.object_type == "api_key"]
    assert [line.action for line in lines] == ["key.revoked", "key.created", "key.created"]
    assert key.key not in repr(lines)


def test_several_keys_are_looked_up_at_once(tenant: UUID) -> None:
    good, wrong = made(tenant).key, "sc_wrong678_" + "x" * 43
    found = identity.authenticate_keys([good, wrong, None, "short", good])
    assert [actor and actor.tenant_id for actor in found] == [tenant, None, None, None, tenant]
    assert identity.authenticate_keys([wrong, None]) == [None, None]


def test_its_use_is_written_once_a_minute_however_many_use_it(tenant: UUID) -> None:
    key, noon = made(tenant), now()
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda i: identity.authenticate_key(key.key, now=noon + timedelta(seconds=i)), range(40)))
    first = last_used(key)
    assert first is not None
    identity.authenticate_key(key.key, now=noon + timedelta(seconds=39))
    assert last_used(key) == first
    identity.authenticate_key(key.key, now=noon + timedelta(seconds=120))
    assert last_used(key) == noon + timedelta(seconds=120)


def test_a_key_of_a_closed_tenant_is_dead(tenant: UUID) -> None:
    key = made(tenant, "*")
    with system_session() as system:
        system.connection().execute(text("UPDATE tenant SET status = 'suspended' WHERE id = :id"), {"id": tenant})
    assert identity.authenticate_key(key.key) is None


def test_names_and_scopes_are_checked(tenant: UUID) -> None:
    made(tenant)
    with pytest.raises(Exists):
        made(tenant)
    for scopes in (("events",), ("everything:write",), ("",)):
        with pytest.raises(Invalid) as refused:
            made(tenant, *scopes, name="wrong")
        assert refused.value.field == "scopes"


@pytest.mark.parametrize("scope", ["scores:read", "actions:write", "webhooks:read", "*"])
def test_who_may_only_make_keys_makes_none_that_opens_more(tenant: UUID, scope: str) -> None:
    keeper = Actor(
        tenant_id=tenant, name="Keeper", kind="member", permissions=frozenset({"account.self", "keys.manage"})
    )
    with pytest.raises(Denied), tenant_session(tenant) as session:
        identity.create_key(session, keeper, name="more", scopes=[scope])
