"""The whole page of an account or a person, read in one transaction: score, facts, deals, notes, changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from salescompass import crm
from salescompass.identity import Actor
from salescompass.kit.pagination import Page
from salescompass.ui import routes
from salescompass.ui.clock_words import day_of, zone_of
from salescompass.ui.components.notes import ChangeLook
from salescompass.ui.deal_words import DealsLook, deals_look, parts_of
from salescompass.ui.record.view import RecordLook, record_look
from salescompass.ui.record_beside import BesideLook, beside_of
from salescompass.ui.record_story import Around, PlannedRow, around_of, planned
from salescompass.vocabulary import RecordKind, SubjectKind

_MOST_BELOW = 50


@dataclass(frozen=True)
class WholeLook:
    """Everything about an account or a person. `below` are the names and pages of an account's own accounts."""

    record: RecordLook
    beside: BesideLook
    changes: Page[ChangeLook]
    deals: DealsLook
    around: Around
    planned: list[PlannedRow] = field(default_factory=list)
    below: list[tuple[str, str]] = field(default_factory=list)


def whole_look(session: Session, actor: Actor, *, kind: SubjectKind, record_id: UUID, now: datetime) -> WholeLook:
    """The page of a record. Raises NotFound, also for another tenant's and one out of reach."""
    an_account = kind is SubjectKind.ACCOUNT
    record = crm.get_record(session, RecordKind.ACCOUNTS if an_account else RecordKind.CONTACTS, record_id)
    whose = {"account_id" if an_account else "person_id": record_id}
    deals = crm.deals_of(session, **whose)
    beside, changes = beside_of(session, actor, record)
    look = record_look(session, actor, kind=kind, record=record, parts=parts_of(deals), now=now)
    people = {UUID(one.id): one.name for one in (*look.people, *look.others)}
    return WholeLook(
        look,
        beside,
        changes,
        deals_look(deals, now=now, person_id=None if an_account else record_id),
        around_of(record, kind.value, deals, people),
        planned(deals, today=day_of(now, zone_of(actor.zone))),
        _below(session, record_id) if an_account else [],
    )


def _below(session: Session, account_id: UUID) -> list[tuple[str, str]]:
    parent = crm.RECORD_TYPES[RecordKind.ACCOUNTS].table.c.parent_id
    found = crm.list_records(
        session, RecordKind.ACCOUNTS, where=parent == account_id, sort="name", limit=_MOST_BELOW
    ).items  # fmt: skip
    return [(one.name, routes.account(str(one.id))) for one in found]
