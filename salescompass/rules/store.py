"""The rows of rules: which are live, what they did before, and what is noted of a round."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlmodel import Session, col, select

from salescompass import events
from salescompass.conditions import Catalogue
from salescompass.kit.database import fetch
from salescompass.kit.errors import NotFound
from salescompass.kit.ids import new_id
from salescompass.models import Rule, RuleVersion
from salescompass.rules.deciding import Decision, Memory
from salescompass.rules.definition import Definition
from salescompass.rules.reading import read_definition

LOCK = "rules"
"""Taken after "scores" and "buckets": who decides holds it, so cooldowns and caps are seen by one at a time."""
KEPT = timedelta(days=91)
"""What rules did is kept for 90 days, a cooldown's longest time."""


@dataclass(frozen=True)
class LiveRule:
    """A rule in force."""

    id: UUID
    version: int
    name: str
    definition: Definition


@dataclass(frozen=True)
class Known:
    """What the reading of rules needs of a tenant."""

    catalogue: Catalogue
    types: frozenset[str]

    def read(self, stored: Any) -> Definition:
        """A stored rule. Raises Invalid when something that it names is there no more."""
        return read_definition(stored, catalogue=self.catalogue, types=self.types)


def known(session: Session, catalogue: Catalogue) -> Known:
    """What this tenant's rules may name."""
    return Known(catalogue, frozenset(events.types(session)))


def live_ids(session: Session, kind: str) -> dict[UUID, frozenset[str]]:
    """The live rules of a kind of trigger with their types of events: asked for every batch, so it is a glance."""
    found = fetch(session, "SELECT id, types FROM rule WHERE state = 'live' AND trigger_kind = %s", (kind,))
    return {rule_id: frozenset(types) for rule_id, types in found}


def live_rows(session: Session, ids: Collection[UUID]) -> list[tuple[Rule, RuleVersion]]:
    """Rules in force with their version, the most important first."""
    found = session.exec(
        select(Rule, RuleVersion)
        .join(RuleVersion, col(RuleVersion.rule_id) == col(Rule.id))
        .where(col(Rule.id).in_(list(ids)), col(Rule.state) == "live")
        .where(col(RuleVersion.version) == col(Rule.live_version))
    )
    return sorted(found, key=lambda pair: (-int(pair[1].definition.get("priority", 50)), pair[0].id))


def rule_row(session: Session, rule_id: UUID) -> Rule:
    """A rule. Raises NotFound."""
    row = session.exec(select(Rule).where(col(Rule.id) == rule_id)).first()
    if row is None:
        raise NotFound("there is no such rule")
    return row


def version_row(session: Session, rule_id: UUID, version: int) -> RuleVersion:
    """A version of a rule. Raises NotFound."""
    wanted = select(RuleVersion).where(col(RuleVersion.rule_id) == rule_id, col(RuleVersion.version) == version)
    row = session.exec(wanted).first()
    if row is None:
        raise NotFound("there is no such version")
    return row


def memory_of(
    session: Session, rule_id: UUID, ids: Collection[UUID], *, cooldown_days: int, at: datetime, zone: ZoneInfo
) -> Memory:
    """When the rule fired for these records last, and how many actions each member got of it today."""
    last = fetch(
        session,
        "SELECT DISTINCT ON (subject_id) subject_id, at, trace ->> 'episode' FROM rule_run "
        "WHERE rule_id = %s AND subject_id = ANY(%s) AND result = 'fired' AND at > %s ORDER BY subject_id, at DESC",
        (rule_id, list(ids), at - KEPT),
    )
    day = at.astimezone(zone).date()
    begins = datetime(day.year, day.month, day.day, tzinfo=zone)
    made = fetch(
        session,
        "SELECT member_id, count(*) FROM rule_run WHERE rule_id = %s AND result = 'fired' AND at >= %s AND at < %s "
        "GROUP BY member_id",
        (rule_id, begins, begins + timedelta(days=1)),
    )
    counts: dict[tuple[UUID | None, date], int] = {(member_id, day): n for member_id, n in made}
    return Memory({one: (fired, episode or "") for one, fired, episode in last}, counts)


def note_runs(session: Session, rule: LiveRule, rows: Iterable[tuple[Decision, UUID | None, dict[str, Any]]]) -> None:
    """Keep what a rule did, and what held it back, each with its trace."""
    kept = [
        {
            "id": new_id(), "rule": rule.id, "version": rule.version, "at": one.candidate.at,
            "kind": rule.definition.subject, "subject": one.candidate.subject_id, "result": one.result,
            "action": action_id, "member": one.whose.member_id, "depth": one.candidate.depth,
            "evidence": Jsonb([str(event) for event in one.candidate.pattern.evidence]), "trace": Jsonb(trace),
        }
        for one, action_id, trace in rows
    ]  # fmt: skip
    if kept:
        session.connection().execute(_RUN, kept)


def note_pass(
    session: Session, rule: LiveRule, at: datetime, *, now: datetime, looked: int, decisions: Sequence[Decision]
) -> None:
    """Count a round: a daily pass has a row of its own, what came by itself one an hour."""
    matched = sum(one.result not in ("conditions", "loop") for one in decisions)
    given = {
        "rule": rule.id, "at": at, "version": rule.version, "looked": looked, "matched": matched, "now": now,
        "made": sum(one.result == "fired" for one in decisions),
    }  # fmt: skip
    session.connection().execute(_PASS, given)


def forget_runs(session: Session, *, now: datetime) -> None:
    """Delete what rules did more than 90 days ago."""
    for table in ("rule_run", "rule_pass"):
        old = text(f"DELETE FROM {table} WHERE at < :before")  # noqa: S608 - constants
        session.connection().execute(old, {"before": now - KEPT})


_RUN = text(
    "INSERT INTO rule_run (id, rule_id, version, at, subject_kind, subject_id, result, action_id, member_id, depth, "
    "evidence, trace) VALUES (:id, :rule, :version, :at, :kind, :subject, :result, :action, :member, :depth, "
    ":evidence, :trace)"
)
_PASS = text(
    "INSERT INTO rule_pass (rule_id, at, version, looked, matched, made, last_at) "
    "VALUES (:rule, :at, :version, :looked, :matched, :made, :now) ON CONFLICT (tenant_id, rule_id, at) DO UPDATE SET "
    "looked = rule_pass.looked + excluded.looked, matched = rule_pass.matched + excluded.matched, "
    "made = rule_pass.made + excluded.made, last_at = excluded.last_at, version = excluded.version"
)
