"""What others must hear when records change: open pages, followers, scores of accounts whose people come or go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass.crm.drafts import Draft
from salescompass.crm.record_fields import RecordType
from salescompass.identity import Actor
from salescompass.kit import jobs, live
from salescompass.models import Follower
from salescompass.vocabulary import Topic

_MOST = 500
_TOLD, _FOLLOWED = ("stage_id", "owner_id"), ("account", "person", "opportunity")


def tell_changed(session: Session, actor: Actor, of: RecordType, drafts: Sequence[Draft]) -> None:
    """Tell what these changes mean for others."""
    changed = [one for one in drafts if one.new or one.now != one.before or one.customs or one.tags is not None]
    if not changed:
        return
    live.publish(session, Topic.RECORDS, [one.id for one in changed])
    _tell_moved(session, actor, of, [one for one in changed if not one.new])
    if of.object_type == "person":
        moved = [one for one in changed if not one.new and one.now.get("account_id") != one.before.get("account_id")]
        tell_accounts(
            session, {one for draft in moved for one in (draft.before["account_id"], draft.now["account_id"])}
        )


def _tell_moved(session: Session, actor: Actor, of: RecordType, drafts: Sequence[Draft]) -> None:
    """Stages and owners that changed, where somebody waits to hear of it: a follower, or the new owner."""
    moved = [
        (one.id, field, one.now[field])
        for one in drafts
        for field in _TOLD
        if field in one.now and one.now[field] != one.before.get(field)
    ]
    if not moved or of.object_type not in _FOLLOWED:
        return
    query = select(Follower.object_id).where(
        Follower.object_type == of.object_type, col(Follower.object_id).in_({one for one, _, _ in moved})
    )
    followed = set(session.exec(query))
    heard = [
        [str(one), field, str(after) if after else None]
        for one, field, after in moved
        if one in followed or (field == "owner_id" and after not in (None, actor.member_id))
    ]
    told = {"type": of.object_type, "by": str(actor.member_id) if actor.member_id else None, "who": actor.name}
    parts = [heard[start : start + _MOST] for start in range(0, len(heard), _MOST)]
    jobs.put_many(session, Topic.RECORDS_MOVED, [{**told, "changes": part} for part in parts])


def tell_accounts(session: Session, account_ids: Collection[UUID | None]) -> None:
    """Other people belong to these accounts from now on: their scores are made anew."""
    ids = sorted(str(one) for one in account_ids if one is not None)
    if ids:
        payloads = [{"accounts": list(some)} for some in _parts(ids)]
        jobs.put_many(session, Topic.RECORDS_CHANGED, payloads)


def _parts(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + _MOST] for start in range(0, len(ids), _MOST)]
