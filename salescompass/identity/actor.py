"""Who is acting: the one answer that sign-in, session check and API key give to every door."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from salescompass.kit.errors import Denied


@dataclass(frozen=True)
class Actor:
    """A member, an API key or the system itself, inside one tenant."""

    tenant_id: UUID
    name: str
    kind: Literal["member", "key", "system"]
    permissions: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    member_id: UUID | None = None
    user_id: UUID | None = None
    key_id: UUID | None = None
    session_id: UUID | None = None
    zone: str = "UTC"
    email: str = ""
    tenant_name: str = ""
    tenant_slug: str = ""
    roles: tuple[str, ...] = field(default=())

    def may(self, permission: str) -> bool:
        """True when the actor holds this permission."""
        return self.kind == "system" or permission in self.permissions

    def has_scope(self, scope: str) -> bool:
        """True when an API key carries this scope: `*` is all, write includes read."""
        if "*" in self.scopes or scope in self.scopes:
            return True
        family, _, verb = scope.partition(":")
        return verb == "read" and f"{family}:write" in self.scopes

    def must(self, permission: str) -> None:
        """Raises Denied, naming the permission, unless the actor holds it."""
        if not self.may(permission):
            raise Denied(f"Your role does not allow this: it needs the permission {permission}", permission=permission)

    @property
    def actor_id(self) -> UUID | None:
        """The id the audit trail names: the member's or the key's."""
        return self.member_id or self.key_id


def system_actor(tenant_id: UUID, name: str = "System") -> Actor:
    """The actor of commands on the server itself and of jobs."""
    return Actor(tenant_id=tenant_id, name=name, kind="system")
