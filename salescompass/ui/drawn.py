"""What many people look at is drawn once, and written as JSON once.

Colleagues who have the same page open get the very same rows. `drawn_once` keeps what was made of the same things;
a `Drawn` list carries its JSON, which `written` puts into every message that holds it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from secrets import token_hex
from typing import Any, TypeVar, cast

from reflex_base.utils.format import json_dumps

_MOST = 100
_SEPARATORS = (",", ":")
# What stands in a message for rows that are written already; nobody outside this process can know it.
_MARK = f"drawn {token_hex(16)} "

Made = TypeVar("Made")


class Drawn(list[Any]):
    """Rows that are never changed once they are made, with their JSON."""

    _text = ""

    @property
    def text(self) -> str:
        """Their JSON."""
        if not self._text:
            self._text = json_dumps(list(self), separators=_SEPARATORS)
        return self._text


_made: OrderedDict[Hashable, tuple[Any, Any]] = OrderedDict()


def drawn_once(of: tuple[object, ...], by: Hashable, make: Callable[[], Made]) -> Made:
    """What `make` gives, or gave before of the very same objects; `by` is whatever else it depends on.

    The objects must be immutable, or never changed: they are told apart by their identity.
    """
    key = (tuple(map(id, of)), by)
    known = _made.get(key)
    if known is None:
        while len(_made) >= _MOST:
            _made.popitem(last=False)
        # Kept beside what was made of them: so no other object gets their identity.
        known = _made[key] = (of, make())
    else:
        _made.move_to_end(key)
    return cast(Made, known[1])


def written(delta: Mapping[str, Mapping[str, Any]], rest: Callable[[Any], str]) -> str:
    """The JSON of a delta; `rest` writes what holds no rows."""
    texts: list[str] = []

    def stand_in(value: Any) -> Any:
        if type(value) is not Drawn:
            return value
        texts.append(value.text)
        return f"{_MARK}{len(texts) - 1}"

    plain = {state: {name: stand_in(value) for name, value in told.items()} for state, told in delta.items()}
    text = rest(plain)
    for number, rows in enumerate(texts):
        text = text.replace(f'"{_MARK}{number}"', rows, 1)
    return text
