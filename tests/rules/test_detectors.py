"""The rules of the product on small histories: each fires where it should, with evidence, and only there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from salescompass import crm, events
from salescompass.kit.database import tenant_session
from salescompass.rules.definition import ActionPlan
from salescompass.rules.making import due
from tests.rules.telling import TODAY, Happens, House

MORNING = TODAY.replace(hour=6)


@pytest.fixture
def robins(house: House) -> House:
    """Acme is Robin's."""
    house.hire("Robin")
    house.now = TODAY - timedelta(days=80)
    house.account("acme", "Robin")
    return house


def fired(house: House) -> Any:
    """The one action there is."""
    (action,) = house.actions()
    assert action.state == "proposed"
    assert action.assignee_id == house.members["Robin"]
    assert action.reasons
    assert "{{" not in action.title + " ".join(action.reasons)
    with tenant_session(house.tenant_id) as session:
        for one in action.evidence:
            assert events.event_by_id(session, one)
    return action


def visits(house: House, *days_ago: float, who: str = "ada", kind: str = "page_viewed") -> None:
    for n, ago in enumerate(days_ago):
        house.tell(Happens(TODAY - timedelta(days=ago), kind, who, properties={"url": f"/{who}/{kind}/{n}"}))


def acme(house: House) -> Any:
    with tenant_session(house.tenant_id) as session:
        return session.connection().execute(text("SELECT id FROM account WHERE name = 'Acme'")).scalar_one()


def ada(house: House) -> Any:
    with tenant_session(house.tenant_id) as session:
        return session.connection().execute(text("SELECT id FROM person WHERE name = 'Ada'")).scalar_one()


def test_going_silent_goes_by_the_accounts_own_rhythm(robins: House) -> None:
    robins.only("going_silent")
    visits(robins, 40, 37, 35, 32, 30, 28, 25)
    robins.morning(MORNING - timedelta(days=22))
    assert robins.actions() == []
    robins.morning(MORNING - timedelta(days=19))
    action = fired(robins)
    assert action.reasons == ["No sign for 5 days; usually there is one at least every 3"]
    assert len(action.evidence) == 5
    robins.morning(MORNING - timedelta(days=18))
    assert len(robins.actions()) == 1


def test_a_surge_is_three_times_what_is_usual(robins: House) -> None:
    robins.only("surge")
    visits(robins, *(n * 2.0 for n in range(14, 2, -1)))
    assert robins.actions() == []
    visits(robins, 0.06, 0.05, 0.04, 0.03, 0.02, 0.01, kind="content_downloaded")
    assert fired(robins).reasons[0].startswith("6 signs within 48 hours")


def test_somebody_new_is_a_stakeholder_while_a_deal_is_open(robins: House) -> None:
    robins.only("new_stakeholder")
    visits(robins, 5)
    assert robins.actions() == []
    robins.deal("Anvils", acme(robins), since=TODAY - timedelta(days=3))
    visits(robins, 1)
    assert robins.actions() == []
    visits(robins, 0.5, who="bob")
    action = fired(robins)
    assert action.subject == "Bob"
    assert action.reasons == ["Bob is new: Page viewed is their first sign, and a deal is open"]


def test_a_proposal_that_is_read_is_due_in_four_hours(robins: House) -> None:
    robins.only("proposal_viewed")
    visits(robins, 0, kind="proposal_viewed")
    action = fired(robins)
    assert action.due_to == TODAY + timedelta(hours=4)
    assert action.title == "Talk Ada through the proposal"


def test_a_detractor_is_whoever_gives_six_or_less(robins: House) -> None:
    robins.only("detractor")
    robins.tell(Happens(TODAY, "survey_answered", properties={"score": 7}))
    assert robins.actions() == []
    robins.tell(Happens(TODAY, "survey_answered", properties={"score": 3}))
    assert fired(robins).reasons == ["Ada gave 3 in a survey"]


def test_turning_hot_calls_the_owner(robins: House) -> None:
    robins.only("hot_crossing")
    for who in ("ada", "bob", "cy"):
        visits(robins, *(n / 100 for n in range(12, 0, -1)), who=who, kind="demo_completed")
    action = fired(robins)
    assert action.title == "Call Acme: they are hot"
    assert action.evidence


def test_a_champion_is_silent_only_of_an_open_deal(robins: House) -> None:
    robins.only("champion_silent")
    visits(robins, 30)
    deal = robins.deal("Anvils", acme(robins), since=TODAY - timedelta(days=30))
    robins.morning(MORNING - timedelta(days=1))
    assert robins.actions() == []
    with robins.at(TODAY - timedelta(days=1)) as session:
        crm.set_deal_role(session, robins.boss, opportunity_id=deal, person_id=ada(robins), role="champion")
    robins.morning(MORNING)
    assert fired(robins).reasons == ["No sign of Ada for 29 days, and a deal depends on them"]


def test_a_deal_that_stays_too_long_rots_and_one_a_day_is_enough(robins: House) -> None:
    robins.only("stage_rot")
    visits(robins, 30)
    for n in range(3):
        robins.deal(f"Deal {n}", acme(robins), since=TODAY - timedelta(days=30), amount_minor=1000 * n)
    robins.deal("Fresh", acme(robins), since=TODAY - timedelta(days=2), amount_minor=10**6)
    robins.morning(MORNING)
    action = fired(robins)
    assert action.subject == "Deal 2"
    assert action.reasons == ["29 days in Prospecting: too long for this stage"]
    robins.morning(MORNING + timedelta(days=1))
    assert [one.subject for one in robins.actions()] == ["Deal 2", "Deal 1"]


def test_an_open_deal_without_a_next_step(robins: House) -> None:
    robins.only("no_next_step")
    deal = robins.deal("Anvils", acme(robins), since=TODAY - timedelta(days=3))
    visits(robins, 2, kind="meeting_scheduled")
    robins.morning(MORNING)
    assert robins.actions() == []
    robins.morning(MORNING + timedelta(days=14))
    action = fired(robins)
    assert action.opportunity_id == deal


def test_a_customer_with_an_open_deal_is_active_and_later_silent(robins: House) -> None:
    robins.only("deal_active", "deal_silent")
    robins.deal("Anvils", acme(robins), since=TODAY - timedelta(days=40))
    visits(robins, 30, 29, 28, 10)
    assert [one.key for one in robins.actions()] == ["deal_active"]
    for days in range(9, -20, -1):
        robins.morning(MORNING - timedelta(days=days))
    told = [(one.key, one.reasons[0]) for one in robins.actions()]
    assert told[1:] == [("deal_silent", "No sign for 21 days while a deal is open")]


def test_a_renewal_comes_near(robins: House) -> None:
    robins.only("renewal_window")
    begins = TODAY - timedelta(days=10)
    for name, days in (("Soon", 50), ("Later", 90)):
        close = (TODAY + timedelta(days=days)).date().isoformat()
        robins.deal(name, acme(robins), since=begins, type="renewal", close_date=close)
    robins.morning(MORNING)
    assert fired(robins).subject == "Soon"


def test_an_answer_closes_what_asked_for_it(robins: House) -> None:
    robins.only("proposal_viewed", "detractor")
    visits(robins, 1, kind="proposal_viewed")
    robins.tell(Happens(TODAY - timedelta(days=1), "survey_answered", properties={"score": 2}))
    assert [one.state for one in robins.actions()] == ["proposed", "proposed"]
    visits(robins, 0.9)
    assert [one.state for one in robins.actions()] == ["proposed", "proposed"]
    visits(robins, 0.5, kind="email_replied")
    assert [one.state for one in robins.actions()] == ["expired", "expired"]


def test_a_sign_closes_what_worried_about_silence(robins: House) -> None:
    robins.only("going_silent")
    visits(robins, 40, 37, 35, 32, 30, 28, 25)
    robins.morning(MORNING - timedelta(days=19))
    assert fired(robins)
    visits(robins, 18.5)
    (action,) = robins.actions()
    assert (action.state, bool(action.closing_note)) == ("expired", True)


def test_a_deal_that_moved_on_rots_no_more(robins: House) -> None:
    robins.only("stage_rot")
    deal = robins.deal("Anvils", acme(robins), since=TODAY - timedelta(days=30))
    robins.morning(MORNING)
    assert fired(robins).opportunity_id == deal
    with robins.at(MORNING + timedelta(hours=1)) as session:
        stages = {one.name: one.id for one in crm.pipelines(session)[0].stages}
        crm.update_record(session, robins.boss, "opportunities", deal, {"stage_id": str(stages["Proposal"])})
    robins.morning(MORNING + timedelta(hours=3))
    (action,) = robins.actions()
    assert action.state == "expired"


@pytest.mark.parametrize("day", [datetime(2026, 11, 20, 15), datetime(2026, 11, 21, 10), datetime(2026, 11, 20, 18)])
def test_business_days_leave_out_weekends(day: datetime) -> None:
    zone = ZoneInfo("Europe/Lisbon")
    plan = ActionPlan("call", "x", due_business_days=1)
    found = due(plan, day.replace(tzinfo=UTC), zone).astimezone(zone)
    friday = day == datetime(2026, 11, 20, 15)
    assert (found.hour, found.date().isoformat()) == (17, "2026-11-23" if friday else "2026-11-24")
