"""How fast one socket's events may come: a bucket of tokens that refills steadily."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from salescompass.ui.limits import BURST, MOST_DELAYED, PER_SECOND


@dataclass
class Bucket:
    """One socket's budget. `delay` says how long its next event must wait before anything is done for it."""

    tokens: float = BURST
    at: float = field(default_factory=time.monotonic)
    delayed: int = 0

    def delay(self, now: float | None = None) -> float:
        """Take a token; the seconds to wait for it."""
        now = time.monotonic() if now is None else now
        self.tokens = min(BURST, self.tokens + (now - self.at) * PER_SECOND)
        self.at = now
        self.tokens -= 1
        if self.tokens >= 0:
            if self.tokens > BURST / 2:
                self.delayed = 0
            return 0.0
        self.delayed += 1
        return -self.tokens / PER_SECOND

    @property
    def exhausted(self) -> bool:
        """True for a socket that never paused: nobody's hand does that."""
        return self.delayed >= MOST_DELAYED
