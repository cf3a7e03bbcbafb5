"""What follows from recorded events: the product's story on one page.

An explicit list, in the order that matters. It runs in the transaction that acknowledges the batch, so what it writes
happens once; what leaves (live notes) leaves after commit and may be lost or repeated.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlmodel import Session

from salescompass import events, scoring
from salescompass.events import Cell, EventBatch
from salescompass.kit import live
from salescompass.scoring import Scored
from salescompass.vocabulary import SubjectKind, Topic


def events_recorded(session: Session, batch: EventBatch) -> None:
    """Everything that follows from these events."""
    events.count_days(session, batch)
    events.judge_bursts(session, batch)
    scores_moved(session, scoring.apply(session, batch))
    live.publish(session, Topic.EVENTS, batch.ids)


def events_changed(session: Session, cells: Collection[Cell]) -> None:
    """Everything that follows when events of these days count otherwise than before: a verdict, a merge."""
    since: dict[tuple[SubjectKind, UUID], date] = {}
    for cell in sorted(cells, reverse=True):
        since[cell.kind, cell.subject_id] = cell.day
    scores_moved(session, scoring.rescore(session, since))


def scores_moved(session: Session, scored: Scored) -> None:
    """Everything that follows when scores were written, by events or by time: crossings are told here, once each."""
    if scored.crossings:
        live.publish(session, Topic.CROSSINGS, [crossing.subject_id for crossing in scored.crossings])
