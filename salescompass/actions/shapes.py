"""What goes into the slice and what comes out of it: proposals, acts, and actions as everybody sees them. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from salescompass.vocabulary import ActionKind, ActionSource, ActionVerb


@dataclass(frozen=True)
class NewAction:
    """An action to be. `reasons` say in words why, `evidence` names the events that show it.

    `watch` says when the reason is gone: {"until_event": [types]} when the person (or, without one, the account)
    does one of these; {"while": tree, "object": "account"} as soon as the record does not fulfil these conditions.
    Of several with one `dedupe_key` one is open at a time; a `client_ref` makes one action ever.
    """

    title: str
    kind: str = ActionKind.TASK
    detail: str = ""
    message: str = ""
    account_id: UUID | None = None
    person_id: UUID | None = None
    opportunity_id: UUID | None = None
    assignee_id: UUID | None = None
    assigned_because: tuple[str, ...] = ()
    due_from: datetime | None = None
    due_to: datetime | None = None
    expires_at: datetime | None = None
    effort_minutes: int = 10
    value_minor: int | None = None
    chance: float | None = None
    template_id: UUID | None = None
    template_version: int | None = None
    source: str = ActionSource.PERSON
    rule_id: UUID | None = None
    rule_version: int | None = None
    reasons: tuple[str, ...] = ()
    evidence: tuple[UUID, ...] = ()
    watch: dict[str, Any] = field(default_factory=dict)
    dedupe_key: str | None = None
    client_ref: str | None = None
    parent_id: UUID | None = None


@dataclass(frozen=True)
class Proposed:
    """What became of a proposal: made, there already (then `action_id` is that one), or refused for a reason."""

    status: Literal["created", "duplicate", "refused"]
    action_id: UUID | None
    reason: str = ""


@dataclass(frozen=True)
class NextStep:
    """What is done after an action: suggested, or made with its completion. The records are the action's."""

    title: str
    kind: str = ActionKind.TASK
    detail: str = ""
    due_from: datetime | None = None
    due_to: datetime | None = None
    assignee_id: UUID | None = None


@dataclass(frozen=True)
class Act:
    """A step with all that it needs: the same for one action and for many."""

    verb: ActionVerb
    outcome: str = ""
    note: str = ""
    reason: str = ""
    until: datetime | None = None
    until_event: str = ""
    member_id: UUID | None = None
    because: tuple[str, ...] = ()
    changes: dict[str, Any] = field(default_factory=dict)
    next: NextStep | None = None


@dataclass(frozen=True)
class ActionView:
    """An action with the names of all it refers to. `priority` is what a minute spent on it is expected to bring.

    `offer_id` is the offer that waits for an answer, if there is one, by `offered_by_id` to `offered_to_id`.
    """

    id: UUID
    row_version: int
    kind: str
    title: str
    detail: str
    message: str
    state: str
    source: str
    rule_id: UUID | None
    rule_version: int | None
    template_id: UUID | None
    template_version: int | None
    reasons: tuple[str, ...]
    evidence: tuple[UUID, ...]
    account_id: UUID | None
    account: str
    person_id: UUID | None
    person: str
    person_email: str
    person_phone: str
    opportunity_id: UUID | None
    opportunity: str
    assignee_id: UUID | None
    assignee: str
    assigned_because: tuple[str, ...]
    due_from: datetime | None
    due_to: datetime | None
    expires_at: datetime | None
    effort_minutes: int
    value_minor: int | None
    chance: float | None
    priority: float
    snoozed_until: datetime | None
    snoozed_for: str
    snoozes: int
    parent_id: UUID | None
    created_by: UUID | None
    created_at: datetime
    updated_at: datetime
    touched_at: datetime | None
    closed_at: datetime | None
    closed_by: UUID | None
    outcome: str
    success: bool | None
    closing_note: str
    dismissed_for: str
    offer_id: UUID | None
    offered_by_id: UUID | None
    offered_to_id: UUID | None
    offered_to: str

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.closed_at is None


@dataclass(frozen=True)
class Moved:
    """What a step did: the action as it is now, the step to undo, what was made after it or could be."""

    action: ActionView
    move_id: UUID
    next_id: UUID | None = None
    suggested: NextStep | None = None


@dataclass(frozen=True)
class MoveView:
    """A step of an action's life. `before` and `after` hold what it changed; `who` is empty for the house itself."""

    id: UUID
    at: datetime
    verb: str
    from_state: str | None
    to_state: str
    actor_kind: str
    actor_id: UUID | None
    who: str
    reason: str
    before: dict[str, Any]
    after: dict[str, Any]
    undone_at: datetime | None
