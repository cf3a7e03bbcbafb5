"""The life of a rule: draft, version, pause, back; each step noted, and refused when somebody was faster."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlmodel import Session

from salescompass import identity, rules
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Changed, Conflict, Denied, NotFound
from salescompass.rules import SHIPPED, RuleView
from tests.rules.telling import TODAY, Happens, House, rule_of

VIEWED = {"kind": "event", "types": ["pricing_viewed"]}


@pytest.fixture
def boss(session: Session) -> Actor:
    return identity.system_actor(session.info["tenant_id"], "Boss")


@pytest.fixture
def draft(session: Session, boss: Actor) -> RuleView:
    return rules.create_rule(session, boss, name="Prices", definition=rule_of(VIEWED))


def test_a_rule_goes_from_draft_to_versions_and_back(session: Session, boss: Actor, draft: RuleView) -> None:
    assert (draft.state, draft.live_version, draft.draft is not None) == ("draft", None, True)
    first = rules.publish_rule(session, boss, rule_id=draft.id, row_version=draft.row_version, note="First")
    assert (first.state, first.live_version, first.draft) == ("live", 1, None)

    written = rules.save_draft(
        session, boss, rule_id=draft.id, row_version=first.row_version, definition=rule_of(VIEWED, cap=9), name="More"
    )
    assert (written.name, written.definition["cap"], written.draft and written.draft["cap"]) == ("More", 5, 9)
    second = rules.publish_rule(session, boss, rule_id=draft.id, row_version=written.row_version)
    assert (second.live_version, second.definition["cap"]) == (2, 9)

    back = rules.roll_back_rule(session, boss, rule_id=draft.id, row_version=second.row_version, version=1)
    assert (back.live_version, back.definition["cap"]) == (3, 5)
    told = [(one.version, one.note) for one in rules.rule_versions(session, rule_id=draft.id)]
    assert told == [(3, "Back to version 1"), (2, ""), (1, "First")]

    paused = rules.pause_rule(session, boss, rule_id=draft.id, row_version=back.row_version)
    assert paused.state == "paused"
    assert rules.resume_rule(session, boss, rule_id=draft.id, row_version=paused.row_version).state == "live"
    acts = session.connection().execute(text("SELECT action FROM audit_log WHERE object_type = 'rule' ORDER BY id"))
    assert list(acts.scalars()) == [
        "rule.created", "rule.published", "rule.saved", "rule.published", "rule.published", "rule.paused",
        "rule.resumed",
    ]  # fmt: skip


def test_what_does_not_fit_its_state_is_refused(session: Session, boss: Actor, draft: RuleView) -> None:
    given = {"rule_id": draft.id, "row_version": draft.row_version}
    for verb in (rules.pause_rule, rules.resume_rule):
        with pytest.raises(Conflict):
            verb(session, boss, **given)  # type: ignore[operator]
    with pytest.raises(NotFound):
        rules.roll_back_rule(session, boss, **given, version=7)
    live = rules.publish_rule(session, boss, **given)
    with pytest.raises(Changed):
        rules.pause_rule(session, boss, **given)
    again = {"rule_id": draft.id, "row_version": live.row_version}
    for verb in (rules.publish_rule, rules.discard_draft):
        with pytest.raises(Conflict):
            verb(session, boss, **again)  # type: ignore[operator]


def test_a_draft_that_was_never_published_goes_wholly(session: Session, boss: Actor, draft: RuleView) -> None:
    assert rules.discard_draft(session, boss, rule_id=draft.id, row_version=draft.row_version) is None
    with pytest.raises(NotFound):
        rules.rule(session, rule_id=draft.id)


def test_reps_write_no_rules(house: House) -> None:
    robin = house.hire("Robin")
    with tenant_session(house.tenant_id) as session, pytest.raises(Denied):
        rules.create_rule(session, robin, name="Mine", definition=rule_of(VIEWED))
    manager = house.hire("Mona", "manager")
    with tenant_session(house.tenant_id) as session:
        assert rules.create_rule(session, manager, name="Hers", definition=rule_of(VIEWED)).name == "Hers"


def test_the_products_rules_come_once_and_are_never_written_over(session: Session, boss: Actor) -> None:
    assert rules.install(session) == len(SHIPPED)
    assert rules.install(session) == 0
    there = {one.key: one for one in rules.rules(session)}
    assert all(there[key].state == "live" for key in SHIPPED)
    surge = there["surge"]
    rules.save_draft(
        session, boss, rule_id=surge.id, row_version=surge.row_version, definition={**surge.definition, "cap": 1}
    )
    session.connection().execute(text("DELETE FROM rule WHERE key = 'detractor'"))
    assert rules.install(session) == 1
    kept = {one.key: one for one in rules.rules(session)}
    assert kept["surge"].draft
    assert kept["surge"].draft["cap"] == 1


def test_a_new_tenant_has_them_with_its_first_event(
    new_house: object, make_tenant: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(make_tenant(), monkeypatch)  # type: ignore[operator]
    house.tell(Happens(TODAY, "proposal_viewed"))
    assert [one.key for one in house.actions()] == ["proposal_viewed"]
