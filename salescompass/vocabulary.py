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


class PersonStatus(StrEnum):
    """Whether a person can still be reached where we know them."""

    ACTIVE = "active"
    LEFT = "left"
    BOUNCED = "bounced"


class Lifecycle(StrEnum):
    """What a company is to us."""

    PROSPECT = "prospect"
    CUSTOMER = "customer"
    FORMER = "former"
    PARTNER = "partner"
    OTHER = "other"


class RecordKind(StrEnum):
    """Kinds of records, as paths, files and lists call them. Leads and contacts are people."""

    ACCOUNTS = "accounts"
    CONTACTS = "contacts"
    LEADS = "leads"
    OPPORTUNITIES = "opportunities"
    PRODUCTS = "products"


class StageKind(StrEnum):
    """Whether a deal in a stage is still open."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class DealType(StrEnum):
    """What a deal adds."""

    NEW = "new"
    RENEWAL = "renewal"
    EXPANSION = "expansion"


class DealRole(StrEnum):
    """A person's part in a deal."""

    CHAMPION = "champion"
    ECONOMIC = "economic"
    TECHNICAL = "technical"
    USER = "user"
    BLOCKER = "blocker"


class ActionState(StrEnum):
    """Where an action stands in its life."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    SNOOZED = "snoozed"
    DONE = "done"
    DISMISSED = "dismissed"
    EXPIRED = "expired"


OPEN_ACTION_STATES = (ActionState.PROPOSED, ActionState.ACCEPTED, ActionState.IN_PROGRESS, ActionState.SNOOZED)


class ActionVerb(StrEnum):
    """A step in an action's life."""

    PROPOSE = "propose"
    CREATE = "create"
    EDIT = "edit"
    COMMENT = "comment"
    ACCEPT = "accept"
    START = "start"
    COMPLETE = "complete"
    SNOOZE = "snooze"
    WAKE = "wake"
    DISMISS = "dismiss"
    EXPIRE = "expire"
    ASSIGN = "assign"
    OFFER = "offer"
    TAKE = "take"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    TIME_OUT = "time_out"
    HAND_BACK = "hand_back"
    UNDO = "undo"


class ActionSource(StrEnum):
    """What made an action."""

    PERSON = "person"
    RULE = "rule"
    EVENT = "event"
    FOLLOW_UP = "follow_up"


class ActionKind(StrEnum):
    """What is to be done."""

    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"
    MESSAGE = "message"
    TASK = "task"


class Outcome(StrEnum):
    """How a completed action went."""

    CONNECTED = "connected"
    NO_ANSWER = "no_answer"
    POSITIVE = "positive"
    NEGATIVE = "negative"
    NOT_RELEVANT = "not_relevant"


class DismissReason(StrEnum):
    """Why an action is not done."""

    NOT_RELEVANT = "not_relevant"
    ALREADY_DONE = "already_done"
    BAD_TIMING = "bad_timing"
    WRONG_PERSON = "wrong_person"
    NOT_MINE = "not_mine"
    CANCELLED = "cancelled"


class DelegationState(StrEnum):
    """What became of an offer to take an action over."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    TIMED_OUT = "timed_out"
    HANDED_BACK = "handed_back"


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
    EVENTS_STORED = "events.stored"
    EVENTS_CHANGED = "events.changed"
    MAIL = "mail"
    NOTIFICATIONS_DUE = "notifications.due"
    SCORES = "scores"
    CROSSINGS = "crossings"
    SCORES_REBUILT = "scores.rebuilt"
    IMPORTS = "imports"
    EXPORTS = "exports"
    RECORDS_CHANGED = "records.changed"
    RECORDS_MOVED = "records.moved"
    RECORDS = "records"
    BULK_EDITS = "bulk.edits"
    ACCESS = "access"
    ACTIONS = "actions"
    BULK_ACTIONS = "bulk.actions"
