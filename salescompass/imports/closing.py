"""What follows once all deals of a file are in: accounts without owner take that of their deals."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import Session

from salescompass import crm
from salescompass.imports.kinds import Run
from salescompass.vocabulary import RecordKind

_AT_ONCE = 2000


def give_owners(session: Session, run: Run) -> int:
    """Give each account without owner that has deals of this import the owner of its latest open deal, else latest."""
    given = 0
    found = session.connection().execute(_OWNERS, {"batch": run.batch_id}).all()
    for start in range(0, len(found), _AT_ONCE):
        rows = [{"id": account_id, "owner_id": owner_id} for account_id, owner_id in found[start : start + _AT_ONCE]]
        outcomes = crm.upsert_records(
            session, run.actor, RecordKind.ACCOUNTS, rows,
            key="id", mode="update", batch_id=run.batch_id, now=run.now,
        )  # fmt: skip
        given += sum(one.status == "updated" for one in outcomes)
    return given


_OWNERS = text(
    "SELECT DISTINCT ON (opportunity.account_id) opportunity.account_id, opportunity.owner_id FROM opportunity "
    "JOIN account ON account.id = opportunity.account_id AND account.owner_id IS NULL AND account.deleted_at IS NULL "
    "WHERE opportunity.owner_id IS NOT NULL AND opportunity.deleted_at IS NULL AND opportunity.account_id IN ("
    "  SELECT mine.account_id FROM record_change JOIN opportunity mine ON mine.id = record_change.object_id "
    "  WHERE record_change.batch_id = :batch AND record_change.object_type = 'opportunity') "
    "ORDER BY opportunity.account_id, (opportunity.state = 'open') DESC, opportunity.opened_on DESC NULLS LAST, "
    "  opportunity.id DESC"
)
