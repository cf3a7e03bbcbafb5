"""Mappings that are kept by name, and found again by the header of the next file."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass import identity
from salescompass.crm import name_norm, tidy
from salescompass.identity import Actor
from salescompass.imports import batches
from salescompass.imports.mapping import ColumnMap, read_map, signature
from salescompass.imports.planning import look
from salescompass.imports.reading import Reading
from salescompass.imports.uploads import path_of
from salescompass.kit.errors import Exists, Invalid, NotFound
from salescompass.kit.ids import new_id
from salescompass.models import ImportMapping


@dataclass(frozen=True)
class KeptMap:
    """A mapping by its name."""

    id: UUID
    kind: str
    name: str
    mapping: ColumnMap


def keep_map(session: Session, actor: Actor, *, batch_id: UUID, name: str) -> KeptMap:
    """Keep the mapping of an import for files with the same header; one of that name is replaced."""
    actor.must("imports.manage")
    row, shown = batches.row_of(session, batch_id), tidy(name)[:120]
    if not shown:
        raise Invalid("Give it a name", field="name")
    told = read_map(row.mapping)
    seen = look(session, row.kind, path_of(session, row.options), Reading(told.encoding, told.delimiter, told.sheet))
    query = select(ImportMapping).where(ImportMapping.kind == row.kind, ImportMapping.name_norm == name_norm(shown))
    kept = session.exec(query).first() or ImportMapping(
        id=new_id(), kind=row.kind, name=shown, name_norm=name_norm(shown), header="", created_by=actor.member_id,
        mapping={},
    )  # fmt: skip
    kept.name, kept.header, kept.mapping = shown, signature(seen.columns), row.mapping
    session.add(kept)
    session.flush()
    return KeptMap(kept.id, kept.kind, kept.name, read_map(kept.mapping))


def kept_maps(session: Session, actor: Actor, *, kind: str | None = None) -> list[KeptMap]:
    """The mappings kept, of one kind or all that this member may bring in, by name."""
    actor.must("imports.manage")
    query = select(ImportMapping).order_by(col(ImportMapping.name_norm), col(ImportMapping.id)).limit(500)
    rows = session.exec(query if kind is None else query.where(ImportMapping.kind == kind))
    return [
        KeptMap(row.id, row.kind, row.name, read_map(row.mapping))
        for row in rows if row.kind != "users" or actor.may("users.manage")
    ]  # fmt: skip


def rename_map(session: Session, actor: Actor, *, map_id: UUID, name: str) -> KeptMap:
    """Call a mapping otherwise. Raises Exists when one of its kind is called so."""
    row, shown = _row(session, actor, map_id), tidy(name)[:120]
    if not shown:
        raise Invalid("Give it a name", field="name")
    alike = select(ImportMapping).where(
        ImportMapping.kind == row.kind, ImportMapping.name_norm == name_norm(shown), ImportMapping.id != row.id
    )
    if session.exec(alike).first() is not None:
        raise Exists("Another mapping is called so", field="name")
    detail = {"before": row.name, "after": shown}
    row.name, row.name_norm = shown, name_norm(shown)
    session.add(row)
    session.flush()
    identity.audit.record(session, actor, "mapping.renamed", object_type="mapping", object_id=row.id, detail=detail)
    return KeptMap(row.id, row.kind, row.name, read_map(row.mapping))


def forget_map(session: Session, actor: Actor, *, map_id: UUID) -> None:
    """Forget a mapping."""
    row = _row(session, actor, map_id)
    session.delete(row)
    session.flush()
    detail = {"name": row.name, "kind": row.kind}
    identity.audit.record(session, actor, "mapping.forgotten", object_type="mapping", object_id=map_id, detail=detail)


def _row(session: Session, actor: Actor, map_id: UUID) -> ImportMapping:
    actor.must("imports.manage")
    row = session.exec(select(ImportMapping).where(ImportMapping.id == map_id)).first()
    if row is None:
        raise NotFound("There is no such mapping")
    if row.kind == "users":
        actor.must("users.manage")
    return row
