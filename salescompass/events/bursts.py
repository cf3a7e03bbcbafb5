"""Clicks on all links of a message at once are a scanner's: found once the last of them is in, for all of them."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.events.batch import EventBatch
from salescompass.events.buckets import cell_of
from salescompass.events.corrections import tell_changed
from salescompass.events.verdict import BURST_LINKS, BURST_SPAN, BURST_TYPE, bursts
from salescompass.vocabulary import Verdict

# The people of the batch who clicked, and all their clicks about that time.
_CLICKS = text(
    "WITH mine AS MATERIALIZED (SELECT event.person_id, min(event.occurred_at) AS low, max(event.occurred_at) AS high "
    "  FROM unnest(CAST(:ids AS uuid[]), CAST(:times AS timestamptz[])) AS told (id, at) "
    "  JOIN event ON event.occurred_at = told.at AND event.id = told.id "
    "  WHERE event.occurred_at >= :low AND event.occurred_at <= :high AND event.type = :type "
    "  AND event.verdict = 'unknown' AND event.person_id IS NOT NULL GROUP BY event.person_id) "
    "SELECT event.person_id, event.account_id, event.occurred_at, event.id, "
    "  coalesce(event.properties ->> 'message_id', ''), coalesce(event.properties ->> 'url', '') "
    "FROM mine JOIN event ON event.person_id = mine.person_id AND event.occurred_at >= mine.low - :span "
    "AND event.occurred_at <= mine.high + :span WHERE event.occurred_at >= CAST(:low AS timestamptz) - :span "
    "AND event.occurred_at <= CAST(:high AS timestamptz) + :span AND event.type = :type "
    "AND event.verdict IN ('unknown', 'likely_bot') AND event.merged_into IS NULL"
)


def judge_bursts(session: Session, batch: EventBatch) -> int:
    """Call the clicks of a burst a machine's, also those that came before. Returns how many changed."""
    if not batch.ids:
        return 0
    found = session.connection().execute(
        _CLICKS,
        {
            "ids": batch.id_array,
            "times": batch.time_array,
            "low": min(batch.times),
            "high": max(batch.times),
            "type": BURST_TYPE,
            "span": BURST_SPAN,
        },
    )
    clicks: dict[tuple[UUID, str], list[tuple[datetime, UUID, str]]] = defaultdict(list)
    accounts: dict[UUID, tuple[UUID | None, UUID | None, datetime]] = {}
    for person_id, account_id, at, event_id, message, url in found:
        if url:
            clicks[person_id, message].append((at, event_id, url))
            accounts[event_id] = (person_id, account_id, at)
    burst = {event_id for one in clicks.values() if len(one) >= BURST_LINKS for event_id in bursts(one)}
    if not burst:
        return 0
    changed = session.connection().execute(
        text(
            "UPDATE event SET verdict = :verdict, verdict_reasons = jsonb_build_array(CAST(:reason AS text)) "
            "WHERE id = ANY(:ids) AND occurred_at >= :low AND occurred_at <= :high AND verdict = 'unknown' RETURNING id"
        ),
        {
            "verdict": Verdict.LIKELY_BOT.value,
            "reason": "many links of one message at once",
            "ids": list(burst),
            "low": min(accounts[event_id][2] for event_id in burst),
            "high": max(accounts[event_id][2] for event_id in burst),
        },
    )
    judged = list(changed.scalars())
    tell_changed(session, [cell for event_id in judged if (cell := cell_of(*accounts[event_id])) is not None])
    return len(judged)
