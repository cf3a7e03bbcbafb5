"""Deleting records and bringing them back: for 30 days they lie in the trash, then they are gone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select, text
from sqlmodel import Session

from salescompass import identity
from salescompass.crm.changed import tell_accounts
from salescompass.crm.drafts import RowOutcome
from salescompass.crm.record_fields import RECORD_TYPES, RecordType
from salescompass.crm.seeing import Sight
from salescompass.crm.storing import index, unindex, write_changes, written_columns
from salescompass.crm.views import RecordView, read_columns, views
from salescompass.identity import Actor
from salescompass.kit import clock, live
from salescompass.kit.database import hold
from salescompass.vocabulary import RecordKind, Topic

KEPT = timedelta(days=30)
_MOST = 1000


def delete_records(
    session: Session,
    actor: Actor,
    kind: RecordKind | str,
    ids: Collection[UUID],
    *,
    batch_id: UUID | None = None,
    now: datetime | None = None,
) -> list[RowOutcome]:
    """Put records into the trash. What belongs to them stays and comes back with them."""
    of, now = RECORD_TYPES[RecordKind(kind)], now or clock.now()
    there = _rows(session, actor, of, ids, deleted=False)
    gone = list(there)
    session.connection().execute(
        text(
            f"UPDATE {of.object_type} SET deleted_at = :now, updated_at = :now, row_version = row_version + 1 "  # noqa: S608
            "WHERE id = ANY(:ids)"
        ),
        {"ids": gone, "now": now},
    )
    unindex(session, of.object_type, gone)
    return _told(session, actor, of, ids, there, "deleted", now=now, batch_id=batch_id)


def restore_records(
    session: Session,
    actor: Actor,
    kind: RecordKind | str,
    ids: Collection[UUID],
    *,
    batch_id: UUID | None = None,
    now: datetime | None = None,
) -> list[RowOutcome]:
    """Bring records back out of the trash. One whose key another has taken meanwhile stays there, and says so."""
    of, now = RECORD_TYPES[RecordKind(kind)], now or clock.now()
    if of.object_type in ("account", "person"):
        hold(session, "subjects")
    there = _rows(session, actor, of, ids, deleted=True)
    taken = _taken(session, of, there)
    back = {record_id: row for record_id, row in there.items() if record_id not in taken}
    session.connection().execute(
        text(
            f"UPDATE {of.object_type} SET deleted_at = NULL, updated_at = :now, row_version = row_version + 1 "  # noqa: S608
            "WHERE id = ANY(:ids)"
        ),
        {"ids": list(back), "now": now},
    )
    index(session, of.object_type, back)
    outcomes = _told(session, actor, of, ids, back, "restored", now=now, batch_id=batch_id)
    return [
        RowOutcome("failed", None, f"Another {of.sharing} has its {taken[record_id]} now", taken=True)
        if record_id in taken
        else outcome
        for record_id, outcome in zip(ids, outcomes, strict=True)
    ]


def trash(session: Session, kind: RecordKind | str, *, limit: int = 200) -> list[RecordView]:
    """What lies in the trash, the last deleted first."""
    of = RECORD_TYPES[RecordKind(kind)]
    columns = of.table.c
    query = (
        select(*read_columns(of))
        .where(columns.deleted_at.is_not(None), Sight.of(session, of.object_type).condition(of.table))
        .where(*(columns[name] == value for name, value in of.fixed.items()))
        .order_by(columns.deleted_at.desc(), columns.id.desc())
        .limit(max(1, min(limit, _MOST)))
    )
    return views(session, of, session.connection().execute(query).all())


def _rows(
    session: Session, actor: Actor, of: RecordType, ids: Collection[UUID], *, deleted: bool
) -> dict[UUID, Mapping[str, Any]]:
    """Those of these records that the actor sees, locked."""
    columns = of.table.c
    query = (
        select(columns.id, *(columns[name] for name in written_columns(of)))
        .where(columns.id == any_(literal(list(ids), ARRAY(Uuid()))))
        .where(columns.deleted_at.is_not(None) if deleted else columns.deleted_at.is_(None))
        .where(Sight.of(session, of.object_type, actor).condition(of.table))
        .order_by(columns.id)
        .with_for_update()
    )
    return {row.id: dict(row._mapping) for row in session.connection().execute(query)}


def _taken(session: Session, of: RecordType, rows: Mapping[UUID, Mapping[str, Any]]) -> dict[UUID, str]:
    """Those of these records whose key a live one has, or an earlier of these, and how the first such key is called."""
    found: dict[UUID, str] = {}
    for one in of.uniques:
        column = one.norm or one.shown
        values = [row[column] for row in rows.values() if row[column] is not None]
        query = f"SELECT {column} FROM {of.object_type} WHERE deleted_at IS NULL AND {column} = ANY(:values)"  # noqa: S608
        held = set(session.connection().execute(text(query), {"values": values}).scalars())
        for record_id, row in rows.items():
            if row[column] in held:
                found.setdefault(record_id, one.label.lower())
            elif row[column] is not None and record_id not in found:
                held.add(row[column])
    return found


def _told(
    session: Session,
    actor: Actor,
    of: RecordType,
    ids: Collection[UUID],
    rows: Mapping[UUID, Mapping[str, Any]],
    act: str,
    *,
    now: datetime,
    batch_id: UUID | None,
) -> list[RowOutcome]:
    """Write down and tell what was done; one outcome for each id."""
    notes: list[tuple[UUID, str, Mapping[str, Any]]] = [(record_id, act, {}) for record_id in rows]
    write_changes(session, actor, of.object_type, notes, now=now, batch_id=batch_id)
    if of.object_type == "person":
        tell_accounts(session, {row["account_id"] for row in rows.values()})
    if rows:
        live.publish(session, Topic.RECORDS, list(rows))
        detail = {"n": len(rows), "names": [str(row["name"])[:120] for row in list(rows.values())[:20]]}
        first = next(iter(rows))
        identity.audit.record(session, actor, f"{of.object_type}.{act}", object_type=of.object_type,
                              object_id=first, detail=detail)  # fmt: skip
    missing = f"There is no such {of.one}"
    return [RowOutcome("updated", one) if one in rows else RowOutcome("failed", None, missing, "id") for one in ids]


def purge_trash(session: Session, *, now: datetime, most: int = 1000) -> int:
    """Delete for good what has lain in the trash for 30 days; returns how many records went."""
    return sum(_purge(session, object_type, now - KEPT, most) for object_type in ("opportunity", "person", "account"))


def _purge(session: Session, object_type: str, before: datetime, most: int) -> int:
    query = (
        f"SELECT id FROM {object_type} WHERE deleted_at IS NOT NULL AND deleted_at < :before "  # noqa: S608
        "ORDER BY deleted_at, id LIMIT :most FOR UPDATE SKIP LOCKED"
    )
    ids = list(session.connection().execute(text(query), {"before": before, "most": most}).scalars())
    if ids:
        erase(session, object_type, ids)
    return len(ids)


def erase(session: Session, object_type: str, ids: Sequence[UUID]) -> None:
    """Remove records with all that hangs on them. Events stay: they tell what happened."""
    given = {"ids": list(ids), "type": object_type}
    for statement in (*_LOOSEN.get(object_type, ()), *_HANGING, f"DELETE FROM {object_type} WHERE id = ANY(:ids)"):  # noqa: S608
        session.connection().execute(text(statement), given)


_ERASED = (
    "UPDATE action_move SET reason = '', before = '{}', after = '{}' FROM action "
    "WHERE action.id = action_move.action_id AND action.person_id = ANY(:ids)",
    "UPDATE delegation SET note = '', answer = '' FROM action "
    "WHERE action.id = delegation.action_id AND action.person_id = ANY(:ids)",
    "UPDATE action SET title = 'Erased', detail = '', message = '', reasons = '[]', closing_note = '', watch = '{}', "
    "dedupe_key = NULL WHERE person_id = ANY(:ids)",
)
"""What an action about a person says is theirs; that there was one, and how it went, is not."""


def _without(column: str) -> str:
    """Actions on a record that is gone are over, and name it no more."""
    return (
        f"UPDATE action SET {column} = NULL, awaits = false, recheck_at = NULL, "  # noqa: S608 - columns of ours
        "state = CASE WHEN closed_at IS NULL THEN 'expired' ELSE state END, closed_at = coalesce(closed_at, now()) "
        f"WHERE {column} = ANY(:ids)"
    )


_LOOSEN = {
    "person": (*_ERASED, _without("person_id")),
    "opportunity": (_without("opportunity_id"),),
    "account": (
        _without("account_id"),
        "UPDATE person SET account_id = NULL WHERE account_id = ANY(:ids)",
        "UPDATE opportunity SET account_id = NULL WHERE account_id = ANY(:ids)",
        "UPDATE account SET parent_id = NULL WHERE parent_id = ANY(:ids)",
    ),
}
_HANGING = (
    "DELETE FROM custom_value WHERE object_id = ANY(:ids)",
    *(
        f"DELETE FROM {table} WHERE object_type = :type AND object_id = ANY(:ids)"  # noqa: S608 - tables of ours
        for table in ("record_tag", "note", "follower", "search_token", "record_change")
    ),
)
