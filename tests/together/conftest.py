"""A house with two teams, an account of Ann's, and what each of its members is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from salescompass import crm, identity, notifications
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session


@dataclass
class House:
    """Ann and Bob are in the team North, Cid in the team South beneath nobody; the boss sees all and is in no team."""

    tenant: UUID
    boss: Actor
    people: dict[str, Actor] = field(default_factory=dict)
    teams: dict[str, UUID] = field(default_factory=dict)
    account: UUID = field(default_factory=uuid4)

    def __getitem__(self, name: str) -> Actor:
        return self.people[name]

    def told(self, name: str) -> list[str]:
        """The kinds of what a member was told, the latest first."""
        with tenant_session(self.tenant) as session:
            return [one.kind for one in notifications.inbox(session, self[name]).items]

    def hire(self, name: str, role: str = "rep") -> Actor:
        """One more member."""
        with tenant_session(self.tenant) as session:
            email = f"{len(self.people)}@{self.tenant.hex}.example"
            view = identity.create_user(session, email=email, role=role, name=name)
        self.people[name] = Actor(
            self.tenant, name, "member", permissions=identity.BUILT_IN[role][1], member_id=view.id
        )
        return self.people[name]


@pytest.fixture
def house(tenant: UUID) -> House:
    """The house."""
    made = House(tenant, identity.system_actor(tenant, "Boss"))
    for name in ("Ann", "Bob", "Cid"):
        made.hire(name)
    made.hire("Mia", "manager")
    with tenant_session(tenant) as session:
        for team, names in (("North", ("Ann", "Bob")), ("South", ("Cid",))):
            ids = [one for name in names if (one := made[name].member_id)]
            made.teams[team] = identity.save_team(session, made.boss, team_id=None, name=team, member_ids=ids).id
        fields = {"name": "Acme", "owner_id": str(made["Ann"].member_id)}
        made.account = crm.create_record(session, made.boss, "accounts", fields).id
    return made
