"""The event ledger: what happened, to whom, told once. Append-only and idempotent."""

from salescompass.events.batch import EventBatch, from_payloads
from salescompass.events.buckets import (
    BucketCheck,
    Cell,
    check_buckets,
    counted_as,
    recount_cells,
    rules_in_force,
)
from salescompass.events.bursts import BURST_TYPE, judge_bursts
from salescompass.events.catalog import BUILT_IN, EventType
from salescompass.events.corrections import changed_cells, merge, release, set_verdict, unmerge
from salescompass.events.days import count_days, events_on, people_active
from salescompass.events.fields import FIELDS
from salescompass.events.folding import fold_repeats
from salescompass.events.history import Happening, Remembered, record_history
from salescompass.events.importer import IMPORTER
from salescompass.events.lanes import (
    NOISE,
    SIGNALS,
    DayCount,
    LaneCounts,
    Lens,
    concerns,
    day_counts,
    entries,
    lane_counts,
    newer_entries,
)
from salescompass.events.queries import (
    FeedEntry,
    entry_of,
    event,
    event_by_id,
    events_at,
    feed,
    glance,
    newer_count,
)
from salescompass.events.recounting import Reached, Recounted, recount_all, recount_types, set_rules
from salescompass.events.registry import TypeFields, retire_type, save_type, type_use, types
from salescompass.events.rules import OPERATORS, Condition, NarrowRule, Rules, read_conditions
from salescompass.events.service import Outcome, Recorded, record, record_bodies, record_many
from salescompass.events.slips import take_back
from salescompass.events.touches import Touches, touches
from salescompass.events.validation import EventBody, EventIn, hash_of, pointer, read_event

__all__ = [
    "BUILT_IN",
    "BURST_TYPE",
    "FIELDS",
    "IMPORTER",
    "NOISE",
    "OPERATORS",
    "SIGNALS",
    "BucketCheck",
    "Cell",
    "Condition",
    "DayCount",
    "EventBatch",
    "EventBody",
    "EventIn",
    "EventType",
    "FeedEntry",
    "Happening",
    "LaneCounts",
    "Lens",
    "NarrowRule",
    "Outcome",
    "Reached",
    "Recorded",
    "Recounted",
    "Remembered",
    "Rules",
    "Touches",
    "TypeFields",
    "changed_cells",
    "check_buckets",
    "concerns",
    "count_days",
    "counted_as",
    "day_counts",
    "entries",
    "entry_of",
    "event",
    "event_by_id",
    "events_at",
    "events_on",
    "feed",
    "fold_repeats",
    "from_payloads",
    "glance",
    "hash_of",
    "judge_bursts",
    "lane_counts",
    "merge",
    "newer_count",
    "newer_entries",
    "people_active",
    "pointer",
    "read_conditions",
    "read_event",
    "record",
    "record_bodies",
    "record_history",
    "record_many",
    "recount_all",
    "recount_cells",
    "recount_types",
    "release",
    "retire_type",
    "rules_in_force",
    "save_type",
    "set_rules",
    "set_verdict",
    "take_back",
    "touches",
    "type_use",
    "types",
    "unmerge",
]
