"""Changing how a tenant scores: draft, publish, go back. The effect is seen before (`preview`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from salescompass import events, identity
from salescompass.events import NarrowRule, Reached
from salescompass.identity import Actor
from salescompass.kit import clock, jobs
from salescompass.kit.errors import Conflict, Invalid, NotFound
from salescompass.models import ScoreConfig
from salescompass.scoring import store
from salescompass.scoring.configuration import Config, check, from_json, to_json
from salescompass.scoring.service import Scored, rescore_all
from salescompass.scoring.versions import config_of, live_version, next_version, row_in
from salescompass.vocabulary import SubjectKind, Topic

LONGEST_NOTE = 500


def draft(session: Session, *, holding: bool = False) -> Config | None:
    """The draft, if there is one; `holding` keeps it as it is until the transaction ends, for who changes a part."""
    if holding:
        store.lock(session)
    row = row_in(session, "draft", "publishing")
    return from_json(row.content, row.version) if row else None


def start_draft(session: Session, actor: Actor, *, version: int | None = None) -> Config:
    """Begin a draft as a copy of the live version, or of another one. Raises Conflict when there is one already."""
    store.lock(session)
    if row_in(session, "draft", "publishing"):
        raise Conflict("there is a draft already: publish or discard it first")
    base = live_version(session) if version is None else config_of(session, version)
    row = _add(session, actor, to_json(base), "")
    _note(session, actor, "score_config.drafted", row.version, base=base.version)
    return from_json(row.content, row.version)


def save_draft(session: Session, actor: Actor, *, content: Mapping[str, Any], note: str = "") -> Config:
    """Write the draft. Raises Invalid with every problem, NotFound when there is no draft."""
    row = _draft_row(session)
    try:
        config = check(from_json(content, row.version), _types(session))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Invalid(f"this is no scoring configuration: {error}", field="content") from None
    row.content, row.note = to_json(config), " ".join(note.split())[:LONGEST_NOTE]
    session.add(row)
    session.flush()
    _note(session, actor, "score_config.saved", row.version)
    return config


def discard_draft(session: Session, actor: Actor) -> None:
    """Throw the draft away."""
    row = _draft_row(session)
    session.delete(row)
    session.flush()
    _note(session, actor, "score_config.discarded", row.version)


def publish(session: Session, actor: Actor, *, now: datetime | None = None) -> Scored | None:
    """Make the draft live, and score everybody by it.

    When a rule looks at other properties than before, its type is counted anew by a worker first: the version is
    "publishing" until then, and None is returned.
    """
    store.lock(session)
    row = _draft_row(session)
    config = check(from_json(row.content, row.version), _types(session))
    row.state, row.published_by, row.published_at = "publishing", actor.member_id, now or clock.now()
    session.add(row)
    session.flush()
    _note(session, actor, "score_config.published", row.version)
    if config.narrowing() != live_version(session).narrowing():
        jobs.put(session, Topic.SCORES_REBUILT, {"version": row.version})
        return None
    done = _finish(session, now=now)
    assert done is not None
    return done


def go_on_publishing(session: Session, progress: Mapping[str, Any], *, now: datetime | None = None) -> Scored:
    """The next step of publishing: put the rules in force, count some subjects anew by them, or make the version live.

    `progress` is what the step before left in the outbox; the first one gets none of its own.
    """
    types, reached = progress.get("types"), progress.get("after")
    if types is None:
        row = row_in(session, "publishing")
        types = sorted(events.set_rules(session, narrow_rules(from_json(row.content, row.version)))) if row else []
    after = Reached(SubjectKind(reached[0]), UUID(reached[1])) if reached else None
    if types and (after := events.recount_types(session, types, after=after)):
        place = [after.kind.value, str(after.subject_id)]
        jobs.put(session, Topic.SCORES_REBUILT, {"types": types, "after": place})
        return Scored()
    done = _finish(session, now=now)
    return rescore_all(session, now=now) if done is None else done


def _finish(session: Session, *, now: datetime | None = None) -> Scored | None:
    """Make live what is being published, and score everybody by it."""
    store.lock(session)
    row = row_in(session, "publishing")
    if row is None:
        return None
    before = row_in(session, "live")
    if before is not None:
        before.state = "old"
        session.add(before)
        # One may be live: the old one makes room first.
        session.flush()
    row.state = "live"
    session.add(row)
    session.flush()
    return rescore_all(session, now=now, cause="configuration")


def roll_back(session: Session, actor: Actor, *, version: int, now: datetime | None = None) -> Scored | None:
    """Publish an old version again, as a new one. A draft that is being written stays.

    Where events must be counted anew there is no room for a draft meanwhile: with one, Conflict is raised.
    """
    store.lock(session)
    if row_in(session, "publishing"):
        raise Conflict("a version is being published: wait until it is live")
    if live_version(session).version == version:
        raise Conflict("this version is live")
    wanted, waiting = config_of(session, version), row_in(session, "draft")
    if waiting and wanted.narrowing() != live_version(session).narrowing():
        raise Conflict("going back counts events anew: publish or discard the draft first")
    content = to_json(wanted)
    kept = (waiting.content, waiting.note) if waiting else None
    if waiting:
        session.delete(waiting)
        session.flush()
    _add(session, actor, content, f"Back to version {version}")
    done = publish(session, actor, now=now)
    if kept:
        _add(session, actor, *kept)
    return done


def narrow_rules(config: Config) -> list[NarrowRule]:
    """The rules with conditions, as the ledger counts by them."""
    return [NarrowRule(rule.key, rule.type, rule.conditions) for rule in config.narrowing()]


def _add(session: Session, actor: Actor, content: dict[str, Any], note: str) -> ScoreConfig:
    row = ScoreConfig(version=next_version(session), content=content, note=note, created_by=actor.member_id)
    session.add(row)
    session.flush()
    return row


def _draft_row(session: Session) -> ScoreConfig:
    row = row_in(session, "draft")
    if row is None:
        raise Conflict("it is being published") if row_in(session, "publishing") else NotFound("there is no draft")
    return row


def _types(session: Session) -> set[str]:
    return set(events.types(session))


def _note(session: Session, actor: Actor, action: str, version: int, **more: int) -> None:
    detail = {"version": version, **more}
    identity.audit.record(session, actor, action, object_type="score_config", object_id=str(version), detail=detail)
