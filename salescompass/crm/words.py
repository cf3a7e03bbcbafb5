"""The words by which a record is found. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_LONGEST = 80
_WORD = re.compile(r"[^\W_]+")
_MOST = 40
_NAMES = ("name_norm", "title_norm", "sku_norm")
_ADDRESSES = ("email_norm", "domain_norm")


def words(text: str) -> list[str]:
    """The words of a text in its compared form."""
    return [word[:_LONGEST] for word in _WORD.findall(text)]


def record_words(record: Mapping[str, Any]) -> set[str]:
    """Every word of a record's columns: of names and addresses, whole addresses and keys, the digits of its phone."""
    found: dict[str, None] = {}
    for name in _NAMES:
        found.update(dict.fromkeys(words(record.get(name) or "")))
    for name in _ADDRESSES:
        if whole := record.get(name):
            local, _, host = whole.rpartition("@")
            found.update(dict.fromkeys((whole[:_LONGEST], *words(local), *words(host.rpartition(".")[0]))))
    if external := record.get("external_id"):
        found[external.casefold()[:_LONGEST]] = None
    digits = "".join(filter(str.isdigit, record.get("phone") or ""))
    if len(digits) >= 5:
        found[digits[:_LONGEST]] = None
    return set(list(found)[:_MOST])
