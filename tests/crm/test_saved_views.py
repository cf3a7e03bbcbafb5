"""Views of lists: one's own and shared ones; only who made one changes it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlmodel import Session

from salescompass import crm, identity
from salescompass.identity import Actor
from salescompass.kit.errors import Changed, Denied, Exists, Invalid, NotFound

STATE = {"filter": {"all": [["city", "is", "Oslo"]]}, "sort": "-size"}


def test_views_are_private_until_they_are_shared(session: Session, hire: Callable[..., Actor]) -> None:
    ann, bob = hire("Ann"), hire("Bob")
    view = crm.save_view(session, ann, kind="accounts", name=" Oslo ", state=STATE)
    assert (view.name, view.state, view.row_version, view.shared, view.mine) == ("Oslo", STATE, 1, False, True)
    assert crm.saved_views(session, bob, kind="accounts") == []
    with pytest.raises(NotFound):
        crm.delete_view(session, bob, view_id=view.id)
    crm.save_view(session, ann, kind="accounts", name="Oslo", state=STATE, shared=True, view_id=view.id, version=1)
    (seen,) = crm.saved_views(session, bob, kind="accounts")
    assert (seen.owner, seen.mine, seen.shared) == ("Ann", False, True)
    assert crm.saved_views(session, bob, kind="leads") == []
    with pytest.raises(Denied):
        crm.save_view(session, bob, kind="accounts", name="Mine", state={}, view_id=view.id)
    crm.save_view(session, bob, kind="accounts", name="oslo", state={})
    crm.delete_view(session, ann, view_id=view.id)
    assert [one.owner for one in crm.saved_views(session, bob, kind="accounts")] == ["Bob"]
    crm.delete_view(session, ann, view_id=view.id, restore=True)
    assert len(crm.saved_views(session, ann, kind="accounts")) == 1


def test_a_view_is_refused_with_its_reason(session: Session, boss: Actor, hire: Callable[..., Actor]) -> None:
    ann = hire("Ann")
    view = crm.save_view(session, ann, kind="leads", name="Fresh", state=STATE)
    with pytest.raises(Exists):
        crm.save_view(session, ann, kind="leads", name="FRESH", state={})
    with pytest.raises(Changed):
        crm.save_view(session, ann, kind="leads", name="Fresh", state={}, view_id=view.id, version=7)
    for name, state in (("", {}), ("x" * 61, {}), ("Large", {"x": "y" * 16_000})):
        with pytest.raises(Invalid):
            crm.save_view(session, ann, kind="leads", name=name, state=state)
    with pytest.raises(Denied):
        crm.save_view(session, boss, kind="leads", name="System's", state={})


def test_a_view_does_not_come_back_beside_one_of_its_name(session: Session, hire: Callable[..., Actor]) -> None:
    ann = hire("Ann")
    view = crm.save_view(session, ann, kind="leads", name="Fresh", state=STATE)
    crm.delete_view(session, ann, view_id=view.id)
    crm.save_view(session, ann, kind="leads", name="fresh", state={})
    with pytest.raises(Exists):
        crm.delete_view(session, ann, view_id=view.id, restore=True)


def test_a_view_is_shared_with_a_team_and_those_beneath_it(
    session: Session, boss: Actor, hire: Callable[..., Actor]
) -> None:
    ann, bob, cas, dan = hire("Ann"), hire("Bob"), hire("Cas"), hire("Dan")

    def team(name: str, *members: Actor, parent: UUID | None = None) -> UUID:
        ids = [one.member_id for one in members if one.member_id]
        return identity.save_team(session, boss, team_id=None, name=name, member_ids=ids, parent_id=parent).id

    sales = team("Sales", ann)
    team("North", bob, parent=sales)
    team("Support", cas)
    view = crm.save_view(session, ann, kind="accounts", name="Ours", state=STATE, shared=True, team_id=sales)
    seen = {who.name: len(crm.saved_views(session, who, kind="accounts")) for who in (ann, bob, cas, dan)}
    assert seen == {"Ann": 1, "Bob": 1, "Cas": 0, "Dan": 0}
    with pytest.raises(Denied):
        crm.delete_view(session, bob, view_id=view.id)
    with pytest.raises(NotFound):
        crm.delete_view(session, cas, view_id=view.id)
    with pytest.raises(NotFound):
        crm.save_view(session, cas, kind="accounts", name="Theirs", state=STATE, shared=True, team_id=sales)
    assert [one.name for one in identity.teams_of(session, bob)] == ["Sales", "North"]
