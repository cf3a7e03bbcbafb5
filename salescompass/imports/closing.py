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


# Counted right after the rows came in, before anything is known of the tables: so the order of the steps is said.
_OWNERS = text(
    "WITH mine AS MATERIALIZED ("
    "  SELECT object_id FROM record_change WHERE batch_id = :batch AND object_type = 'opportunity'), "
    "touched AS MATERIALIZED ("
    "  SELECT DISTINCT opportunity.account_id FROM mine JOIN opportunity ON opportunity.id = mine.object_id) "
    "SELECT DISTINCT ON (opportunity.account_id) opportunity.account_id, opportunity.owner_id FROM touched "
    "JOIN account ON account.id = touched.account_id AND account.owner_id IS NULL AND account.deleted_at IS NULL "
    "JOIN opportunity ON opportunity.account_id = touched.account_id "
    "WHERE opportunity.owner_id IS NOT NULL AND opportunity.deleted_at IS NULL "
    "ORDER BY opportunity.account_id, (opportunity.state = 'open') DESC, opportunity.opened_on DESC NULLS LAST, "
    "  opportunity.id DESC"
)
