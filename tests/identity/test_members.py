from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from salescompass import identity
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Conflict, Denied, Exists, Invalid, NotFound, SalesCompassError, Unauthenticated
from tests import world
from tests.identity.conftest import Person

Make = Callable[..., Person]


def test_a_new_tenant_has_four_roles_and_an_admin(tenant: UUID) -> None:
    with tenant_session(tenant) as session:
        assert [(role.key, role.members) for role in identity.roles(session)] == [
            ("rep", 0),
            ("manager", 0),
            ("marketer", 0),
            ("admin", 1),
        ]
        (only,) = identity.members(session)
    assert (only.status, only.roles, only.role_names) == ("active", ("admin",), ("Admin",))


def test_a_slug_is_given_once(tenant: UUID, servers: dict[str, str]) -> None:
    slug = next(found.slug for found in identity.all_tenants() if found.tenant_id == tenant)
    with pytest.raises(Exists) as refused:
        identity.create_tenant(name="X", slug=slug, admin_email="x@x.example", admin_password="a long password 1")
    assert refused.value.code == "exists"
    assert identity.tenant_by_slug(slug).tenant_id == tenant
    with pytest.raises(NotFound):
        identity.tenant_by_slug("nobody-has-this")


def test_who_has_an_account_here_joins_a_new_tenant_with_it(tenant: UUID, servers: dict[str, str]) -> None:
    mail, first, second = (f"{uuid4().hex[:10]}@x.example", f"j{uuid4().hex[:8]}", f"k{uuid4().hex[:8]}")
    made = identity.create_tenant(name="First", slug=first, admin_email=mail, admin_password="a long password 1")
    joined = identity.create_tenant(name="Second", slug=second, admin_email=mail.upper())
    assert (made.admin_known, joined.admin_known) == (False, True)
    again = identity.create_tenant(
        name="Third", slug=f"{second}x", admin_email=mail, admin_password="another long password 2"
    )
    assert again.admin_known
    with tenant_session(joined.tenant_id) as session:
        assert [(one.email, one.roles) for one in identity.members(session)] == [(mail, ("admin",))]
    assert identity.sign_in(email=mail, password="a long password 1", ip="192.0.2.9", user_agent="")


def test_a_new_person_needs_a_password(servers: dict[str, str]) -> None:
    slug = f"n{uuid4().hex[:8]}"
    with pytest.raises(Invalid, match="has no account here yet") as refused:
        identity.create_tenant(name="New", slug=slug, admin_email=f"{slug}@x.example")
    assert refused.value.field == "admin_password"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("slug", {"slug": "No Blanks"}),
        ("slug", {"slug": "-x"}),
        ("zone", {"zone": "Mars/Olympus"}),
        ("name", {"name": " \n "}),
        ("email", {"admin_email": "nobody"}),
        ("admin_password", {"admin_password": "short"}),
    ],
)
def test_a_tenant_with_a_wrong_field_is_not_made(servers: dict[str, str], field: str, values: dict[str, str]) -> None:
    slug = f"w{uuid4().hex[:8]}"
    good = {"name": "W", "slug": slug, "admin_email": f"{slug}@x.example", "admin_password": "a long password 1"}
    with pytest.raises(Invalid) as refused:
        identity.create_tenant(**{**good, **values})
    assert refused.value.field == field
    with pytest.raises(NotFound):
        identity.tenant_by_slug(slug)


def test_a_user_made_by_the_operator_can_sign_in(tenant: UUID, ip: str) -> None:
    with tenant_session(tenant) as session:
        made = identity.create_user(session, email="Eve@People.example", password="a long password 1", role="rep")
    assert (made.name, made.email, made.status) == ("Eve", "Eve@people.example", "active")
    assert identity.sign_in(email="eve@people.example", password="a long password 1", ip=ip, user_agent="")
    with pytest.raises(Exists), tenant_session(tenant) as session:
        identity.create_user(session, email="EVE@people.example", password="a long password 1", role="rep")
    with pytest.raises(Invalid, match="no role"), tenant_session(tenant) as session:
        identity.create_user(session, email="f@people.example", password="a long password 1", role="king")


@pytest.mark.parametrize("domain", ["demo.test", "crm.local", "intranet", "localhost", "bücher.example"])
def test_addresses_of_ones_own_network_are_addresses(tenant: UUID, ip: str, domain: str) -> None:
    email = f"ann.{tenant.hex[-8:]}@{domain}"
    with tenant_session(tenant) as session:
        identity.create_user(session, email=email, password="a long password 1", role="rep")
    assert identity.sign_in(email=email, password="a long password 1", ip=ip, user_agent="").actor.email == email


def test_nobody_from_outside_replaces_a_persons_password(
    person: Make, make_tenant: Callable[[], UUID], ip: str
) -> None:
    rep, elsewhere = person(), make_tenant()
    with pytest.raises(Exists), tenant_session(elsewhere) as session:
        identity.create_user(session, email=rep.email, password="an attackers password", role="rep")
    with tenant_session(elsewhere) as session:
        identity.create_user(session, email=rep.email, role="rep")
    with pytest.raises(Unauthenticated):
        identity.sign_in(email=rep.email, password="an attackers password", ip=ip, user_agent="")
    assert identity.sign_in(email=rep.email, password=rep.password, ip=ip, user_agent="")


def test_roles_change_and_the_trail_tells_from_what_to_what(admin: Person, person: Make, tenant: UUID) -> None:
    rep = person()
    with tenant_session(tenant) as session:
        identity.set_roles(session, admin.actor, member_id=rep.actor.member_id, role_keys=["marketer", "manager"])
        line = identity.audit_entries(session, action="member.roles_changed").items[0]
        assert identity.member(session, rep.actor.member_id).roles == ("manager", "marketer")
    assert line.actor_id == admin.actor.member_id
    assert (line.detail["before"], line.detail["after"]) == (["rep"], ["marketer", "manager"])


def test_somebody_who_can_manage_users_always_remains(admin: Person, tenant: UUID) -> None:
    with tenant_session(tenant) as session:
        first = next(one for one in identity.members(session) if one.id != admin.actor.member_id)
        identity.disable_member(session, admin.actor, member_id=first.id)
    with pytest.raises(Conflict, match="yourself"), tenant_session(tenant) as session:
        identity.disable_member(session, admin.actor, member_id=admin.actor.member_id)
    with pytest.raises(Conflict, match="leave no admin"), tenant_session(tenant) as session:
        identity.set_roles(session, admin.actor, member_id=admin.actor.member_id, role_keys=["rep"])
    with tenant_session(tenant) as session:
        assert identity.member(session, admin.actor.member_id).roles == ("admin",)


def test_two_admins_who_disable_each_other_at_once_do_not_both_succeed(person: Make, tenant: UUID) -> None:
    one, other = person("admin"), person("admin")
    with tenant_session(tenant) as session:
        first = next(m for m in identity.members(session) if m.name == "admin")
        identity.disable_member(session, one.actor, member_id=first.id)

    def shoot(pair: tuple[Person, Person]) -> bool:
        try:
            with tenant_session(tenant) as session:
                identity.disable_member(session, pair[0].actor, member_id=pair[1].actor.member_id)
        except SalesCompassError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(shoot, [(one, other), (other, one)])) == [False, True]


def test_rights_are_passed_on_never_made(person: Make, admin: Person, tenant: UUID) -> None:
    with tenant_session(tenant) as session:
        identity.save_role(
            session, admin.actor, key=None, name="People desk", permissions=["users.read", "users.manage"]
        )
    desk, rep = person("people-desk"), person()
    assert desk.actor.may("users.manage")
    assert not desk.actor.may("audit.read")
    for grab in (
        lambda s: identity.set_roles(s, desk.actor, member_id=desk.actor.member_id, role_keys=["admin"]),
        lambda s: identity.set_roles(s, desk.actor, member_id=admin.actor.member_id, role_keys=["people-desk"]),
        lambda s: identity.disable_member(s, desk.actor, member_id=admin.actor.member_id),
        lambda s: identity.invite(s, desk.actor, email="friend@x.example", name="F", role_keys=["admin"]),
        lambda s: identity.save_role(s, desk.actor, key="people-desk", name="P", permissions=["audit.read"]),
        lambda s: identity.create_key(s, desk.actor, name="k", scopes=["*"]),
    ):
        with pytest.raises(Denied), tenant_session(tenant) as session:
            grab(session)
    with pytest.raises(Denied), tenant_session(tenant) as session:
        identity.set_roles(session, desk.actor, member_id=rep.actor.member_id, role_keys=["people-desk"])


def test_a_custom_role_lives_from_making_to_deleting(admin: Person, person: Make, tenant: UUID) -> None:
    with tenant_session(tenant) as session:
        made = identity.save_role(session, admin.actor, key=None, name="Field Auditor", permissions=["audit.read"])
    assert (made.key, made.builtin, made.permissions) == ("field-auditor", False, ("audit.read",))
    with pytest.raises(Exists), tenant_session(tenant) as session:
        identity.save_role(session, admin.actor, key=None, name="field auditor", permissions=["audit.read"])
    auditor = person("field-auditor")
    assert auditor.actor.permissions == {"account.self", "audit.read"}
    with tenant_session(tenant) as session:
        identity.save_role(session, admin.actor, key=made.key, name="Auditor", permissions=["audit.read", "feed.read"])
    now = identity.authenticate(auditor.token)
    assert now is not None
    assert now.permissions == {"account.self", "audit.read", "feed.read"}
    with pytest.raises(Conflict, match="Members have"), tenant_session(tenant) as session:
        identity.delete_role(session, admin.actor, key=made.key)
    with tenant_session(tenant) as session:
        identity.set_roles(session, admin.actor, member_id=auditor.actor.member_id, role_keys=["rep"])
        identity.delete_role(session, admin.actor, key=made.key)
        assert made.key not in [role.key for role in identity.roles(session)]
        actions = {line.action for line in identity.audit_entries(session).items}
    assert {"role.created", "role.changed", "role.deleted"} <= actions


@pytest.mark.parametrize("key", ["admin", "rep", "manager", "marketer"])
def test_built_in_roles_stay_as_they_are(admin: Person, tenant: UUID, key: str) -> None:
    with pytest.raises(Conflict), tenant_session(tenant) as session:
        identity.save_role(session, admin.actor, key=key, name="Mine", permissions=["feed.read"])
    with pytest.raises(Conflict), tenant_session(tenant) as session:
        identity.delete_role(session, admin.actor, key=key)


def test_a_member_keeps_their_own_profile(person: Make, tenant: UUID) -> None:
    rep = person()
    with tenant_session(tenant) as session:
        changed = identity.update_profile(
            session, rep.actor, name="  Ann \n Lee ", zone="Europe/Paris", shortcuts=False
        )
        assert (changed.name, changed.zone, changed.shortcuts) == ("Ann Lee", "Europe/Paris", False)
        assert identity.profile(session, rep.actor) == changed
        assert identity.audit_entries(session).items[0].detail == {"changed": ["name", "shortcuts", "zone"]}
    with pytest.raises(Invalid), tenant_session(tenant) as session:
        identity.update_profile(session, rep.actor, zone="Mars/Olympus")
    with pytest.raises(Invalid), tenant_session(tenant) as session:
        identity.update_profile(session, rep.actor, name="x" * 121)


def test_the_last_admin_cannot_take_a_lesser_role_that_manages_users(servers: dict[str, str]) -> None:
    alone = world.build("alone", bare=True)
    with alone.session() as session:
        lesser = identity.save_role(
            session, alone.actor, key=None, name="Lesser", permissions=["account.self", "users.read", "users.manage"]
        )
    with pytest.raises(Conflict, match="leave no admin"), alone.session() as session:
        identity.set_roles(session, alone.actor, member_id=alone.ids["member"], role_keys=[lesser.key])
