"""The business's enumerations: words that mean the same in tables, rules, API and screens.

Values are stored as text and are a public contract: add to them, never rename one.
"""

from __future__ import annotations

from enum import StrEnum


class Direction(StrEnum):
    """Who acted: the customer (`in`), we (`out`), or it is a record of our own (`own`)."""

    IN = "in"
    OUT = "out"
    OWN = "own"


class Group(StrEnum):
    """How fast an event's weight fades: half-life and cap belong to the group."""

    PASSIVE = "passive"
    ACTIVE = "active"
    INTENT = "intent"


class Verdict(StrEnum):
    """Whether a person or a machine is behind an event."""

    HUMAN = "human"
    UNKNOWN = "unknown"
    PROXY_OPEN = "proxy_open"
    LIKELY_BOT = "likely_bot"
    BOT = "bot"

    @property
    def counts(self) -> bool:
        """True when the event may score and trigger: machines never do."""
        return self in COUNTED_VERDICTS


COUNTED_VERDICTS = (Verdict.HUMAN, Verdict.UNKNOWN)


class ActorKind(StrEnum):
    """What a sender may declare about who acted."""

    HUMAN = "human"
    MACHINE = "machine"


class Source(StrEnum):
    """The door an event came through."""

    API = "api"
    IMPORT = "import"
    SCREEN = "screen"
    SYSTEM = "system"


class PersonKind(StrEnum):
    """One table of people with two views: leads and contacts."""

    LEAD = "lead"
    CONTACT = "contact"


class SubjectKind(StrEnum):
    """What has a score."""

    PERSON = "person"
    ACCOUNT = "account"


class Band(StrEnum):
    """How warm a subject is, from the coldest."""

    COLD = "cold"
    COOL = "cool"
    WARM = "warm"
    HOT = "hot"


class UnknownSubjects(StrEnum):
    """What to do with an event whose account or person is not known yet."""

    CREATE = "create"
    REJECT = "reject"


class Topic(StrEnum):
    """Names shared by the outbox and by live messages."""

    EVENTS_RECORDED = "events.recorded"
    EVENTS = "events"
    EVENTS_CHANGED = "events.changed"
    MAIL = "mail"
    SCORES = "scores"
    CROSSINGS = "crossings"
    SCORES_REBUILT = "scores.rebuilt"
