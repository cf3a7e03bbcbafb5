"""Emptying the outbox: which topic is done by what."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from salescompass import actions, crm, events, imports, notifications, reactions, scoring
from salescompass.kit import jobs, live
from salescompass.kit.jobs import Claimed
from salescompass.vocabulary import Topic

log = logging.getLogger(__name__)


def drain(tenant_id: str, topic: str) -> None:
    """Do what is due in one topic of one tenant."""
    try:
        DRAINS[topic](UUID(tenant_id))
    except DBAPIError as error:
        if not jobs.is_passing(error):
            raise
        log.warning("drain of %s: the database is away, the sweeper wakes it again", topic)


def _drain_events(tenant_id: UUID) -> None:
    jobs.drain(tenant_id, Topic.EVENTS_RECORDED, _react_to_events, rows=200)


def _react_to_events(session: Session, rows: Sequence[Claimed]) -> None:
    reactions.events_recorded(session, events.from_payloads(row.payload for row in rows))


def _drain_changes(tenant_id: UUID) -> None:
    jobs.drain(tenant_id, Topic.EVENTS_CHANGED, _react_to_changes)


def _react_to_changes(session: Session, rows: Sequence[Claimed]) -> None:
    reactions.events_changed(session, events.changed_cells(row.payload for row in rows))


def _drain_records(tenant_id: UUID) -> None:
    jobs.drain(tenant_id, Topic.RECORDS_CHANGED, _react_to_records)


def _react_to_records(session: Session, rows: Sequence[Claimed]) -> None:
    named = {UUID(one) for row in rows for one in row.payload["accounts"]}
    reactions.records_changed(session, sorted(named))


def _drain_bulk_edits(tenant_id: UUID) -> None:
    jobs.drain(tenant_id, Topic.BULK_EDITS, _edit_in_bulk, rows=1)


def _edit_in_bulk(session: Session, rows: Sequence[Claimed]) -> None:
    for row in rows:
        crm.go_on_with_bulk_edit(session, bulk_edit_id=UUID(row.payload["bulk_edit"]))


def _drain_bulk_actions(tenant_id: UUID) -> None:
    jobs.drain(tenant_id, Topic.BULK_ACTIONS, _act_in_bulk, rows=1)


def _act_in_bulk(session: Session, rows: Sequence[Claimed]) -> None:
    for row in rows:
        actions.go_on_with_bulk(session, bulk_id=UUID(row.payload["bulk"]))


def _drain_rebuilds(tenant_id: UUID) -> None:
    jobs.drain(tenant_id, Topic.SCORES_REBUILT, _rebuild_scores)


def _rebuild_scores(session: Session, rows: Sequence[Claimed]) -> None:
    for row in rows:
        reactions.bands_crossed(session, scoring.go_on_publishing(session, row.payload).crossing_ids)


def _drain_moves(tenant_id: UUID) -> None:
    jobs.drain(tenant_id, Topic.RECORDS_MOVED, _tell_moves)


def _tell_moves(session: Session, rows: Sequence[Claimed]) -> None:
    for row in rows:
        reactions.records_moved(session, row.payload)


def _drain_due_lines(tenant_id: UUID) -> None:
    jobs.drain(tenant_id, Topic.NOTIFICATIONS_DUE, _show_due_lines)


def _show_due_lines(session: Session, rows: Sequence[Claimed]) -> None:
    live.publish(session, notifications.TOPIC, sorted({UUID(one) for row in rows for one in row.payload["members"]}))


def _drain_mail(tenant_id: UUID) -> None:
    jobs.deliver(tenant_id, Topic.MAIL, lambda row: notifications.deliver(tenant_id, row.id, row.payload))


def _work_on_imports(tenant_id: UUID) -> None:
    jobs.deliver(tenant_id, Topic.IMPORTS, lambda row: imports.work(tenant_id, UUID(row.payload["import"])), rows=1)


def _work_on_exports(tenant_id: UUID) -> None:
    jobs.deliver(
        tenant_id, Topic.EXPORTS, lambda row: imports.work_on_export(tenant_id, UUID(row.payload["export"])), rows=1
    )


DRAINS: dict[str, Callable[[UUID], object]] = {
    Topic.EVENTS_RECORDED: _drain_events,
    Topic.EVENTS_CHANGED: _drain_changes,
    Topic.RECORDS_CHANGED: _drain_records,
    Topic.SCORES_REBUILT: _drain_rebuilds,
    Topic.MAIL: _drain_mail,
    Topic.NOTIFICATIONS_DUE: _drain_due_lines,
    Topic.RECORDS_MOVED: _drain_moves,
    Topic.IMPORTS: _work_on_imports,
    Topic.EXPORTS: _work_on_exports,
    Topic.BULK_EDITS: _drain_bulk_edits,
    Topic.BULK_ACTIONS: _drain_bulk_actions,
}
