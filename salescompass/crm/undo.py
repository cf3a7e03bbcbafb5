"""The way back: what a batch did to records is undone, but where somebody has gone on from there.

A record that the batch made is gone again, unless something hangs on it by now. A field that the batch changed is as
before, unless it was changed again. Each call takes some of the batch, so that it can be a job; what was looked at
belongs to the batch no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select as columns_of
from sqlalchemy import text
from sqlmodel import Session, col, select

from salescompass.crm.drafts import CUSTOM, RowOutcome, plain
from salescompass.crm.names import name_norm
from salescompass.crm.trash import delete_records, erase, restore_records
from salescompass.crm.upserts import put_back
from salescompass.crm.views import RecordView, read_columns, type_of, views
from salescompass.identity import Actor
from salescompass.kit import clock, live
from salescompass.kit.errors import NotFound
from salescompass.models import RecordChange
from salescompass.vocabulary import Topic

MOST = 1000


@dataclass(frozen=True)
class Undone:
    """How many records are as before, how many were left because somebody went on, and whether more is to be done."""

    undone: int
    kept: int
    more: bool


def undo_batch(
    session: Session, actor: Actor, *, batch_id: UUID, most: int = MOST, now: datetime | None = None
) -> Undone:
    """Take back the latest of what a batch did."""
    now = now or clock.now()
    query = select(RecordChange).where(RecordChange.batch_id == batch_id).order_by(col(RecordChange.id).desc())
    found = session.exec(query.limit(most + 1)).all()
    rows, more = found[:most], len(found) > most
    session.connection().execute(
        text("UPDATE record_change SET batch_id = NULL WHERE id = ANY(:ids)"), {"ids": [row.id for row in rows]}
    )
    undone = 0
    for act, object_type in dict.fromkeys((row.act, row.object_type) for row in rows):
        some = [row for row in rows if (row.act, row.object_type) == (act, object_type)]
        undone += _BACK[act](session, actor, object_type, some, now)
    if rows and not more:
        # Only now: in between, a tag may be on no record that is put back further on.
        _drop_unused_tags(session, min(row.at for row in rows))
    if rows:
        live.publish(session, Topic.RECORDS, [row.object_id for row in rows])
    return Undone(undone, len(rows) - undone, more)


def undo_own_act(session: Session, actor: Actor, *, batch_id: UUID, now: datetime | None = None) -> Undone:
    """Take back one act on one record, by whoever did it. Raises NotFound for what others did, and for what is more.

    Imports and bulk edits are taken back by their own verbs, which ask for the right to do so.
    """
    query = select(RecordChange.actor_id).where(RecordChange.batch_id == batch_id).limit(2)
    if session.exec(query).all() not in ([], [actor.actor_id]):
        raise NotFound("There is no such act of yours")
    return undo_batch(session, actor, batch_id=batch_id, now=now)


def _drop_unused_tags(session: Session, since: datetime) -> None:
    """Words that became tags with the batch go with it, where no record has them any more."""
    session.connection().execute(
        text(
            "DELETE FROM tag WHERE created_at >= :since AND NOT EXISTS "
            "(SELECT FROM record_tag WHERE record_tag.tag_id = tag.id)"
        ),
        {"since": since - timedelta(seconds=1)},  # its transaction may have begun before its moment was read
    )


def _unmake(session: Session, actor: Actor, object_type: str, rows: Sequence[RecordChange], now: datetime) -> int:
    ids = {row.object_id: row.id for row in rows}
    used = _gone_on(session, object_type, ids)
    for query in _USED.get(object_type, ()):
        used |= set(session.connection().execute(text(query), {"ids": list(ids), "type": object_type}).scalars())
    gone = [one for one in ids if one not in used]
    if gone:
        erase(session, object_type, gone)
    return len(gone)


def _gone_on(session: Session, object_type: str, ids: Mapping[UUID, UUID]) -> set[UUID]:
    """Records that are otherwise than they were made: what was changed and is as before again does not count."""
    later = session.connection().execute(
        text(
            "SELECT c.object_id, c.act, c.changes FROM unnest(CAST(:objects AS uuid[]), CAST(:ids AS uuid[])) "
            "AS t (object, id) JOIN record_change c "
            "ON c.object_type = :type AND c.object_id = t.object AND c.id > t.id ORDER BY c.id"
        ),
        {"type": object_type, "objects": list(ids), "ids": list(ids.values())},
    )
    net: dict[tuple[UUID, str], list[Any]] = {}
    used: set[UUID] = set()
    for object_id, act, changes in later:
        if act != "changed":
            used.add(object_id)
        for name, (before, after) in changes.items():
            if name != "stage_entered_at":  # it goes with the stage
                net.setdefault((object_id, name), [before, after])[1] = after
    return used | {object_id for (object_id, _), (before, after) in net.items() if before != after}


def _change_back(session: Session, actor: Actor, object_type: str, rows: Sequence[RecordChange], now: datetime) -> int:
    undone, left = 0, list(rows)
    while left:  # a record may stand in several rows: each round has each record once, the latest change first
        first: dict[UUID, RecordChange] = {}
        later = [row for row in left if first.setdefault(row.object_id, row) is not row]
        undone += _round(session, actor, object_type, list(first.values()), now)
        left = later
    return undone


def _round(session: Session, actor: Actor, object_type: str, rows: Sequence[RecordChange], now: datetime) -> int:
    of = type_of(object_type)
    query = columns_of(*read_columns(of)).where(of.table.c.id.in_([row.object_id for row in rows]))
    current = {one.id: one for one in views(session, of, session.connection().execute(query).all())}
    back: list[dict[str, Any]] = []
    whole: list[bool] = []
    for row in rows:
        view = current.get(row.object_id)
        if view is None or view.deleted_at is not None:
            continue
        told = {name: pair for name, pair in row.changes.items() if name != "stage_entered_at"}
        same = {name: before for name, (before, after) in told.items() if _is_now(view, name, after)}
        whole.append(len(same) == len(told))
        back.append({**same, "id": row.object_id})
    outcomes = put_back(session, actor, of, back, now=now)
    return sum(all_of_it and one.status != "failed" for all_of_it, one in zip(whole, outcomes, strict=True))


def _is_now(view: RecordView, name: str, after: Any) -> bool:
    if name == "tags":
        return sorted(map(name_norm, view.tags)) == sorted(map(name_norm, after))
    if name.startswith(CUSTOM):
        return bool(view.custom.get(name.removeprefix(CUSTOM)) == after)
    return bool(plain(view.values.get(name)) == after)


def _delete_again(session: Session, actor: Actor, object_type: str, rows: Sequence[RecordChange], now: datetime) -> int:
    return _done(delete_records(session, actor, type_of(object_type).kind, [row.object_id for row in rows], now=now))


def _restore(session: Session, actor: Actor, object_type: str, rows: Sequence[RecordChange], now: datetime) -> int:
    return _done(restore_records(session, actor, type_of(object_type).kind, [row.object_id for row in rows], now=now))


def _done(outcomes: Sequence[RowOutcome]) -> int:
    return sum(one.status != "failed" for one in outcomes)


def _stays(session: Session, actor: Actor, object_type: str, rows: Sequence[RecordChange], now: datetime) -> int:
    """A lead that was converted stays a contact."""
    return 0


_BACK: dict[str, Callable[[Session, Actor, str, Sequence[RecordChange], datetime], int]] = {
    "created": _unmake,
    "changed": _change_back,
    "deleted": _restore,
    "restored": _delete_again,
    "converted": _stays,
}
_NOTED = "SELECT object_id FROM note WHERE object_type = :type AND object_id = ANY(:ids)"
_USED = {
    "account": (
        _NOTED,
        "SELECT account_id FROM action WHERE account_id = ANY(:ids)",
        "SELECT account_id FROM person WHERE account_id = ANY(:ids)",
        "SELECT account_id FROM opportunity WHERE account_id = ANY(:ids)",
        "SELECT parent_id FROM account WHERE parent_id = ANY(:ids) AND NOT id = ANY(:ids)",
        "SELECT a.id FROM unnest(CAST(:ids AS uuid[])) AS a (id) "
        "WHERE EXISTS (SELECT FROM event WHERE event.account_id = a.id)",
    ),
    "person": (
        _NOTED,
        "SELECT person_id FROM action WHERE person_id = ANY(:ids)",
        "SELECT person_id FROM opportunity_person WHERE person_id = ANY(:ids)",
        "SELECT a.id FROM unnest(CAST(:ids AS uuid[])) AS a (id) "
        "WHERE EXISTS (SELECT FROM event WHERE event.person_id = a.id)",
    ),
    "opportunity": (
        _NOTED,
        "SELECT opportunity_id FROM action WHERE opportunity_id = ANY(:ids)",
        "SELECT opportunity_id FROM opportunity_person WHERE opportunity_id = ANY(:ids)",
    ),
    "product": ("SELECT product_id FROM opportunity WHERE product_id = ANY(:ids)",),
}
