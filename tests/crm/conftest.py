"""Somebody who writes records, and members of a tenant."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from salescompass import identity
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
