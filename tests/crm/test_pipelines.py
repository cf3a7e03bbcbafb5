"""Changing pipelines stage by stage: order, names, stages that go with their deals elsewhere, the usual one."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlmodel import Session

from salescompass import crm, identity
from salescompass.crm import StageFields
from salescompass.identity import Actor
from salescompass.kit.errors import Conflict, Invalid, NotFound

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def stage(session: Session, name: str) -> crm.StageView:
    return next(one for of in crm.pipelines(session) for one in of.stages if one.name == name)


def test_a_new_stage_stands_after_its_kind_and_can_be_moved(session: Session, boss: Actor) -> None:
    usual = crm.pipelines(session)[0]
    made = crm.save_stage(session, boss, pipeline_id=usual.id, stage=StageFields("Pilot", 60, 30))
    assert [one.name for one in made.stages][3:6] == ["Negotiation", "Pilot", "Won"]
    order = [one.id for one in made.stages]
    order.insert(0, order.pop(4))
    moved = crm.order_stages(session, boss, pipeline_id=usual.id, stage_ids=order)
    assert moved.stages[0].name == "Pilot"
    assert moved.stages[0].rot_days == 30
    with pytest.raises(Invalid):
        crm.order_stages(session, boss, pipeline_id=usual.id, stage_ids=order[1:])
    for wrong, field in (
        (StageFields("", 5), "stage_name"),
        (StageFields("Pilot", 5), "stage_name"),
        (StageFields("New", 101), "probability"),
        (StageFields("New", 5, 0), "rot_days"),
        (StageFields("New", 5, None, "shut"), "kind"),
    ):
        with pytest.raises(Invalid) as refused:
            crm.save_stage(session, boss, pipeline_id=usual.id, stage=wrong)
        assert refused.value.field == field


def test_a_stage_in_use_goes_only_with_its_deals_elsewhere(session: Session, boss: Actor) -> None:
    crm.pipelines(session)
    proposal, won = stage(session, "Proposal"), stage(session, "Won")
    deal = crm.create_record(session, boss, "opportunities", {"name": "Big", "stage_id": proposal.id}, now=NOW)
    gone = crm.create_record(session, boss, "opportunities", {"name": "Old", "stage_id": proposal.id}, now=NOW)
    crm.delete_records(session, boss, "opportunities", [gone.id])
    with pytest.raises(Conflict) as refused:
        crm.remove_stage(session, boss, stage_id=proposal.id)
    assert refused.value.field == "into"
    with pytest.raises(Invalid):
        crm.remove_stage(session, boss, stage_id=proposal.id, into=proposal.id)
    with pytest.raises(Conflict):
        crm.remove_stage(session, boss, stage_id=won.id, into=proposal.id)
    target = stage(session, "Negotiation")
    assert crm.remove_stage(session, boss, stage_id=proposal.id, into=target.id, now=NOW) == 2
    moved = crm.get_record(session, "opportunities", deal.id)
    assert (moved["stage_id"], moved["probability"]) == (target.id, 75)
    assert [one.name for one in crm.pipelines(session)[0].stages] == [
        "Prospecting", "Qualification", "Negotiation", "Won", "Lost",
    ]  # fmt: skip
    changes = crm.record_changes(session, object_type="opportunity", object_id=deal.id).items
    assert any("stage_id" in one.changes for one in changes), "its history says so"
    crm.restore_records(session, boss, "opportunities", [gone.id])
    assert crm.get_record(session, "opportunities", gone.id)["stage_id"] == target.id
    with pytest.raises(NotFound):
        crm.remove_stage(session, boss, stage_id=proposal.id)


def test_deals_out_of_sight_are_not_moved(session: Session, tenant: UUID, boss: Actor) -> None:
    identity.set_role_scope(session, boss, key="rep", levels={"opportunity": "own"})
    rep = identity.create_user(session, email="rep@house.example", role="rep", name="Rep")
    other = identity.create_user(session, email="other@house.example", role="rep", name="Other")
    crm.pipelines(session)
    first, second = stage(session, "Prospecting"), stage(session, "Qualification")
    crm.create_record(session, boss, "opportunities", {"name": "Theirs", "owner_id": other.id, "stage_id": first.id})
    actor = Actor(tenant, "Rep", "member", member_id=rep.id)
    with pytest.raises(Conflict):
        crm.remove_stage(session, actor, stage_id=first.id, into=second.id)
    assert stage(session, "Prospecting").id == first.id


def test_new_deals_begin_in_the_usual_pipeline(session: Session, boss: Actor) -> None:
    made = crm.save_pipeline(session, boss, pipeline_id=None, name="Renewals", stages=crm.USUAL_STAGES)
    crm.set_usual_pipeline(session, boss, pipeline_id=made.id)
    assert [one.name for one in crm.pipelines(session)] == ["Renewals", "Sales"]
    deal = crm.create_record(session, boss, "opportunities", {"name": "Next year"})
    assert deal["pipeline_id"] == made.id
    assert identity.audit_entries(session, action="pipeline.made_usual").items[0].detail == {"name": "Renewals"}


def test_own_fields_are_put_in_order(session: Session, boss: Actor) -> None:
    for label in ("One", "Two", "Three"):
        crm.save_custom_field(session, boss, object_type="account", key=None, label=label)
    crm.order_custom_fields(session, boss, object_type="account", keys=["three", "one"])
    assert [one.key for one in crm.custom_fields(session, "account")] == ["three", "one", "two"]
    with pytest.raises(NotFound):
        crm.order_custom_fields(session, boss, object_type="account", keys=["four"])
