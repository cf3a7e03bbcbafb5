"""Houses of one's own."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.rules.telling import House

NewHouse = Callable[[], House]


@pytest.fixture
def new_house(make_tenant: Callable[[], UUID], monkeypatch: pytest.MonkeyPatch) -> NewHouse:
    """Another tenant, as often as called; the product's rules rest in it."""

    def build() -> House:
        house = House(make_tenant(), monkeypatch)
        house.quiet()
        return house

    return build


@pytest.fixture
def house(new_house: NewHouse) -> House:
    """A tenant in which only the rules of the test are in force."""
    return new_house()
