"""The wizard's steps: a file is uploaded, looked at, mapped, checked, run, and taken back. What is long is a job."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from sqlmodel import Session

from salescompass import identity
from salescompass.identity import Actor
from salescompass.imports import batches, folders
from salescompass.imports.batches import BatchView
from salescompass.imports.errors_file import errors_path
from salescompass.imports.inspecting import Inspection, inspected
from salescompass.imports.mapping import ColumnMap, as_json, read_map
from salescompass.imports.new_fields import make_fields
from salescompass.imports.planning import kind_of, make_plan
from salescompass.kit import clock, jobs
from salescompass.kit.database import session_tenant
from salescompass.kit.errors import Conflict, NotFound
from salescompass.vocabulary import Topic

OPEN = ("uploaded", "checked", "failed")
"""States in which a mapping can be chosen and a run can begin."""


def stage(session: Session, actor: Actor, *, kind: str, file_name: str, pieces: Iterable[bytes]) -> UUID:
    """Keep an uploaded file for an import. Raises TooLarge, and Invalid for what cannot be read."""
    _may(actor, kind)
    name, size = folders.keep(session_tenant(session), pieces)
    try:
        inspected(session, kind, folders.kept(session_tenant(session), name), ColumnMap())
        options = {"file": name, "size": size}
        shown = folders.shown_name(file_name)
        return batches.add(session, actor, kind=kind, file_name=shown, mapping=ColumnMap(), options=options)
    except BaseException:
        folders.forget(session_tenant(session), name)
        raise


def inspect(session: Session, actor: Actor, *, batch_id: UUID, mapping: ColumnMap | None = None) -> Inspection:
    """A first look at the file: how it is written, its columns, what they seem to be, and what must be asked."""
    row = batches.row_of(session, batch_id)
    _may(actor, row.kind)
    told = mapping if mapping is not None else read_map(row.mapping)
    return inspected(session, row.kind, path_of(session, row.options), told)


def choose(
    session: Session, actor: Actor, *, batch_id: UUID, mapping: ColumnMap, shift_dates: bool = False
) -> BatchView:
    """Say what each column becomes; new fields are made at once. Raises Invalid for what does not fit the file."""
    row = batches.row_of(session, batch_id, lock=True)
    _may(actor, row.kind)
    if row.state not in OPEN or row.counts.get("run"):
        raise Conflict("This import has begun already: upload the file again to map it otherwise", state=row.state)
    path = path_of(session, row.options)
    mapping = make_fields(session, actor, kind=row.kind, path=path, mapping=mapping)
    make_plan(session, row.kind, path, mapping)
    row.mapping, row.counts, row.state = as_json(mapping), {}, "uploaded"
    row.options = {**row.options, "shift_dates": shift_dates}
    session.add(row)
    session.flush()
    return batches.view(session, batch_id)


def check(session: Session, actor: Actor, *, batch_id: UUID) -> BatchView:
    """Try every row, as a job: what would be made, changed, skipped or fail, and why. Nothing is kept of it."""
    return _send(session, actor, batch_id, "checking")


def start(session: Session, actor: Actor, *, batch_id: UUID) -> BatchView:
    """Bring the file in, as a job."""
    return _send(session, actor, batch_id, "running")


def _send(session: Session, actor: Actor, batch_id: UUID, to: str) -> BatchView:
    row = batches.row_of(session, batch_id, lock=True)
    _may(actor, row.kind)
    if row.counts.get("run"):
        raise Conflict("This import has begun already", state=row.state)
    make_plan(session, row.kind, path_of(session, row.options), read_map(row.mapping))
    moved = batches.move(session, batch_id, to, of=OPEN, now=clock.now())
    moved.counts = {name: value for name, value in moved.counts.items() if not (to == "checking" and "preview" in name)}
    moved.created_by = actor.member_id
    session.add(moved)
    session.flush()
    jobs.put(session, Topic.IMPORTS, {"import": str(batch_id)})
    return batches.view(session, batch_id)


def cancel(session: Session, actor: Actor, *, batch_id: UUID) -> BatchView:
    """Stop an import: what it did so far stays, and its numbers say what that is. One that has not begun is dropped."""
    row = batches.row_of(session, batch_id, lock=True)
    _may(actor, row.kind)
    if row.state in OPEN:
        batches.move(session, batch_id, "cancelled", of=OPEN, now=clock.now())
        forget_file(session, row.options)
    else:
        was = row.state
        batches.move(session, batch_id, "cancelling", of=("checking", "running"), now=clock.now())
        row.options = {**row.options, "cancelled": was}
        session.add(row)
        session.flush()
        jobs.put(session, Topic.IMPORTS, {"import": str(batch_id)})
    return batches.view(session, batch_id)


def undo(session: Session, actor: Actor, *, batch_id: UUID) -> BatchView:
    """Take an import back, as a job: everything is as it was, but what somebody has gone on with since."""
    row = batches.row_of(session, batch_id, lock=True)
    _may(actor, row.kind)
    if row.kind == "events":
        raise Conflict("Events tell what happened and are never deleted; mark those that should not count")
    batches.move(session, batch_id, "undoing", of=("done", "cancelled", "failed"), now=clock.now())
    identity.audit.record(
        session, actor, "file.undone", object_type="import", object_id=row.kind, detail={"file": row.file_name}
    )
    jobs.put(session, Topic.IMPORTS, {"import": str(batch_id)})
    return batches.view(session, batch_id)


def batch(session: Session, actor: Actor, *, batch_id: UUID) -> BatchView:
    """An import: its state, how far it came, what it did."""
    found = batches.view(session, batch_id)
    _may(actor, found.kind)
    return found


def before(session: Session, actor: Actor, *, batch_id: UUID) -> str | None:
    """The file of the import that is worked on while this one waits for its turn: those of a tenant go one by one."""
    row = batches.row_of(session, batch_id)
    _may(actor, row.kind)
    part = "preview" if row.state == "checking" else "run"
    if row.state not in ("checking", "running") or row.counts.get(part):
        return None
    return batches.at_work(session, row)


def imports(session: Session, actor: Actor, *, limit: int = 50) -> list[BatchView]:
    """The newest imports that this member may see."""
    actor.must("imports.manage")
    found = batches.views(session, limit=limit)
    return [one for one in found if one.kind != "users" or actor.may("users.manage")]


def errors_file(session: Session, actor: Actor, *, batch_id: UUID) -> Path:
    """The rows that failed, with their reasons, to mend and import again."""
    row = batches.row_of(session, batch_id)
    _may(actor, row.kind)
    path = errors_path(session_tenant(session), batch_id)
    if not path.exists():
        raise NotFound("No row of this import failed")
    return path


def path_of(session: Session, options: dict[str, object]) -> Path:
    """Where an upload lies. Raises NotFound when it was done with."""
    name = options.get("file")
    path = folders.kept(session_tenant(session), str(name)) if name else None
    if path is None or not path.exists():
        raise NotFound("The file is not here any more: upload it again")
    return path


def forget_file(session: Session, options: dict[str, object]) -> None:
    """Delete an upload that was done with."""
    if name := options.get("file"):
        folders.forget(session_tenant(session), str(name))


def _may(actor: Actor, kind: str) -> None:
    kind_of(kind)
    actor.must("imports.manage")
    if kind == "users":
        actor.must("users.manage")
