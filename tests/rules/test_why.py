"""Every action answers why, every record why not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from salescompass import identity, rules
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import NotFound
from tests.rules.telling import TODAY, Happens, House, rule_of

VIEWED = {"kind": "event", "types": ["pricing_viewed"]}
WARM = {"combinator": "and", "rules": [{"field": "name", "operator": "is", "value": "Acme"}]}


def test_an_action_answers_why(house: House) -> None:
    rule = house.publish(rule_of(VIEWED, conditions=WARM))
    (event_id,) = house.tell(Happens(TODAY, "pricing_viewed"))
    (action,) = house.actions(rule.id)
    with house.at(TODAY) as session:
        told = rules.why(session, house.boss, action_id=action.id)
    assert told is not None
    assert told.run is not None
    assert (told.rule_name, told.version, told.in_force, told.trigger) == (rule.name, 1, True, "Pricing viewed")
    assert told.run.evidence == (event_id,)
    assert [dict(one) for one in told.run.conditions] == [{"words": "Name is Acme", "holds": True, "seen": "Acme"}]


def test_a_record_answers_why_not(house: House) -> None:
    rule = house.publish(rule_of(VIEWED, conditions=WARM))
    acme, blue = house.account("acme"), house.account("blue")
    with house.at(TODAY) as session:
        before = rules.why_not(session, house.boss, rule_id=rule.id, subject_id=acme)
        other = rules.why_not(session, house.boss, rule_id=rule.id, subject_id=blue)
    assert before.blockers == ("Not met: nothing of this in the last 90 days",)
    assert "The conditions do not hold" in other.blockers
    assert [(one["words"], one["holds"], one["seen"]) for one in other.conditions] == [("Name is Acme", False, "Blue")]
    house.tell(Happens(TODAY, "pricing_viewed"))
    with house.at(TODAY + timedelta(hours=1)) as session:
        after = rules.why_not(session, house.boss, rule_id=rule.id, subject_id=acme)
        rules.pause_rule(session, house.boss, rule_id=rule.id, row_version=rule.row_version)
        resting = rules.why_not(session, house.boss, rule_id=rule.id, subject_id=acme)
    assert after.trigger_met_at == TODAY
    assert after.cooldown_until == TODAY + timedelta(days=3)
    assert len(after.blockers) == 1
    assert "cooldown ends" in after.blockers[0]
    assert resting.blockers[0] == "The rule is paused"


def test_the_log_and_the_dry_run_tell_only_of_records_in_sight(house: House) -> None:
    house.hire("Robin")
    kim = house.hire("Kim", "manager")
    house.account("acme", "Robin")
    house.account("blue", "Kim")
    rule = house.publish(rule_of(VIEWED))
    for company in ("acme", "blue"):
        house.tell(Happens(TODAY, "pricing_viewed", company=company))
    with tenant_session(house.tenant_id) as session:
        levels = dict.fromkeys(("account", "person", "opportunity"), "own")
        identity.set_role_scope(session, house.boss, key="manager", levels=levels)
    acme = next(one.account_id for one in house.actions(rule.id) if one.subject in ("Acme",))
    with house.at(TODAY + timedelta(hours=1)) as opened:
        opened.info["reader"] = kim
        names = {one.subject_name for one in rules.runs(opened, rule_id=rule.id).items}
        would = {one.subject_name for one in rules.dry_run(opened, kim, definition=rule_of(VIEWED)).would}
        with pytest.raises(NotFound):
            rules.why_not(opened, kim, rule_id=rule.id, subject_id=acme)
    assert names == would == {"Blue"}
