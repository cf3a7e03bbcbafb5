"""Identifiers: UUIDv7 (RFC 9562), made here so that a batch knows its ids before it is stored."""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """A UUIDv7, strictly increasing within this process: 48 bits of ms, 12 of sub-millisecond counter, 62 random."""
    global _last
    with _lock:
        ticks = time.time_ns() * 4096 // 1_000_000  # milliseconds in 4096ths
        _last = ticks if ticks > _last else _last + 1
        ticks = _last
    milliseconds, fraction = divmod(ticks, 4096)
    random = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (fraction << 64) | (2 << 62) | random)


def parse_id(text: object) -> UUID | None:
    """The UUID a text stands for, or None: what comes from outside is never trusted to be one."""
    try:
        return text if isinstance(text, UUID) else UUID(str(text))
    except ValueError:
        return None
