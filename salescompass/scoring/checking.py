"""Are the stored scores what the ledger says? For `doctor`, and for whoever rebuilds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from salescompass import events
from salescompass.kit import clock
from salescompass.scoring import store
from salescompass.scoring.formula import account_score, days_between, later, person_score
from salescompass.scoring.service import Scored, rescore_all
from salescompass.scoring.timing import TOLERANCE
from salescompass.scoring.versions import live_config, row_in
from salescompass.vocabulary import SubjectKind, Topic

EXACT = 1e-9


@dataclass(frozen=True)
class Verified:
    """What a check found. `late`: stored values that are further off than half a point.

    While events are `waiting` to be reacted to, scores may rightly be behind their buckets; while one is `publishing` a
    version, some buckets may still count by the rules before.
    """

    subjects: int
    wrong_buckets: int
    wrong_scores: int
    late: int
    waiting: int = 0
    publishing: bool = False

    @property
    def ok(self) -> bool:
        """True when nothing is wrong."""
        buckets_fit = self.publishing or not self.wrong_buckets
        return buckets_fit and (self.waiting > 0 or not (self.wrong_scores or self.late))


def verify(session: Session, *, now: datetime | None = None) -> Verified:
    """Compare buckets with the ledger, and stored scores with the buckets."""
    store.lock(session)
    now, config = now or clock.now(), live_config(session)
    subjects = wrong = late = 0
    for kind in SubjectKind:
        for ids in store.chunks(store.subjects_with_buckets(session, kind)):
            found = store.stored(session, kind, ids)
            crews = store.crew_evidence(session, ids) if kind is SubjectKind.ACCOUNT else {}
            true = store.evidence(session, config, kind, ids, now)
            for one in ids:
                subjects += 1
                own = true.get(one, [0.0] * len(config.groups))
                known = found.get(one)
                if known is None:
                    wrong += 1
                    continue
                kept = later(config, known.raw, days_between(known.as_of, now))
                wrong += not all(
                    math.isclose(a, b, rel_tol=EXACT, abs_tol=EXACT) for a, b in zip(kept, own, strict=True)
                )
                crew = [later(config, raw, days_between(at, now)) for raw, at in crews.get(one, ())]
                value = person_score(config, own)
                if kind is SubjectKind.ACCOUNT:
                    value = account_score([value, *(person_score(config, raw) for raw in crew)])
                late += abs(value - known.value) > TOLERANCE + 0.05
    publishing = row_in(session, "publishing") is not None
    return Verified(subjects, events.check_buckets(session).wrong, wrong, late, _waiting(session), publishing)


def _waiting(session: Session) -> int:
    found = session.connection().execute(
        text("SELECT count(*) FROM outbox WHERE topic = ANY(:topics) AND dead_at IS NULL"),
        {"topics": [Topic.EVENTS_RECORDED.value, Topic.EVENTS_CHANGED.value, Topic.SCORES_REBUILT.value]},
    )
    return int(found.scalar_one())


def rebuild(session: Session, *, now: datetime | None = None) -> Scored:
    """Make every bucket anew from the ledger, then every score from the buckets."""
    session.connection().execute(text("SET LOCAL statement_timeout = '1h'"))
    store.lock(session)
    events.recount_all(session)
    return rescore_all(session, now=now)
