"""The letter of the day: what a member wants to hear of once a day, gathered, each line in one letter only."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.kit import jobs
from salescompass.vocabulary import Topic

MOST_LINES = 30


def send_digests(session: Session, *, now: datetime) -> int:
    """Put the letters that fall due into the outbox; returns how many. Whoever runs at the same time finds none."""
    rows = session.connection().execute(_DUE, {"now": now}).all()
    lines: dict[UUID, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: (one.created_at, one.id)):
        lines[row.membership_id].append(str(row.id))
    jobs.put_many(
        session,
        Topic.MAIL,
        [
            {"letter": "digest", "member_id": str(member), "lines": ids[:MOST_LINES], "more": len(ids[MOST_LINES:])}
            for member, ids in lines.items()
        ],
    )
    return len(lines)


_DUE = text(
    "UPDATE notification SET mail = 'sent' WHERE mail = 'digest' AND membership_id IN "
    "(SELECT membership_id FROM notification WHERE mail = 'digest' AND mail_at <= :now) AND mail_at <= :now "
    "RETURNING id, membership_id, created_at"
)
