"""Somebody who may do all, members of a tenant, and records of theirs."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from salescompass import crm, identity
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session


@pytest.fixture
def boss(tenant: UUID) -> Actor:
    """Whoever may do all."""
    return identity.system_actor(tenant, "Boss")


@pytest.fixture
def hire(tenant: UUID) -> Callable[..., Actor]:
    """A new member with a role, as the actor they are."""

    def hired(name: str, role: str = "rep") -> Actor:
        with tenant_session(tenant) as session:
            view = identity.create_user(
                session, email=f"{name.lower()}-{uuid4().hex[:6]}@house.example", role=role, name=name
            )
        return Actor(tenant, name, "member", permissions=identity.BUILT_IN[role][1], member_id=view.id)

    return hired


@pytest.fixture
def ann(hire: Callable[..., Actor]) -> Actor:
    """A rep."""
    return hire("Ann")


@pytest.fixture
def ben(hire: Callable[..., Actor]) -> Actor:
    """Another rep."""
    return hire("Ben")


@pytest.fixture
def acme(tenant: UUID, boss: Actor) -> UUID:
    """An account of nobody."""
    with tenant_session(tenant) as session:
        return crm.create_record(session, boss, "accounts", {"name": "Acme", "domain": "acme.example"}).id


@pytest.fixture
def anna(tenant: UUID, boss: Actor, acme: UUID) -> UUID:
    """A person there."""
    fields = {"name": "Anna Buyer", "email": "anna@acme.example", "account_id": acme}
    with tenant_session(tenant) as session:
        return crm.create_record(session, boss, "contacts", fields).id
