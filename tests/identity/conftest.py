"""People to test with: members of `tenant` with a role, signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from uuid import UUID

import pytest

from salescompass import identity
from salescompass.identity import Actor, audit, system_actor
from salescompass.kit.database import tenant_session

_numbers = count(1)


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in."""

    email: str
    password: str
    actor: Actor
    token: str
    device: str


def address_for(number: int) -> str:
    """An IPv4 address of one's own, so that no test uses up another's limits."""
    return f"198.18.{number // 250}.{number % 250 + 1}"


@pytest.fixture
def ip() -> str:
    """Where a test's requests come from."""
    return address_for(next(_numbers))


@pytest.fixture
def person(tenant: UUID, ip: str) -> Callable[..., Person]:
    """Make a member of `tenant` (or another) with a role, and sign them in."""

    def make(role: str = "rep", *, tenant_id: UUID | None = None, email: str | None = None) -> Person:
        email = email or f"{role}{next(_numbers)}@people.example"
        password = f"long enough for {role} 7"
        with tenant_session(tenant_id or tenant) as session:
            identity.create_user(session, email=email, password=password, role=role, name=f"{role.title()} Person")
        signed_in = identity.sign_in(email=email, password=password, ip=ip, user_agent="Firefox/140.0 (Linux)")
        return Person(email, password, signed_in.actor, signed_in.token, signed_in.device_token)

    return make


@pytest.fixture
def admin(person: Callable[..., Person]) -> Person:
    """An admin of `tenant`, signed in."""
    return person("admin")


ROWS = 12


def record(tenant: UUID, n: int = 1, *, action: str = "thing.done") -> None:
    for number in range(n):
        with tenant_session(tenant) as session:
            audit.record(
                session,
                system_actor(tenant),
                action,
                object_type="thing",
                object_id=str(number),
                detail={"number": number, "text": 'tab\t "quote" ünïcode \\ back', "none": None, "list": [1, 2.5]},
            )


@pytest.fixture
def trail(tenant: UUID) -> UUID:
    """A tenant with twelve sealed rows."""
    record(tenant, ROWS - 1)
    assert identity.seal(tenant) == ROWS
    return tenant
