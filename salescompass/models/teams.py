"""Teams, a tree of paths, and how far the members of a role see."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from salescompass.models.base import Dated, Table, TenantTable, belongs_to, norm, one_of, tenant_key


class Team(TenantTable, Dated, table=True):
    """A team; `path` is the ids from the top of the tree down to it, each followed by a slash."""

    __tablename__ = "team"
    __table_args__ = (
        Index("team_name", "tenant_id", "name_norm", unique=True),
        Index("team_path", "tenant_id", "path", unique=True),
        Index("team_parent", "tenant_id", "parent_id"),
        belongs_to("team", "parent_id"),
    )
    name: str
    name_norm: str = norm()
    parent_id: UUID | None = None
    path: str = norm()


class TeamMember(Table, table=True):
    """A member of a team."""

    __tablename__ = "team_member"
    __table_args__ = (
        belongs_to("team", "team_id", on_delete="CASCADE"),
        belongs_to("membership", "member_id", on_delete="CASCADE"),
        Index("team_member_member", "tenant_id", "member_id", "team_id"),
        one_of("part", "member", "lead"),
    )
    tenant_id: UUID = tenant_key()
    team_id: UUID = Field(primary_key=True)
    member_id: UUID = Field(primary_key=True)
    part: str = Field(default="member", sa_column_kwargs={"server_default": text("'member'")})


class RoleScope(Table, table=True):
    """Which records a role sees: those of its member, of their teams, or all."""

    __tablename__ = "role_scope"
    __table_args__ = (
        belongs_to("role", "role_id", on_delete="CASCADE"),
        one_of("object_type", "account", "person", "opportunity"),
        one_of("level", "own", "team", "all"),
    )
    tenant_id: UUID = tenant_key()
    role_id: UUID = Field(primary_key=True)
    object_type: str = Field(primary_key=True)
    level: str
