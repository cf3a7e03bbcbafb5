"""Every verb that takes an id: with one's own it works, with another tenant's there is no such thing."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlmodel import Session

from salescompass import identity
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import NotFound
from tests.identity.conftest import Person

Make = Callable[..., Person]

TAKES_A_MEMBER: dict[str, Callable[[Session, Actor, UUID], object]] = {
    "member": lambda s, a, i: identity.member(s, i),
    "set_roles": lambda s, a, i: identity.set_roles(s, a, member_id=i, role_keys=["rep"]),
    "disable_member": lambda s, a, i: identity.disable_member(s, a, member_id=i),
    "enable_member": lambda s, a, i: identity.enable_member(s, a, member_id=i),
    "withdraw_invitation": lambda s, a, i: identity.withdraw_invitation(s, a, member_id=i) or "done",
    "resend_invitation": lambda s, a, i: identity.resend_invitation(s, a, member_id=i),
}


@pytest.fixture
def neighbour(make_tenant: Callable[[], UUID], person: Make) -> Person:
    """An admin of another tenant."""
    return person("admin", tenant_id=make_tenant())


@pytest.mark.parametrize("verb", sorted(TAKES_A_MEMBER))
def test_another_tenants_member_does_not_exist(verb: str, tenant: UUID, admin: Person, neighbour: Person) -> None:
    act = TAKES_A_MEMBER[verb]

    def invitee(session: Session, actor: Actor, email: str) -> UUID:
        return identity.invite(session, actor, email=email, name="In Vited", role_keys=["rep"]).id

    with tenant_session(neighbour.actor.tenant_id) as session:
        theirs = invitee(session, neighbour.actor, "theirs@people.example")
    with tenant_session(tenant) as session:
        mine = invitee(session, admin.actor, "mine@people.example")
    with tenant_session(tenant) as session:
        assert act(session, admin.actor, mine)
    with pytest.raises(NotFound), tenant_session(tenant) as session:
        act(session, admin.actor, theirs)
    with tenant_session(neighbour.actor.tenant_id) as session:
        assert identity.member(session, theirs).status == "invited"


def test_another_tenants_key_and_session_do_not_exist(tenant: UUID, admin: Person, neighbour: Person) -> None:
    with tenant_session(neighbour.actor.tenant_id) as session:
        key = identity.create_key(session, neighbour.actor, name="theirs", scopes=["*"])
    with pytest.raises(NotFound), tenant_session(tenant) as session:
        identity.revoke_key(session, admin.actor, key_id=key.id)
    with pytest.raises(NotFound), tenant_session(tenant) as session:
        identity.revoke_session(session, admin.actor, session_id=neighbour.actor.session_id)
    actor = identity.authenticate_key(key.key)
    assert actor is not None
    assert actor.tenant_id == neighbour.actor.tenant_id
    assert identity.authenticate(neighbour.token) is not None
    with tenant_session(neighbour.actor.tenant_id) as session:
        assert identity.revoke_key(session, neighbour.actor, key_id=key.id).state == "revoked"


def test_lists_hold_ones_own_only(tenant: UUID, admin: Person, neighbour: Person) -> None:
    for who in (admin, neighbour):
        with tenant_session(who.actor.tenant_id) as session:
            identity.create_key(session, who.actor, name=f"of {who.email}", scopes=["*"])
            identity.save_role(session, who.actor, key=None, name=f"of {who.email}", permissions=["feed.read"])
    for who, other in ((admin, neighbour), (neighbour, admin)):
        with tenant_session(who.actor.tenant_id) as session:
            for found in (
                identity.members(session),
                identity.keys(session),
                identity.roles(session),
                identity.audit_entries(session).items,
                identity.my_sessions(session, who.actor),
            ):
                assert found
                assert other.email not in repr(found)
                assert str(other.actor.member_id) not in repr(found)
                assert str(other.actor.session_id) not in repr(found)
            assert who.email in repr(identity.members(session))


def test_an_actor_in_the_wrong_session_sees_nothing_of_their_own(
    admin: Person, neighbour: Person, tenant: UUID
) -> None:
    with pytest.raises(NotFound), tenant_session(tenant) as session:
        identity.profile(session, neighbour.actor)
