"""What others must hear when records change: open pages, and the scores of accounts whose people come or go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import Session

from salescompass.crm.drafts import Draft
from salescompass.crm.record_fields import RecordType
from salescompass.kit import jobs, live
from salescompass.vocabulary import Topic

_MOST = 500


def tell_changed(session: Session, of: RecordType, drafts: Sequence[Draft]) -> None:
    """Tell what these changes mean for others."""
    changed = [one for one in drafts if one.new or one.now != one.before or one.customs or one.tags is not None]
    if not changed:
        return
    live.publish(session, Topic.RECORDS, [one.id for one in changed])
    if of.object_type == "person":
        moved = [one for one in changed if not one.new and one.now.get("account_id") != one.before.get("account_id")]
        tell_accounts(
            session, {one for draft in moved for one in (draft.before["account_id"], draft.now["account_id"])}
        )


def tell_accounts(session: Session, account_ids: Collection[UUID | None]) -> None:
    """Other people belong to these accounts from now on: their scores are made anew."""
    ids = sorted(str(one) for one in account_ids if one is not None)
    if ids:
        payloads = [{"accounts": list(some)} for some in _parts(ids)]
        jobs.put_many(session, Topic.RECORDS_CHANGED, payloads)


def _parts(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + _MOST] for start in range(0, len(ids), _MOST)]
