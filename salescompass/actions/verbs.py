"""The verbs on one action, by name. Each is a step of `lifecycle`, done by `acting`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from salescompass.actions.acting import act_on
from salescompass.actions.reading import LONGEST_NOTE, text
from salescompass.actions.shapes import Act, Moved, NextStep
from salescompass.identity import Actor
from salescompass.vocabulary import ActionVerb


def accept(session: Session, actor: Actor, *, action_id: UUID, client_ref: str | None = None) -> Moved:
    """Say that one will do what was proposed; what is nobody's becomes one's own."""
    return act_on(session, actor, action_id, Act(ActionVerb.ACCEPT), client_ref=client_ref)


def start(session: Session, actor: Actor, *, action_id: UUID, client_ref: str | None = None) -> Moved:
    """Begin: the call is made, the mail is being written."""
    return act_on(session, actor, action_id, Act(ActionVerb.START), client_ref=client_ref)


def complete(
    session: Session,
    actor: Actor,
    *,
    action_id: UUID,
    outcome: str,
    note: str = "",
    next: NextStep | None = None,
    client_ref: str | None = None,
    version: int | None = None,
    now: datetime | None = None,
) -> Moved:
    """Say that it is done and how it went: one event is recorded, and `next` is made, or what is usual suggested."""
    act = Act(ActionVerb.COMPLETE, outcome=outcome, note=note, next=next)
    return act_on(session, actor, action_id, act, version=version, client_ref=client_ref, now=now)


def snooze(
    session: Session,
    actor: Actor,
    *,
    action_id: UUID,
    until: datetime | None = None,
    until_event: str = "",
    client_ref: str | None = None,
    version: int | None = None,
    now: datetime | None = None,
) -> Moved:
    """Have it come back at a time, or when an event of a type comes from its person or account (in 30 days at last)."""
    act = Act(ActionVerb.SNOOZE, until=until, until_event=until_event)
    return act_on(session, actor, action_id, act, version=version, client_ref=client_ref, now=now)


def dismiss(
    session: Session,
    actor: Actor,
    *,
    action_id: UUID,
    reason: str,
    note: str = "",
    client_ref: str | None = None,
    version: int | None = None,
    now: datetime | None = None,
) -> Moved:
    """Say why it will not be done."""
    act = Act(ActionVerb.DISMISS, reason=reason, note=note)
    return act_on(session, actor, action_id, act, version=version, client_ref=client_ref, now=now)


def assign(
    session: Session,
    actor: Actor,
    *,
    action_id: UUID,
    member_id: UUID | None,
    because: tuple[str, ...] = (),
    note: str = "",
    client_ref: str | None = None,
    version: int | None = None,
    now: datetime | None = None,
) -> Moved:
    """Give it to a member who sees its records, or to nobody, and say why. Raises Invalid for one who does not."""
    act = Act(ActionVerb.ASSIGN, member_id=member_id, because=because, note=note)
    return act_on(session, actor, action_id, act, version=version, client_ref=client_ref, now=now)


def edit(
    session: Session,
    actor: Actor,
    *,
    action_id: UUID,
    changes: Mapping[str, Any],
    version: int | None = None,
    client_ref: str | None = None,
    now: datetime | None = None,
) -> Moved:
    """Change what it says and when it is due; its log keeps what stood there."""
    act = Act(ActionVerb.EDIT, changes=dict(changes))
    return act_on(session, actor, action_id, act, version=version, client_ref=client_ref, now=now)


def comment(session: Session, actor: Actor, *, action_id: UUID, body: str, client_ref: str | None = None) -> Moved:
    """Add a remark to its log, also when it is closed."""
    act = Act(ActionVerb.COMMENT, note=text(body, "body", LONGEST_NOTE, needed=True))
    return act_on(session, actor, action_id, act, client_ref=client_ref)
