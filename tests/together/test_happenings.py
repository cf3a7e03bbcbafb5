"""What followers hear of beside notes: stages, owners, and what becomes hot; never who may not see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from salescompass import crm, notifications, together
from salescompass.kit import clock, jobs
from salescompass.kit.database import tenant_session
from salescompass.scoring import CrossingView
from salescompass.vocabulary import SubjectKind, Topic
from tests.together.conftest import House
from workers import drains


def follow(house: House, who: str, object_type: str, object_id: UUID) -> None:
    with tenant_session(house.tenant) as session:
        together.follow(session, house[who], object_type=object_type, object_id=object_id)


def change(house: House, kind: str, record_id: UUID, fields: dict[str, Any], by: str = "Ann") -> None:
    with tenant_session(house.tenant) as session:
        crm.update_record(session, house[by], kind, record_id, fields)
    drains.drain(str(house.tenant), Topic.RECORDS_MOVED)


def titles(house: House, who: str) -> list[str]:
    with tenant_session(house.tenant) as session:
        return [one.title for one in notifications.inbox(session, house[who]).items]


def test_a_deal_that_moves_is_told_to_followers_but_not_to_who_moved_it(house: House) -> None:
    with tenant_session(house.tenant) as session:
        stages = crm.pipelines(session)[0].stages
        fields = {"name": "Anvils", "account_id": str(house.account), "stage_id": stages[0].id}
        deal = crm.create_record(session, house.boss, "opportunities", fields).id
    for who in ("Ann", "Bob"):
        follow(house, who, "opportunity", deal)
    change(house, "opportunities", deal, {"stage_id": stages[1].id})
    assert titles(house, "Bob") == [f"Anvils is in {stages[1].name} now"]
    assert titles(house, "Ann") == []
    change(house, "opportunities", deal, {"name": "Anvil"})
    assert len(titles(house, "Bob")) == 1


def test_who_gets_a_record_hears_of_it_and_who_sees_it_no_more_does_not(house: House) -> None:
    for who in ("Bob", "Mia"):
        follow(house, who, "account", house.account)
    change(house, "accounts", house.account, {"owner_id": str(house["Cid"].member_id)})
    assert titles(house, "Cid") == ["Acme became yours"]
    assert titles(house, "Mia") == ["Acme is Cid’s now"]
    assert titles(house, "Bob") == [], "it is out of their reach now"
    change(house, "accounts", house.account, {"owner_id": str(house["Cid"].member_id), "city": "Oslo"}, by="Mia")
    assert len(titles(house, "Mia")) == 1


def test_nobody_waits_to_hear_then_nothing_is_written(house: House) -> None:
    with tenant_session(house.tenant) as session:
        crm.update_record(session, house["Ann"], "accounts", house.account, {"owner_id": None})
    assert jobs.drain(house.tenant, Topic.RECORDS_MOVED, lambda session, rows: None) == 0


def test_what_becomes_hot_is_told_to_its_owner_and_followers_while_it_is_news(house: House) -> None:
    now = clock.now()
    follow(house, "Mia", "account", house.account)

    def become(band: str, at_: timedelta) -> None:
        crossing = CrossingView(uuid4(), SubjectKind.ACCOUNT, house.account, "warm", band, 71.4, "event", now - at_)
        with tenant_session(house.tenant) as session:
            together.tell_hot(session, [crossing], now=now)

    become("warm", timedelta())
    become("hot", timedelta(days=2))
    assert house.told("Ann") == []
    become("hot", timedelta(minutes=1))
    assert (house.told("Ann"), house.told("Mia")) == (["hot_signal"], ["followed"])
    assert titles(house, "Ann") == ["Acme is hot"]
