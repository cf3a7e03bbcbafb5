"""The work on a step on many actions: a part of them, what became of each, and the counts are one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from salescompass import identity
from salescompass.actions.acting import perform
from salescompass.actions.moves import plain
from salescompass.actions.shapes import Act
from salescompass.actions.undoing import undo_moves
from salescompass.identity import Actor
from salescompass.kit import clock, jobs, live
from salescompass.kit.errors import SalesCompassError
from salescompass.models import ActionMove, BulkEdit, BulkEditRow
from salescompass.vocabulary import ActionVerb, Topic

AT_ONCE = 200
"""How many actions are done in the act itself, and by each turn of a job."""
KIND = "actions"
_MOMENTS = ("until", "due_from", "due_to", "expires_at")


def kept(act: Act) -> dict[str, Any]:
    """An act as it is written down."""
    told = asdict(act)
    told["changes"] = {name: plain(value) for name, value in act.changes.items()}
    return {name: plain(value) for name, value in told.items() if value is not None}


def read_kept(told: dict[str, Any]) -> Act:
    """An act that was written down."""
    given = {**told, "verb": ActionVerb(told["verb"]), "changes": _moments(told.get("changes", {}))}
    given["member_id"] = UUID(told["member_id"]) if told.get("member_id") else None
    return Act(**_moments(given))


def _moments(given: dict[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name in _MOMENTS and isinstance(value, str) else value
        for name, value in given.items()
    }


def go_on_with_bulk(
    session: Session, *, bulk_id: UUID, actor: Actor | None = None, now: datetime | None = None
) -> None:
    """Do the next actions, or take the next back; what is left is another job.

    Whoever asked for it does it, with the rights they have by now: without the right to change actions it ends.
    """
    now = now or clock.now()
    row = session.exec(select(BulkEdit).where(BulkEdit.id == bulk_id, BulkEdit.kind == KIND).with_for_update()).first()
    if row is None or row.state not in ("running", "undoing"):
        return
    who = actor or _acting(session, row)
    if who is None:
        row.state, row.ended_at, more = "cancelled", now, False
    elif row.state == "running":
        more = _do_some(session, who, row, now)
    else:
        more = _undo_some(session, who, row, now)
    row.updated_at = now
    session.add(row)
    session.flush()
    live.publish(session, Topic.BULK_ACTIONS, [row.id])
    if more:
        jobs.put(session, Topic.BULK_ACTIONS, {"bulk": str(row.id)})


def _acting(session: Session, row: BulkEdit) -> Actor | None:
    try:
        actor = identity.acting_member(session, row.member_id)
    except SalesCompassError:
        return None
    return actor if actor.may("actions.write") else None


def _do_some(session: Session, actor: Actor, row: BulkEdit, now: datetime) -> bool:
    waiting = select(BulkEditRow.record_id).where(
        BulkEditRow.bulk_edit_id == row.id, col(BulkEditRow.outcome).is_(None)
    ).order_by(col(BulkEditRow.record_id)).limit(AT_ONCE)  # fmt: skip
    ids = list(session.exec(waiting).all())
    reasons = _done(session, actor, row, ids, now)
    session.connection().execute(
        text(
            "UPDATE bulk_edit_row SET outcome = CASE WHEN t.reason = '' THEN 'changed' ELSE 'failed' END, "
            "reason = t.reason FROM unnest(CAST(:ids AS uuid[]), CAST(:reasons AS text[])) AS t (id, reason) "
            "WHERE bulk_edit_id = :bulk AND record_id = t.id"
        ),
        {"bulk": row.id, "ids": ids, "reasons": reasons},
    )
    failed = sum(bool(one) for one in reasons)
    row.changed, row.failed = row.changed + len(ids) - failed, row.failed + failed
    more = bool(ids) and row.changed + row.failed < row.total
    if not more:
        row.state, row.ended_at = "done", now
    return more


def _done(session: Session, actor: Actor, row: BulkEdit, ids: Sequence[UUID], now: datetime) -> list[str]:
    """Why each of these actions was left as it is; empty where it was not."""
    try:
        refused = perform(session, actor, ids, read_kept(row.act), now=now, batch_id=row.id).refused
    except SalesCompassError as error:  # nothing was done: whom they were to be given to is gone
        return [error.message for _ in ids]
    return [refused[one].message if one in refused else "" for one in ids]


def _undo_some(session: Session, actor: Actor, row: BulkEdit, now: datetime) -> bool:
    query = select(ActionMove).where(ActionMove.batch_id == row.id, col(ActionMove.undone_at).is_(None))
    moves = session.exec(query.order_by(col(ActionMove.id)).limit(AT_ONCE)).all()
    refused = undo_moves(session, actor, moves, now=now)
    # What was looked at belongs to the batch no more: so the next turn goes on behind it.
    session.connection().execute(
        text("UPDATE action_move SET batch_id = NULL WHERE id = ANY(:ids)"), {"ids": [move.id for move in moves]}
    )
    row.undone += len(moves) - len(refused)
    more = len(moves) == AT_ONCE
    if not more:
        row.state, row.ended_at = "undone", now
    return more
