"""Scores at the end of days gone by, as snapshots.

Each stored score says from which day on its snapshots are still to be written. At midnight that day lies in the past
by itself; a late event, or an import of old ones, moves it back. So there is one way in which snapshots are made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.kit import clock
from salescompass.scoring import store
from salescompass.scoring.configuration import Config
from salescompass.scoring.formula import WEIGHTS, account_score, person_score
from salescompass.scoring.versions import live_config
from salescompass.vocabulary import SubjectKind

Subject = tuple[SubjectKind, UUID]
DAYS_BACK = 400
VELOCITY_DAYS = 7
SOME = 500
WEEKLY_AFTER_DAYS = 730
"""Snapshots older than two years are kept for the last day of each week (Sunday) only."""
MOST_THINNED = 50_000


@dataclass(frozen=True, slots=True)
class DayScore:
    """A score at the end of a UTC day."""

    day: date
    value: float


def week_before(now: datetime) -> date:
    """The day whose end a velocity is measured from."""
    return now.astimezone(UTC).date() - timedelta(days=VELOCITY_DAYS)


def end_of(day: date) -> datetime:
    """24:00 of a UTC day."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def mark_stale(session: Session, since: Mapping[Subject, date], now: datetime) -> None:
    """Snapshots of these subjects are right only before these days."""
    today = now.astimezone(UTC).date()
    session.connection().execute(
        text(
            "UPDATE score SET stale_from = least(score.stale_from, c.day) "
            "FROM (SELECT * FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS uuid[]), CAST(:days AS date[])) "
            "      AS told (kind, id, day) UNION ALL "
            "      SELECT 'account', person.account_id, min(told.day) FROM unnest(CAST(:kinds AS text[]), "
            "      CAST(:ids AS uuid[]), CAST(:days AS date[])) AS told (kind, id, day) "
            "      JOIN person ON told.kind = 'person' AND person.id = told.id "
            "      WHERE person.account_id IS NOT NULL GROUP BY person.account_id) c "
            "WHERE score.subject_kind = c.kind AND score.subject_id = c.id "
            "AND (score.stale_from IS NULL OR score.stale_from > c.day)"
        ),
        {
            "kinds": [kind.value for kind, _ in since],
            "ids": [subject_id for _, subject_id in since],
            "days": [min(day, today) for day in since.values()],
        },
    )


def write_snapshots(session: Session, *, now: datetime | None = None, most: int = SOME) -> int:
    """Write the snapshots that are due, of so many subjects at most: people first, since accounts are made of them.

    Returns how many subjects were done; 0 when nothing is left to do.
    """
    store.lock(session)
    now = now or clock.now()
    today = now.astimezone(UTC).date()
    config = live_config(session)
    for kind in SubjectKind:
        found = session.connection().execute(
            text(
                "SELECT subject_id, stale_from FROM score WHERE subject_kind = :kind AND stale_from < :today "
                "ORDER BY stale_from, subject_id LIMIT :most"
            ),
            {"kind": kind.value, "today": today, "most": most},
        )
        due = {subject_id: max(day, today - timedelta(days=DAYS_BACK)) for subject_id, day in found}
        if due:
            _rewrite(session, config, kind, due, today)
            return len(due)
    return 0


def thin_snapshots(session: Session, *, now: datetime | None = None, most: int = MOST_THINNED) -> int:
    """Delete snapshots of more than two years ago but one a week, so many at most. Returns how many; 0 at the end.

    Days are looked for subject by subject, by the primary key: snapshots have no index by day alone.
    """
    today = (now or clock.now()).astimezone(UTC).date()
    done = session.connection().execute(
        text(
            "DELETE FROM score_snapshot s USING (SELECT score.subject_kind, score.subject_id, old.day "
            "  FROM score CROSS JOIN LATERAL (SELECT x.day FROM score_snapshot x "
            "    WHERE x.subject_kind = score.subject_kind AND x.subject_id = score.subject_id AND x.day < :until "
            "    AND extract(isodow FROM x.day) <> 7 OFFSET 0) old LIMIT :most) o "
            "WHERE s.subject_kind = o.subject_kind AND s.subject_id = o.subject_id AND s.day = o.day"
        ),
        {"until": today - timedelta(days=WEEKLY_AFTER_DAYS), "most": most},
    )
    return done.rowcount


def days(session: Session, kind: SubjectKind, subject_id: UUID, *, days: int, today: date) -> tuple[DayScore, ...]:
    """The scores at the end of the last so many days, oldest first; days without one are zero."""
    first = today - timedelta(days=days)
    found = session.connection().execute(
        text(
            "SELECT day, value FROM score_snapshot "
            "WHERE subject_kind = :kind AND subject_id = :id AND day >= :first AND day < :today"
        ),
        {"kind": kind.value, "id": subject_id, "first": first, "today": today},
    )
    known = {day: float(value) for day, value in found}
    return tuple(DayScore(day, known.get(day, 0.0)) for day in (first + timedelta(days=place) for place in range(days)))


def _rewrite(session: Session, config: Config, kind: SubjectKind, due: dict[UUID, date], today: date) -> None:
    ids, last = list(due), today - timedelta(days=1)
    # Room to sort some hundred people's days in memory.
    session.connection().execute(text("SET LOCAL work_mem = '64MB'"))
    given: dict[str, Any] = {"ids": ids, "days": list(due.values()), "kind": kind.value, "last": last}
    session.connection().execute(
        text(
            "DELETE FROM score_snapshot s USING unnest(CAST(:ids AS uuid[]), CAST(:days AS date[])) AS c (id, day) "
            "WHERE s.subject_kind = :kind AND s.subject_id = c.id AND s.day >= c.day"
        ),
        given,
    )
    values = _own_by_day(config) if kind is SubjectKind.PERSON else _accounts_by_day(config)
    session.connection().execute(
        text(
            "INSERT INTO score_snapshot (subject_kind, subject_id, day, value) "  # noqa: S608 - constants
            f"SELECT :kind, subject_id, day, value FROM ({values}) v WHERE value >= {store.LEAST}"
        ),
        {**given, **store.rule_table(config), **_numbers(config), "end": end_of(last)},
    )
    # Who has nothing left needs no look tomorrow: the next event brings it back.
    session.connection().execute(
        text(
            "UPDATE score SET stale_from = CASE WHEN value >= :least THEN CAST(:today AS date) END "
            "WHERE subject_kind = :kind AND subject_id = ANY(:ids)"
        ),
        {"least": store.LEAST, "today": today, "kind": kind.value, "ids": ids},
    )


def _numbers(config: Config) -> dict[str, Any]:
    named: dict[str, Any] = {"k": config.k, "weights": list(WEIGHTS)}
    for place, group in enumerate(config.groups):
        named |= {f"half{place}": group.half_life, f"cap{place}": group.cap}
    return named


_TOLD = "unnest(CAST(:ids AS uuid[]), CAST(:days AS date[])) AS told (id, day)"


def _own_by_day(config: Config) -> str:
    """Scores from subjects' own buckets at the end of each day, as a query with (subject_id, day, value).

    What buckets are worth at the end of the last day is added up from the first day on, and taken back to the end of
    each day: within a group everything fades at one speed. Half-lives are at least a day, so the numbers stay in range.

    Each subject's rows are fetched by the primary key, by its form, whatever the planner knows of the tables: after an
    import it knows nothing, and would choose a join that takes hours.
    """
    places = range(len(config.groups))
    nothing = ", ".join("0.0::float8" for _ in places)
    names = ", ".join(f"e{g}" for g in places)
    sums = ", ".join(
        f"CASE WHEN r.grp = {g} THEN {store.WORTH} * {store.fading('CAST(:end AS timestamptz)')} ELSE 0.0 END"
        for g in places
    )
    running = ", ".join(f"sum(sum(e{g})) OVER w AS e{g}" for g in places)
    whole = " + ".join(
        f"least(greatest(e{g} * power(2.0::float8, (CAST(:last AS date) - day) / CAST(:half{g} AS float8)), "
        f"-CAST(:cap{g} AS float8)), CAST(:cap{g} AS float8))"
        for g in places
    )
    return (
        "SELECT subject_id, day, "  # noqa: S608 - constants
        f"100.0 * (1.0 - exp(-greatest(0.0, {whole}) / CAST(:k AS float8))) AS value FROM ("
        f"SELECT subject_id, day, {running} FROM ("
        f"  SELECT told.id, generate_series(told.day, CAST(:last AS date), interval '1 day')::date, {nothing} "
        f"  FROM {_TOLD} UNION ALL "
        f"  SELECT told.id, greatest(b.day, told.day), {sums} FROM {_TOLD} CROSS JOIN LATERAL ("
        "    SELECT * FROM event_bucket b WHERE b.subject_kind = :kind AND b.subject_id = told.id "
        "    AND b.day <= :last OFFSET 0) b "
        f"  JOIN {store.RULES} ON r.rule = b.rule) c (subject_id, day, {names}) "
        "GROUP BY subject_id, day WINDOW w AS (PARTITION BY subject_id ORDER BY day)) s"
    )


def _accounts_by_day(config: Config) -> str:
    """Scores of accounts at the end of each day, from the snapshots of their people and from events of nobody's."""
    return (
        "SELECT subject_id, day, "  # noqa: S608 - constants
        "100.0 * (1.0 - exp(sum(ln(1.0 - (CAST(:weights AS float8[]))[place] * value / 100.0)))) AS value FROM ("
        "  SELECT subject_id, day, value, "
        "  row_number() OVER (PARTITION BY subject_id, day ORDER BY value DESC) AS place "
        f"  FROM (SELECT * FROM ({_own_by_day(config)}) own WHERE value > 0 UNION ALL "
        f"    SELECT told.id, s.day, s.value FROM {_TOLD} CROSS JOIN LATERAL ("
        "      SELECT person.id FROM person WHERE person.account_id = told.id "
        "      AND person.deleted_at IS NULL OFFSET 0) crew CROSS JOIN LATERAL ("
        "      SELECT * FROM score_snapshot s WHERE s.subject_kind = 'person' AND s.subject_id = crew.id "
        "      AND s.day >= told.day AND s.day <= :last OFFSET 0) s) one "
        f") ranked WHERE place <= {len(WEIGHTS)} GROUP BY subject_id, day"
    )


def past_score(
    session: Session, config: Config, kind: SubjectKind, crew: Sequence[UUID], own: UUID, day: date
) -> float:
    """The score at the end of a day, straight from the buckets."""
    end = end_of(day)
    mine = store.evidence_until(session, config, kind, [own], end).get(own)
    score = person_score(config, mine) if mine else 0.0
    if kind is SubjectKind.PERSON:
        return score
    people = store.evidence_until(session, config, SubjectKind.PERSON, crew, end)
    return account_score([score, *(person_score(config, raw) for raw in people.values())])
