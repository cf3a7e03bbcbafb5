from __future__ import annotations

import pytest

from salescompass.identity.networks import client_address, network


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "client"),
    [
        ("203.0.113.7", None, (), "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", (), "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "drop table, 10.0.0.2", ("10.0.0.0/8",), "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", ("not a network", "10.0.0.1"), "198.51.100.1"),
        ("::1", "2001:db8::5", ("::1",), "2001:db8::5"),
        ("", "198.51.100.1", ("10.0.0.0/8",), ""),
    ],
)
def test_only_trusted_proxies_are_believed(
    peer: str, forwarded: str | None, trusted: tuple[str, ...], client: str
) -> None:
    assert client_address(peer, forwarded, trusted) == client


def test_an_ipv6_host_cannot_slip_away_inside_its_own_network() -> None:
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9")
    assert network("2001:db8:1:3::1") != network("2001:db8:1:2::1")
    assert network("::ffff:198.51.100.1") == network("198.51.100.1") == "198.51.100.1"
    assert network("nonsense") == "unknown"
