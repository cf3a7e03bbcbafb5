"""Members and roles as the page draws them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from salescompass.identity import PERMISSIONS, MemberView, RoleView
from salescompass.ui.people import initials, tint

_STATES = {
    "active": ("Active", "success", "circle-check"),
    "invited": ("Invited", "warning", "mail"),
    "disabled": ("Disabled", "", "ban"),
    "silent": ("Cannot sign in yet", "warning", "lock"),
}

RECORDS = (("account", "Accounts"), ("person", "People"), ("opportunity", "Deals"))
LEVELS = (
    ("own", "Their own"),
    ("team", "Their teams'"),
    ("all", "Everybody's"),
)
_SEEN = dict(LEVELS)

# Everybody has it, so it says nothing about a role.
_OWN = "account.self"


@dataclass(frozen=True)
class MemberRow:
    """A member, or somebody invited. `silent` is one who has no address yet."""

    id: str = ""
    name: str = ""
    email: str = ""
    initials: str = ""
    tint: str = "iris"
    status: str = ""
    status_word: str = ""
    status_tone: str = ""
    status_icon: str = ""
    roles: list[str] = field(default_factory=list)
    role_names: str = ""
    seen_at: str = ""
    since: str = ""
    me: bool = False


@dataclass(frozen=True)
class RoleRow:
    """A role and what it allows, in words."""

    key: str = ""
    name: str = ""
    builtin: bool = True
    permissions: list[str] = field(default_factory=list)
    allows: str = ""
    members: int = 0
    sees: str = ""
    account: str = "team"
    person: str = "team"
    opportunity: str = "team"


def member_row(view: MemberView, me: object) -> MemberRow:
    """A member's row."""
    status = "silent" if view.status == "active" and not view.email else view.status
    word, tone, icon = _STATES[status]
    return MemberRow(
        id=str(view.id),
        name=view.name,
        email=view.email,
        initials=initials(view.name),
        tint=tint(str(view.id)),
        status=status,
        status_word=word,
        status_tone=tone,
        status_icon=icon,
        roles=list(view.roles),
        role_names=", ".join(view.role_names) or "No role",
        seen_at=view.last_seen_at.isoformat() if view.last_seen_at else "",
        since=view.created_at.isoformat(),
        me=view.id == me,
    )


def role_row(view: RoleView, levels: Mapping[str, str]) -> RoleRow:
    """A role's row; `levels` says for each kind of record how far its members see."""
    everything = len(view.permissions) == len(PERMISSIONS)
    words = [PERMISSIONS[name] for name in view.permissions if name in PERMISSIONS and name != _OWN]
    told = ", ".join(word if i == 0 else word[0].lower() + word[1:] for i, word in enumerate(words))
    return RoleRow(
        key=view.key,
        name=view.name,
        builtin=view.builtin,
        permissions=list(view.permissions),
        allows="Everything" if everything else told or "Only their own profile",
        members=view.members,
        sees=_sees(levels),
        **levels,
    )


def _sees(levels: Mapping[str, str]) -> str:
    if len(set(levels.values())) == 1:
        return _SEEN[levels["account"]]
    told = [f"{label} {_SEEN[levels[key]].lower()}" for key, label in RECORDS]
    return ", ".join(told).capitalize()
