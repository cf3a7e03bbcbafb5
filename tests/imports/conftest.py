"""What tests of imports share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

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
