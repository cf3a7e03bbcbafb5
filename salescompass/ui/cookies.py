"""The session cookie, as it comes in a Cookie header."""

from __future__ import annotations

from salescompass.kit.settings import settings
from salescompass.ui.origins import secure

_LONGEST = 256


def cookie_name() -> str:
    """The session cookie's name: it carries the instance, because browsers do not tell ports apart."""
    name = f"sc_{settings().instance_id}"
    return f"__Host-{name}" if secure() else name


def session_token(cookie_header: str) -> str | None:
    """The session token in a Cookie header, or None."""
    wanted = cookie_name()
    for pair in cookie_header.split(";"):
        name, _, value = pair.strip().partition("=")
        if name == wanted and 0 < len(value) <= _LONGEST:
            return value
    return None
