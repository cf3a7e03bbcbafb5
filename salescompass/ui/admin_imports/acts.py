"""What the pages of imports read and do, each in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlmodel import Session

from salescompass import identity, imports
from salescompass.identity import Actor
from salescompass.imports import Column, ColumnMap
from salescompass.kit.errors import Conflict, Invalid
from salescompass.ui.admin_imports.file_look import FileLook, file_look
from salescompass.ui.admin_imports.rows import BatchLook, ImportRow, KeptRow, batch_look, import_row, kept_row
from salescompass.vocabulary import RecordKind


@dataclass(frozen=True)
class Asked:
    """What the address asks for. `reading`: encoding, delimiter and sheet where somebody knows better."""

    batch_id: UUID
    step: str = ""
    reading: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True)
class Chosen:
    """What a person says of a file: the field of each column in order, and how rows are known and read."""

    fields: Sequence[str]
    key: str = ""
    mode: str = "upsert"
    dates: str = ""
    reading: tuple[str, str, str] = ("", "", "")
    shift: bool = False
    keep: str = ""


@dataclass(frozen=True)
class Shown:
    """An import, and its file while its columns are mapped."""

    batch: BatchLook = field(default_factory=BatchLook)
    file: FileLook = field(default_factory=FileLook)


def listed(session: Session, actor: Actor) -> tuple[list[ImportRow], list[KeptRow]]:
    """The newest imports, and the mappings kept for the next."""
    names = {one.id: one.name for one in identity.members(session)}
    rows = [import_row(view, names) for view in imports.imports(session, actor)]
    return rows, [kept_row(one) for one in imports.kept_maps(session, actor)]


def shown(session: Session, actor: Actor, *, asked: Asked) -> Shown:
    """The import that the address names."""
    view = imports.batch(session, actor, batch_id=asked.batch_id)
    look = batch_look(view, asked.step, imports.before(session, actor, batch_id=asked.batch_id))
    if look.step != "map":
        return Shown(look)
    told = _read_as(asked.reading) if any(asked.reading) else None
    seen = imports.inspect(session, actor, batch_id=asked.batch_id, mapping=told)
    defines = view.kind in set(RecordKind) and actor.may("records.manage")
    return Shown(look, file_look(view, seen, asked.reading, defines=defines))


def map_and_check(session: Session, actor: Actor, *, batch_id: UUID, chosen: Chosen) -> None:
    """Say what each column becomes, and have every row tried."""
    told = _read_as(chosen.reading)
    seen = imports.inspect(session, actor, batch_id=batch_id, mapping=told if any(chosen.reading) else None)
    if len(seen.columns) != len(chosen.fields):
        raise Conflict("The columns on this page are not those of the file: reload the page")
    scales = {name: one.scale for name, one in (seen.mapping.columns or {}).items()}
    columns = {
        one.column: Column(name, scales.get(one.column, 1))
        for one, name in zip(seen.columns, chosen.fields, strict=True)
        if name
    }
    mapping = replace(
        seen.mapping,
        columns=columns,
        key=chosen.key or None,
        mode=chosen.mode,
        dates=chosen.dates or None,
        encoding=told.encoding or seen.mapping.encoding,
        delimiter=told.delimiter or seen.mapping.delimiter,
        sheet=told.sheet or seen.mapping.sheet,
    )
    try:
        imports.choose(session, actor, batch_id=batch_id, mapping=mapping, shift_dates=chosen.shift)
    except Invalid as error:
        if error.code != "date_order":
            raise
        message = "Dates of this file can be read in two ways: choose what comes first"
        raise Invalid(message, field="dates") from error
    if chosen.keep.strip():
        imports.keep_map(session, actor, batch_id=batch_id, name=chosen.keep)
    imports.check(session, actor, batch_id=batch_id)


def _read_as(reading: tuple[str, str, str]) -> ColumnMap:
    encoding, delimiter, sheet = (one or None for one in reading)
    return ColumnMap(encoding=encoding, delimiter=delimiter, sheet=sheet)
