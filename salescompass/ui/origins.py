"""Which pages may talk to us: those of the public address, and of this machine on the same port."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import psutil

from salescompass.kit.settings import Settings, settings

_DEFAULT_PORTS = {"http": 80, "https": 443}
_EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to


def allowed_origins() -> list[str]:
    """The origins this instance answers to."""
    return origins_of(settings())


def origins_of(told: Settings) -> list[str]:
    """The origins that an installation with these settings answers to."""
    listening = f"http://{_bracketed(told.host)}:{told.port}"
    hosts = ["127.0.0.1", "localhost"]
    if told.host in _EVERY_ADDRESS and not told.public_url:
        # Asked to listen everywhere without a public address: then the machine's own addresses are it.
        hosts += _own_addresses()
    ports = {told.port, _port(told.base_url)}
    origins = [origin(told.base_url), origin(listening)]
    origins += [origin(f"http://{host}:{port}") for host in hosts for port in sorted(ports)]
    return list(dict.fromkeys(origins))


def origin(address: str) -> str:
    """Scheme, host and port as a browser writes them in its Origin header."""
    parts = urlsplit(address)
    host = _bracketed(parts.hostname or "")
    port = _port(address)
    return f"{parts.scheme}://{host}" + ("" if port == _DEFAULT_PORTS.get(parts.scheme) else f":{port}")


def _port(address: str) -> int:
    parts = urlsplit(address)
    return parts.port or _DEFAULT_PORTS.get(parts.scheme, 80)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _own_addresses() -> list[str]:
    names = [socket.gethostname().lower()]
    for addresses in psutil.net_if_addrs().values():
        for address in addresses:
            if address.family in (socket.AF_INET, socket.AF_INET6) and "%" not in address.address:
                names.append(_bracketed(address.address))
    return names
