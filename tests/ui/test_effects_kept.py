"""Effects that colleagues ask for together: read once, by each tenant for itself, and anew after a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from sqlmodel import Session

from salescompass.events import FeedEntry
from salescompass.ui.effects_kept import SECONDS, kept

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
ENTRY = FeedEntry(
    id=uuid4(), type="proposal_viewed", occurred_at=AT, received_at=AT, account_id=None, person_id=None,
    opportunity_id=None, direction="in", channel="document", verdict="human", verdict_reasons=(), actor=None,
    source="api", duplicate_of=None, merged_into=None, properties={}, account_name=None, person_name=None,
)  # fmt: skip


def test_effects_are_read_once_a_moment_by_each_tenant_for_itself() -> None:
    ours, theirs, read = Session(), Session(), []
    ours.info["tenant_id"], theirs.info["tenant_id"] = uuid4(), uuid4()

    def effects(session: Session, *, entries: Sequence[FeedEntry]) -> int:
        read.append((session, entries))
        return len(read)

    assert kept(effects, ours, (ENTRY,), at=0.0) == 1
    assert kept(effects, ours, (ENTRY,), at=SECONDS - 0.1) == 1
    assert kept(effects, theirs, (ENTRY,), at=SECONDS - 0.1) == 2
    assert kept(effects, ours, (replace(ENTRY, verdict="bot"),), at=SECONDS - 0.1) == 3
    assert kept(effects, ours, (ENTRY, ENTRY), at=SECONDS - 0.1) == 4
    assert kept(effects, ours, (ENTRY,), at=SECONDS + 0.1) == 5
