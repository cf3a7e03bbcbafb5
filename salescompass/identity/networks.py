"""Whose address a request comes from, and which addresses count as one."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from contextlib import suppress
from functools import cache


def network(ip: str) -> str:
    """What limits count by: an IPv4 address, or the /64 an IPv6 host can choose its addresses from."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def client_address(peer: str, forwarded_for: str | None, trusted: Sequence[str]) -> str:
    """The client's address: X-Forwarded-For is read from its end, as far as trusted proxies wrote it."""
    hops = [hop.strip() for hop in (forwarded_for or "").split(",") if hop.strip()]
    client = peer
    while hops and _is_trusted(client, trusted):
        client = hops.pop()
    return client if _is_address(client) else peer


def _is_trusted(address: str, trusted: Sequence[str]) -> bool:
    if not _is_address(address):
        return False
    found = ipaddress.ip_address(address)
    return any(found in network for network in _networks(tuple(trusted)))


@cache
def _networks(trusted: tuple[str, ...]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """The networks named; a word that is none is left out, so that it trusts nobody."""
    found = []
    for one in trusted:
        with suppress(ValueError):
            found.append(ipaddress.ip_network(one, strict=False))
    return tuple(found)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
