"""Handlers called the way a browser calls them: by name, with any payload, as anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from reflex.event import Event
from reflex.istate.manager.memory import StateManagerMemory
from reflex.state import StateUpdate
from reflex_base.event.processor import BaseStateEventProcessor
from sqlmodel import select

from salescompass import identity
from salescompass.kit.database import system_session, tenant_session
from salescompass.kit.live import hub
from salescompass.models import Membership, Tenant
from salescompass.salescompass import app
from salescompass.ui import connections
from tests.world import own_address

PATIENCE = 20.0
# How long a handler that listens is left to run before it is cancelled, as a closed page would.
LISTENING = 1.2
NOTES = 12


@dataclass
class Answer:
    """What reached the browser: changed variables by state, and events for the client."""

    before: dict[str, Any] = field(default_factory=dict)
    deltas: list[dict[str, dict[str, Any]]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything that reached the browser, as text."""
        return repr(self.deltas) + repr([(event.name, event.payload) for event in self.events])

    @property
    def shown(self) -> str:
        """What a person could read, without what Reflex repeats of the request."""
        return repr(self.values) + repr([(event.name, event.payload) for event in self.events])

    @property
    def values(self) -> dict[str, Any]:
        """The variables of our own states that were sent, each with its last value."""
        return {
            f"{state}.{name}": value
            for delta in self.deltas
            for state, values in delta.items()
            for name, value in values.items()
            if "salescompass" in state
        }

    @property
    def data(self) -> dict[str, Any]:
        """What the browser did not know from an empty page."""
        return {name: value for name, value in self.values.items() if self.before.get(name) != value}


class _Client:
    """The far end of the socket."""

    def __init__(self) -> None:
        self.answer = Answer()

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        self.answer.deltas += [dict(update.delta)] if update.delta else []
        self.answer.events += list(update.events)


async def _call(name: str, payload: dict[str, Any], cookie: str, path: str, background: bool) -> Answer:
    client = _Client()
    processor = BaseStateEventProcessor(middleware=app, backend_exception_handler=app.backend_exception_handler)
    headers = {"cookie": cookie, "host": "127.0.0.1"}
    router_data = {"pathname": path, "asPath": path, "query": {}, "headers": headers, "ip": "192.0.2.7", "sid": "s"}
    token = str(uuid4())
    hydrate = Event(name="reflex___state____state.hydrate", router_data=router_data)
    async with processor.configure(state_manager=StateManagerMemory(), event_namespace=client):  # type: ignore[arg-type]
        await asyncio.wait_for((await processor.enqueue(token, hydrate)).wait_all(), PATIENCE)
        client.answer = Answer(before=client.answer.values)
        future = await processor.enqueue(token, Event(name=name, payload=payload, router_data=router_data))
        if background:
            await _listen(future)
        else:
            await asyncio.wait_for(future.wait_all(), PATIENCE)
    return client.answer


async def _listen(future: Any) -> None:
    """Let a handler listen while notes come in, then end it as a closed page does."""
    for _ in range(NOTES):
        await asyncio.sleep(LISTENING / NOTES)
        if future.done():
            return
        hub().resync()
    future.cancel()


@pytest.fixture(autouse=True)
def connected() -> Iterator[None]:
    """The pages of these tests count as connected, though no socket stands behind them."""
    namespace = app.event_namespace
    assert namespace is not None
    connections.told_by(lambda token: True)
    yield
    connections.told_by(lambda token: token in namespace.token_to_sid)


@pytest.fixture
def call(servers: dict[str, str]) -> Callable[..., Answer]:
    """Call a handler by its full name, with a session token (or none) and a payload; what the browser gets."""

    def act(
        name: str, payload: dict[str, Any] | None = None, *, token: str = "", path: str = "/", background: bool = False
    ) -> Answer:
        cookie = f"{identity.session_cookie()}={token}" if token else ""
        run: Coroutine[Any, Any, Answer] = _call(name, payload or {}, cookie, path, background)
        return asyncio.run(run)

    return act


@dataclass(frozen=True)
class Signed:
    """A signed-in member."""

    tenant_id: UUID
    token: str
    email: str
    role: str


@pytest.fixture
def sign_in(servers: dict[str, str]) -> Callable[[UUID, str], Signed]:
    """A member of a tenant with a built-in role, signed in."""

    def act(tenant_id: UUID, role: str) -> Signed:
        with system_session() as session:
            slug = session.exec(select(Tenant.slug).where(Tenant.id == tenant_id)).one()
        email, password = f"{role}@{slug}.example", f"pass phrase {slug} {role}"
        with tenant_session(tenant_id) as session:
            known = session.exec(select(Membership.email)).all()
            if email not in known:
                identity.create_user(session, email=email, password=password, role=role)
            elif role == "admin":
                password = f"pass phrase {slug}"
        signed = identity.sign_in(email=email, password=password, ip=own_address(), user_agent="test", device=None)
        return Signed(tenant_id, signed.token, email, role)

    return act
