"""A bulk edit of a list: what is selected in it, and how far the edit came, in words."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from salescompass import crm
from salescompass.crm import BulkAct, BulkEditView
from salescompass.identity import Actor
from salescompass.kit.errors import Invalid
from salescompass.kit.ids import parse_id
from salescompass.ui import routes
from salescompass.ui.records.editors import editors, value_of, words_of
from salescompass.ui.records.filtering import read_filter
from salescompass.ui.records.kinds import ListKind
from salescompass.ui.records.narrowing import Lens, condition


@dataclass(frozen=True)
class BulkLook:
    """A bulk edit as its card shows it; without `id` there is none."""

    id: str = ""
    words: str = ""
    told: str = ""
    percent: int = 0
    moving: bool = False
    can_cancel: bool = False
    can_undo: bool = False
    results: str = ""


def begun(
    session: Session, actor: Actor, *, of: ListKind, lens: Lens, picked: str, everything: bool, act: BulkAct, words: str
) -> BulkEditView:
    """Change what is selected: these records, or all that the list holds."""
    if not everything:
        ids = [one for text in picked.split(",") if (one := parse_id(text)) is not None]
        return crm.begin_bulk_edit(session, actor, kind=of.kind, act=act, words=words, ids=ids)
    found = read_filter(session, actor, of=of, text=lens.where)
    if found.problem:
        raise Invalid("The filter in this address cannot be read, so it is not clear what is meant", field="picked")
    where = condition(of, lens, actor, also=found.where)
    return crm.begin_bulk_edit(session, actor, kind=of.kind, act=act, words=words, where=where, search=lens.q)


def field_given(
    session: Session, actor: Actor, *, of: ListKind, lens: Lens, picked: str, everything: bool, key: str, text: str
) -> BulkEditView:
    """Give a field one value in what is selected."""
    words = words_of(editors(session, of=of), key, text)
    act = BulkAct(fields={key: value_of(of, key, text, "")})
    return begun(session, actor, of=of, lens=lens, picked=picked, everything=everything, act=act, words=words)


def cancelled(session: Session, actor: Actor, *, bulk_edit_id: UUID) -> BulkLook:
    """Stop a bulk edit."""
    return bulk_look(crm.cancel_bulk_edit(session, actor, bulk_edit_id=bulk_edit_id))


def taken_back(session: Session, actor: Actor, *, bulk_edit_id: UUID) -> BulkLook:
    """Take a bulk edit back."""
    return bulk_look(crm.undo_bulk_edit(session, actor, bulk_edit_id=bulk_edit_id))


def read_bulk(session: Session, actor: Actor, *, bulk_edit_id: UUID) -> BulkLook:
    """How far a bulk edit is."""
    return bulk_look(crm.bulk_edit(session, actor, bulk_edit_id=bulk_edit_id))


def bulk_look(edit: BulkEditView) -> BulkLook:
    """A bulk edit in words."""
    if edit.state in ("undoing", "undone"):
        kept = edit.changed - edit.undone
        told = f"{edit.undone:,} of {edit.changed:,} taken back"
        if edit.state == "undone" and kept:
            told += f"; {kept:,} stay, since somebody has changed them again"
        done, whole = edit.undone, edit.changed
    else:
        parts = [f"{edit.changed:,} changed"]
        parts += [f"{n:,} {word}" for n, word in ((edit.skipped, "skipped"), (edit.failed, "failed")) if n]
        if edit.state == "cancelled":
            parts.append(f"{edit.total - edit.looked_at:,} left as they were")
        told, done, whole = ", ".join(parts), edit.looked_at, edit.total
        if edit.moving:
            told = f"{done:,} of {whole:,}: {told}"
    return BulkLook(
        id=str(edit.id), words=edit.words, told=told, percent=100 * done // max(whole, 1), moving=edit.moving,
        can_cancel=edit.state == "running", can_undo=edit.state in ("done", "cancelled") and edit.changed > 0,
        results=routes.bulk_results(str(edit.id)),
    )  # fmt: skip
