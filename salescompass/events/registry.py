"""The registry of event types: built-in ones, what a tenant changed of them, and its own. A new one needs no code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, null, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from salescompass import identity
from salescompass.events.catalog import BUILT_IN, EventType
from salescompass.events.schemas import check_schema
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.database import fetch, hold
from salescompass.kit.errors import Exists, FieldError, Invalid, NotFound
from salescompass.models import EventTypeRow
from salescompass.vocabulary import Direction, Group

_KEY = re.compile(r"[a-z][a-z0-9_]{1,62}")
_PROPERTY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,62}")
MOST_OWN = 500
LOCK = "event types"
LONGEST_WINDOW = 7 * 86400


def types(session: Session) -> dict[str, EventType]:
    """Every type this tenant knows, also retired ones, by key."""
    return {**BUILT_IN, **{row[0]: _view(*row) for row in fetch(session, _OWN)}}


_OWN = (
    "SELECT key, family, direction, channel, points, decay_group, object_key, window_seconds, label, json_schema, "
    "retired_at FROM event_type"
)


@dataclass(frozen=True)
class TypeFields:
    """What an administrator says of a type. `schema` is JSON Schema for its properties, `window` in seconds."""

    key: str
    label: str
    direction: str
    channel: str
    points: float = 0.0
    group: str = Group.ACTIVE.value
    schema: Mapping[str, Any] | None = None
    object_key: str = ""
    window: int = 0


def save_type(session: Session, actor: Actor, fields: TypeFields, *, new: bool = False) -> EventType:
    """Define a type, or change one that is there; a built-in one keeps its key and family.

    Points and group are what a new type starts with. Later they are changed in the scoring configuration, where the
    effect is seen before it is published. With `new`, a key that is there is refused.
    """
    fields = replace(fields, key=fields.key.strip())
    hold(session, LOCK)
    known = types(session).get(fields.key)
    if known and new:
        raise Exists(f"There is a type {fields.key} already", field="key")
    wanted = _wanted(fields, known)
    _check(session, wanted)
    _keep(session, wanted)
    detail = {"label": wanted.label, "direction": wanted.direction.value, "channel": wanted.channel}
    identity.audit.record(
        session, actor, "event_type.saved", object_type="event_type", object_id=wanted.key, detail=detail
    )
    return wanted


def _wanted(fields: TypeFields, known: EventType | None) -> EventType:
    return EventType(
        key=fields.key,
        family=known.family if known else "own",
        direction=_direction(fields.direction),
        channel=fields.channel.strip(),
        points=known.points if known else float(fields.points),
        group=known.group if known else str(fields.group),
        object_key=fields.object_key.strip() or None,
        window=fields.window or None,
        name=" ".join(fields.label.split()),
        json_schema=dict(fields.schema) if fields.schema else None,
        own=fields.key not in BUILT_IN,
        retired=known.retired if known else False,
    )


def retire_type(session: Session, actor: Actor, *, key: str, retired: bool = True) -> EventType:
    """Take no more events of a type from outside, or take them again. What was recorded stays and counts."""
    hold(session, LOCK)
    known = types(session).get(key)
    if known is None:
        raise NotFound("no such event type")
    wanted = replace(known, retired=retired)
    _keep(session, wanted)
    action = "event_type.retired" if retired else "event_type.reopened"
    identity.audit.record(session, actor, action, object_type="event_type", object_id=key)
    return wanted


def _direction(given: str) -> Direction:
    try:
        return Direction(given)
    except ValueError:
        raise Invalid(f"Choose from {', '.join(Direction)}", field="direction") from None


def _check(session: Session, wanted: EventType) -> None:
    problems = []
    if not _KEY.fullmatch(wanted.key):
        problems.append(FieldError("2 to 63 small letters, digits and _, beginning with a letter", field="key"))
    if not 1 <= len(wanted.name) <= 80:
        problems.append(FieldError("1 to 80 characters", field="label"))
    if not _KEY.fullmatch(wanted.channel):
        problems.append(FieldError("small letters, digits and _, like web or email", field="channel"))
    if not abs(wanted.points) <= 1000:
        problems.append(FieldError("from -1000 to 1000", field="points"))
    if not _KEY.fullmatch(wanted.group):
        problems.append(FieldError("name a group of the scoring configuration", field="group"))
    if wanted.object_key is not None and not _PROPERTY.fullmatch(wanted.object_key):
        problems.append(FieldError("name a property, like url or document_id", field="object_key"))
    if wanted.window is not None and not 1 <= wanted.window <= LONGEST_WINDOW:
        problems.append(FieldError("1 second to 7 days", field="window"))
    if wanted.window is not None and wanted.object_key is None:
        problems.append(FieldError("a window needs the property that names the object", field="object_key"))
    if wanted.json_schema is not None:
        problems += check_schema(wanted.json_schema)
    if wanted.own and sum(known.own for known in types(session).values()) >= MOST_OWN:
        problems.append(FieldError(f"at most {MOST_OWN} types of your own", field="key"))
    if problems:
        raise Invalid("; ".join(one.message for one in problems[:3]), errors=tuple(problems))


def _keep(session: Session, wanted: EventType) -> None:
    """Write the row: administrators come one after the other, by the lock, and see what the one before did."""
    values = {
        "label": wanted.label,
        "family": wanted.family,
        "direction": wanted.direction.value,
        "channel": wanted.channel,
        "points": wanted.points,
        "decay_group": wanted.group,
        "json_schema": dict(wanted.json_schema) if wanted.json_schema else null(),
        "object_key": wanted.object_key,
        "window_seconds": wanted.window,
        "retired_at": clock.now() if wanted.retired else None,
    }
    statement = insert(EventTypeRow).values(key=wanted.key, **values)
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=["tenant_id", "key"], set_={**values, "updated_at": func.now()})
    )


def type_use(session: Session, *, since: datetime) -> dict[str, int]:
    """How many events of each type happened since then."""
    found = session.connection().execute(
        text("SELECT type, count(*) FROM event WHERE occurred_at >= :since GROUP BY type"), {"since": since}
    )
    return {key: int(n) for key, n in found}


def _view(
    key: str,
    family: str,
    direction: str,
    channel: str,
    points: float,
    group: str,
    object_key: str | None,
    window: int | None,
    label: str,
    schema: Any,
    retired_at: datetime | None,
) -> EventType:
    return EventType(
        key=key,
        family=family,
        direction=Direction(direction),
        channel=channel,
        points=points,
        group=group,
        object_key=object_key,
        window=window,
        name=label,
        json_schema=schema,
        own=key not in BUILT_IN,
        retired=retired_at is not None,
    )
