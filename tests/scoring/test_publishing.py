"""Changing how one scores: seen before, published, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session

from salescompass import identity, scoring
from salescompass.identity import Actor
from salescompass.kit.errors import Conflict, Invalid, NotFound
from salescompass.vocabulary import SubjectKind, Topic
from tests.publishing import finish_publishing
from tests.scoring.conftest import Tell

PERSON, ACCOUNT = SubjectKind.PERSON, SubjectKind.ACCOUNT
CONTENT = scoring.to_json(scoring.DEFAULT)
PRICY = {"property": "page", "operator": "is", "value": "/Enterprise"}


def rule(key: str, points: float, *conditions: dict[str, Any], **more: Any) -> dict[str, Any]:
    kind = key.partition(":")[0]
    return {
        "key": key, "type": kind, "points": points, "group": "intent", "how": "diminishing", "most": 0,
        "conditions": list(conditions), **more,
    }  # fmt: skip


@pytest.fixture
def actor(session: Session) -> Actor:
    return identity.system_actor(session.info["tenant_id"], "Test")


@pytest.fixture
def publish(session: Session, actor: Actor) -> Callable[..., None]:
    """Draft, save and publish, with what a worker does."""

    def do(**changes: Any) -> None:
        scoring.start_draft(session, actor)
        scoring.save_draft(session, actor, content={**CONTENT, **changes})
        if scoring.publish(session, actor) is None:
            finish_publishing(session)

    return do


def score(session: Session, one: UUID) -> float:
    return scoring.scores(session, PERSON, [one])[one].score


def test_points_are_changed_for_everybody_at_once(session: Session, ada: UUID, publish: Callable[..., None]) -> None:
    before = score(session, ada)
    publish(rules=[rule("proposal_viewed", 30)])
    assert score(session, ada) == pytest.approx(100 * (1 - (1 - before / 100) ** 2), abs=1e-3)
    why = scoring.why(session, PERSON, ada)
    assert (why.configuration_version, why.contributions[0].points) == (2, 30.0)
    assert scoring.verify(session).ok


def test_going_back_gives_the_scores_of_before(
    session: Session, ada: UUID, acme: UUID, publish: Callable[..., None], actor: Actor
) -> None:
    before = scoring.why(session, ACCOUNT, acme).score
    publish(k=20, groups=[{"key": "intent", "half_life": 10, "cap": 12}], rules=[rule("proposal_viewed", 50)])
    assert scoring.why(session, ACCOUNT, acme).score != pytest.approx(before, abs=1)
    scoring.roll_back(session, actor, version=1)
    assert scoring.why(session, ACCOUNT, acme).score == pytest.approx(before, abs=1e-3)
    states = [(one.version, one.state) for one in scoring.versions(session)]
    assert states == [(3, "live"), (2, "old"), (1, "old")]
    assert scoring.verify(session).ok


def test_a_rule_counts_only_events_whose_properties_hold(
    session: Session, tell: Tell, ada: UUID, publish: Callable[..., None]
) -> None:
    tell("pricing_viewed", properties={"page": "/enterprise"})
    tell("pricing_viewed", properties={"page": "/basic"})
    publish(rules=[rule("pricing_viewed:enterprise", 40, PRICY)])
    tell("pricing_viewed", properties={"page": "/ENTERPRISE"})
    found = {one.rule: (one.count, one.points) for one in scoring.why(session, PERSON, ada).contributions}
    assert found["pricing_viewed:enterprise"] == (2, pytest.approx(40 * 1.584962500721156))
    assert found["pricing_viewed"] == (1, 8.0)
    assert scoring.verify(session).ok


def test_changed_conditions_are_put_in_force_by_a_worker(session: Session, ada: UUID, actor: Actor) -> None:
    scoring.start_draft(session, actor)
    scoring.save_draft(session, actor, content={**CONTENT, "rules": [rule("pricing_viewed:enterprise", 40, PRICY)]})
    assert scoring.publish(session, actor) is None
    waiting = session.connection().execute(
        text("SELECT count(*) FROM outbox WHERE topic = :topic"), {"topic": Topic.SCORES_REBUILT}
    )
    assert waiting.scalar_one() == 1
    assert [one.state for one in scoring.versions(session)] == ["publishing", "live"]
    with pytest.raises(Conflict):
        scoring.start_draft(session, actor)
    finish_publishing(session)
    assert [one.state for one in scoring.versions(session)] == ["live", "old"]


def test_frequencies_are_once_a_day_or_so_many_times(
    session: Session, tell: Tell, ada: UUID, publish: Callable[..., None]
) -> None:
    for _ in range(4):
        tell("feature_used")
        tell("limit_reached")
    publish(
        rules=[rule("feature_used", 3, how="once"), rule("limit_reached", 2, how="capped", most=3)],
    )
    found = {one.rule: one.points for one in scoring.why(session, PERSON, ada).contributions}
    assert (found["feature_used"], found["limit_reached"]) == (3.0, 6.0)
    assert scoring.verify(session).ok


def test_the_preview_is_what_publishing_does(session: Session, tell: Tell, ada: UUID, acme: UUID, actor: Actor) -> None:
    tell("pricing_viewed", properties={"page": "/enterprise"})
    scoring.start_draft(session, actor)
    rules = [rule("proposal_viewed", 30), rule("pricing_viewed:enterprise", 40, PRICY)]
    scoring.save_draft(session, actor, content={**CONTENT, "rules": rules})
    seen = scoring.preview(session, accounts=[acme])
    (change,) = seen.named
    assert (seen.accounts, seen.looked_at, seen.estimated) == (1, 1, False)
    assert change.before == pytest.approx(scoring.why(session, ACCOUNT, acme).score, abs=1e-3)
    assert sum(seen.before.bins) == sum(seen.after.bins) == sum(seen.after.bands.values()) == 1
    assert scoring.why(session, PERSON, ada).configuration_version == 1, "a preview changes nothing"
    assert scoring.verify(session).ok
    scoring.publish(session, actor)
    finish_publishing(session)
    assert scoring.why(session, ACCOUNT, acme).score == pytest.approx(change.after, abs=1e-3)


def test_publishing_tells_its_crossings_as_its_own(session: Session, ada: UUID, publish: Callable[..., None]) -> None:
    publish(rules=[rule("proposal_viewed", 60)])
    newest = scoring.crossings(session, kind=PERSON, subject_id=ada)[0]
    assert (newest.from_band, newest.to_band, newest.cause) == ("cool", "hot", "configuration")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"k": 0}, "k"),
        ({"edges": [15, 20, 70]}, "edges"),
        ({"edges": [15, 40, 95]}, "edges"),
        ({"groups": []}, "groups"),
        ({"groups": [{"key": "passive", "half_life": 0.5, "cap": 20}]}, "groups.0.half_life"),
        ({"rules": [rule("nothing_known", 3)]}, "rules.0.type"),
        ({"rules": [rule("page_viewed", 3, group="none")]}, "rules.0.group"),
        ({"rules": [rule("page_viewed", 3), rule("page_viewed", 4)]}, "rules.1.key"),
        ({"rules": [rule("page_viewed:x", 3)]}, "rules.0.conditions"),
        ({"rules": [rule("page_viewed", 3, PRICY)]}, "rules.0.conditions"),
        ({"rules": [rule("page_viewed", 3, how="capped")]}, "rules.0.most"),
        ({"rules": [rule("page_viewed", float("nan"))]}, "rules.0.points"),
    ],
)
def test_what_cannot_be_scored_by_is_refused(
    session: Session, actor: Actor, changes: dict[str, Any], field: str
) -> None:
    scoring.start_draft(session, actor)
    with pytest.raises(Invalid) as refused:
        scoring.save_draft(session, actor, content={**CONTENT, **changes})
    assert field in {one.field for one in refused.value.errors}


def test_a_draft_is_one_and_can_be_thrown_away(session: Session, actor: Actor) -> None:
    with pytest.raises(NotFound):
        scoring.publish(session, actor)
    scoring.start_draft(session, actor)
    with pytest.raises(Conflict):
        scoring.start_draft(session, actor)
    scoring.discard_draft(session, actor)
    assert scoring.draft(session) is None
    scoring.start_draft(session, actor)
    for nonsense in ({"k": "much"}, {**CONTENT, "edges": [15, 40]}, {**CONTENT, "rules": ["x"]}):
        with pytest.raises(Invalid):
            scoring.save_draft(session, actor, content=nonsense)


def test_rebuilding_from_the_ledger_changes_nothing(
    session: Session, tell: Tell, ada: UUID, publish: Callable[..., None]
) -> None:
    tell("pricing_viewed", properties={"page": "/enterprise"})
    publish(rules=[rule("pricing_viewed:enterprise", 40, PRICY)])
    before = scoring.why(session, PERSON, ada).score
    session.connection().execute(text("UPDATE event_bucket SET n = n + 1"))
    found = scoring.verify(session)
    assert (found.ok, found.wrong_buckets) == (False, 2)
    scoring.rebuild(session)
    assert scoring.why(session, PERSON, ada).score == pytest.approx(before, abs=1e-3)
    assert scoring.verify(session).ok


def test_going_back_while_a_draft_is_written_never_loses_the_draft(
    session: Session, ada: UUID, publish: Callable[..., None], actor: Actor
) -> None:
    publish(rules=[rule("pricing_viewed:enterprise", 40, PRICY)])
    scoring.start_draft(session, actor)
    mine = scoring.save_draft(session, actor, content={**CONTENT, "k": 33.0})
    with pytest.raises(Conflict, match="counts events anew"):
        scoring.roll_back(session, actor, version=1)
    assert scoring.draft(session) == mine
    scoring.discard_draft(session, actor)
    assert scoring.roll_back(session, actor, version=1) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"k": 10**400},
        {"groups": [{"key": ["a"], "half_life": 5, "cap": 10}]},
        {"groups": [{"key": None, "half_life": 5, "cap": 10}]},
        {"rules": [rule("page_viewed", 1, most=float("inf"))]},
        {"rules": [{**rule("page_viewed", 1), "key": None}]},
        {"rules": [{**rule("page_viewed", 1), "type": ["page_viewed"]}]},
        {"rules": [rule("page_viewed:x", 1, {"property": "a", "operator": "gt", "value": float("nan")})]},
        {"rules": [rule("page_viewed:x", 1, {"property": "a", "operator": "is", "value": 10**400})]},
        {"rules": [rule("page_viewed:x", 1, {"property": "a\0", "operator": "is", "value": 1})]},
        {"rules": [rule("page_viewed:x", 1, {"property": "a", "operator": "in", "value": ["\ud800"]})]},
    ],
    ids=str,
)
def test_what_cannot_be_kept_is_refused_and_changes_nothing(
    session: Session, actor: Actor, changes: dict[str, Any]
) -> None:
    before = scoring.start_draft(session, actor)
    with pytest.raises(Invalid):
        scoring.save_draft(session, actor, content={**CONTENT, **changes})
    assert scoring.draft(session) == before
