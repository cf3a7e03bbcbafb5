"""What each step changes on an action, worked out from the action and the step alone. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from salescompass.actions.lifecycle import AWAKE, next_state
from salescompass.actions.reading import LONGEST_NOTE, awaits, changes_of, choice, text
from salescompass.actions.shapes import Act, NextStep
from salescompass.kit.errors import Conflict, Invalid
from salescompass.vocabulary import ActionKind, ActionState, ActionVerb, DismissReason, Outcome

SLEEPS_AT_MOST = timedelta(days=30)
"""An action that waits for an event comes back after so long, though the event never came."""
FARTHEST = timedelta(days=730)
SUCCESSES = (Outcome.CONNECTED, Outcome.POSITIVE)


def plan(action: Any, act: Act, *, member_id: UUID | None, now: datetime) -> dict[str, Any]:
    """The columns that a step changes, with their values. Raises Conflict where it is not legal, Invalid."""
    state = next_state(act.verb, action.state, snoozed_from=action.snoozed_from)
    changes: dict[str, Any] = {"state": state.value}
    if action.state == ActionState.SNOOZED and state is not ActionState.SNOOZED:
        changes |= {**AWAKE, "awaits": awaits(action.watch)}
    if act.verb in _TAKES_IT and action.assignee_id is None and member_id:
        changes["assignee_id"] = member_id
    return changes | _PLANS.get(act.verb, _nothing_more)(action, act, member_id, now)


_TAKES_IT = (ActionVerb.ACCEPT, ActionVerb.START, ActionVerb.COMPLETE)
_Plan = Callable[[Any, Act, UUID | None, datetime], dict[str, Any]]


def _nothing_more(action: Any, act: Act, member_id: UUID | None, now: datetime) -> dict[str, Any]:
    return {}


def _closed(act: Act, member_id: UUID | None, now: datetime) -> dict[str, Any]:
    return {"closed_at": now, "closed_by": member_id, "closing_note": text(act.note, "note", LONGEST_NOTE)}


def _complete(action: Any, act: Act, member_id: UUID | None, now: datetime) -> dict[str, Any]:
    outcome = choice(Outcome, act.outcome, "outcome")
    return {**_closed(act, member_id, now), "outcome": outcome.value, "success": outcome in SUCCESSES}


def _dismiss(action: Any, act: Act, member_id: UUID | None, now: datetime) -> dict[str, Any]:
    reason = choice(DismissReason, act.reason, "reason")
    return {**_closed(act, member_id, now), "dismissed_for": reason.value}


def _expire(action: Any, act: Act, member_id: UUID | None, now: datetime) -> dict[str, Any]:
    return _closed(act, member_id, now)


def _snooze(action: Any, act: Act, member_id: UUID | None, now: datetime) -> dict[str, Any]:
    if not act.until and not act.until_event:
        raise Invalid("Say until when, or until what happens", field="until")
    if act.until_event and not (action.person_id or action.account_id):
        raise Invalid("It names nobody whose event it could wait for", field="until_event")
    until = act.until or now + SLEEPS_AT_MOST
    if not now < until <= now + FARTHEST:
        raise Invalid("Choose a time to come, at most two years ahead", field="until")
    return {
        "snoozed_until": until,
        "snoozed_for": act.until_event or None,
        "snoozed_from": action.snoozed_from or action.state,
        "snoozes": action.snoozes + 1,
        "awaits": bool(act.until_event) or awaits(action.watch),
    }


def _assign(action: Any, act: Act, member_id: UUID | None, now: datetime) -> dict[str, Any]:
    if act.member_id == action.assignee_id:
        raise Conflict("It is theirs already" if act.member_id else "It is nobody's already")
    because = list(act.because) or (["Given by hand"] if act.member_id else [])
    return {"assignee_id": act.member_id, "assigned_because": because}


def _edit(action: Any, act: Act, member_id: UUID | None, now: datetime) -> dict[str, Any]:
    changes = changes_of(act.changes, action)
    if not any(getattr(action, name) != value for name, value in changes.items()):
        raise Conflict("Nothing is changed by this", code="unchanged")
    return changes


_PLANS: Mapping[ActionVerb, _Plan] = {
    ActionVerb.COMPLETE: _complete,
    ActionVerb.DISMISS: _dismiss,
    ActionVerb.EXPIRE: _expire,
    ActionVerb.SNOOZE: _snooze,
    ActionVerb.ASSIGN: _assign,
    ActionVerb.EDIT: _edit,
}

_CALL, _EMAIL = ActionKind.CALL, ActionKind.EMAIL
_WENT_WELL: Mapping[str, tuple[str, str, int]] = {
    _CALL: (_EMAIL, "Send what was agreed", 1),
    ActionKind.MEETING: (_EMAIL, "Send the summary", 1),
    _EMAIL: (_CALL, "Follow up by phone", 3),
    ActionKind.MESSAGE: (_CALL, "Follow up by phone", 3),
}
_NOBODY_THERE: Mapping[str, tuple[str, str, int]] = {
    _CALL: (_CALL, "Call again", 1),
    ActionKind.MEETING: (_CALL, "Find a new date", 1),
    _EMAIL: (_CALL, "Follow up by phone", 3),
    ActionKind.MESSAGE: (_EMAIL, "Write an email", 3),
}


def suggested(kind: str, outcome: str, *, now: datetime) -> NextStep | None:
    """What is usually done after an action of this kind that went so; None where nothing follows by itself."""
    if outcome == Outcome.NO_ANSWER:
        found = _NOBODY_THERE.get(kind)
    else:
        found = _WENT_WELL.get(kind) if outcome in SUCCESSES else None
    if found is None:
        return None
    next_kind, title, days = found
    due = now + timedelta(days=days)
    due += timedelta(days=max(0, 7 - due.weekday())) if due.weekday() >= 5 else timedelta()  # no weekend
    return NextStep(title=title, kind=next_kind, due_to=due)


def event_type(kind: str, outcome: str) -> str:
    """The type of the event that the ledger keeps of a completed action."""
    if outcome == Outcome.NOT_RELEVANT:
        return "task_completed"
    if outcome == Outcome.NO_ANSWER:
        return _MISSED.get(kind) or _HELD.get(kind, _TASK)
    return _HELD.get(kind, _TASK)


_TASK = "task_completed"
_MISSED: Mapping[str, str] = {_CALL: "call_attempted", ActionKind.MEETING: "meeting_missed"}
_HELD: Mapping[str, str] = {
    _CALL: "call_completed",
    ActionKind.MEETING: "meeting_held",
    ActionKind.MESSAGE: "message_sent",
    _EMAIL: "message_sent",
}
