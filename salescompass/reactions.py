"""What follows from recorded events: the product's story on one page.

An explicit list, in the order that matters. It runs in the transaction that acknowledges the batch, so what it writes
happens once; what leaves (live notes) leaves after commit and may be lost or repeated.
"""

from __future__ import annotations

from sqlmodel import Session

from salescompass import events
from salescompass.events import EventBatch
from salescompass.kit import live
from salescompass.vocabulary import Topic


def events_recorded(session: Session, batch: EventBatch) -> None:
    """Everything that follows from these events."""
    events.count_days(session, batch)
    live.publish(session, Topic.EVENTS, batch.ids)
