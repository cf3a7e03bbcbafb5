"""Which pages are connected to this process: known to the namespace, asked by handlers that wait."""

from __future__ import annotations

from collections.abc import Callable

_tell: Callable[[str], bool] = lambda token: True  # noqa: E731


def told_by(tell: Callable[[str], bool]) -> None:
    """Let this function say whether a client's token has a socket."""
    global _tell
    _tell = tell


def is_connected(token: str) -> bool:
    """True while the page with this token has its socket open here."""
    return _tell(token)
