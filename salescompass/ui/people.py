"""How a person is drawn: initials on a tint that stays theirs; how a name from outside stands in a sentence."""

from __future__ import annotations

import unicodedata
import zlib

TINTS = ("iris", "teal", "plum", "amber", "sky")

# Characters that turn the direction of what follows, and letters and symbols that draw nothing.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_FROM_RIGHT = frozenset(("R", "AL", "AN"))


def initials(name: str) -> str:
    """Two letters at most: first and last name."""
    words = [word for word in name.split() if word[0].isalnum()]
    chosen = words[:1] + (words[-1:] if len(words) > 1 else [])
    return "".join(word[0] for word in chosen).upper()


def tint(key: str) -> str:
    """The tint of an id: always the same one."""
    return TINTS[zlib.crc32(key.encode()) % len(TINTS)]


def in_sentence(name: str, otherwise: str = "Somebody") -> str:
    """A name as part of a sentence: it turns nothing but itself, and one that shows nothing is `otherwise`."""
    plain = name.translate(_TURNING).strip()
    if not any(_shows(letter) for letter in plain):
        return otherwise
    if any(unicodedata.bidirectional(letter) in _FROM_RIGHT for letter in plain):
        return f"\u2068{plain}\u2069"
    return plain


def _shows(letter: str) -> bool:
    return unicodedata.category(letter)[0] not in "CZM" and letter not in _BLANK
