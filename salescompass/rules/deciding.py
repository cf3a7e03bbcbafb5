"""Whether a rule fires for what set it off, one after the other in the order of time. Pure.

The engine and the dry run ask this same code. What costs (conditions, whose the action would be) is asked last, and
only of candidates that nothing else holds back; the memory goes along, so the second candidate knows of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from salescompass.conditions import Seen
from salescompass.rules.definition import Definition
from salescompass.rules.patterns import Pattern

MOST_DEEP = 3
"""Actions lead to events and those to actions: so many rules may follow from each other."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record for which a rule was set off. `own`: by something that the rule itself brought about.

    `proven`: it was found by the conditions, so they hold; what they saw is read when it fires.
    """

    at: datetime
    subject_id: UUID
    pattern: Pattern
    said: tuple[tuple[str, str], ...] = ()
    """What texts may say of the trigger, by the names of variables."""
    depth: int = 0
    own: bool = False
    proven: bool = False


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose the action is, why, and which teams that member is in."""

    member_id: UUID | None = None
    because: tuple[str, ...] = ()
    teams: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a candidate: `fired`, or what held it back. `until` is when the cooldown ends."""

    candidate: Candidate
    result: str
    seen: Seen | None = None
    whose: Whose = field(default_factory=Whose)
    until: datetime | None = None


@dataclass
class Memory:
    """When a rule fired for whom last, in which episode, and how many actions a member got on a day."""

    last: dict[UUID, tuple[datetime, str]] = field(default_factory=dict)
    made: dict[tuple[UUID | None, date], int] = field(default_factory=dict)

    def blocks(self, definition: Definition, candidate: Candidate) -> tuple[str, datetime | None] | None:
        """What holds a candidate back that was here before."""
        before = self.last.get(candidate.subject_id)
        if before is None:
            return None
        at, episode = before
        if episode and episode == candidate.pattern.episode:
            return "episode", None
        until = at + timedelta(days=definition.cooldown_days)
        return ("cooldown", until) if candidate.at < until else None


Look = Callable[[Candidate], Seen | None]
"""The conditions on a record; None when it is not there."""
Owner = Callable[[Candidate], Whose]


def judge(
    definition: Definition,
    candidates: Iterable[Candidate],
    memory: Memory,
    *,
    zone: ZoneInfo,
    look: Look,
    owner: Owner,
) -> Iterator[Decision]:
    """Decide one candidate after the other; `memory` is changed by those that fire."""
    for candidate in candidates:
        yield _one(definition, candidate, memory, zone, look, owner)


def _one(
    definition: Definition, candidate: Candidate, memory: Memory, zone: ZoneInfo, look: Look, owner: Owner
) -> Decision:
    if candidate.own or candidate.depth > MOST_DEEP:
        return Decision(candidate, "loop")
    blocked = memory.blocks(definition, candidate)
    if blocked:
        return Decision(candidate, blocked[0], until=blocked[1])
    seen = look(candidate)
    if seen is None or not seen.holds:
        return Decision(candidate, "conditions", seen)
    whose = owner(candidate)
    if definition.teams and not whose.teams.intersection(definition.teams):
        return Decision(candidate, "team", seen, whose)
    day = candidate.at.astimezone(zone).date()
    if memory.made.get((whose.member_id, day), 0) >= definition.cap:
        return Decision(candidate, "cap", seen, whose)
    memory.last[candidate.subject_id] = (candidate.at, candidate.pattern.episode)
    memory.made[whose.member_id, day] = memory.made.get((whose.member_id, day), 0) + 1
    return Decision(candidate, "fired", seen, whose)
