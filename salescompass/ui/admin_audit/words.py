"""Acts of the audit trail in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_ACTS = {
    "tenant.created": "set up the company",
    "member.created": "added a member",
    "member.invited": "invited a colleague",
    "member.invited_again": "sent an invitation again",
    "member.invitation_withdrawn": "withdrew an invitation",
    "member.joined": "joined",
    "member.roles_changed": "changed roles",
    "member.disabled": "disabled a member",
    "member.enabled": "let a member in again",
    "company.changed": "changed the company",
    "profile.changed": "changed their profile",
    "role.created": "created a role",
    "role.changed": "changed a role",
    "role.deleted": "removed a role",
    "role.scope_changed": "changed what a role sees",
    "team.created": "made a team",
    "team.changed": "changed a team",
    "team.deleted": "deleted a team",
    "custom_field.created": "added a custom field",
    "custom_field.changed": "changed a custom field",
    "custom_field.retired": "retired a custom field",
    "mapping.renamed": "renamed a kept mapping",
    "mapping.forgotten": "forgot a kept mapping",
    "custom_field.returned": "brought a custom field back",
    "custom_field.ordered": "ordered custom fields",
    "pipeline.created": "added a pipeline",
    "pipeline.changed": "changed a pipeline",
    "pipeline.deleted": "deleted a pipeline",
    "pipeline.made_usual": "made a pipeline the usual one",
    "key.created": "created an API key",
    "key.revoked": "revoked an API key",
    "flag.set": "switched a feature",
    "session.signed_in": "signed in",
    "session.signed_out": "signed out",
    "session.revoked": "ended a session",
    "session.others_revoked": "ended their other sessions",
    "session.switched_here": "switched to this company",
    "session.throttled": "was slowed down after wrong passwords",
    "password.changed": "changed their password",
    "password.reset": "set a new password by letter",
    "password.reset_requested": "asked for a new password",
    "file.imported": "imported a file",
    "outbox.retried": "retried failed work",
}


def act_words(action: str) -> str:
    """What was done; an act without words of its own is shown by its name."""
    return _ACTS.get(action, action.replace(".", ": ").replace("_", " "))


def detail_words(detail: Mapping[str, Any]) -> str:
    """The facts of an act in one line: names first, then before and after."""
    parts = [
        _value(value) if name in ("name", "email") else f"{name.replace('_', ' ')} {_value(value)}"
        for name, value in detail.items()
        if name not in ("before", "after") and value not in (None, "", [], 0)
    ]
    if "after" in detail:
        parts.append(f"{_value(detail.get('before'))} → {_value(detail['after'])}")
    return ", ".join(part for part in parts if part)[:300]


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value) or "none"
    if value is None:
        return "default"
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)
