"""Each trigger once: cooldown, cap, teams, machines, repeats, loops, and fifty at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from salescompass import events, identity, reactions, rules
from salescompass.conditions import Seen, Tree
from salescompass.events import EventBatch, read_event
from salescompass.kit.database import tenant_session
from salescompass.rules.deciding import Candidate, Memory, Whose, judge
from salescompass.rules.definition import ActionPlan, Definition, Expiry, ScheduleTrigger
from salescompass.rules.patterns import Pattern
from salescompass.vocabulary import Source
from tests.rules.telling import TODAY, Happens, House, rule_of

VIEWED = {"kind": "event", "types": ["pricing_viewed"]}


def results(house: House, rule_id: UUID) -> list[str]:
    with tenant_session(house.tenant_id) as session:
        return [one.result for one in reversed(rules.runs(session, rule_id=rule_id, limit=200).items)]


def viewed(minutes: int, company: str = "acme", **more: str) -> Happens:
    return Happens(TODAY + timedelta(minutes=minutes), "pricing_viewed", company=company, **more)  # type: ignore[arg-type]


def test_an_action_says_why_with_evidence_that_opens(house: House) -> None:
    house.hire("Robin")
    account = house.account("acme", "Robin")
    rule = house.publish(rule_of(VIEWED))
    (event_id,) = house.tell(viewed(0))
    (action,) = house.actions(rule.id)
    assert (action.title, action.account_id, action.assignee_id) == ("Call Acme", account, house.members["Robin"])
    assert action.reasons == ["Something happened"]
    assert action.evidence == [str(event_id)]
    assert action.assigned_because
    assert action.due_to == TODAY + timedelta(days=1)
    with tenant_session(house.tenant_id) as session:
        assert events.event_by_id(session, event_id).type == "pricing_viewed"


def test_a_cooldown_holds_back_and_ends(house: House) -> None:
    rule = house.publish(rule_of(VIEWED))
    house.tell(viewed(0))
    house.tell(viewed(60))
    house.morning(TODAY + timedelta(days=3))
    house.tell(viewed(3 * 24 * 60 + 1))
    assert results(house, rule.id) == ["fired", "cooldown", "fired"]
    assert len(house.actions(rule.id)) == 2


def test_machines_and_what_is_told_twice_set_nothing_off(house: House) -> None:
    rule = house.publish(rule_of(VIEWED))
    house.tell(viewed(0, actor="machine"))
    assert house.actions(rule.id) == []
    # Of the same page within half an hour the second is the first one told again.
    many = house.publish(rule_of({**VIEWED, "at_least": 2, "within_hours": 24}))
    for minutes in (5, 10):
        house.tell(Happens(TODAY + timedelta(minutes=minutes), "pricing_viewed", properties={"url": "/prices"}))
    assert len(house.actions(rule.id)) == 1
    assert house.actions(many.id) == []


def test_what_happened_long_ago_calls_nobody(house: House) -> None:
    rule = house.publish(rule_of(VIEWED))
    house.tell(Happens(TODAY - timedelta(days=20), "pricing_viewed"), at=TODAY)
    assert house.actions(rule.id) == []


def test_a_member_gets_so_many_a_day(house: House) -> None:
    house.hire("Robin")
    for name in ("acme", "blue", "coral"):
        house.account(name, "Robin")
    rule = house.publish(rule_of(VIEWED, cap=2))
    for minutes, name in enumerate(("acme", "blue", "coral")):
        house.tell(viewed(minutes, name))
    assert results(house, rule.id) == ["fired", "fired", "cap"]
    house.tell(viewed(24 * 60, "coral"))
    assert len(house.actions(rule.id)) == 3


def test_a_rule_is_for_its_teams(house: House) -> None:
    robin = house.hire("Robin")
    house.hire("Kim")
    house.account("acme", "Robin")
    house.account("blue", "Kim")
    with tenant_session(house.tenant_id) as session:
        members = [robin.member_id] if robin.member_id else []
        team = identity.save_team(session, house.boss, team_id=None, name="North", member_ids=members)
    rule = house.publish(rule_of(VIEWED, teams=[str(team.id)]))
    house.tell(viewed(0, "acme"))
    house.tell(viewed(1, "blue"))
    assert results(house, rule.id) == ["fired", "team"]


def test_what_a_rules_own_action_brought_about_sets_it_off_no_more(house: House) -> None:
    rule = house.publish(rule_of({"kind": "event", "types": ["pricing_viewed", "task_completed"]}))
    other = house.publish(rule_of({"kind": "event", "types": ["task_completed"]}))
    house.tell(viewed(0))
    (action,) = house.actions(rule.id)
    done = {"action_id": str(action.id)}
    house.tell(Happens(TODAY + timedelta(days=4), "task_completed", properties=done))
    assert results(house, rule.id) == ["fired", "loop"]
    assert results(house, other.id) == ["fired"]


def test_fifty_at_once_make_one(house: House) -> None:
    rule = house.publish(rule_of(VIEWED))
    with tenant_session(house.tenant_id) as session:
        kinds = events.types(session)
        bodies = [Happens(TODAY - timedelta(minutes=n), "pricing_viewed").body() for n in range(50)]
        done = events.record_many(
            session, [read_event(one, now=TODAY, types=kinds) for one in bodies], source=Source.API
        )
    batches = [EventBatch((one.id,), (one.occurred_at,)) for one in done.results if one.id and one.occurred_at]
    assert len(batches) == 50

    def react(batch: EventBatch) -> None:
        with tenant_session(house.tenant_id) as session:
            reactions.events_recorded(session, batch)

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(react, batches))
    assert len(house.actions(rule.id)) == 1
    assert sorted(results(house, rule.id)) == ["cooldown"] * 49 + ["fired"]


def test_a_daily_pass_is_made_once_a_day_and_counted(house: House) -> None:
    house.account("acme")
    nothing = {"combinator": "and", "rules": [{"field": "name", "operator": "is", "value": "Acme"}]}
    rule = house.publish(rule_of({"kind": "schedule", "hour": 7}, conditions=nothing))
    morning = TODAY.replace(hour=7)
    house.morning(morning - timedelta(minutes=1))
    assert house.actions(rule.id) == []
    for minutes in (0, 5, 600):
        house.morning(morning + timedelta(minutes=minutes))
    assert len(house.actions(rule.id)) == 1
    with tenant_session(house.tenant_id) as session:
        (passed,) = rules.passes(session, rule_id=rule.id)
    assert (passed.at, passed.looked, passed.matched, passed.made) == (morning, 1, 1, 1)


def test_nothing_happens_while_a_rule_rests(house: House, new_house: Callable[[], House]) -> None:
    rule = house.publish(rule_of(VIEWED))
    with house.at(TODAY) as session:
        paused = rules.pause_rule(session, house.boss, rule_id=rule.id, row_version=rule.row_version)
    house.tell(viewed(0))
    assert house.actions(rule.id) == []
    with house.at(TODAY) as session:
        rules.resume_rule(session, house.boss, rule_id=rule.id, row_version=paused.row_version)
    house.tell(viewed(5))
    assert len(house.actions(rule.id)) == 1


def test_what_rules_did_is_forgotten_after_ninety_days(house: House) -> None:
    rule = house.publish(rule_of(VIEWED))
    house.tell(viewed(0))
    for days, left in ((90, 1), (92, 0)):
        with house.at(TODAY + timedelta(days=days)) as session:
            rules.forget_runs(session, now=house.now)
        assert len(results(house, rule.id)) == left
    with tenant_session(house.tenant_id) as session:
        assert session.connection().execute(text("SELECT count(*) FROM rule_pass")).scalar_one() == 0


DAILY = Definition(
    "account", ScheduleTrigger(), Tree("account"), ActionPlan("call", "x", due_hours=1), Expiry(1),
    cooldown_days=2, cap=2,
)  # fmt: skip
PEOPLE = [UUID(int=n) for n in range(1, 5)]
moments = st.integers(0, 20 * 24).map(lambda hours: TODAY + timedelta(hours=hours))


@given(st.lists(st.tuples(moments, st.sampled_from(PEOPLE), st.sampled_from(["", "a", "b"])), max_size=60))
def test_no_cooldown_is_broken_and_no_cap_exceeded(told: list[tuple[datetime, UUID, str]]) -> None:
    found = [
        Candidate(at, one, Pattern((), episode=episode)) for at, one, episode in sorted(told, key=lambda one: one[0])
    ]
    zone = ZoneInfo("Europe/Lisbon")
    fired = [
        one.candidate
        for one in judge(
            DAILY, found, Memory(), zone=zone, look=lambda _: Seen(Tree("account").root, True), owner=lambda _: Whose()
        )
        if one.result == "fired"
    ]
    for one in PEOPLE:
        mine = [candidate for candidate in fired if candidate.subject_id == one]
        for before, after in pairwise(mine):
            assert after.at - before.at >= timedelta(days=2)
            assert not after.pattern.episode or after.pattern.episode != before.pattern.episode
    days = [candidate.at.astimezone(zone).date() for candidate in fired]
    assert all(days.count(day) <= DAILY.cap for day in days)
