"""A tenant with a few records, and trees on them by short words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import Session

from salescompass.catalogue import catalogue
from salescompass.conditions import Catalogue, Tree, parse

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
Asked = Callable[..., Tree]


@pytest.fixture
def known(session: Session) -> Catalogue:
    """What the tenant's conditions can look at."""
    return catalogue(session)


@pytest.fixture
def ask(known: Catalogue) -> Asked:
    """A tree of rules, each a field, an operator and a value, all of which must hold."""

    def made(kind: str, *rules: tuple[Any, ...], **more: Any) -> Tree:
        told = [dict(zip(("field", "operator", "value", "match"), rule, strict=False)) for rule in rules]
        return parse({"combinator": "and", "rules": told, **more}, known, object=kind)

    return made
