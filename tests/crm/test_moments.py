"""What happened with a record beside its events: notes, stages, changes of weight, page by page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from salescompass import crm, identity, together
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def _stages(session: Session) -> dict[str, UUID]:
    return {stage.name: stage.id for stage in crm.pipelines(session)[0].stages}


def test_notes_stages_and_changes_are_one_stream(session: Session, boss: Actor, hire: Callable[..., Actor]) -> None:
    ann = hire("Ann")
    account = crm.create_record(session, boss, "accounts", {"name": "Acme", "city": "Oslo"})
    fields = {"name": "Anvils", "account_id": account.id}
    deal = crm.create_record(session, boss, "opportunities", fields, now=NOW)
    stages = _stages(session)
    crm.move_stage(
        session, ann, opportunity_id=deal.id, stage_id=stages["Proposal"], now=NOW + timedelta(days=1)
    )  # fmt: skip
    owner = {"owner_id": ann.member_id}
    crm.update_record(session, boss, "accounts", account.id, owner, now=NOW + timedelta(days=2))
    crm.update_record(session, boss, "accounts", account.id, {"city": "Rome"}, now=NOW + timedelta(days=3))
    together.add_note(session, ann, object_type="opportunity", object_id=deal.id, body="They decide in March")
    objects = {"account": [account.id], "opportunity": [deal.id]}
    found = crm.moments(session, objects=objects).items
    assert [(one.kind, one.who, one.before, one.text) for one in found] == [
        ("note", "Ann", None, "They decide in March"),
        ("change", "Boss", None, ""),
        ("stage", "Ann", "Prospecting", "Proposal"),
        ("stage", "", None, "Prospecting"),
    ]
    assert found[1].change is not None
    assert found[1].change.changes == {"owner_id": [None, str(ann.member_id)]}

    told, cursor = [], None
    while True:
        page = crm.moments(session, objects=objects, cursor=cursor, limit=1)
        told += page.items
        if (cursor := page.next_cursor) is None:
            break
    assert told == list(found)
    assert [one.kind for one in crm.moments(session, objects=objects, kinds=["stage"]).items] == ["stage", "stage"]
    assert crm.moments(session, objects={"account": [UUID(int=1)]}).items == ()


def test_moments_of_records_out_of_reach_are_nobodys(tenant: UUID, boss: Actor, hire: Callable[..., Actor]) -> None:
    ann, bob = hire("Ann"), hire("Bob")
    with tenant_session(tenant) as session:
        identity.set_role_scope(session, boss, key="rep", levels=dict.fromkeys(("account", "opportunity"), "own"))
        fields = {"name": "Anvils", "owner_id": ann.member_id}
        deal = crm.create_record(session, boss, "opportunities", fields)
    for reader, seen in ((ann, 1), (bob, 0)):
        with tenant_session(tenant, reader=reader) as session:
            assert len(crm.moments(session, objects={"opportunity": [deal.id]}).items) == seen
