"""Names of the two cookies: the session, and the device that signed in before.

They carry the instance, because browsers do not tell ports apart; with TLS they are bound to the host (`__Host-`).
"""

from __future__ import annotations

from salescompass.kit.settings import settings


def secure_cookies() -> bool:
    """True when people come by TLS."""
    return settings().base_url.startswith("https://")


def session_cookie() -> str:
    """The name of the session's cookie."""
    return _name("sc")


def device_cookie() -> str:
    """The name of the device's cookie."""
    return _name("scd")


def _name(kind: str) -> str:
    name = f"{kind}_{settings().instance_id}"
    return f"__Host-{name}" if secure_cookies() else name
