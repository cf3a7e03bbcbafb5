"""The client without an address: it talks to whatever origin it was loaded from.

Reflex compiles the address of its backend into the JavaScript. Here it compiles a placeholder, and after
the build every literal that starts with the placeholder becomes an expression on `location`. So one build
serves any host and port, and several instances share it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import reflex as rx

PLACEHOLDER = "http://backend.invalid"
_HOST = PLACEHOLDER.split("//")[1]
_LITERAL = re.compile(r"""(["'`])(http|ws)://""" + re.escape(_HOST) + r"""(/[A-Za-z0-9_\-/]*)?\1""")
_TEXT = {".js", ".mjs", ".html", ".css", ".json", ".xml", ".txt", ".webmanifest"}
# An address somebody could connect to: any host followed by a port.
_ADDRESS = re.compile(r"(?:https?|wss?)://(?:\[[0-9a-f:]+\]|[A-Za-z0-9.-]+):\d{2,5}\b")


class AddressLeft(RuntimeError):
    """The built client still names a host."""


def _expression(match: re.Match[str]) -> str:
    """JavaScript for the literal: the page's own origin, as a socket address where one was asked for."""
    path = match[3] or ""
    if match[2] == "ws":
        return f'(location.origin.replace(/^http/,"ws")+"{path}")'
    return f'(location.origin+"{path}")'


def without_address(javascript: str) -> str:
    """The script with every placeholder literal turned into an expression."""
    return _LITERAL.sub(_expression, javascript)


def addresses_in(folder: Path) -> list[str]:
    """Every host that the files of a built client name and a browser could be sent to, as `file: address`."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix not in _TEXT or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{path.relative_to(folder)}: {hit}" for hit in {m[0] for m in _ADDRESS.finditer(text)}]
        if _HOST in text:
            found.append(f"{path.relative_to(folder)}: {_HOST}")
    return found


class OriginPlugin(rx.plugins.Plugin):
    """Rewrites the finished build; runs before it is compressed, so the .gz and .br files agree."""

    def post_build(self, **context: Any) -> None:
        """Put the origin in place of the placeholder, and refuse a build that still holds an address."""
        folder = Path(context["static_dir"])
        changed = 0
        for path in folder.rglob("*.js"):
            text = path.read_text(encoding="utf-8")
            if _HOST in text:
                path.write_text(without_address(text), encoding="utf-8")
                changed += 1
        left = addresses_in(folder)
        if not changed or left:
            raise AddressLeft(f"{changed} files rewritten; left: {left[:5]}")
