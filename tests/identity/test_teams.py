"""Teams: a tree whose upper parts see what the lower ones own."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from salescompass import identity
from salescompass.identity import Actor, Reach
from salescompass.kit.errors import Conflict, Denied, Exists, Invalid, NotFound


@pytest.fixture
def boss(tenant: UUID) -> Actor:
    return identity.system_actor(tenant)


def hire(session: Session, name: str) -> UUID:
    return identity.create_user(session, email=f"{name}-{uuid4().hex[:6]}@house.example", role="rep", name=name).id


def as_seen_by(session: Session, tenant: UUID, member_id: UUID) -> frozenset[UUID] | None:
    return Reach.of(session, Actor(tenant, "Somebody", "member", member_id=member_id)).owners("account")


def test_a_team_sees_itself_and_what_is_beneath(session: Session, tenant: UUID, boss: Actor) -> None:
    head, ann, bob, eve = (hire(session, name) for name in ("Head", "Ann", "Bob", "Eve"))
    assert as_seen_by(session, tenant, ann) is None, "without teams everybody is one team"
    top = identity.save_team(session, boss, team_id=None, name="Central", member_ids=[head])
    low = identity.save_team(session, boss, team_id=None, name="Dustin's", parent_id=top.id, member_ids=[ann, bob])
    assert as_seen_by(session, tenant, head) == {head, ann, bob}
    assert as_seen_by(session, tenant, ann) == {ann, bob}
    assert as_seen_by(session, tenant, eve) == {eve}
    identity.save_team(session, boss, team_id=low.id, name="Dustin's", member_ids=[ann])
    assert as_seen_by(session, tenant, head) == {head}
    assert as_seen_by(session, tenant, ann) == {ann}


def test_a_team_moves_with_all_beneath(session: Session, boss: Actor) -> None:
    one = identity.save_team(session, boss, team_id=None, name="One")
    two = identity.save_team(session, boss, team_id=None, name="Two", parent_id=one.id)
    three = identity.save_team(session, boss, team_id=None, name="Three", parent_id=two.id)
    identity.save_team(session, boss, team_id=two.id, name="Two")
    assert [(team.name, team.depth) for team in identity.teams(session)] == [("One", 0), ("Two", 0), ("Three", 1)]
    with pytest.raises(Invalid):
        identity.save_team(session, boss, team_id=two.id, name="Two", parent_id=three.id)
    with pytest.raises(Exists):
        identity.save_team(session, boss, team_id=None, name="ONE")
    with pytest.raises(Conflict):
        identity.delete_team(session, boss, team_id=two.id)
    identity.delete_team(session, boss, team_id=three.id)
    identity.delete_team(session, boss, team_id=two.id)
    assert [team.name for team in identity.teams(session)] == ["One"]
    with pytest.raises(NotFound):
        identity.save_team(session, boss, team_id=one.id, name="One", member_ids=[uuid4()])


def test_how_far_a_role_sees_is_chosen_and_noted(session: Session, boss: Actor) -> None:
    assert identity.role_scopes(session)["rep"] == {"account": "team", "person": "team", "opportunity": "team"}
    identity.set_role_scope(session, boss, key="rep", levels={"account": "own"})
    assert identity.role_scopes(session)["rep"] == {"account": "own", "person": "team", "opportunity": "team"}
    assert identity.audit_entries(session, action="role.scope_changed").items[0].detail["after"]["account"] == "own"
    with pytest.raises(Invalid):
        identity.set_role_scope(session, boss, key="rep", levels={"account": "planet"})
    with pytest.raises(NotFound):
        identity.set_role_scope(session, boss, key="nobody", levels={})


def test_a_leader_is_one_of_the_team(session: Session, boss: Actor) -> None:
    ann, bob = hire(session, "Ann"), hire(session, "Bob")
    made = identity.save_team(session, boss, team_id=None, name="North", member_ids=[ann], lead_id=bob)
    assert (set(made.member_ids), made.lead_id) == ({ann, bob}, bob)
    kept = identity.save_team(session, boss, team_id=made.id, name="North", member_ids=[ann, bob])
    assert kept.lead_id is None


def test_the_tree_has_an_end_also_when_it_is_moved(session: Session, boss: Actor) -> None:
    tall = [identity.save_team(session, boss, team_id=None, name="T0")]
    for n in range(1, 7):
        tall.append(identity.save_team(session, boss, team_id=None, name=f"T{n}", parent_id=tall[-1].id))
    top = identity.save_team(session, boss, team_id=None, name="Top")
    middle = identity.save_team(session, boss, team_id=None, name="Middle", parent_id=top.id)
    identity.save_team(session, boss, team_id=tall[0].id, name="T0", parent_id=top.id)
    with pytest.raises(Invalid):
        identity.save_team(session, boss, team_id=tall[0].id, name="T0", parent_id=middle.id)


def test_sight_is_passed_on_never_made(session: Session, tenant: UUID, boss: Actor) -> None:
    identity.set_role_scope(session, boss, key="manager", levels={"account": "team"})
    head = identity.create_user(session, email="head@house.example", role="manager", name="Head").id
    actor = Actor(tenant, "Head", "member", member_id=head, permissions=frozenset({"users.manage"}))
    with pytest.raises(Denied):
        identity.set_role_scope(session, actor, key="rep", levels={"account": "all"})
    identity.set_role_scope(session, actor, key="rep", levels={"account": "own", "person": "all"})
    with pytest.raises(Conflict):
        identity.set_role_scope(session, boss, key="admin", levels={"account": "team"})
