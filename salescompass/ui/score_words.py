"""Scores in words: one decimal, a sign where something changed, and columns that add up as they are printed. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from salescompass.vocabulary import Band

_MINUS = "−"
_LOOKS = {
    Band.HOT.value: ("Hot", "flame"),
    Band.WARM.value: ("Warm", "sun"),
    Band.COOL.value: ("Cool", "wind"),
    Band.COLD.value: ("Cold", "snowflake"),
}
_RADIUS = 29.0
RING = 2 * math.pi * _RADIUS


@dataclass(frozen=True)
class ScoreLook:
    """A score as it is drawn: number, band, and how much of the ring is filled."""

    number: str = "0"
    exact: str = "0.0"
    band: str = Band.COLD.value
    word: str = "Cold"
    icon: str = "snowflake"
    arc: str = "0 1000"


@dataclass(frozen=True)
class VelocityLook:
    """How far a score moved in seven days."""

    words: str = "0"
    tone: str = ""
    icon: str = "minus"


def score_look(score: float, band: str) -> ScoreLook:
    """How a score in a band is drawn."""
    word, icon = _LOOKS[band]
    filled = RING * min(max(score, 0.0), 100.0) / 100
    return ScoreLook(whole(score), decimal(score), band, word, icon, f"{filled:.2f} {RING:.2f}")


def velocity_look(velocity: float) -> VelocityLook:
    """How a change over seven days is drawn."""
    rounded = round(velocity)
    if rounded == 0:
        return VelocityLook()
    up = rounded > 0
    return VelocityLook(
        f"+{rounded}" if up else f"{_MINUS}{-rounded}",
        "up" if up else "down",
        "arrow-up-right" if up else "arrow-down-right",
    )


def band_word(band: str) -> str:
    """`Hot` for `hot`."""
    return _LOOKS[band][0]


def whole(score: float) -> str:
    """A score without decimals; 69.6 stays below 70, so that number and band agree."""
    return str(math.floor(score + 1e-9))


def decimal(number: float) -> str:
    """A number with one decimal, its minus as print has it."""
    return tenths(round(number * 10))


def tenths(number: int) -> str:
    """A whole number of tenths as a decimal number."""
    return f"{_MINUS if number < 0 else ''}{abs(number) // 10}.{abs(number) % 10}"


def change(number: float) -> tuple[str, str]:
    """A change with its sign, and its tone: up, down or none."""
    rounded = round(number * 10)
    if rounded == 0:
        return "0", ""
    return (f"+{tenths(rounded)}", "up") if rounded > 0 else (tenths(rounded), "down")


def printed(parts: Sequence[float], total: int) -> list[int]:
    """The parts as whole numbers of tenths that add up to a total of tenths: by largest remainder."""
    exact = [part * 10 for part in parts]
    shown = [math.floor(part) for part in exact]
    missing = total - sum(shown)
    by_rest = sorted(range(len(parts)), key=lambda place: (shown[place] - exact[place], place))
    for turn in range(abs(missing) if parts else 0):
        shown[by_rest[turn % len(parts)]] += 1 if missing > 0 else -1
    return shown


def age_words(day: date, today: date) -> str:
    """`today`, `yesterday`, `8 days ago`, `7 weeks ago`, `5 months ago`."""
    days = (today - day).days
    if days <= 0:
        return "today"
    if days == 1:
        return "yesterday"
    if days < 14:
        return f"{days} days ago"
    if days < 70:
        return f"{days // 7} weeks ago"
    return f"{days // 30} months ago"


def sparkline(values: Sequence[float], *, width: float = 72, height: float = 24, least: float = 14) -> str:
    """The path of a small line; at least so many points of range, so that what is flat looks flat."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    if high - low < least:
        middle = (high + low) / 2
        low = max(0.0, min(middle - least / 2, 100 - least))
        high = low + least
    step, scale = width / (len(values) - 1), (height - 4) / (high - low)
    points = [f"{place * step:.1f} {height - 2 - (value - low) * scale:.1f}" for place, value in enumerate(values)]
    return "M" + "L".join(points)


def line_end(path: str) -> str:
    """The path of a dot at the end of a line."""
    return f"M{path.rsplit('L', 1)[1]}h0" if "L" in path else ""
