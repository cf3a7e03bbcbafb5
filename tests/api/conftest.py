"""The API called as a program calls it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from salescompass import identity
from salescompass.api import build_app
from salescompass.kit.database import tenant_session


class Client:
    """Requests to the application, without a network between."""

    def __init__(self, app: FastAPI, key: str = "", address: str = "192.0.2.10") -> None:
        self._app = app
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._address = address

    def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request; `json`, `content`, `headers`, `params` as httpx takes them."""
        headers = {**self._headers, **more.pop("headers", {})}

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, raise_app_exceptions=False, client=(self._address, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.request(method, path, headers=headers, **more)

        return asyncio.run(send())

    def get(self, path: str, **more: Any) -> httpx.Response:
        """GET."""
        return self("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> httpx.Response:
        """POST of a JSON body."""
        return self("POST", path, **({"json": json} if json is not None else {}), **more)


@pytest.fixture(scope="session")
def app(servers: dict[str, str]) -> FastAPI:
    """The API."""
    return build_app()


@pytest.fixture
def make_key(tenant: UUID) -> Callable[..., str]:
    """A new key of `tenant` (or another) with these scopes."""

    def make(*scopes: str, tenant_id: UUID | None = None) -> str:
        with tenant_session(tenant_id or tenant) as session:
            return identity.create_key(session, None, name=f"key {uuid4().hex[:8]}", scopes=scopes or ("*",)).key

    return make


@pytest.fixture
def client_with(app: FastAPI, make_key: Callable[..., str]) -> Callable[..., Client]:
    """A client whose key has these scopes."""
    return lambda *scopes, tenant_id=None: Client(app, make_key(*scopes, tenant_id=tenant_id))


@pytest.fixture
def api(client_with: Callable[..., Client]) -> Client:
    """A client that may do everything in `tenant`."""
    return client_with()


@pytest.fixture
def anonymous(app: FastAPI) -> Client:
    """A client without a key."""
    return Client(app)
