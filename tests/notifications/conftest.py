"""Members who are told something, and a hand to tell them with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from salescompass import identity, notifications
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session


@pytest.fixture
def member() -> Callable[[UUID, str], Actor]:
    """A member of a tenant."""

    def make(tenant: UUID, name: str) -> Actor:
        with tenant_session(tenant) as session:
            email = f"{name}-{uuid4().hex[:6]}@{tenant.hex}.example"
            made = identity.create_user(session, email=email, role="rep", name=name)
        return Actor(tenant, name, "member", permissions=identity.BUILT_IN["rep"][1], member_id=made.id, email=email)

    return make


@pytest.fixture
def tell() -> Callable[..., frozenset[UUID]]:
    """Tell one member something, in a transaction of its own."""

    def told(to: Actor, title: str, kind: str = "followed", **more: Any) -> frozenset[UUID]:
        with tenant_session(to.tenant_id) as session:
            assert to.member_id is not None
            more.setdefault("subject", f"test:{uuid4()}")
            return notifications.tell(session, [to.member_id], kind, title=title, link="/feed", **more)

    return told
