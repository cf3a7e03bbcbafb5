"""The wizard's steps as tests take them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import text

from salescompass import imports
from salescompass.imports import BatchView
from salescompass.kit.database import tenant_session
from salescompass.vocabulary import Topic
from workers import drains


def staged(do: Callable[..., Any], kind: str, *lines: str, name: str = "my file.csv") -> UUID:
    found: UUID = do(imports.stage, kind=kind, file_name=name, pieces=["\n".join(lines).encode()])
    return found


def finished(tenant: UUID, do: Callable[..., Any], batch_id: UUID) -> BatchView:
    """Let the workers work until nothing is left to do."""
    while True:
        drains.drain(str(tenant), Topic.IMPORTS)
        with tenant_session(tenant) as session:
            query = text("SELECT count(*) FROM outbox WHERE topic = 'imports' AND dead_at IS NULL")
            if not session.connection().execute(query).scalar():
                break
    found: BatchView = do(imports.batch, batch_id=batch_id)
    return found
