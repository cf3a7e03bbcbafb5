"""Which pages may talk to us."""

from __future__ import annotations

import pytest

from salescompass.kit.settings import read_settings
from salescompass.ui.origins import origin, origins_of


def test_the_public_address_and_this_machine_are_allowed() -> None:
    allowed = origins_of(
        read_settings({"SALESCOMPASS_PUBLIC_URL": "https://crm.example.com", "SALESCOMPASS_PORT": "9000"})
    )
    assert "https://crm.example.com" in allowed
    assert {"http://127.0.0.1:9000", "http://localhost:9000"} <= set(allowed)
    assert not any("*" in one for one in allowed)


def test_without_a_public_address_the_one_listened_on_counts() -> None:
    assert set(origins_of(read_settings({"SALESCOMPASS_PORT": "8123"}))) == {
        "http://127.0.0.1:8123",
        "http://localhost:8123",
    }


def test_listening_everywhere_allows_the_machines_own_addresses_but_no_other() -> None:
    allowed = origins_of(read_settings({"SALESCOMPASS_HOST": "0.0.0.0"}))  # noqa: S104
    assert len(allowed) > 2
    assert all(one.startswith("http://") and one.endswith(":8000") for one in allowed)


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://CRM.example.com:443/path", "https://crm.example.com"),
        ("http://crm.example.com:80", "http://crm.example.com"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_origins_are_written_as_browsers_do(address: str, written: str) -> None:
    assert origin(address) == written
