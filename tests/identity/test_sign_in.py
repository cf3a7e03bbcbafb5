from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import text

from salescompass import identity
from salescompass.identity.sign_in import FAILURES, REFUSED
from salescompass.kit.clock import now
from salescompass.kit.database import system_session, tenant_session
from salescompass.kit.errors import SalesCompassError, TooMany, Unauthenticated
from tests.identity.conftest import Person, address_for

Make = Callable[..., Person]


def attempt(who: Person, ip: str, *, password: str | None = None, device: str | None = None) -> identity.SignedIn:
    return identity.sign_in(
        email=who.email, password=who.password if password is None else password, ip=ip, user_agent="x", device=device
    )


def fail(who: Person, ip: str, times: int, *, device: str | None = None) -> None:
    for _ in range(times):
        with pytest.raises(Unauthenticated):
            attempt(who, ip, password="a wrong password", device=device)


def sql(statement: str, **values: object) -> object:
    with system_session() as system:
        done = system.connection().execute(text(statement), values)
        return done.scalar() if done.returns_rows else None


def wait_over(who: Person) -> None:
    """As if the wait had passed: nobody sleeps in a test."""
    sql("UPDATE \"user\" SET retry_at = now() - interval '1 s' WHERE id = :id", id=who.actor.user_id)


def test_the_right_password_signs_in_and_each_session_has_its_own_token(person: Make, ip: str) -> None:
    rep = person()
    again = attempt(rep, ip)
    assert again.token != rep.token
    assert again.actor.member_id == rep.actor.member_id
    assert again.actor.may("feed.read")
    assert identity.authenticate(rep.token) is not None, "signing in elsewhere ends no session"


def test_the_address_may_be_typed_in_any_case(person: Make, ip: str) -> None:
    rep = person()
    signed_in = identity.sign_in(email=f"  {rep.email.upper()} ", password=rep.password, ip=ip, user_agent="")
    assert signed_in.actor.member_id == rep.actor.member_id


def test_every_reason_to_refuse_gives_the_same_answer(person: Make, ip: str, tenant: UUID, admin: Person) -> None:
    rep, shut_out = person(), person()
    with tenant_session(tenant) as session:
        identity.disable_member(session, admin.actor, member_id=shut_out.actor.member_id)
        identity.create_user(session, email="imported@people.example", role="rep")
    attempts = [
        (rep.email, "a wrong password"),
        ("nobody@people.example", rep.password),
        (shut_out.email, shut_out.password),
        ("imported@people.example", ""),
        ("imported@people.example", "anything at all"),
        ("no address at all", "anything"),
        (rep.email, "x" * 100_000),
        ("", ""),
        ("\0@\r\n", "\0"),
        ("\ud800@x.example", "half a character"),
        (rep.email, "half a character \ud800"),
    ]
    for email, password in attempts:
        with pytest.raises(Unauthenticated) as refused:
            identity.sign_in(email=email, password=password, ip=ip, user_agent="")
        assert (refused.value.message, refused.value.code) == (REFUSED, "unauthenticated")


def test_after_ten_failures_even_the_right_password_waits_and_then_works(person: Make, ip: str) -> None:
    rep = person()
    fail(rep, ip, 10)
    with pytest.raises(TooMany) as refused:
        attempt(rep, ip)
    assert 1 <= refused.value.retry_after <= 2
    wait_over(rep)
    assert attempt(rep, ip).actor.member_id == rep.actor.member_id
    fail(rep, ip, 10)  # the count began anew


def test_the_wait_doubles_and_trying_while_waiting_does_not_prolong_it(person: Make, ip: str) -> None:
    rep = person()
    fail(rep, ip, 10)
    for doubled in (2, 4, 8):
        wait_over(rep)
        fail(rep, ip, 1)
        before = sql('SELECT retry_at FROM "user" WHERE id = :id', id=rep.actor.user_id)
        for _ in range(3):
            with pytest.raises(TooMany) as refused:
                attempt(rep, ip)
            assert refused.value.retry_after <= doubled
        assert sql('SELECT retry_at FROM "user" WHERE id = :id', id=rep.actor.user_id) == before


def test_a_stranger_cannot_lock_the_owner_out_of_their_own_browser(person: Make, ip: str) -> None:
    rep = person()
    sql(
        "UPDATE \"user\" SET failed_sign_ins = 40, retry_at = now() + interval '15 min' WHERE id = :id",
        id=rep.actor.user_id,
    )
    with pytest.raises(TooMany):
        attempt(rep, ip)
    assert attempt(rep, ip, device=rep.device).device_token == rep.device
    with pytest.raises(TooMany):
        attempt(rep, ip), "the owner's success says nothing about strangers"


def test_failures_on_a_known_browser_slow_down_that_browser_only(person: Make, ip: str) -> None:
    rep = person()
    fail(rep, ip, 10, device=rep.device)
    with pytest.raises(TooMany):
        attempt(rep, ip, device=rep.device)
    assert attempt(rep, ip).actor.member_id == rep.actor.member_id


def test_a_device_cookie_of_somebody_else_is_a_strangers(person: Make, ip: str) -> None:
    rep, other = person(), person()
    fail(rep, ip, 10, device=other.device)
    with pytest.raises(TooMany):
        attempt(rep, ip, device=other.device)
    assert attempt(other, ip, device=other.device).actor.member_id == other.actor.member_id
    assert attempt(rep, ip, device=rep.device).device_token == rep.device


def test_an_address_nobody_has_waits_exactly_like_one_that_somebody_has(person: Make, ip: str) -> None:
    def outcomes(email: str) -> list[str]:
        seen = []
        for _ in range(13):
            try:
                identity.sign_in(email=email, password="a wrong password", ip=ip, user_agent="")
            except SalesCompassError as error:
                seen.append(error.code)
        return seen

    assert (
        outcomes(person().email)
        == outcomes("nobody-at-all@people.example")
        == ["unauthenticated"] * 10 + ["too_many"] * 3
    )


def test_many_guesses_at_once_get_no_further_than_ten(person: Make, ip: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    rep = person()

    def guess(_: int) -> str:
        try:
            attempt(rep, ip, password="a wrong password")
        except SalesCompassError as error:
            return error.message
        return "in"

    with ThreadPoolExecutor(15) as pool:
        answers = list(pool.map(guess, range(45)))
    assert answers.count(REFUSED) <= 11, "eleven if a second passed meanwhile"
    assert "in" not in answers


def test_one_network_cannot_try_many_addresses(ip: str, servers: dict[str, str]) -> None:
    for number in range(FAILURES[0].times):
        with pytest.raises(Unauthenticated):
            identity.sign_in(email=f"sprayed{number}@x.example", password="Winter2026!", ip=ip, user_agent="")
    with pytest.raises(TooMany):
        identity.sign_in(email="sprayed@x.example", password="Winter2026!", ip=ip, user_agent="")
    with pytest.raises(Unauthenticated):
        identity.sign_in(email="sprayed@x.example", password="Winter2026!", ip=address_for(60_000), user_agent="")


def test_a_weak_hash_is_renewed_by_signing_in(person: Make, ip: str) -> None:
    rep = person()
    weak = Argon2Hasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(rep.password)
    sql('UPDATE "user" SET password_hash = :weak WHERE id = :id', weak=weak, id=rep.actor.user_id)
    attempt(rep, ip)
    renewed = sql('SELECT password_hash FROM "user" WHERE id = :id', id=rep.actor.user_id)
    assert isinstance(renewed, str)
    assert renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert attempt(rep, ip)


def test_the_trail_tells_of_signing_in_and_of_being_kept_waiting(person: Make, ip: str, tenant: UUID) -> None:
    rep = person()
    fail(rep, ip, 10)
    with tenant_session(tenant) as session:
        lines = identity.audit_entries(session).items
    assert next(line.action for line in lines if line.object_id == str(rep.actor.member_id)) == "session.throttled"
    assert any(line.action == "session.signed_in" and line.actor_id == rep.actor.member_id for line in lines)
    assert rep.password not in repr(lines)


def test_nobody_signs_in_to_a_tenant_that_is_closed(person: Make, ip: str, tenant: UUID) -> None:
    rep = person()
    sql("UPDATE tenant SET status = 'suspended' WHERE id = :id", id=tenant)
    assert identity.authenticate(rep.token) is None
    with pytest.raises(Unauthenticated):
        attempt(rep, ip)


def test_a_person_signs_in_where_they_were_last(person: Make, make_tenant: Callable[[], UUID], ip: str) -> None:
    rep = person()
    elsewhere = make_tenant()
    with tenant_session(elsewhere) as session:
        identity.create_user(session, email=rep.email, password=rep.password, role="manager")
    assert attempt(rep, ip).actor.tenant_id == rep.actor.tenant_id
    there = identity.switch_tenant(rep.token, elsewhere)
    sql(
        "UPDATE session SET last_seen_at = :later WHERE id = :id", id=there.actor.session_id, later=now() + timedelta(1)
    )
    assert attempt(rep, ip).actor.tenant_id == elsewhere
