"""Imports as rows: what was uploaded, how far it came, what it did. Their numbers and their effects commit together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import text
from sqlmodel import Session, col, select

from salescompass import identity
from salescompass.identity import Actor
from salescompass.imports.errors_file import errors_path
from salescompass.imports.mapping import ColumnMap, as_json, read_map
from salescompass.kit.database import session_tenant
from salescompass.kit.errors import Conflict, NotFound
from salescompass.kit.ids import new_id
from salescompass.models import ImportBatch

MOST_REASONS = 50
MOVING = ("checking", "running", "cancelling", "undoing")


@dataclass
class Counts:
    """What became of a file's rows: created + updated + skipped + failed are those done.

    `reasons` are why rows failed or were skipped: how many, and the first of them by number and cells.
    """

    rows: int | None = None
    done: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    failed: int = 0
    also_created: dict[str, int] = field(default_factory=dict)
    also_updated: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, dict[str, int]] = field(default_factory=dict)
    reasons: dict[str, dict[str, Any]] = field(default_factory=dict)
    shifted_days: int = 0

    def add(self, status: str, number: int, reason: str, cells: tuple[str, ...]) -> None:
        """Count a row."""
        self.done += 1
        setattr(self, status, getattr(self, status) + 1)
        if reason and status in ("failed", "skipped"):
            reason = _keepable(reason)[:300]
            known = self.reasons.get(reason)
            if known is not None:
                known["n"] += 1
            elif len(self.reasons) < MOST_REASONS:
                shown = [_keepable(cell)[:80] for cell in cells[:12]]
                self.reasons[reason] = {"status": status, "n": 1, "row": number, "cells": shown}

    def add_beside(self, made: Mapping[str, int], unknown: Mapping[str, Mapping[str, int]]) -> None:
        """Count what came beside, and names that nothing fits."""
        for name, n in made.items():
            if n:
                self.also_created[name] = self.also_created.get(name, 0) + n
        for what, names in unknown.items():
            listed = self.unknown.setdefault(what, {})
            for told, n in names.items():
                name = _keepable(told)
                if name in listed or len(listed) < 200:
                    listed[name] = listed.get(name, 0) + n


def _keepable(told: str) -> str:
    """A file's text as the database can keep it: a NUL or a byte that is no letter shows as a question mark."""
    return told.replace("\0", "?").encode(errors="replace").decode()


@dataclass(frozen=True)
class BatchView:
    """An import as screens show it. `preview` is what checking said would happen, `counts` what did happen."""

    id: UUID
    kind: str
    file_name: str
    state: str
    mapping: ColumnMap
    shift_dates: bool
    preview: Counts | None
    counts: Counts | None
    undone: Mapping[str, int] | None
    """How many records are as before, and how many were kept because somebody went on with them."""
    error: str
    has_errors_file: bool
    created_by: UUID | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def beside_id(batch_id: UUID) -> UUID:
    """Under which batch stands what an import made that is no record: members, teams, stages. It is undone last."""
    return uuid5(batch_id, "beside")


def add(
    session: Session, actor: Actor, *, kind: str, file_name: str, mapping: ColumnMap, options: Mapping[str, Any]
) -> UUID:
    """A new import."""
    row = ImportBatch(
        id=new_id(), kind=kind, file_name=file_name, mapping=as_json(mapping), options=dict(options),
        created_by=actor.member_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def row_of(session: Session, batch_id: UUID, *, lock: bool = False) -> ImportBatch:
    """An import's row. Raises NotFound."""
    query = select(ImportBatch).where(ImportBatch.id == batch_id)
    found = session.exec(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound("There is no such import")
    return found


def view(session: Session, batch_id: UUID) -> BatchView:
    """An import. Raises NotFound."""
    return _view(session, row_of(session, batch_id))


def views(session: Session, *, limit: int = 50) -> list[BatchView]:
    """The newest imports."""
    query = select(ImportBatch).order_by(col(ImportBatch.created_at).desc(), col(ImportBatch.id).desc()).limit(limit)
    return [_view(session, row) for row in session.exec(query)]


def _view(session: Session, row: ImportBatch) -> BatchView:
    counts, preview = row.counts.get("run"), row.counts.get("preview")
    return BatchView(
        row.id, row.kind, row.file_name, row.state, read_map(row.mapping),
        bool(row.options.get("shift_dates")),
        Counts(**preview) if preview else None,
        Counts(**counts) if counts else None,
        row.counts.get("undone"),
        row.error,
        errors_path(session_tenant(session), row.id).exists(),
        row.created_by, row.created_at, row.started_at, row.finished_at,
    )  # fmt: skip


def move(
    session: Session, batch_id: UUID, to: str, *, of: tuple[str, ...], now: datetime, error: str = ""
) -> ImportBatch:
    """Bring an import from one of these states into another. Raises Conflict when it is in none of them."""
    row = row_of(session, batch_id, lock=True)
    if row.state not in of:
        raise Conflict(f"This import is {row.state}: it would have to be {' or '.join(of)}", state=row.state)
    row.state, row.error = to, error[:1000]
    if to in MOVING and to != "cancelling":
        row.started_at, row.finished_at = now, None
    elif to in ("checked", "cancelled", "done", "failed", "undone"):
        row.finished_at = now
    session.add(row)
    session.flush()
    return row


def claim(session: Session, batch_id: UUID, token: str) -> ImportBatch:
    """Take an import over: whoever worked on it before notices at its next batch and stops."""
    row = row_of(session, batch_id, lock=True)
    row.options = {**row.options, "token": token}
    session.add(row)
    session.flush()
    return row


def save_progress(session: Session, batch_id: UUID, part: str, counts: Counts, errors_size: int) -> None:
    """Keep how far an import came, in the transaction of what it did."""
    row = row_of(session, batch_id)
    row.counts = {**row.counts, part: asdict(counts), f"{part}_errors_size": errors_size}
    session.add(row)
    session.flush()


def state_for(session: Session, batch_id: UUID, token: str) -> str | None:
    """The state of an import that is still ours, locked until the transaction ends; None when another took it over."""
    found = session.connection().execute(
        text("SELECT state, options ->> 'token' FROM import_batch WHERE id = :id FOR UPDATE"), {"id": batch_id}
    )
    state, holder = found.one()
    return str(state) if holder == token else None


def at_work(session: Session, waiting: ImportBatch) -> str | None:
    """The file of another import that was asked for before this one and is not over yet."""
    query = select(ImportBatch.file_name).where(col(ImportBatch.state).in_(MOVING), ImportBatch.id != waiting.id)
    earlier = query.where(col(ImportBatch.started_at) < waiting.started_at, col(ImportBatch.updated_at) > _LATELY)
    return session.exec(earlier.order_by(col(ImportBatch.started_at)).limit(1)).first()


_LATELY = text("now() - interval '2 minutes'")
"""Who has told nothing since then is not at work: it waits itself, or its command was killed."""


def actor_of(session: Session, row: ImportBatch) -> Actor:
    """Who an import writes as: the member who started it, with the rights they have now, else the system."""
    if row.created_by is None:
        return identity.system_actor(session_tenant(session), "Import")
    return identity.acting_member(session, row.created_by)
