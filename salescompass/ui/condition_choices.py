"""What an editor of conditions offers, and the counts that run while one is open."""

from __future__ import annotations

import json
from threading import Lock
from typing import Any

from sqlmodel import Session

from salescompass import conditions, events
from salescompass.catalogue import catalogue, options
from salescompass.conditions import Cancel
from salescompass.kit.errors import Invalid

_CHOSEN_BY_NAME = ("membership", "stage", "pipeline", "tag", "product")


def offered(session: Session, *, object_type: str) -> dict[str, Any]:
    """What the editor offers: fields, the operators of each kind of them, and what references may point at."""
    fields = conditions.editor_fields(catalogue(session), object_type)
    operators = {one["kind"]: one["operators"] for one in _plain(fields)}
    choices: dict[str, list[dict[str, str]]] = {
        key: [{"name": one.value, "label": one.label} for one in options(session, key)] for key in _CHOSEN_BY_NAME
    }
    choices["membership"].insert(0, {"name": "me", "label": "Me"})
    choices["events"] = [{"name": key, "label": kind.label} for key, kind in events.types(session).items()]
    return {"fields": [_short(one) for one in fields], "operators": operators, "choices": choices}


def read_json(text: str, longest: int) -> Any:
    """What the editor wrote. Raises Invalid."""
    if len(text) > longest:
        raise Invalid(f"Conditions have at most {longest:,} characters", field="conditions")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid("These are no conditions", field="conditions") from error


class Counts:
    """The counts that run in this process, one for each tab: the next one ends the one before."""

    def __init__(self) -> None:
        self._lock, self._running = Lock(), dict[str, Cancel]()

    def begin(self, token: str) -> Cancel:
        """A new count of a tab."""
        fresh = Cancel()
        with self._lock:
            before, self._running[token] = self._running.get(token), fresh
        if before is not None:
            before()
        return fresh

    def end(self, token: str, count: Cancel) -> bool:
        """A count has ended; True while nobody has begun another."""
        with self._lock:
            newest = self._running.get(token) is count
            if newest:
                del self._running[token]
            return newest


def _plain(fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [inner for one in fields for inner in (_plain(one["subproperties"]) if "subproperties" in one else [one])]


def _short(field: dict[str, Any]) -> dict[str, Any]:
    """A field without what its kind says already."""
    if "subproperties" in field:
        return {**field, "subproperties": [_short(one) for one in field["subproperties"]]}
    return {key: value for key, value in field.items() if key != "operators" and value}
