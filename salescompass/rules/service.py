"""The life of a rule: written as a draft, tried, published as a version, paused and resumed, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from salescompass import identity
from salescompass.actions import wrong
from salescompass.catalogue import catalogue
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.database import hold
from salescompass.kit.errors import Changed, Conflict
from salescompass.models import Rule, RuleVersion
from salescompass.rules.definition import AbsenceTrigger, Definition, EventTrigger
from salescompass.rules.store import LOCK, known, rule_row, version_row
from salescompass.rules.views import RuleView, rule

MANAGE = "rules.manage"
MOST_RULES = 200
LONGEST_NAME, LONGEST_ABOUT = 80, 500


def check_rule(session: Session, *, definition: Mapping[str, Any]) -> Definition:
    """Read a rule without keeping it. Raises Invalid, naming the field and the fix."""
    read = known(session, catalogue(session)).read(definition)
    if set(read.teams) - {team.id for team in (identity.teams(session) if read.teams else ())}:
        raise wrong("teams", "there is no such team")
    return read


def create_rule(
    session: Session, actor: Actor, *, name: str, definition: Mapping[str, Any], about: str = ""
) -> RuleView:
    """Begin a rule as a draft. Raises Invalid."""
    actor.must(MANAGE)
    if session.exec(select(func.count()).select_from(Rule)).one() >= MOST_RULES:
        raise Conflict(f"there are {MOST_RULES} rules already")
    read = check_rule(session, definition=definition)
    row = Rule(
        name=_name(name), about=_about(about), draft=read.to_json(), trigger_kind=read.trigger.kind,
        types=_types(read), created_by=actor.member_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, actor, "rule.created", row)
    return rule(session, rule_id=row.id)


def save_draft(
    session: Session,
    actor: Actor,
    *,
    rule_id: UUID,
    row_version: int,
    definition: Mapping[str, Any],
    name: str | None = None,
    about: str | None = None,
) -> RuleView:
    """Write a rule's draft; what is live goes on as it is. Raises Invalid; Changed when somebody was faster."""
    actor.must(MANAGE)
    row = _locked(session, rule_id, row_version)
    row.draft = check_rule(session, definition=definition).to_json()
    row.name = row.name if name is None else _name(name)
    row.about = row.about if about is None else _about(about)
    return _changed(session, actor, row, "rule.saved")


def discard_draft(session: Session, actor: Actor, *, rule_id: UUID, row_version: int) -> RuleView | None:
    """Throw the draft away; a rule that was never published goes with it, and None comes back."""
    actor.must(MANAGE)
    row = _locked(session, rule_id, row_version)
    if not row.draft:
        raise Conflict("there is no draft")
    if row.live_version is None:
        _note(session, actor, "rule.deleted", row)
        session.delete(row)
        session.flush()
        return None
    row.draft = {}
    return _changed(session, actor, row, "rule.draft_discarded")


def publish_rule(
    session: Session, actor: Actor, *, rule_id: UUID, row_version: int, note: str = "", now: datetime | None = None
) -> RuleView:
    """Put the draft in force as a new version. Raises Invalid when it names what is there no more."""
    actor.must(MANAGE)
    row = _locked(session, rule_id, row_version)
    if not row.draft:
        raise Conflict("there is no draft: change something first")
    return _publish(session, actor, row, row.draft, note, now)


def roll_back_rule(
    session: Session, actor: Actor, *, rule_id: UUID, row_version: int, version: int, now: datetime | None = None
) -> RuleView:
    """Put an old version in force again, as a new one. A draft that is being written is kept."""
    actor.must(MANAGE)
    row = _locked(session, rule_id, row_version)
    if row.live_version == version:
        raise Conflict("this version is in force")
    wanted, draft = version_row(session, rule_id, version).definition, row.draft
    done = _publish(session, actor, row, wanted, f"Back to version {version}", now)
    if draft:
        row.draft = draft
        session.add(row)
        session.flush()
        return rule(session, rule_id=row.id)
    return done


def pause_rule(session: Session, actor: Actor, *, rule_id: UUID, row_version: int) -> RuleView:
    """Let a rule rest: it makes nothing until it is resumed. What it made stays."""
    actor.must(MANAGE)
    row = _locked(session, rule_id, row_version)
    if row.state != "live":
        raise Conflict("only a rule in force can be paused")
    row.state = "paused"
    return _changed(session, actor, row, "rule.paused")


def resume_rule(session: Session, actor: Actor, *, rule_id: UUID, row_version: int) -> RuleView:
    """Put a paused rule in force again. What happened meanwhile sets nothing off."""
    actor.must(MANAGE)
    row = _locked(session, rule_id, row_version)
    if row.state != "paused":
        raise Conflict("this rule is not paused")
    row.state = "live"
    return _changed(session, actor, row, "rule.resumed")


def _publish(
    session: Session, actor: Actor, row: Rule, stored: Mapping[str, Any], note: str, now: datetime | None
) -> RuleView:
    read = check_rule(session, definition=stored)
    last = session.exec(select(func.max(RuleVersion.version)).where(col(RuleVersion.rule_id) == row.id)).one()
    row.live_version, row.state, row.draft = (last or 0) + 1, "live", {}
    row.trigger_kind, row.types, row.published_at = read.trigger.kind, _types(read), now or clock.now()
    session.add(
        RuleVersion(
            rule_id=row.id, version=row.live_version, definition=read.to_json(), note=_about(note),
            published_by=actor.member_id, published_at=row.published_at,
        )
    )  # fmt: skip
    return _changed(session, actor, row, "rule.published")


def _changed(session: Session, actor: Actor, row: Rule, act: str) -> RuleView:
    row.row_version += 1
    session.add(row)
    session.flush()
    _note(session, actor, act, row)
    return rule(session, rule_id=row.id)


def _locked(session: Session, rule_id: UUID, row_version: int) -> Rule:
    """A rule that stays as it is until the transaction ends, also for the engine."""
    hold(session, LOCK)
    row = rule_row(session, rule_id)
    if row.row_version != row_version:
        raise Changed("somebody changed this rule since you read it: look at it again")
    return row


def _types(read: Definition) -> list[str]:
    return list(read.trigger.types) if isinstance(read.trigger, EventTrigger | AbsenceTrigger) else []


def _name(name: str) -> str:
    told = " ".join(name.split())
    if not 1 <= len(told) <= LONGEST_NAME or not told.isprintable():
        raise wrong("name", f"give a name of 1 to {LONGEST_NAME} characters")
    return told


def _about(about: str) -> str:
    told = " ".join(about.split())
    if len(told) > LONGEST_ABOUT or not told.isprintable():
        raise wrong("about", f"at most {LONGEST_ABOUT} plain characters")
    return told


def _note(session: Session, actor: Actor, act: str, row: Rule) -> None:
    detail = {"name": row.name, "version": row.live_version}
    identity.audit.record(session, actor, act, object_type="rule", object_id=row.id, detail=detail)
