"""A house with teams, members and accounts, to assign in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session

from salescompass import assignment, crm, identity
from salescompass.identity import Actor
from salescompass.kit.ids import new_id
from salescompass.models import Action

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass
class House:
    """Members and accounts by name."""

    session: Session
    actor: Actor
    ids: dict[str, UUID] = field(default_factory=dict)
    teams: dict[str, UUID] = field(default_factory=dict)

    def hire(self, *names: str) -> None:
        """New reps."""
        for name in names:
            email = f"{name.lower()}@house.example"
            self.ids[name] = identity.create_user(self.session, email=email, role="rep", name=name).id

    def team(self, name: str, *members: str) -> UUID:
        """A new team of members who are there."""
        inside = [self.ids[one] for one in members]
        made = identity.save_team(self.session, self.actor, team_id=None, name=name, member_ids=inside)
        self.teams[name] = made.id
        return made.id

    def account(self, name: str, *, owner: str = "", **fields: str) -> UUID:
        """A new account."""
        owned = {"owner_id": str(self.ids[owner])} if owner else {}
        made = crm.create_record(self.session, self.actor, kind="accounts", fields={"name": name, **owned, **fields})
        self.ids[name] = made.id
        return made.id

    def territory(self, name: str, team: str, *rules: dict[str, object]) -> assignment.TerritoryView:
        """A new territory, the last one."""
        body = {"combinator": "and", "rules": list(rules)}
        return assignment.save_territory(self.session, self.actor, name=name, conditions=body, team_id=self.teams[team])

    def actions(
        self, names: Sequence[str | None], account: str = "", *, days: float = 0, state: str = "proposed", **more: Any
    ) -> list[UUID]:
        """Actions given to these, created so many days before noon."""
        rows = [
            Action(
                tenant_id=self.actor.tenant_id, id=new_id(), kind="call", title="Call", state=state, source="rule",
                assignee_id=self.ids[name] if name else None, account_id=self.ids.get(account),
                created_at=NOON - timedelta(days=days), **more,
            )
            for name in names
        ]  # fmt: skip
        self.session.add_all(rows)
        self.session.flush()
        return [row.id for row in rows]

    def who(self, member_id: UUID | None) -> str | None:
        """The name behind an id."""
        return next((name for name, one in self.ids.items() if one == member_id), None)


def is_(field_: str, value: str) -> dict[str, object]:
    """A condition."""
    return {"field": field_, "operator": "is", "value": value}


@pytest.fixture
def house(session: Session, tenant: UUID) -> House:
    """Anna, Ben and Carl in the team North, Dora in South; South sees nothing of North."""
    made = House(session, identity.system_actor(tenant))
    made.hire("Anna", "Ben", "Carl", "Dora")
    made.team("North", "Anna", "Ben", "Carl")
    made.team("South", "Dora")
    return made
