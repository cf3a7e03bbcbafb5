"""A rule as plain data: what sets it off, on which records, and what is then to be done. Pure.

Its JSON form is what is stored with every version and sent to the editor; `reading` makes it, checked, from JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from salescompass.conditions import Tree
from salescompass.events import Condition

SUBJECTS = ("account", "person", "opportunity")
TRIGGERS = ("event", "crossing", "schedule", "absence")


@dataclass(frozen=True, slots=True)
class EventTrigger:
    """Events of these types, so many within so many hours; `first` wants that none came before.

    `times_usual`: so many times more than in an average window of the four weeks before.
    """

    types: tuple[str, ...]
    where: tuple[Condition, ...] = ()
    at_least: int = 1
    within_hours: int = 24
    times_usual: float | None = None
    first: bool = False
    kind: str = "event"

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "kind": self.kind, "types": list(self.types), "where": [one.to_json() for one in self.where],
            "at_least": self.at_least, "within_hours": self.within_hours, "times_usual": self.times_usual,
            "first": self.first,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class CrossingTrigger:
    """A score goes up or down into one of these bands."""

    direction: str
    to: tuple[str, ...]
    kind: str = "crossing"

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {"kind": self.kind, "direction": self.direction, "to": list(self.to)}


@dataclass(frozen=True, slots=True)
class ScheduleTrigger:
    """Every day at this hour of the tenant's zone, on all records that hold the conditions."""

    hour: int = 7
    kind: str = "schedule"

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {"kind": self.kind, "hour": self.hour}


@dataclass(frozen=True, slots=True)
class AbsenceTrigger:
    """No event of these types for so many days, and not for more than `until_days`: then it is no news any more.

    With `rhythm` the silence must also be longer than nine of ten of the record's own pauses.
    """

    types: tuple[str, ...]
    days: int
    until_days: int = 60
    rhythm: bool = False
    hour: int = 7
    kind: str = "absence"

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "kind": self.kind, "types": list(self.types), "days": self.days, "until_days": self.until_days,
            "rhythm": self.rhythm, "hour": self.hour,
        }  # fmt: skip


Trigger = EventTrigger | CrossingTrigger | ScheduleTrigger | AbsenceTrigger


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """What is to be done: a template, or texts of the rule's own, which go before the template's."""

    kind: str
    title: str
    detail: str = ""
    message: str = ""
    reasons: tuple[str, ...] = ()
    effort_minutes: int = 10
    due_hours: int | None = None
    due_business_days: int | None = None
    value: str = "deal"
    """`deal`: what the deal, or the account's open deals, are worth; `none`."""
    template_id: UUID | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        due = {"hours": self.due_hours} if self.due_hours else {"business_days": self.due_business_days}
        return {
            "kind": self.kind, "title": self.title, "detail": self.detail, "message": self.message,
            "reasons": list(self.reasons), "effort_minutes": self.effort_minutes, "due": due, "value": self.value,
            "template": str(self.template_id) if self.template_id else None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expiry:
    """When an action is of no use any more: after days, when the customer does one of these, or a condition ends."""

    days: int
    until_event: tuple[str, ...] = ()
    holding: Tree | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        held = self.holding.to_json() if self.holding else None
        return {"days": self.days, "until_event": list(self.until_event), "while": held}

    def watch(self) -> dict[str, Any]:
        """What an action that was made carries along."""
        event = {"until_event": list(self.until_event)} if self.until_event else {}
        held = {"while": self.holding.to_json(), "object": self.holding.object} if self.holding else {}
        return event | held


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole rule. `cap`: so many actions a day for one member; no `teams` is everybody."""

    subject: str
    trigger: Trigger
    conditions: Tree
    action: ActionPlan
    expiry: Expiry
    cooldown_days: int = 7
    cap: int = 5
    teams: tuple[UUID, ...] = field(default=())
    priority: int = 50

    def to_json(self) -> dict[str, Any]:
        """As it is stored, sent and edited."""
        return {
            "subject": self.subject, "trigger": self.trigger.to_json(), "conditions": self.conditions.to_json(),
            "action": self.action.to_json(), "expiry": self.expiry.to_json(), "cooldown_days": self.cooldown_days,
            "cap": self.cap, "teams": [str(one) for one in self.teams], "priority": self.priority,
        }  # fmt: skip
