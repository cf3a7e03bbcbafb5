"""Whose records somebody sees: their own, their teams', or all; what nobody owns, everybody."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlmodel import Session

from salescompass import crm, identity
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Invalid, NotFound

Hire = Callable[..., Actor]


def seen(tenant: UUID, reader: Actor, kind: str = "accounts") -> set[str]:
    with tenant_session(tenant, reader=reader) as session:
        return {one.name for one in crm.list_records(session, kind).items}


def narrow(tenant: UUID, boss: Actor, level: str) -> None:
    with tenant_session(tenant) as session:
        identity.set_role_scope(
            session, boss, key="rep", levels=dict.fromkeys(("account", "person", "opportunity"), level)
        )


@pytest.fixture
def sold(tenant: UUID, boss: Actor, hire: Hire) -> dict[str, Actor]:
    """Ann has an account with a person and a deal that nobody owns; Bob has one; one is nobody's."""
    actors = {"Ann": hire("Ann"), "Bob": hire("Bob"), "Max": hire("Max", "manager")}
    with tenant_session(tenant) as session:
        for name in ("Ann", "Bob", None):
            owner = actors[name].member_id if name else None
            account = crm.create_record(session, boss, "accounts", {"name": f"{name}'s", "owner_id": owner})
            crm.create_record(session, boss, "contacts", {"name": f"At {name}'s", "account_id": account.id})
            crm.create_record(session, boss, "opportunities", {"name": f"With {name}", "account_id": account.id})
    return actors


def test_everybody_is_one_team_until_there_are_teams(tenant: UUID, sold: dict[str, Actor]) -> None:
    for actor in sold.values():
        assert seen(tenant, actor) == {"Ann's", "Bob's", "None's"}


def test_own_is_what_one_owns_and_what_nobody_owns(tenant: UUID, boss: Actor, sold: dict[str, Actor]) -> None:
    narrow(tenant, boss, "own")
    assert seen(tenant, sold["Ann"]) == {"Ann's", "None's"}
    assert seen(tenant, sold["Ann"], "contacts") == {"At Ann's", "At None's"}
    assert seen(tenant, sold["Bob"], "opportunities") == {"With Bob", "With None"}
    assert seen(tenant, sold["Max"]) == {"Ann's", "Bob's", "None's"}


def test_a_person_of_ones_own_is_seen_at_anybodys_account(tenant: UUID, boss: Actor, sold: dict[str, Actor]) -> None:
    narrow(tenant, boss, "own")
    with tenant_session(tenant) as session:
        (bobs,) = crm.list_records(session, "accounts", search="bob").items
        row = {"name": "Guest", "account_id": bobs.id, "owner_id": sold["Ann"].member_id}
        crm.create_record(session, boss, "contacts", row)
    assert "Guest" in seen(tenant, sold["Ann"], "contacts")
    assert "Guest" not in seen(tenant, sold["Bob"], "contacts")


def test_what_is_out_of_reach_can_neither_be_read_nor_changed_nor_named(
    tenant: UUID, boss: Actor, sold: dict[str, Actor]
) -> None:
    narrow(tenant, boss, "own")
    ann = sold["Ann"]
    with tenant_session(tenant) as session:
        (bobs,) = crm.list_records(session, "accounts", search="bob").items
    with tenant_session(tenant, reader=ann) as session:
        with pytest.raises(NotFound):
            crm.get_record(session, "accounts", bobs.id)
        with pytest.raises(NotFound):
            crm.update_record(session, ann, "accounts", bobs.id, {"city": "Oslo"})
        assert [one.status for one in crm.delete_records(session, ann, "accounts", [bobs.id])] == ["failed"]
        (edit,) = crm.edit_records(session, ann, "accounts", [bobs.id], {"city": "Oslo"})
        assert edit.status == "failed"
        with pytest.raises(Invalid):
            crm.create_record(session, ann, "contacts", {"name": "Spy", "account_id": bobs.id})
        assert crm.record_ids(session, "accounts", search="bob") == []
        assert crm.count_records(session, "accounts") == 2


def test_the_widest_of_several_roles_decides(tenant: UUID, boss: Actor, hire: Hire, sold: dict[str, Actor]) -> None:
    narrow(tenant, boss, "own")
    with tenant_session(tenant) as session:
        ann = sold["Ann"].member_id
        assert ann is not None
        identity.set_roles(session, boss, member_id=ann, role_keys=["rep", "marketer"])
    assert seen(tenant, sold["Ann"]) == {"Ann's", "Bob's", "None's"}


def test_a_key_sees_what_its_maker_sees(tenant: UUID, boss: Actor, sold: dict[str, Actor], session: Session) -> None:
    narrow(tenant, boss, "own")
    with tenant_session(tenant) as own:
        maker = Actor(
            tenant, "Ann", "member", permissions=frozenset(identity.PERMISSIONS), member_id=sold["Ann"].member_id
        )
        key = identity.create_key(own, maker, name="Ann's", scopes=["crm:read"])
        server = identity.create_key(own, None, name="Server's", scopes=["crm:read"])
    by_ann, by_server = identity.authenticate_key(key.key), identity.authenticate_key(server.key)
    assert by_ann is not None
    assert by_server is not None
    assert seen(tenant, by_ann) == {"Ann's", "None's"}
    assert seen(tenant, by_server) == {"Ann's", "Bob's", "None's"}
