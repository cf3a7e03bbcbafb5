"""Invitations and resets: links that work once."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy
from uuid import UUID

import pytest
from sqlalchemy import text

from salescompass import identity, notifications
from salescompass.identity.resets import PER_NETWORK
from salescompass.kit import jobs
from salescompass.kit.clock import now
from salescompass.kit.database import system_session, tenant_session
from salescompass.kit.errors import Conflict, Exists, Invalid, SalesCompassError, TooMany, Unauthenticated
from salescompass.kit.settings import settings
from tests.identity.conftest import Person

Make = Callable[..., Person]
NEW = "quite a new sentence"


def letters(tenant: UUID) -> list[tuple[str, str, str]]:
    """Deliver what waits: recipient, subject and the link's token of each letter, oldest first."""
    folder = settings().data / "mail"
    before = set(folder.glob("*.eml"))
    jobs.deliver(tenant, "mail", lambda row: notifications.deliver(tenant, row.id, row.payload))
    found = []
    for path in sorted(set(folder.glob("*.eml")) - before, key=lambda path: path.name.split("-", 2)[2]):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        plain = message.get_body(("plain",))
        assert plain is not None
        token = re.search(r"\?token=([\w-]+)", plain.get_content())
        assert token is not None
        found.append((message["To"], message["Subject"], token[1]))
    return found


def invited(tenant: UUID, admin: Person, email: str, *, role: str = "rep") -> str:
    with tenant_session(tenant) as session:
        identity.invite(session, admin.actor, email=email, name="Zoë Ng", role_keys=[role])
    (letter,) = letters(tenant)
    assert email in letter[0]
    return letter[2]


def asked(rep: Person, ip: str) -> str:
    identity.request_reset(rep.email, ip)
    (letter,) = letters(rep.actor.tenant_id)
    return letter[2]


def test_an_invitation_leads_to_a_signed_in_member(admin: Person, tenant: UUID, ip: str) -> None:
    token = invited(tenant, admin, "zoe@people.example")
    shown = identity.invitation(token)
    assert (shown.email, shown.name, shown.has_password) == ("zoe@people.example", "Zoë Ng", False)
    joined = identity.accept_invitation(token, name="Zoë N.", password=NEW, ip=ip, user_agent="x")
    assert (joined.actor.name, joined.actor.roles, joined.actor.tenant_id) == ("Zoë N.", ("rep",), tenant)
    assert identity.authenticate(joined.token) is not None
    assert identity.sign_in(email="zoe@people.example", password=NEW, ip=ip, user_agent="", device=joined.device_token)
    with tenant_session(tenant) as session:
        assert {"member.invited", "member.joined"} <= {line.action for line in identity.audit_entries(session).items}


def test_nobody_signs_in_before_they_have_joined(admin: Person, tenant: UUID, ip: str) -> None:
    invited(tenant, admin, "early@people.example")
    identity.request_reset("early@people.example", ip)
    assert letters(tenant) == []
    with pytest.raises(Unauthenticated):
        identity.sign_in(email="early@people.example", password="", ip=ip, user_agent="")


def test_a_link_works_once_even_when_two_browsers_use_it_at_once(admin: Person, tenant: UUID) -> None:
    token = invited(tenant, admin, "race@people.example")

    def join(number: int) -> str:
        try:
            identity.accept_invitation(token, name=f"Racer {number}", password=f"racing sentence {number}")
        except SalesCompassError as error:
            return error.code
        return "in"

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(join, range(6))) == ["in"] + ["invalid"] * 5
    with pytest.raises(Invalid, match="used or is too old"):
        identity.invitation(token)


def test_a_refused_password_does_not_use_the_link_up(admin: Person, tenant: UUID) -> None:
    token = invited(tenant, admin, "picky@people.example")
    for name, password, field in (
        ("P", "short", "password"),
        ("P", "picky@people", "password"),
        ("x" * 500, NEW, "name"),
    ):
        with pytest.raises(Invalid) as refused:
            identity.accept_invitation(token, name=name, password=password)
        assert refused.value.field == field
    assert identity.accept_invitation(token, name="P", password=NEW)


def test_inviting_again_sends_another_letter_and_joining_by_one_uses_up_both(admin: Person, tenant: UUID) -> None:
    first = invited(tenant, admin, "twice@people.example")
    second = invited(tenant, admin, "twice@people.example", role="manager")
    assert first != second
    joined = identity.accept_invitation(first, name="T", password=NEW)
    assert joined.actor.roles == ("manager",)
    with pytest.raises(Invalid):
        identity.accept_invitation(second, name="T", password=NEW)
    with pytest.raises(Exists), tenant_session(tenant) as session:
        identity.invite(session, admin.actor, email="twice@people.example", name="T", role_keys=["rep"])
    with pytest.raises(Conflict), tenant_session(tenant) as session:
        identity.resend_invitation(session, admin.actor, member_id=joined.actor.member_id)


def test_an_invitation_taken_back_leads_nowhere(admin: Person, tenant: UUID) -> None:
    token = invited(tenant, admin, "late@people.example")
    with tenant_session(tenant) as session:
        late = next(one for one in identity.members(session) if one.email == "late@people.example")
        identity.disable_member(session, admin.actor, member_id=late.id)
    with pytest.raises(Invalid):
        identity.accept_invitation(token, name="L", password=NEW)


def test_a_withdrawn_invitation_leads_nowhere_and_may_be_sent_anew(admin: Person, tenant: UUID) -> None:
    token = invited(tenant, admin, "maybe@people.example")
    with tenant_session(tenant) as session:
        maybe = next(one for one in identity.members(session) if one.email == "maybe@people.example")
        identity.withdraw_invitation(session, admin.actor, member_id=maybe.id)
    with pytest.raises(Invalid):
        identity.accept_invitation(token, name="M", password=NEW)
    again = invited(tenant, admin, "maybe@people.example")
    joined = identity.accept_invitation(again, name="M", password=NEW)
    with pytest.raises(Conflict), tenant_session(tenant) as session:
        identity.withdraw_invitation(session, admin.actor, member_id=joined.actor.member_id)


def test_who_came_from_a_file_gets_an_address_joins_by_it_and_stays_when_it_is_withdrawn(
    admin: Person, tenant: UUID
) -> None:
    with tenant_session(tenant) as session:
        rows = [identity.MemberRow(name="Moses Frase")]
        (made,) = identity.bring_members(session, admin.actor, rows=rows, now=now()).outcomes
    assert made.id

    def given(email: str) -> str:
        with tenant_session(tenant) as session:
            assert identity.give_address(session, admin.actor, member_id=made.id, email=email).status == "invited"
        (letter,) = letters(tenant)
        assert email in letter[0]
        return letter[2]

    with pytest.raises(Exists), tenant_session(tenant) as session:
        identity.give_address(session, admin.actor, member_id=made.id, email=admin.actor.email.upper())
    wrong = given("mosses@people.example")
    with pytest.raises(Conflict), tenant_session(tenant) as session:
        identity.give_address(session, admin.actor, member_id=made.id, email="again@people.example")
    with tenant_session(tenant) as session:
        identity.withdraw_invitation(session, admin.actor, member_id=made.id)
        back = identity.member(session, made.id)
    assert (back.name, back.email, back.status, back.roles) == ("Moses Frase", "", "active", ("rep",))
    with pytest.raises(Invalid):
        identity.accept_invitation(wrong, name="M", password=NEW)
    joined = identity.accept_invitation(given("moses@people.example"), name="", password=NEW)
    assert (joined.actor.member_id, joined.actor.name) == (made.id, "Moses Frase")


def test_somebody_with_an_account_elsewhere_joins_with_the_password_they_have(
    admin: Person, person: Make, make_tenant: Callable[[], UUID], tenant: UUID
) -> None:
    old_hand = person("rep", tenant_id=make_tenant())
    token = invited(tenant, admin, old_hand.email)
    assert identity.invitation(token).has_password
    with pytest.raises(Invalid, match="account already"):
        identity.accept_invitation(token, name="Old Hand", password=NEW)
    joined = identity.accept_invitation(token, name="Old Hand", password=old_hand.password)
    assert joined.actor.tenant_id == tenant
    assert identity.authenticate(old_hand.token) is not None


def test_a_reset_gives_a_new_password_ends_every_session_and_opens_the_owners_browser(person: Make, ip: str) -> None:
    rep = person()
    with system_session() as system:
        system.connection().execute(
            text("UPDATE \"user\" SET failed_sign_ins = 99, retry_at = now() + interval '9 min' WHERE id = :id"),
            {"id": rep.actor.user_id},
        )
    token = asked(rep, ip)
    device = identity.reset_password(token, NEW)
    assert identity.authenticate(rep.token) is None
    for _ in range(11):  # strangers go on guessing
        with pytest.raises((Unauthenticated, TooMany)):
            identity.sign_in(email=rep.email, password="a wrong one", ip=ip, user_agent="")
    assert identity.sign_in(email=rep.email, password=NEW, ip=ip, user_agent="", device=device)


def test_a_reset_link_works_once_and_only_as_what_it_is(person: Make, admin: Person, tenant: UUID, ip: str) -> None:
    rep = person()
    token = asked(rep, ip)
    with pytest.raises(Invalid):
        identity.accept_invitation(token, name="X", password=NEW)
    with pytest.raises(Invalid):
        identity.reset_password(invited(tenant, admin, "other@people.example"), NEW)
    second = asked(rep, ip)
    identity.reset_password(second, NEW)
    for used in (second, token):
        for password in ("yet another sentence", "short"):
            with pytest.raises(Invalid, match="used or is too old"):
                identity.reset_password(used, password)
    for nonsense in (None, "", "x" * 43, "x" * 10_000, "\0" * 43, "\ud800" * 43):
        with pytest.raises(Invalid):
            identity.reset_password(nonsense, NEW)


@pytest.mark.parametrize(("kind", "lifetime"), [("reset", timedelta(hours=1)), ("invitation", timedelta(days=7))])
def test_links_grow_old(person: Make, admin: Person, tenant: UUID, ip: str, kind: str, lifetime: timedelta) -> None:
    token = asked(person(), ip) if kind == "reset" else invited(tenant, admin, "slow@people.example")
    with system_session() as system:
        row = (
            system.connection()
            .execute(
                text(
                    "SELECT id, expires_at, created_at FROM reset_token WHERE kind = :kind "
                    "ORDER BY created_at DESC LIMIT 1"
                ),
                {"kind": kind},
            )
            .one()
        )
        assert abs(row.expires_at - row.created_at - lifetime) < timedelta(seconds=5)
        system.connection().execute(
            text("UPDATE reset_token SET expires_at = :then WHERE id = :id"),
            {"then": now() - timedelta(seconds=1), "id": row.id},
        )
    with pytest.raises(Invalid, match="too old"):
        identity.reset_password(token, NEW) if kind == "reset" else identity.invitation(token)


def test_asking_for_a_reset_tells_nothing_and_has_a_limit(person: Make, tenant: UUID, ip: str) -> None:
    rep = person()
    assert identity.request_reset("nobody@people.example", ip) is None
    assert letters(tenant) == []
    for _ in range(8):
        assert identity.request_reset(rep.email, ip) is None
    assert len(letters(tenant)) == 5
    for number in range(PER_NETWORK.times - 9):
        identity.request_reset(f"n{number}@people.example", ip)
    with pytest.raises(TooMany):
        identity.request_reset("one-more@people.example", ip)


def test_no_secret_waits_in_the_outbox_or_in_a_table(person: Make, admin: Person, tenant: UUID, ip: str) -> None:
    rep = person()
    identity.request_reset(rep.email, ip)
    with tenant_session(tenant) as session:
        identity.invite(session, admin.actor, email="quiet@people.example", name="Q", role_keys=["rep"])
        waiting = session.connection().execute(text("SELECT payload::text FROM outbox")).scalars().all()
    assert len(waiting) == 2
    assert not any("token" in payload or rep.email in payload for payload in waiting)
    tokens = [token for _, _, token in letters(tenant)]
    with system_session() as system:
        stored = system.connection().execute(text("SELECT r::text FROM reset_token r")).scalars().all()
    assert len(tokens) == 2
    assert not any(token in row for token in tokens for row in stored)


def test_changing_ones_password_needs_the_present_one(person: Make, tenant: UUID) -> None:
    rep = person()
    for current, new, field in (
        ("a wrong one", NEW, "current"),
        (rep.password, "short", "new"),
        ("\ud800", NEW, "current"),
    ):
        with pytest.raises(Invalid) as refused, tenant_session(tenant) as session:
            identity.change_password(session, rep.actor, current=current, new=new)
        assert refused.value.field == field
    for _ in range(7):
        with pytest.raises(Invalid), tenant_session(tenant) as session:
            identity.change_password(session, rep.actor, current="guess", new=NEW)
    with pytest.raises(TooMany), tenant_session(tenant) as session:
        identity.change_password(session, rep.actor, current=rep.password, new=NEW)


def test_who_gives_no_name_keeps_the_one_they_were_invited_by(admin: Person, tenant: UUID) -> None:
    token = invited(tenant, admin, "quiet@people.example")
    before = identity.invitation(token)
    assert (before.email, before.has_password) == ("quiet@people.example", False)
    joined = identity.accept_invitation(token, name="  ", password=NEW)
    assert joined.actor.name == before.name
