"""Undo: a step of one's own is taken back, exactly, as long as nothing else has happened to the action since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from salescompass.actions import ledger, offers
from salescompass.actions.lifecycle import TAKEN_BACK
from salescompass.actions.moves import Step, locked, put_back, write
from salescompass.actions.shapes import Moved
from salescompass.actions.views import ACTION, get
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.errors import Conflict, NotFound, SalesCompassError
from salescompass.models import Action, ActionMove
from salescompass.vocabulary import ActionState, ActionVerb, DismissReason

OFFERED_FOR = timedelta(seconds=10)
"""How long screens offer an undo."""
TAKEN_FOR = timedelta(seconds=30)
"""How long it is taken: a phone in a train needs a while to say so."""


def undo(session: Session, actor: Actor, *, move_id: UUID, now: datetime | None = None) -> Moved:
    """Take a step of one's own back. Raises NotFound for others', Conflict when it is too late."""
    actor.must("actions.write")
    now = now or clock.now()
    move = session.exec(select(ActionMove).where(ActionMove.id == move_id)).first()
    if move is None or move.actor_id is None or move.actor_id != actor.actor_id:
        raise NotFound("There is no such step of yours")
    if now - move.at > TAKEN_FOR:
        raise Conflict("It is too late to undo this")
    for refusal in undo_moves(session, actor, [move], now=now).values():
        raise refusal
    return Moved(get(session, actor, action_id=move.action_id), move_id)


def undo_moves(
    session: Session, actor: Actor, moves: Sequence[ActionMove], *, now: datetime, batch_id: UUID | None = None
) -> dict[UUID, SalesCompassError]:
    """Take these steps back, each of another action; by action, why some are left as they are."""
    if any(move.verb == ActionVerb.COMPLETE for move in moves):
        ledger.ready(session, alone=True)
    nexts = [UUID(move.after["next_id"]) for move in moves if move.after.get("next_id")]
    rows = locked(session, actor, [*(move.action_id for move in moves), *nexts])
    # Again, now that their actions are locked: one may have been undone meanwhile.
    query = select(ActionMove).where(col(ActionMove.id).in_([move.id for move in moves]))
    refused: dict[UUID, SalesCompassError] = {}
    for move in session.exec(query.execution_options(populate_existing=True)).all():
        try:
            with session.begin_nested():
                _undo(session, actor, move, rows, now=now, batch_id=batch_id)
        except IntegrityError:
            refused[move.action_id] = Conflict("The same is to be done by another action now")
        except SalesCompassError as error:
            refused[move.action_id] = error
    taken = [move.id for move in moves if move.verb == ActionVerb.COMPLETE and move.action_id not in refused]
    ledger.take_back(session, taken)
    return refused


def _undo(
    session: Session, actor: Actor, move: ActionMove, rows: dict[UUID, Action], *, now: datetime, batch_id: UUID | None
) -> None:
    row = rows.get(move.action_id)
    if row is None:
        raise NotFound("There is no such action")
    if move.undone_at or move.verb not in TAKEN_BACK or row.row_version != move.after.get("row_version"):
        raise Conflict("This action has gone on since: nothing was undone")
    if move.after.get("next_id"):
        _close(session, actor, rows.get(UUID(move.after["next_id"])), now)
    move.undone_at = now
    session.add(move)
    if move.verb == ActionVerb.CREATE:
        changes = _cancelled(actor, now)
    else:
        changes = {name: put_back(name, value) for name, value in move.before.items() if name in ACTION.c}
    changes.pop("row_version", None)
    step = Step(row, changes)
    write(session, actor, ActionVerb.UNDO, [step], now=now, undoes_id=move.id, batch_id=batch_id)
    if move.after.get("withdrawn"):
        offers.offer_again(session, UUID(move.after["withdrawn"]))
    if move.verb == ActionVerb.OFFER:
        offers.withdraw(session, [row.id], now=now)


def _close(session: Session, actor: Actor, following: Action | None, now: datetime) -> None:
    """Close the action that was made with the completion, unless somebody has gone on with it."""
    if following is None or following.row_version != 1:
        raise Conflict("The next action has gone on since: nothing was undone")
    write(session, actor, ActionVerb.DISMISS, [Step(following, _cancelled(actor, now))], now=now)


def _cancelled(actor: Actor, now: datetime) -> dict[str, Any]:
    return {
        "state": ActionState.DISMISSED.value, "dismissed_for": DismissReason.CANCELLED.value, "closed_at": now,
        "closed_by": actor.member_id, "closing_note": "Undone",
    }  # fmt: skip
