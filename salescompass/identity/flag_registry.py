"""The feature flags there are. A flag is born here with an owner and a day by which it should be gone again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Flag:
    """A switch in the code. `default` holds when nobody has set it, and when the database is away."""

    key: str
    name: str
    does: str
    owner: str
    remove_by: date
    default: bool


_ALL = (
    Flag(
        "live_updates",
        "Live updates",
        "Open pages learn of new events at once. Off: they show what is new when they are loaded again.",
        "Engagement",
        date(2027, 6, 30),
        True,
    ),
    Flag(
        "usage_counters",
        "Usage counters",
        "Counts per member and hour which parts of the product are used, without any content.",
        "Platform",
        date(2027, 6, 30),
        True,
    ),
)

FLAGS: dict[str, Flag] = {flag.key: flag for flag in _ALL}
