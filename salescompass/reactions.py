"""What follows from recorded events: the product's story on one page.

An explicit list, in the order that matters. It runs in the transaction that acknowledges the batch, so what it writes
happens once; what leaves (live notes) leaves after commit and may be lost or repeated.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from salescompass import actions, events, notifications, rules, scoring, together
from salescompass.events import Cell, EventBatch
from salescompass.kit import clock, live
from salescompass.kit.database import hold
from salescompass.scoring import Drop
from salescompass.vocabulary import SubjectKind, Topic


def events_recorded(session: Session, batch: EventBatch) -> None:
    """Everything that follows from these events."""
    # Taken first: judging may take the lock on buckets, and whoever takes both takes them in this order.
    hold(session, "scores")
    events.count_days(session, batch)
    seen = events.glance(session, batch)
    if seen is None or events.BURST_TYPE in seen.types:
        events.judge_bursts(session, batch)
    bands_crossed(session, scoring.apply(session, batch).crossing_ids)
    actions.react(session, batch)
    rules.react(session, batch)
    live.publish(session, Topic.EVENTS, batch.ids, about=seen.records if seen else None)


def events_changed(session: Session, cells: Collection[Cell]) -> None:
    """Everything that follows when events of these days count otherwise than before: a verdict, a merge."""
    since: dict[tuple[SubjectKind, UUID], date] = {}
    for cell in sorted(cells, reverse=True):
        since[cell.kind, cell.subject_id] = cell.day
    bands_crossed(session, scoring.rescore(session, since).crossing_ids)


def records_changed(session: Session, account_ids: Collection[UUID]) -> None:
    """Everything that follows when other people belong to these accounts: they came, went, or were deleted."""
    accounts = [(SubjectKind.ACCOUNT, account_id) for account_id in account_ids]
    bands_crossed(session, scoring.rescore(session, accounts).crossing_ids)


def records_moved(session: Session, payload: Mapping[str, Any]) -> None:
    """Everything that follows when deals entered other stages, or records other hands."""
    together.records_moved(session, payload)


def bands_crossed(session: Session, crossing_ids: Sequence[UUID]) -> int:
    """Everything that follows when bands were left, by events or by time alone: each crossing comes here once."""
    crossings = scoring.crossings(session, ids=crossing_ids, limit=len(crossing_ids)) if crossing_ids else ()
    together.tell_hot(session, crossings, now=clock.now())
    if crossings:
        live.publish(session, Topic.CROSSINGS, [crossing.subject_id for crossing in crossings])
        rules.react_to_crossings(session, crossing_ids)
    return len(crossings)


def scores_dropped(session: Session, *, now: datetime) -> int:
    """Tell owners of accounts whose score fell sharply by the end of yesterday, each drop once. Returns how many."""
    midnight = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    told = 0
    for drop in scoring.drops(session, day=midnight.date() - timedelta(days=1)):
        title, body = _told_of(drop)
        about, subject = f"/accounts/{drop.account_id}", f"account:{drop.account_id} {midnight.date()}"
        told += len(
            notifications.tell(
                session, [drop.owner_id], "score_drop", subject=subject, title=title, body=body, link=about, once=True,
                now=now,
            )
        )  # fmt: skip
    return told


def _told_of(drop: Drop) -> tuple[str, str]:
    """What the owner of an account reads about its drop."""
    usual = f"A week usually changes it by {drop.usual:.0f}."
    people = ", ".join(f"{name} \N{MINUS SIGN}{-change:.0f}" for name, change in drop.people)
    return (
        f"{drop.name} fell from {drop.before:.0f} to {drop.after:.0f} in a week",
        f"{usual} Furthest fell {people}." if people else usual,
    )
