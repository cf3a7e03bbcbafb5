"""Views of lists that everybody has from the start; nobody changes them, but they are saved under names of one's own.

Pure. The list's own order, the warmest first, is theirs. Fields of the catalogue stand in them, as a test sees to.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from salescompass.crm.saved_views import ListView
from salescompass.vocabulary import RecordKind

_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_WARM = {"field": "score", "operator": "gte", "value": 40}
_NO_DEAL = {
    "field": "opportunities",
    "operator": "=",
    "match": {"mode": "none"},
    "value": {"rules": [{"field": "state", "operator": "is", "value": "open"}]},
}
_FELL = {"field": "band_fell_at", "operator": "in_last", "value": 30}
_QUIET = {"combinator": "or", "rules": [{"field": "gone_quiet", "operator": "is", "value": True}, _FELL]}
_OURS = {"field": "lifecycle", "operator": "is_not", "value": "former"}


def _view(name: str, *rules: dict[str, Any]) -> ListView:
    key = uuid5(NAMESPACE_URL, f"salescompass:view:{name}")
    state = {"where": json.dumps({"rules": list(rules)})}
    kind = RecordKind.ACCOUNTS.value
    return ListView(key, kind, name, shared=True, mine=False, owner="SalesCompass", state=state, row_version=1,
                    updated_at=_FIRST)  # fmt: skip


_VIEWS = (
    _view("Top engaged", _WARM),
    _view("Engaged but no open deal", _WARM, _NO_DEAL),
    _view("Gone quiet", _QUIET, _OURS),
)


def shipped_views(kind: RecordKind | str) -> list[ListView]:
    """The views of a list that come with the product."""
    return [one for one in _VIEWS if one.kind == RecordKind(kind).value]
