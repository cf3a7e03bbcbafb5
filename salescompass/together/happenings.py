"""What followers and owners hear of: deals that move, records that change hands, what becomes hot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass import crm, identity, notifications
from salescompass.crm import Ownership, Sight
from salescompass.models import Account, Membership, Opportunity, Person, Stage
from salescompass.scoring import CrossingView
from salescompass.together.followers import followers_of
from salescompass.together.objects import RECORDS
from salescompass.vocabulary import Band

_FRESH = timedelta(days=1)
"""What happened longer ago was brought in by a file: nobody is told of it as news."""
_NAMED: dict[str, Any] = {"account": Account, "person": Person, "opportunity": Opportunity}


def tell_hot(session: Session, crossings: Sequence[CrossingView], *, now: datetime) -> None:
    """Tell the owners of accounts that have become hot, and the followers of accounts and people that have."""
    for one in crossings:
        if one.to_band != Band.HOT or one.at < now - _FRESH:
            continue
        kind, subject_id = one.kind.value, one.subject_id
        name, whose = _of(session, kind, [subject_id]).get(subject_id, ("", None))
        if whose is None:
            continue
        told: dict[str, Any] = {"link": f"{RECORDS[kind]}/{subject_id}", "now": now, "subject": f"hot:{subject_id}"}
        body, owners = (
            f"The score is {one.score:.0f}.",
            {whose.owner_id} if kind == "account" and whose.owner_id else set(),
        )
        notifications.tell(session, owners, "hot_signal", title=f"{name} is hot", body=body, **told)
        hear = followers_of(session, kind, [subject_id])[subject_id] - owners
        hear = _who_sees(session, hear, kind, whose)
        notifications.tell(session, hear, "followed", title=f"{name} is hot", body=body, **told)


def records_moved(session: Session, payload: Mapping[str, Any]) -> None:
    """Tell followers of stages and owners that changed, and the new owners what became theirs."""
    kind, by = payload["type"], UUID(payload["by"]) if payload["by"] else None
    changes = [(UUID(one), field, after) for one, field, after in payload["changes"]]
    known = _of(session, kind, {one for one, _, _ in changes})
    following = followers_of(session, kind, known)
    stages, owners = _words(session, changes)
    given: dict[UUID, list[UUID]] = defaultdict(list)
    for record_id, field, after in changes:
        if record_id not in known:
            continue
        name, whose = known[record_id]
        new_owner = UUID(after) if field == "owner_id" and after else None
        if new_owner is not None:
            given[new_owner].append(record_id)
        what = (
            f"is {owners.get(after, 'nobody')}’s now" if field == "owner_id" else f"is in {stages.get(after, '?')} now"
        )
        hear = _who_sees(session, following[record_id] - {new_owner}, kind, whose)
        notifications.tell(
            session, hear, "followed", subject=f"{field}:{record_id}", title=f"{name} {what}",
            body=f"by {payload['who']}", link=f"{RECORDS[kind]}/{record_id}", by=by,
        )  # fmt: skip
    for owner, ids in given.items():
        name = known[ids[0]][0]
        more = f" and {len(ids) - 1} more" if len(ids) > 1 else ""
        notifications.tell(
            session, [owner], "record_assigned", subject=f"owner:{kind if more else ids[0]}",
            title=f"{name}{more} became yours", body=f"by {payload['who']}", link=f"{RECORDS[kind]}/{ids[0]}", by=by,
        )  # fmt: skip


def _of(session: Session, kind: str, ids: Collection[UUID]) -> dict[UUID, tuple[str, Ownership]]:
    """The live ones of these records: what they are called, and whose they are."""
    table = _NAMED[kind]
    query = select(table.id, table.name).where(col(table.id).in_(list(ids)), col(table.deleted_at).is_(None))
    names, whose = dict(session.exec(query).all()), crm.ownerships(session, kind, ids)
    return {one: (name, whose[one]) for one, name in names.items()}


def _who_sees(session: Session, members: Collection[UUID], kind: str, whose: Ownership) -> set[UUID]:
    if not members:
        return set()
    return {
        one.id
        for one in identity.colleagues(session, members)
        if "records.read" in one.permissions and Sight(kind, one.reach.owners(kind)).takes_in(whose)
    }


def _words(session: Session, changes: Sequence[tuple[UUID, str, Any]]) -> tuple[dict[str, str], dict[str, str]]:
    """The names of the stages and of the owners that these changes lead to."""
    found = []
    for table, field in ((Stage, "stage_id"), (Membership, "owner_id")):
        ids = [UUID(after) for _, name, after in changes if name == field and after]
        rows = session.exec(select(table.id, table.name).where(col(table.id).in_(ids))).all() if ids else []
        found.append({str(one): name for one, name in rows})
    return found[0], found[1]
