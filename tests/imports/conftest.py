"""What tests of imports share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from salescompass import identity
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session


@pytest.fixture
def rows_of(tenant: UUID) -> Callable[[str], list[tuple[object, ...]]]:
    """The rows of a query in the tenant."""

    def found(query: str) -> list[tuple[object, ...]]:
        with tenant_session(tenant) as session:
            return [tuple(row) for row in session.connection().execute(text(query))]

    return found


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[..., Path]:
    """A CSV file of lines."""

    def made(*lines: str, name: str = "rows.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding=encoding)
        return path

    return made


@pytest.fixture
def admin(tenant: UUID) -> Actor:
    """The tenant's administrator."""
    with tenant_session(tenant) as session:
        return identity.acting_member(session, identity.members(session)[0].id)


@pytest.fixture
def do(tenant: UUID, admin: Actor) -> Callable[..., Any]:
    """Call a verb as the administrator, in a transaction of its own."""

    def call(verb: Callable[..., Any], **arguments: Any) -> Any:
        with tenant_session(tenant) as session:
            return verb(session, admin, **arguments)

    return call
