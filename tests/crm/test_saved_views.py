"""Views of lists: one's own and shared ones; only who made one changes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import Session

from salescompass import crm
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
