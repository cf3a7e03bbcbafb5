"""How a person is drawn: initials on a tint that stays theirs."""

from __future__ import annotations

import zlib

TINTS = ("iris", "teal", "plum", "amber", "sky")


def initials(name: str) -> str:
    """Two letters at most: first and last name."""
    words = [word for word in name.split() if word[0].isalnum()]
    chosen = words[:1] + (words[-1:] if len(words) > 1 else [])
    return "".join(word[0] for word in chosen).upper()


def tint(key: str) -> str:
    """The tint of an id: always the same one."""
    return TINTS[zlib.crc32(key.encode()) % len(TINTS)]
