"""Fields that a tenant gives to its records: which there are, new ones, changed ones, ones that are used no more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass import identity
from salescompass.crm.custom_values import KINDS, CustomDefinition
from salescompass.crm.names import name_norm, tidy
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.database import session_tenant
from salescompass.kit.errors import Exists, Invalid, NotFound
from salescompass.kit.ids import new_id
from salescompass.models import CustomField

_MOST = 100
_MOST_CHOICES = 200
_OBJECTS = ("account", "person", "opportunity", "product")


def custom_fields(session: Session, object_type: str) -> list[CustomDefinition]:
    """The custom fields of a kind of record, in their order; those used no more come last."""
    query = select(CustomField).where(CustomField.object_type == object_type)
    return sorted(
        (_definition(row) for row in session.exec(query)), key=lambda one: (one.retired, one.position, one.label)
    )


def _definition(row: CustomField) -> CustomDefinition:
    return CustomDefinition(
        row.id, row.object_type, row.key, row.label, row.kind, tuple(row.choices), row.required, row.position,
        row.retired_at is not None,
    )  # fmt: skip


def save_custom_field(
    session: Session,
    actor: Actor,
    *,
    object_type: str,
    key: str | None,
    label: str,
    kind: str = "text",
    choices: Sequence[str] = (),
    required: bool = False,
) -> CustomDefinition:
    """A new custom field (`key` None), or one that is called otherwise or has other choices. Its kind stays."""
    label = tidy(label)[:60]
    if not label:
        raise Invalid("Enter a label", field="label")
    if object_type not in _OBJECTS:
        raise Invalid(f"Choose from {', '.join(_OBJECTS)}", field="object_type")
    wanted = tuple({name_norm(one): tidy(one)[:120] for one in choices if tidy(one)}.values())[:_MOST_CHOICES]
    row = _new(session, object_type, label, kind) if key is None else _known(session, object_type, key)
    if row.kind == "choice" and not wanted:
        raise Invalid("Enter at least one choice", field="choices")
    before: dict[str, Any] = {"label": row.label, "choices": row.choices, "required": row.required}
    row.label, row.choices, row.required = label, list(wanted), required
    session.add(row)
    session.flush()
    after = {"label": label, "choices": list(wanted), "required": required}
    action = "custom_field.created" if key is None else "custom_field.changed"
    detail = {"object": object_type, "key": row.key, "before": before if key else None, "after": after}
    identity.audit.record(session, actor, action, object_type="custom_field", object_id=row.id, detail=detail)
    return _definition(row)


def retire_custom_field(session: Session, actor: Actor, *, object_type: str, key: str, retired: bool = True) -> None:
    """Take a custom field out of use; its values stay, and come back with it."""
    row = _known(session, object_type, key)
    row.retired_at = clock.now() if retired else None
    session.add(row)
    session.flush()
    action = "custom_field.retired" if retired else "custom_field.returned"
    detail = {"object": object_type, "key": key}
    identity.audit.record(session, actor, action, object_type="custom_field", object_id=row.id, detail=detail)


def order_custom_fields(session: Session, actor: Actor, *, object_type: str, keys: Sequence[str]) -> None:
    """Put the fields in use of a kind of record into this order; those not named follow as they were."""
    rows = {row.key: row for row in session.exec(select(CustomField).where(CustomField.object_type == object_type))}
    if set(keys) - set(rows):
        raise NotFound("There is no such field", field="keys")
    rest = sorted((row for row in rows.values() if row.key not in keys), key=lambda row: (row.position, row.label))
    for place, row in enumerate([*(rows[key] for key in dict.fromkeys(keys)), *rest], start=1):
        row.position = place
        session.add(row)
    session.flush()
    detail = {"object": object_type, "after": list(keys)}
    identity.audit.record(
        session, actor, "custom_field.ordered", object_type="custom_field", object_id=object_type, detail=detail
    )


def _new(session: Session, object_type: str, label: str, kind: str) -> CustomField:
    if kind not in KINDS:
        raise Invalid(f"Choose from {', '.join(KINDS)}", field="kind")
    known = custom_fields(session, object_type)
    if len(known) >= _MOST:
        raise Invalid(f"At most {_MOST} fields of your own", field="label")
    key = re.sub(r"[^a-z0-9]+", "_", name_norm(label)).strip("_")[:40] or f"field_{new_id().hex[-6:]}"
    if any(one.key == key for one in known):
        raise Exists(f"There is a field {label} already", field="label")
    place = max((one.position for one in known), default=0) + 1
    return CustomField(
        tenant_id=session_tenant(session), id=new_id(), object_type=object_type, key=key, label=label, kind=kind,
        position=place,
    )  # fmt: skip


def _known(session: Session, object_type: str, key: str) -> CustomField:
    query = select(CustomField).where(
        CustomField.object_type == object_type, col(CustomField.key) == key[:60].replace("\0", "")
    )
    row = session.exec(query).first()
    if row is None:
        raise NotFound("There is no such field", field="key")
    return row


def custom_field_id(session: Session, object_type: str, key: str) -> UUID:
    """The id of a custom field. Raises NotFound."""
    return _known(session, object_type, key).id
