"""Who may do what. The table is written out here by hand: changing a role must change it in two places."""

from __future__ import annotations

from uuid import UUID

import pytest

from salescompass.identity import BUILT_IN, PERMISSIONS, SCOPES, Actor, system_actor
from salescompass.identity.permissions import check_permissions, check_scopes, scope_permissions
from salescompass.kit.errors import Denied, Invalid

TENANT = UUID(int=7)
COMMON = {
    "account.self", "feed.read", "records.read", "records.write", "events.write", "actions.read", "actions.write",
}  # fmt: skip
FILES = {"records.export", "imports.manage"}
LEADS = {"users.read", "events.raw", "actions.manage", "rules.manage"}
MATRIX = {
    "rep": COMMON,
    "marketer": COMMON | FILES,
    "manager": COMMON | FILES | LEADS,
    "admin": COMMON
    | FILES
    | LEADS
    | {"users.manage", "keys.manage", "audit.read", "company.manage", "flags.manage", "health.read"}
    | {"scoring.manage", "records.manage"},
}


@pytest.mark.parametrize("role", sorted(MATRIX))
@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
def test_built_in_roles_allow_exactly_this(role: str, permission: str) -> None:
    assert (permission in BUILT_IN[role][1]) == (permission in MATRIX[role])


def test_there_are_these_four_roles_and_every_permission_is_somebodys() -> None:
    assert set(BUILT_IN) == set(MATRIX)
    assert frozenset().union(*MATRIX.values()) == frozenset(PERMISSIONS)


def test_a_member_may_what_their_roles_allow() -> None:
    rep = Actor(TENANT, "Rep", "member", permissions=BUILT_IN["rep"][1])
    assert rep.may("feed.read")
    assert not rep.may("users.manage")
    rep.must("feed.read")
    with pytest.raises(Denied, match=r"users\.manage"):
        rep.must("users.manage")


def test_the_operator_may_everything() -> None:
    assert all(system_actor(TENANT).may(permission) for permission in PERMISSIONS)


@pytest.mark.parametrize(
    ("scopes", "permissions"),
    [
        ({"events:read"}, {"feed.read"}),
        ({"events:write"}, {"feed.read", "events.write"}),
        ({"crm:read"}, {"records.read"}),
        ({"crm:write"}, {"records.read", "records.write"}),
        ({"scores:write"}, {"records.read", "feed.read"}),
        ({"actions:read"}, {"actions.read"}),
        ({"actions:write"}, {"actions.read", "actions.write", "actions.manage"}),
        ({"campaigns:write"}, set()),
        ({"admin:read"}, {"users.read", "audit.read", "health.read"}),
        ({"*"}, set(PERMISSIONS) - {"account.self"}),
    ],
)
def test_a_scope_allows_exactly_this(scopes: set[str], permissions: set[str]) -> None:
    assert scope_permissions(scopes) == permissions


@pytest.mark.parametrize("scope", SCOPES)
def test_no_key_is_anybodys_own_account(scope: str) -> None:
    assert "account.self" not in scope_permissions([scope])


def test_write_includes_read_and_the_star_is_all() -> None:
    writer = Actor(TENANT, "Key", "key", scopes=frozenset({"events:write"}))
    assert writer.has_scope("events:write")
    assert writer.has_scope("events:read")
    assert not writer.has_scope("crm:read")
    reader = Actor(TENANT, "Key", "key", scopes=frozenset({"events:read"}))
    assert not reader.has_scope("events:write")
    assert all(Actor(TENANT, "Key", "key", scopes=frozenset({"*"})).has_scope(scope) for scope in SCOPES)


def test_unknown_scopes_and_permissions_are_named() -> None:
    assert check_scopes([" events:read ", "events:read", ""]) == ("events:read",)
    with pytest.raises(Invalid, match="bananas"):
        check_scopes(["events:read", "bananas"])
    with pytest.raises(Invalid, match="at least one"):
        check_scopes([])
    assert check_permissions(["feed.read", "account.self", "feed.read"]) == ("account.self", "feed.read")
    with pytest.raises(Invalid, match=r"root\.all"):
        check_permissions(["root.all"])
    with pytest.raises(Invalid, match="at least one"):
        check_permissions([])
