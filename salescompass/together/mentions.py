"""Who is named in a text after an @. Pure: names in, mentions out; an @ within an address names nobody."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

_AT = re.compile(r"(?<![\w@.+-])@(?=\S)")
_WORD = re.compile(r"\w")
MOST = 50


@dataclass(frozen=True)
class Nameable:
    """A member or a team that may be named. `detail` tells it from others of the same name."""

    kind: str
    id: UUID
    name: str
    detail: str = ""

    @property
    def key(self) -> str:
        """How a form names it: `member:ID`."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Named:
    """A mention: who, and how it stands in the text."""

    kind: str
    id: UUID
    label: str


def named_in(body: str, known: Sequence[Nameable], picked: Collection[str] = ()) -> list[Named]:
    """Those of the known who are named in a text, each once, at most 50.

    The longest name that fits counts. Of several with the same name it is the one that was picked; without a pick none.
    """
    by_name: dict[str, list[Nameable]] = {}
    for one in known:
        by_name.setdefault(one.name.lower(), []).append(one)
    lengths = sorted({len(name) for name in by_name}, reverse=True)
    found: dict[UUID, Named] = {}
    for at in _AT.finditer(body):
        label = next((text for n in lengths if (text := _name_at(body, at.end(), n)) and text.lower() in by_name), None)
        if label is None:
            continue
        fitting = by_name[label.lower()]
        chosen = [one for one in fitting if one.key in picked] or (fitting if len(fitting) == 1 else [])
        for one in chosen:
            found.setdefault(one.id, Named(one.kind, one.id, label))
    return list(found.values())[:MOST]


def _name_at(body: str, start: int, length: int) -> str | None:
    """The text of so many letters there, if a word ends with it."""
    text, after = body[start : start + length], body[start + length : start + length + 1]
    return text if len(text) == length and not _WORD.match(after) else None


def pieces(body: str, labels: Collection[str]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it names somebody."""
    found: list[tuple[str, bool]] = []
    lengths = sorted({len(one) for one in labels}, reverse=True)
    wanted, place = {one.lower() for one in labels}, 0
    for at in _AT.finditer(body):
        if at.start() < place:
            continue
        label = next((text for n in lengths if (text := _name_at(body, at.end(), n)) and text.lower() in wanted), None)
        if label is not None:
            if at.start() > place:
                found.append((body[place : at.start()], False))
            found.append((f"@{label}", True))
            place = at.end() + len(label)
    return [*found, (body[place:], False)] if place < len(body) else found
