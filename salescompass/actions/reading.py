"""What comes from outside, checked and brought in order: texts, choices, changes, whole new actions. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from salescompass.actions.shapes import NewAction
from salescompass.crm import tidy
from salescompass.kit.errors import Invalid
from salescompass.vocabulary import ActionKind, ActionSource

LONGEST_TITLE, LONGEST_DETAIL, LONGEST_NOTE, LONGEST_MESSAGE = 200, 4000, 2000, 20_000
MOST_REASONS, MOST_EVIDENCE = 20, 50
LONGEST_EFFORT = 24 * 60
_MOST_VALUE = 2**53
Choice = TypeVar("Choice", bound=StrEnum)


def text(given: object, field: str, longest: int, *, needed: bool = False) -> str:
    """A text of several lines without control characters. Raises Invalid."""
    if not isinstance(given, str):
        raise Invalid("Give a text", field=field)
    clean = "\n".join(tidy(line) for line in given.replace("\0", " ").splitlines()).strip()
    if needed and not clean:
        raise Invalid("Write something", field=field)
    if len(clean) > longest:
        raise Invalid(f"Use at most {longest:,} characters", field=field)
    return clean


def line(given: object, field: str, longest: int = LONGEST_TITLE, *, needed: bool = True) -> str:
    """A text of one line."""
    return " ".join(text(given, field, longest, needed=needed).split("\n"))


def choice(of: type[Choice], given: object, field: str) -> Choice:
    """One of an enumeration. Raises Invalid, naming them."""
    try:
        return of(given)  # type: ignore[arg-type]
    except ValueError:
        raise Invalid(f"Choose one of {', '.join(of)}", field=field) from None


def awaits(watch: Mapping[str, Any]) -> bool:
    """Whether an event may show that the reason of an action is gone."""
    return bool(watch.get("until_event"))


def _moment(given: object, field: str) -> datetime | None:
    if given is None or (isinstance(given, datetime) and given.tzinfo is not None):
        return given
    raise Invalid("Give a moment with its zone", field=field)


def _number(given: object, field: str, most: int, *, empty: bool = False) -> int | None:
    if given is None and empty:
        return None
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= most:
        raise Invalid(f"Give a whole number up to {most:,}", field=field)
    return given


def _chance(given: object, field: str) -> float | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= 1:
        raise Invalid("Give a number from 0 to 1", field=field)
    return float(given)


CHANGEABLE: Mapping[str, Callable[[Any], Any]] = {
    "title": lambda given: line(given, "title"),
    "kind": lambda given: choice(ActionKind, given, "kind").value,
    "detail": lambda given: text(given, "detail", LONGEST_DETAIL),
    "message": lambda given: text(given, "message", LONGEST_MESSAGE),
    "due_from": lambda given: _moment(given, "due_from"),
    "due_to": lambda given: _moment(given, "due_to"),
    "expires_at": lambda given: _moment(given, "expires_at"),
    "effort_minutes": lambda given: _number(given, "effort_minutes", LONGEST_EFFORT),
    "value_minor": lambda given: _number(given, "value_minor", _MOST_VALUE, empty=True),
    "chance": lambda given: _chance(given, "chance"),
}
"""What of an action can be changed by hand, and how it is read."""


def changes_of(given: Mapping[str, Any], action: Any) -> dict[str, Any]:
    """The columns that an edit changes. Raises Invalid, naming the field."""
    for name in given:
        if name not in CHANGEABLE:
            raise Invalid(f"This can be changed: {', '.join(CHANGEABLE)}", field=name[:60])
    found = {name: CHANGEABLE[name](value) for name, value in given.items()}
    _check_window(found.get("due_from", action.due_from), found.get("due_to", action.due_to))
    return found


def _check_window(due_from: datetime | None, due_to: datetime | None) -> None:
    if due_from and due_to and due_to < due_from:
        raise Invalid("It is due before it may begin", field="due_to")


def columns_of(new: NewAction) -> dict[str, Any]:
    """The columns of a new action. Raises Invalid, naming the field."""
    found = {name: read(getattr(new, name)) for name, read in CHANGEABLE.items()}
    _check_window(new.due_from, new.due_to)
    if len(new.reasons) > MOST_REASONS or len(new.evidence) > MOST_EVIDENCE:
        raise Invalid(f"Give at most {MOST_REASONS} reasons and {MOST_EVIDENCE} events", field="reasons")
    watch = _watch(new.watch)
    return {
        **found,
        "account_id": new.account_id,
        "person_id": new.person_id,
        "opportunity_id": new.opportunity_id,
        "assignee_id": new.assignee_id,
        "assigned_because": [line(one, "assigned_because") for one in new.assigned_because],
        "template_id": new.template_id,
        "template_version": new.template_version,
        "source": choice(ActionSource, new.source, "source").value,
        "rule_id": new.rule_id,
        "rule_version": new.rule_version,
        "reasons": [line(one, "reasons", 500) for one in new.reasons],
        "evidence": [str(one) for one in new.evidence],
        "watch": watch,
        "awaits": awaits(watch),
        "dedupe_key": line(new.dedupe_key, "dedupe_key") if new.dedupe_key else None,
        "client_ref": line(new.client_ref, "client_ref") if new.client_ref else None,
        "parent_id": new.parent_id,
    }


def _watch(given: Mapping[str, Any]) -> dict[str, Any]:
    if strange := set(given) - {"until_event", "while", "object"}:
        raise Invalid(f"Nothing is watched by {sorted(strange)[0][:60]}", field="watch")
    types = given.get("until_event", [])
    if not isinstance(types, list | tuple) or not all(isinstance(one, str) for one in types) or len(types) > 50:
        raise Invalid("Give the types of events as a list", field="watch")
    if ("while" in given) != ("object" in given):
        raise Invalid("Conditions are of an object: account, person or opportunity", field="watch")
    if given.get("object", "account") not in ("account", "person", "opportunity"):
        raise Invalid("Conditions are of an account, a person or an opportunity", field="watch")
    return {**given, **({"until_event": list(types)} if types else {})}


def ids_of(news: list[dict[str, Any]], column: str) -> set[UUID]:
    """The records of one kind that new actions name."""
    return {row[column] for row in news if row[column] is not None}
