from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from salescompass import identity
from salescompass.identity.sessions import ABSOLUTE, IDLE, ROTATE_AFTER
from salescompass.kit.clock import now
from salescompass.kit.database import system_session, tenant_session
from salescompass.kit.errors import NotFound, Unauthenticated
from tests.identity.conftest import Person

Make = Callable[..., Person]


def stored(session_id: UUID | None, column: str) -> object:
    with system_session() as system:
        return (
            system.connection()
            .execute(
                text(f"SELECT {column} FROM session WHERE id = :id"),  # noqa: S608
                {"id": session_id},
            )
            .scalar_one()
        )


def keep_in_use(session_id: UUID | None) -> None:
    """As if somebody worked with it all the time."""
    with system_session() as system:
        system.connection().execute(
            text("UPDATE session SET last_seen_at = last_seen_at + interval '60 days' WHERE id = :id"),
            {"id": session_id},
        )


def test_only_the_hash_of_a_token_is_stored(person: Make) -> None:
    rep = person()
    assert len(rep.token) >= 43, "256 bits"
    assert stored(rep.actor.session_id, "token_hash") == hashlib.sha256(rep.token.encode()).digest()
    with system_session() as system:
        everything = system.connection().execute(text("SELECT s::text FROM session s")).scalars().all()
    assert not any(rep.token in row for row in everything)


def test_the_actor_is_the_member_with_their_rights(person: Make, tenant: UUID) -> None:
    manager = person("manager")
    actor = identity.authenticate(manager.token)
    assert actor is not None
    assert (actor.tenant_id, actor.kind, actor.roles, actor.email) == (tenant, "member", ("manager",), manager.email)
    assert actor.may("users.read")
    assert not actor.may("users.manage")


@pytest.mark.parametrize("token", [None, "", "x", "x" * 43, "x" * 100_000, "\0" * 43, "ü" * 43, "'; --" * 9])
def test_what_is_no_token_is_nobody(servers: dict[str, str], token: str | None) -> None:
    assert identity.authenticate(token) is None
    assert identity.rotate(token) is None
    identity.sign_out(token)


def test_a_session_ends_after_twelve_idle_hours(person: Make) -> None:
    rep = person()
    assert identity.authenticate(rep.token, now=now() + IDLE - timedelta(minutes=1)) is not None
    assert identity.authenticate(rep.token, now=now() + 2 * IDLE) is None


def test_using_a_session_keeps_it_until_thirty_days_are_over(person: Make) -> None:
    rep, began = person(), now()
    for hours in range(11, 24 * 30, 11):
        assert identity.authenticate(rep.token, now=began + timedelta(hours=hours)) is not None
    keep_in_use(rep.actor.session_id)
    assert identity.authenticate(rep.token, now=began + ABSOLUTE + timedelta(minutes=1)) is None


def test_its_use_is_written_down_once_a_minute_at_most(person: Make) -> None:
    rep = person()
    first = stored(rep.actor.session_id, "last_seen_at")
    identity.authenticate(rep.token, now=now() + timedelta(seconds=30))
    assert stored(rep.actor.session_id, "last_seen_at") == first
    identity.authenticate(rep.token, now=now() + timedelta(seconds=90))
    assert stored(rep.actor.session_id, "last_seen_at") != first


def test_signing_out_ends_the_session_on_the_server(person: Make, ip: str) -> None:
    rep = person()
    other = identity.sign_in(email=rep.email, password=rep.password, ip=ip, user_agent="")
    identity.sign_out(rep.token)
    assert identity.authenticate(rep.token) is None
    assert identity.authenticate(other.token) is not None
    identity.sign_out(rep.token)


def test_a_day_old_token_is_replaced_and_open_pages_keep_working_with_the_one_before(person: Make) -> None:
    rep = person()
    assert identity.rotate(rep.token) is None, "it is new"
    keep_in_use(rep.actor.session_id)
    day, second_day = now() + ROTATE_AFTER, now() + 2 * ROTATE_AFTER + timedelta(minutes=1)
    fresh = identity.rotate(rep.token, now=day)
    assert fresh is not None
    assert fresh != rep.token
    assert identity.rotate(rep.token, now=day) is None, "of two tabs at once one gets it"
    assert identity.authenticate(rep.token, now=day) is not None
    assert identity.authenticate(fresh, now=day) is not None
    assert identity.rotate(fresh, now=day) is None
    newest = identity.rotate(fresh, now=second_day)
    assert newest is not None
    assert identity.authenticate(fresh, now=second_day) is not None
    assert identity.authenticate(rep.token, now=second_day) is None, "two tokens at most are good"
    identity.sign_out(fresh)
    assert identity.authenticate(newest) is None


def test_one_sees_and_ends_ones_own_sessions(person: Make, ip: str, tenant: UUID) -> None:
    rep = person()
    phone = identity.sign_in(
        email=rep.email, password=rep.password, ip=ip, user_agent="Mozilla/5.0 (iPhone) Version/19 Safari/605"
    )
    with tenant_session(tenant) as session:
        mine = identity.my_sessions(session, rep.actor)
    assert {(view.device, view.current) for view in mine} == {("Firefox on Linux", True), ("Safari on iPhone", False)}
    with tenant_session(tenant) as session:
        identity.revoke_session(session, rep.actor, session_id=phone.actor.session_id)
    assert identity.authenticate(phone.token) is None
    assert identity.authenticate(rep.token) is not None
    with tenant_session(tenant) as session:
        assert [view.current for view in identity.my_sessions(session, rep.actor)] == [True]


def test_one_ends_all_others_and_stays(person: Make, ip: str, tenant: UUID) -> None:
    rep = person()
    others = [identity.sign_in(email=rep.email, password=rep.password, ip=ip, user_agent="") for _ in range(3)]
    with tenant_session(tenant) as session:
        assert identity.revoke_other_sessions(session, rep.actor) == 3
    assert [identity.authenticate(other.token) for other in others] == [None] * 3
    assert identity.authenticate(rep.token) is not None


def test_nobody_ends_anybody_elses_session(person: Make, admin: Person, tenant: UUID) -> None:
    rep = person()
    for victim in (rep.actor.session_id, uuid4()):
        with pytest.raises(NotFound), tenant_session(tenant) as session:
            identity.revoke_session(session, admin.actor, session_id=victim)
    assert identity.authenticate(rep.token) is not None


def test_a_disabled_member_is_out_at_once_and_for_good(person: Make, admin: Person, tenant: UUID) -> None:
    rep = person()
    with tenant_session(tenant) as session:
        identity.disable_member(session, admin.actor, member_id=rep.actor.member_id)
    assert identity.authenticate(rep.token) is None
    with tenant_session(tenant) as session:
        identity.enable_member(session, admin.actor, member_id=rep.actor.member_id)
    assert identity.authenticate(rep.token) is None, "old sessions do not come back"


def test_a_member_shut_out_in_the_database_is_out_though_no_session_was_ended(person: Make, tenant: UUID) -> None:
    rep = person()
    for status, signed_in in (("disabled", False), ("invited", False), ("active", True)):
        with tenant_session(tenant) as session:
            session.connection().execute(
                text("UPDATE membership SET status = :status WHERE id = :id"),
                {"status": status, "id": rep.actor.member_id},
            )
        assert (identity.authenticate(rep.token) is not None) is signed_in, status


def test_a_changed_role_counts_at_the_next_click(person: Make, admin: Person, tenant: UUID) -> None:
    rep = person()
    with tenant_session(tenant) as session:
        identity.set_roles(session, admin.actor, member_id=rep.actor.member_id, role_keys=["manager"])
    actor = identity.authenticate(rep.token)
    assert actor is not None
    assert actor.may("users.read")


def test_changing_the_password_ends_the_other_sessions(person: Make, ip: str, tenant: UUID) -> None:
    rep = person()
    other = identity.sign_in(email=rep.email, password=rep.password, ip=ip, user_agent="")
    with tenant_session(tenant) as session:
        identity.change_password(session, rep.actor, current=rep.password, new="another long sentence")
    assert identity.authenticate(other.token) is None
    assert identity.authenticate(rep.token) is not None
    assert identity.sign_in(email=rep.email, password="another long sentence", ip=ip, user_agent="")
    with pytest.raises(Unauthenticated):
        identity.sign_in(email=rep.email, password=rep.password, ip=ip, user_agent="")


def test_switching_goes_only_where_one_belongs_and_ends_the_old_session(
    person: Make, make_tenant: Callable[[], UUID], tenant: UUID
) -> None:
    rep, second, foreign = person(), make_tenant(), make_tenant()
    with tenant_session(second) as session:
        identity.create_user(session, email=rep.email, password=rep.password, role="manager")
    for nowhere in (foreign, uuid4()):
        with pytest.raises(NotFound):
            identity.switch_tenant(rep.token, nowhere)
    with tenant_session(tenant) as session:
        assert {choice.tenant_id: choice.current for choice in identity.my_tenants(session, rep.actor)} == {
            tenant: True,
            second: False,
        }
    there = identity.switch_tenant(rep.token, second)
    assert (there.actor.tenant_id, there.actor.roles) == (second, ("manager",))
    assert there.token != rep.token
    assert identity.authenticate(rep.token) is None
    with pytest.raises(Unauthenticated):
        identity.switch_tenant(rep.token, second)
    with tenant_session(second) as session:
        assert identity.audit_entries(session).items[0].action == "session.switched_here"
