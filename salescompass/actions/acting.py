"""Steps on actions: accept, start, complete, snooze, dismiss, assign, edit, comment. One is a batch of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass import events
from salescompass.actions import ledger, offers, planning, seeing
from salescompass.actions.moves import Step, locked, write
from salescompass.actions.proposing import make
from salescompass.actions.ranks import rank
from salescompass.actions.reading import LONGEST_NOTE, text
from salescompass.actions.shapes import Act, Moved, NewAction, NextStep
from salescompass.actions.telling import tell_member
from salescompass.actions.views import get
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.errors import Changed, Invalid, NotFound, SalesCompassError
from salescompass.models import Action, ActionMove
from salescompass.vocabulary import ActionSource, ActionVerb

_RANKED_ANEW = (ActionVerb.ASSIGN, ActionVerb.EDIT)
_ENDS_OFFERS = (ActionVerb.COMPLETE, ActionVerb.DISMISS, ActionVerb.ASSIGN)


@dataclass
class Done:
    """What became of each action of a batch: its step, or why there is none."""

    steps: dict[UUID, Step] = field(default_factory=dict)
    refused: dict[UUID, SalesCompassError] = field(default_factory=dict)


def perform(
    session: Session,
    actor: Actor,
    ids: Sequence[UUID],
    act: Act,
    *,
    now: datetime,
    version: int | None = None,
    batch_id: UUID | None = None,
    client_ref: str | None = None,
) -> Done:
    """Do one step on each of these actions; what it is not legal or not allowed on stays as it is, with the reason."""
    if act.verb is ActionVerb.COMPLETE:
        ledger.ready(session)
    if act.until_event and act.until_event not in events.types(session):
        raise Invalid("There is no such type of event", field="until_event")
    rows, done = locked(session, actor, ids), Done()
    for one in ids:
        if one not in rows:
            done.refused[one] = NotFound("There is no such action")
    for row in rows.values():
        try:
            _must(actor, row, act)
            if version is not None and row.row_version != version:
                raise Changed("This action was changed meanwhile: look at it again", row_version=row.row_version)
            changes = planning.plan(row, act, member_id=actor.member_id, now=now)
            done.steps[row.id] = Step(row, changes, reason=text(act.note, "note", LONGEST_NOTE))
        except SalesCompassError as error:
            done.refused[row.id] = error
    if act.verb is ActionVerb.ASSIGN and act.member_id:
        _refuse_the_blind(session, act.member_id, done)
    _beside(session, actor, act, list(done.steps.values()), now)
    write(session, actor, act.verb, list(done.steps.values()), now=now, batch_id=batch_id, client_ref=client_ref)
    if act.verb in _RANKED_ANEW:
        rank(session, list(done.steps), at=now)
    return done


def _must(actor: Actor, row: Action, act: Act) -> None:
    if act.verb is ActionVerb.COMMENT:
        actor.must("actions.write")
    else:
        seeing.must_change(actor, row)


def _refuse_the_blind(session: Session, member_id: UUID, done: Done) -> None:
    member = seeing.member_of(session, member_id)
    for one, why in seeing.blind_to(session, member, [step.action for step in done.steps.values()]).items():
        done.refused[one] = Invalid(why, field="member_id")
        del done.steps[one]


def _beside(session: Session, actor: Actor, act: Act, steps: list[Step], now: datetime) -> None:
    """What goes with a step: offers end, a completion is told and followed, whoever is given something hears of it."""
    if act.verb in _ENDS_OFFERS:
        ended = offers.withdraw(session, [step.action.id for step in steps], now=now)
        for step in steps:
            if step.action.id in ended:
                step.more["withdrawn"] = str(ended[step.action.id])
    if act.verb is ActionVerb.COMPLETE:
        ledger.tell_completed(session, actor, steps, act, now=now)
        if act.next:
            _make_next(session, actor, act.next, steps, now)
    if act.verb is ActionVerb.ASSIGN and act.member_id and steps:
        first, body, by = steps[0].action, f"{actor.name} gave it to you", actor.member_id
        tell_member(session, act.member_id, "action_assigned", first, body, by=by, now=now, more=len(steps) - 1)


def _make_next(session: Session, actor: Actor, following: NextStep, steps: Sequence[Step], now: datetime) -> None:
    news = [
        NewAction(
            title=following.title, kind=following.kind, detail=following.detail, due_from=following.due_from,
            due_to=following.due_to, account_id=row.account_id, person_id=row.person_id,
            opportunity_id=row.opportunity_id, source=ActionSource.FOLLOW_UP, parent_id=row.id,
            assignee_id=following.assignee_id or actor.member_id or row.assignee_id,
            reasons=(f"Agreed when this was done: {row.title}",),
        )
        for row in (step.action for step in steps)
    ]  # fmt: skip
    if following.assignee_id and following.assignee_id != actor.member_id:
        theirs = seeing.member_of(session, following.assignee_id, "assignee_id")
        for why in seeing.blind_to(session, theirs, [step.action for step in steps]).values():
            raise Invalid(why, field="assignee_id")
    for step, made in zip(steps, make(session, actor, news, ActionVerb.CREATE, now=now), strict=True):
        if made.action_id:
            step.more["next_id"] = str(made.action_id)


def act_on(
    session: Session,
    actor: Actor,
    action_id: UUID,
    act: Act,
    *,
    version: int | None = None,
    client_ref: str | None = None,
    now: datetime | None = None,
) -> Moved:
    """Do one step on one action, once for each `client_ref`. Raises NotFound, Denied, Conflict, Changed, Invalid."""
    now = now or clock.now()
    before = client_ref and _done_so(session, action_id, client_ref)
    if before:
        return _told(session, actor, action_id, act, before.id, before.after, now)
    done = perform(session, actor, [action_id], act, now=now, version=version, client_ref=client_ref)
    for refusal in done.refused.values():
        raise refusal
    step = done.steps[action_id]
    return _told(session, actor, action_id, act, step.move_id, step.more, now)


def _done_so(session: Session, action_id: UUID, client_ref: str) -> ActionMove | None:
    query = select(ActionMove).where(
        ActionMove.action_id == action_id, ActionMove.client_ref == client_ref, col(ActionMove.undone_at).is_(None)
    )
    return session.exec(query.order_by(col(ActionMove.at))).first()


def _told(
    session: Session, actor: Actor, action_id: UUID, act: Act, move_id: UUID, more: Mapping[str, Any], now: datetime
) -> Moved:
    seen = get(session, actor, action_id=action_id)
    idea = None
    if act.verb is ActionVerb.COMPLETE and not act.next:
        idea = planning.suggested(seen.kind, seen.outcome, now=now)
    return Moved(seen, move_id, UUID(more["next_id"]) if more.get("next_id") else None, idea)
