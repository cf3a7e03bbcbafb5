"""A lead becomes a contact, at an account and perhaps with a deal. It stays the same record, so nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.crm.deal_people import set_deal_role
from salescompass.crm.editing import create_record, update_record
from salescompass.crm.lists import get_record
from salescompass.crm.storing import write_changes
from salescompass.crm.views import RecordView
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.errors import Conflict
from salescompass.vocabulary import DealRole, RecordKind


@dataclass(frozen=True)
class Converted:
    """What a lead became."""

    contact: RecordView
    account: RecordView | None
    opportunity: RecordView | None


def convert_lead(
    session: Session,
    actor: Actor,
    *,
    person_id: UUID,
    account_id: UUID | None = None,
    account: Mapping[str, Any] | None = None,
    opportunity: Mapping[str, Any] | None = None,
    version: int | None = None,
    now: datetime | None = None,
) -> Converted:
    """Make a contact of a lead, at the account named, or a new one with these fields, or the one it is at already.

    With `opportunity` a deal is opened for the account, with the contact as its champion and the lead's first source.
    """
    now = now or clock.now()
    # Locked first, and read as it is by then: of two who convert the lead at once the second is told.
    lead = update_record(session, actor, RecordKind.LEADS, person_id, {}, version=version, now=now)
    if lead.kind is not RecordKind.LEADS:
        raise Conflict(f"{lead.name} is a contact already")
    owner = lead["owner_id"]
    at = get_record(session, RecordKind.ACCOUNTS, account_id) if account_id else None
    if at is None and account is not None:
        at = create_record(session, actor, RecordKind.ACCOUNTS, {"owner_id": owner, **account}, now=now)
    if at is None and lead["account_id"]:
        at = get_record(session, RecordKind.ACCOUNTS, lead["account_id"])
    if at is not None:
        update_record(session, actor, RecordKind.LEADS, person_id, {"account_id": at.id}, now=now)
    _make_contact(session, actor, person_id, now)
    deal = None
    if opportunity is not None:
        beside = {"account_id": at.id if at else None, "owner_id": owner, "source": lead["source_original"]}
        deal = create_record(session, actor, RecordKind.OPPORTUNITIES, {**beside, **opportunity}, now=now)
        champion = DealRole.CHAMPION.value
        set_deal_role(session, actor, opportunity_id=deal.id, person_id=person_id, role=champion)
    return Converted(get_record(session, RecordKind.CONTACTS, person_id), at, deal)


def _make_contact(session: Session, actor: Actor, person_id: UUID, now: datetime) -> None:
    session.connection().execute(
        text(
            "UPDATE person SET kind = 'contact', converted_at = :now, updated_at = :now, "
            "row_version = row_version + 1 WHERE id = :id"
        ),
        {"id": person_id, "now": now},
    )
    write_changes(session, actor, "person", [(person_id, "converted", {"kind": ["lead", "contact"]})], now=now)
