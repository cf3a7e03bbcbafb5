"""Tags: which there are and how often, putting them on records and taking them off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from salescompass import identity
from salescompass.crm.drafts import RowOutcome
from salescompass.crm.lists import get_records
from salescompass.crm.names import name_norm, tidy
from salescompass.crm.record_fields import RECORD_TYPES
from salescompass.crm.upserts import upsert_records
from salescompass.identity import Actor
from salescompass.kit.errors import Exists, Invalid, NotFound
from salescompass.models import Tag
from salescompass.vocabulary import RecordKind


@dataclass(frozen=True)
class TagView:
    """A tag, and on how many records it is."""

    id: UUID
    name: str
    records: int


def tags(session: Session) -> list[TagView]:
    """Every tag, by name."""
    rows = session.connection().execute(
        text(
            "SELECT tag.id, tag.name, count(record_tag.tag_id) FROM tag "
            "LEFT JOIN record_tag ON record_tag.tag_id = tag.id "
            "GROUP BY tag.tenant_id, tag.id ORDER BY tag.name_norm LIMIT 5000"
        )
    )
    return [TagView(*row) for row in rows]


def tag_records(
    session: Session,
    actor: Actor,
    kind: RecordKind | str,
    ids: Sequence[UUID],
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    batch_id: UUID | None = None,
    now: datetime | None = None,
) -> list[RowOutcome]:
    """Put tags on records and take others off. One outcome a record."""
    there = get_records(session, RECORD_TYPES[RecordKind(kind)].object_type, ids)
    gone = {name_norm(one) for one in remove}
    rows = []
    for record_id in ids:
        kept = [one for one in (there[record_id].tags if record_id in there else ()) if name_norm(one) not in gone]
        known = {name_norm(one) for one in kept}
        rows.append({"id": record_id, "tags": [*kept, *(one for one in add if name_norm(one) not in known)]})
    return upsert_records(session, actor, kind, rows, key="id", mode="update", batch_id=batch_id, now=now)


def rename_tag(session: Session, actor: Actor, *, tag_id: UUID, name: str) -> None:
    """Call a tag otherwise, wherever it is."""
    row, clean = _tag(session, tag_id), tidy(name)[:60]
    if not clean:
        raise Invalid("Enter a name", field="name")
    taken = session.exec(select(Tag.id).where(Tag.name_norm == name_norm(clean), Tag.id != tag_id)).first()
    if taken:
        raise Exists(f"There is a tag {clean} already", field="name")
    detail = {"before": row.name, "after": clean}
    row.name, row.name_norm = clean, name_norm(clean)
    session.add(row)
    session.flush()
    identity.audit.record(session, actor, "tag.renamed", object_type="tag", object_id=tag_id, detail=detail)


def delete_tag(session: Session, actor: Actor, *, tag_id: UUID) -> None:
    """Take a tag off every record, for good."""
    row = _tag(session, tag_id)
    identity.audit.record(session, actor, "tag.deleted", object_type="tag", object_id=tag_id, detail={"name": row.name})
    session.delete(row)
    session.flush()


def _tag(session: Session, tag_id: UUID) -> Tag:
    row = session.exec(select(Tag).where(Tag.id == tag_id)).first()
    if row is None:
        raise NotFound("There is no such tag")
    return row
