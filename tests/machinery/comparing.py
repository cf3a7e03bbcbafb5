"""After a kill run: is everything there once, and are counts and scores what the events say?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest

from salescompass import scoring
from salescompass.kit.database import tenant_session
from salescompass.scoring.formula import account_score
from salescompass.vocabulary import SubjectKind
from tests.scoring.ledgers import Happening, long_way

from .conftest import House
from .story import Story


def compare(house: House, tenant: UUID, story: Story) -> None:
    """Compare the ledger with what was sent, the counts with the ledger, and the scores with both."""
    total, counting = story.total, sum(map(story.counts, story.numbers))
    assert house.sql("SELECT count(*), count(DISTINCT id) FROM event") == [(total, total)]
    assert house.sql("SELECT count(*) FROM event_key") == [(total,)]
    assert house.sql("SELECT count(DISTINCT email_norm), count(*) FROM person") == [_people(story)]
    counted = "SELECT person_id, day, n FROM person_day"
    told = (
        "SELECT person_id, (occurred_at AT TIME ZONE 'UTC')::date, count(*) FROM event "
        "WHERE person_id IS NOT NULL GROUP BY 1, 2"
    )
    assert house.sql(f"({counted} EXCEPT {told}) UNION ALL ({told} EXCEPT {counted})") == []
    assert house.sql("SELECT sum(n) FROM event_bucket") == [(counting,)]
    with tenant_session(tenant) as session:
        verified = scoring.verify(session)
    assert verified.ok, verified
    assert verified.waiting == 0, verified
    _compare_scores(house)


def _people(story: Story) -> tuple[int, int]:
    addresses = {body["contact"]["email"] for body in map(story.event, story.numbers) if "contact" in body}
    return len(addresses), len(addresses)


def _compare_scores(house: House) -> None:
    """Every stored score, as of its moment, against counting by the book from the raw events alone."""
    events: dict[object, list[Happening]] = {}
    for person, account, kind, at, counts in house.sql(
        "SELECT person_id, account_id, type, occurred_at, direction = 'in' AND verdict IN ('human', 'unknown') "
        "AND duplicate_of IS NULL AND merged_into IS NULL FROM event"
    ):
        assert isinstance(at, datetime)
        events.setdefault(person or account, []).append(Happening(str(kind), at, bool(counts)))
    crews: dict[object, list[object]] = {}
    for person, account in house.sql("SELECT id, account_id FROM person"):
        crews.setdefault(account, []).append(person)
    scores = house.sql("SELECT subject_kind, subject_id, value, as_of FROM score")
    scored = {subject for _, subject, _, _ in scores}
    assert scored >= {subject for subject, happened in events.items() if any(one.counts for one in happened)}
    for kind, subject, value, at in scores:
        assert isinstance(at, datetime)
        true = long_way(events.get(subject, ()), at)
        if kind == SubjectKind.ACCOUNT:
            true = account_score([true, *(long_way(events.get(one, ()), at) for one in crews.get(subject, ()))])
        assert value == pytest.approx(true, rel=1e-9, abs=1e-9), (kind, subject)
