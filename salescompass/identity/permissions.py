"""What may be done, by whom: permissions, the built-in roles, and what a scope of an API key allows.

A permission is `subject.verb`. The four built-in roles live here and cannot be changed by a tenant; a tenant's own
roles are rows that name permissions of this table. A new permission is one line in PERMISSIONS and a place in a role.
"""

from __future__ import annotations

from collections.abc import Iterable

from salescompass.kit.errors import Invalid

PERMISSIONS: dict[str, str] = {
    "account.self": "Own profile, password, sessions and notifications",
    "feed.read": "See events and the feed",
    "events.write": "Record events",
    "events.raw": "See events as they were sent, with everything in them",
    "records.read": "See accounts, people and deals",
    "records.write": "Make and change accounts, people and deals",
    "records.export": "Write lists to files",
    "actions.read": "See actions: what to do next",
    "actions.write": "Make actions, and do, snooze and dismiss one's own",
    "actions.manage": "Change everybody's actions, and give them to others",
    "records.manage": "Define custom fields, pipelines and products",
    "imports.manage": "Bring files in and take them back",
    "scoring.manage": "Define event types and how they score",
    "rules.manage": "Say what is to be done when, and who gets it",
    "users.read": "See the members and their roles",
    "users.manage": "Invite and disable members, give roles, define roles",
    "keys.manage": "Create and revoke API keys",
    "audit.read": "Read the audit trail",
    "company.manage": "Change how the company is called, its time zone and currency",
    "flags.manage": "Turn features on and off",
    "health.read": "See the health of servers, queues and errors",
}

_EVERYONE = frozenset(
    {"account.self", "feed.read", "records.read", "records.write", "events.write", "actions.read", "actions.write"}
)
_FILES = frozenset({"records.export", "imports.manage"})
_LEADS = frozenset({"users.read", "events.raw", "actions.manage", "rules.manage"})

ADMIN = "admin"

BUILT_IN: dict[str, tuple[str, frozenset[str]]] = {
    "rep": ("Rep", _EVERYONE),
    "manager": ("Manager", _EVERYONE | _FILES | _LEADS),
    "marketer": ("Marketer", _EVERYONE | _FILES),
    "admin": ("Admin", frozenset(PERMISSIONS)),
}

SCOPE_FAMILIES = ("events", "crm", "scores", "actions", "segments", "campaigns", "webhooks", "admin")
SCOPES = ("*", *(f"{family}:{verb}" for family in SCOPE_FAMILIES for verb in ("read", "write")))

_SCOPE_PERMISSIONS: dict[str, frozenset[str]] = {
    "events:read": frozenset({"feed.read"}),
    "events:write": frozenset({"events.write"}),
    "crm:read": frozenset({"records.read"}),
    "crm:write": frozenset({"records.write"}),
    "scores:read": frozenset({"records.read", "feed.read"}),
    "actions:read": frozenset({"actions.read"}),
    "actions:write": frozenset({"actions.write", "actions.manage"}),
    "admin:read": frozenset({"users.read", "audit.read", "health.read"}),
    "admin:write": frozenset({"users.manage", "keys.manage", "flags.manage"}),
    "*": frozenset(PERMISSIONS) - {"account.self"},
}


def scope_permissions(scopes: Iterable[str]) -> frozenset[str]:
    """The permissions a key with these scopes has; a key is nobody's own account, so never `account.self`."""
    found: set[str] = set()
    for scope in scopes:
        found |= _SCOPE_PERMISSIONS.get(scope, frozenset())
        if scope.endswith(":write"):
            found |= _SCOPE_PERMISSIONS.get(scope.removesuffix("write") + "read", frozenset())
    return frozenset(found)


def scopes_need(scopes: Iterable[str]) -> frozenset[str]:
    """What a member must hold to hand these scopes out: one that opens nothing yet is for those who may do all."""
    everything = frozenset(PERMISSIONS)
    parts = [scope_permissions([scope]) for scope in scopes]
    return frozenset().union(*(part or everything for part in parts))


def check_scopes(scopes: Iterable[str]) -> tuple[str, ...]:
    """The scopes, each once and known. Raises Invalid (field `scopes`)."""
    given = tuple(dict.fromkeys(scope.strip() for scope in scopes if scope.strip()))
    unknown = [scope for scope in given if scope not in SCOPES]
    if unknown:
        raise Invalid(f"Unknown scope {unknown[0]}: choose from {', '.join(SCOPES)}", field="scopes")
    if not given:
        raise Invalid("Choose at least one scope, for example events:write", field="scopes")
    return given


def check_permissions(permissions: Iterable[str]) -> tuple[str, ...]:
    """The permissions, each once, known and sorted. Raises Invalid (field `permissions`)."""
    given = sorted(set(permissions))
    unknown = [permission for permission in given if permission not in PERMISSIONS]
    if unknown:
        raise Invalid(f"Unknown permission {unknown[0][:80]}", field="permissions")
    if not given:
        raise Invalid("Choose at least one permission", field="permissions")
    return tuple(given)
