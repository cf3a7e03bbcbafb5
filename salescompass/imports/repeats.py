"""Rows of one file that mean the same record: the first counts, the others are told. Eight bytes a row are kept."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from salescompass.crm import name_norm
from salescompass.imports.typed_rows import TypedRow

_LABELS = {"external_id": "external id", "sku": "SKU"}
_EMPTY = 0


class Repeats:
    """What the rows so far are known by, each with the number of its row."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = tuple(keys)
        self._seen = _Table()

    def earlier(self, number: int, row: Any) -> tuple[str, int] | None:
        """The key and the number of an earlier row that means the same; else this row is remembered."""
        if not isinstance(row, TypedRow):
            return None
        for key in self._keys:
            value = _value(row, key)
            if value:
                found = self._seen.put(f"{key}:{value}", number)
                return (_LABELS.get(key, key.removeprefix("custom.")), found) if found else None
        return None


def _value(row: TypedRow, key: str) -> str:
    value = row.values.get(key)
    if value is None and key == "name":
        value = " ".join(row.values[part] for part in ("first_name", "last_name") if part in row.values)
    return name_norm(str(value)) if value else ""


class _Table:
    """Row numbers by a digest, in two flat arrays: memory grows by some 32 bytes a row and by nothing else."""

    def __init__(self) -> None:
        self._keys = array("Q", bytes(8 * 4096))
        self._numbers = array("Q", bytes(8 * 4096))
        self._used = 0

    def put(self, text: str, number: int) -> int:
        """The number under which a text is there already, 0 when it is new."""
        if 2 * self._used >= len(self._keys):
            self._grow()
        key = int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest(), "big") or 1
        at = self._place(key)
        if self._keys[at] != _EMPTY:
            return self._numbers[at]
        self._keys[at], self._numbers[at] = key, number
        self._used += 1
        return 0

    def _place(self, key: int) -> int:
        keys, mask = self._keys, len(self._keys) - 1
        at = key & mask
        while keys[at] not in (_EMPTY, key):
            at = (at + 1) & mask
        return at

    def _grow(self) -> None:
        old = zip(self._keys, self._numbers, strict=True)
        size = 4 * len(self._keys)
        self._keys, self._numbers = array("Q", bytes(8 * size)), array("Q", bytes(8 * size))
        for key, number in old:
            if key != _EMPTY:
                at = self._place(key)
                self._keys[at], self._numbers[at] = key, number
