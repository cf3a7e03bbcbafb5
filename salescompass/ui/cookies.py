"""The session cookie, as it comes in a Cookie header."""

from __future__ import annotations

from salescompass import identity

_LONGEST = 256


def session_token(cookie_header: str) -> str | None:
    """The session token in a Cookie header, or None."""
    wanted = identity.session_cookie()
    for pair in cookie_header.split(";"):
        name, _, value = pair.strip().partition("=")
        if name == wanted and 0 < len(value) <= _LONGEST:
            return value
    return None
