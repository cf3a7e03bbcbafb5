"""Events to test with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from salescompass.events import EventIn, read_event
from salescompass.kit import clock


@pytest.fixture
def event() -> Callable[..., EventIn]:
    """A page view of ada@acme.example, with changes."""

    def make(**changes: Any) -> EventIn:
        body = {"type": "page_viewed", "contact": {"email": "ada@acme.example"}, **changes}
        return read_event({name: value for name, value in body.items() if value is not None}, now=clock.now())

    return make
