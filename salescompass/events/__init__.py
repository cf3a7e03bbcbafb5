"""The event ledger: what happened, to whom, told once. Append-only and idempotent."""

from salescompass.events.batch import EventBatch, from_payloads
from salescompass.events.catalog import BUILT_IN, EventType
from salescompass.events.days import count_days, events_on, people_active
from salescompass.events.importer import IMPORTER
from salescompass.events.queries import FeedEntry, event, feed, newer_count
from salescompass.events.rules import OPERATORS, Condition, NarrowRule, Rules, read_conditions
from salescompass.events.service import Outcome, Recorded, record, record_many
from salescompass.events.validation import EventBody, EventIn, hash_of, pointer, read_event

__all__ = [
    "BUILT_IN",
    "IMPORTER",
    "OPERATORS",
    "Condition",
    "EventBatch",
    "EventBody",
    "EventIn",
    "EventType",
    "FeedEntry",
    "NarrowRule",
    "Outcome",
    "Recorded",
    "Rules",
    "count_days",
    "event",
    "events_on",
    "feed",
    "from_payloads",
    "hash_of",
    "newer_count",
    "people_active",
    "pointer",
    "read_conditions",
    "read_event",
    "record",
    "record_many",
]
