"""A tenant whose days are played through the real ways: events come, scores follow, mornings pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as default
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session

from salescompass import actions, crm, events, identity, reactions, rules, scoring
from salescompass.catalogue import catalogue
from salescompass.events import EventBatch, read_event
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.clock import rfc3339
from salescompass.kit.database import tenant_session
from salescompass.vocabulary import Source

TODAY = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)


@dataclass(frozen=True)
class Happens:
    """Somebody does something."""

    at: datetime
    type: str
    who: str = "ada"
    company: str = "acme"
    properties: dict[str, Any] = default(default_factory=dict)
    actor: str = "human"

    def body(self) -> dict[str, Any]:
        """As the API takes it."""
        return {
            "type": self.type, "occurred_at": rfc3339(self.at), "properties": self.properties, "actor": self.actor,
            "contact": {"email": f"{self.who}@{self.company}.example", "name": self.who.capitalize()},
            "account": {"domain": f"{self.company}.example", "name": self.company.capitalize()},
        }  # fmt: skip


@dataclass
class House:
    """A tenant with members, its clock in the test's hand."""

    tenant_id: UUID
    patch: pytest.MonkeyPatch
    members: dict[str, UUID] = default(default_factory=dict)
    now: datetime = TODAY

    @property
    def boss(self) -> Actor:
        """Whoever may do all."""
        return identity.system_actor(self.tenant_id, "Boss")

    @contextmanager
    def at(self, moment: datetime) -> Iterator[Session]:
        """A transaction at a moment."""
        self.now = moment
        with self.patch.context() as patched:
            patched.setattr(clock, "now", lambda: moment)
            with tenant_session(self.tenant_id) as session:
                yield session

    def hire(self, name: str, role: str = "rep") -> Actor:
        """A new member."""
        with tenant_session(self.tenant_id) as session:
            address = f"{name.lower()}-{uuid4().hex[:6]}@house.example"
            view = identity.create_user(session, email=address, role=role, name=name)
        self.members[name] = view.id
        return Actor(self.tenant_id, name, "member", permissions=identity.BUILT_IN[role][1], member_id=view.id)

    def account(self, name: str, owner: str | None = None) -> UUID:
        """A company."""
        fields = {"name": name.capitalize(), "domain": f"{name}.example"}
        if owner:
            fields["owner_id"] = str(self.members[owner])
        with self.at(self.now) as session:
            made = crm.create_record(session, self.boss, "accounts", fields)
            born = text("UPDATE account SET created_at = :at WHERE id = :id")
            session.connection().execute(born, {"at": self.now, "id": made.id})
        return made.id

    def deal(self, name: str, account_id: UUID, *, since: datetime, **fields: Any) -> UUID:
        """An open deal that is in its stage since a moment."""
        with self.at(since) as session:
            made = crm.create_record(
                session, self.boss, "opportunities", {"name": name, "account_id": str(account_id), **fields}
            )
        with tenant_session(self.tenant_id) as session:
            for table, column in (("opportunity", "stage_entered_at"), ("stage_history", "entered_at")):
                key = "id" if table == "opportunity" else "opportunity_id"
                change = text(f"UPDATE {table} SET {column} = :at WHERE {key} = :id")  # noqa: S608 - constants
                session.connection().execute(change, {"at": since, "id": made.id})
        return made.id

    def tell(self, *happened: Happens, at: datetime | None = None) -> list[UUID]:
        """Events come in one batch, and what follows from them follows."""
        with self.at(at or happened[-1].at) as session:
            expire(session, self.now)
            kinds = events.types(session)
            items = [read_event(one.body(), now=clock.now(), types=kinds) for one in happened]
            done = events.record_many(session, items, source=Source.API)
            created = [one for one in done.results if one.status == "created"]
            assert len(created) == len(happened), done
            batch = EventBatch(
                tuple(one.id for one in created if one.id), tuple(one.occurred_at for one in created if one.occurred_at)
            )
            reactions.events_recorded(session, batch)
        return list(batch.ids)

    def morning(self, moment: datetime) -> rules.Ran:
        """The schedule comes by."""
        with self.at(moment) as session:
            reactions.bands_crossed(session, scoring.sweep(session).crossing_ids)
            while scoring.write_snapshots(session):
                pass
            expire(session, moment)
            return rules.run_due(session)

    def replay(self, happened: Sequence[Happens], *, begins: datetime, until: datetime) -> None:
        """Everything in the order of time, and the schedule three times a day."""
        left = sorted(happened, key=lambda one: one.at)
        moment = begins
        while moment <= until:
            while left and left[0].at <= moment:
                self.tell(left.pop(0))
            if moment.hour in (6, 7, 18):
                self.morning(moment)
            moment += timedelta(hours=1)

    def quiet(self) -> None:
        """The rules of the product rest: what is tried here is tried alone."""
        with tenant_session(self.tenant_id) as session:
            rules.install(session)
            session.connection().execute(text("UPDATE rule SET state = 'paused' WHERE key IS NOT NULL"))

    def only(self, *keys: str) -> None:
        """Of the rules of the product only these are in force."""
        self.quiet()
        with tenant_session(self.tenant_id) as session:
            awake = text("UPDATE rule SET state = 'live' WHERE key = ANY(:keys)")
            session.connection().execute(awake, {"keys": list(keys)})

    def publish(self, definition: dict[str, Any], *, at: datetime | None = None) -> rules.RuleView:
        """A rule of one's own, in force."""
        with self.at(at or self.now) as session:
            made = rules.create_rule(session, self.boss, name=f"Rule {uuid4().hex[:6]}", definition=definition)
            return rules.publish_rule(session, self.boss, rule_id=made.id, row_version=made.row_version)

    def actions(self, rule_id: UUID | None = None, state: str | None = None) -> list[Any]:
        """The actions that rules made, the oldest first."""
        query = (
            "SELECT a.*, r.key, coalesce(p.name, o.name, c.name) AS subject "
            "FROM action a JOIN rule r ON r.id = a.rule_id "
            "LEFT JOIN account c ON c.id = a.account_id LEFT JOIN person p ON p.id = a.person_id "
            "LEFT JOIN opportunity o ON o.id = a.opportunity_id "
            "WHERE (:rule IS NULL OR a.rule_id = CAST(:rule AS uuid)) AND (:state IS NULL OR a.state = :state) "
            "ORDER BY a.due_from, a.id"
        )
        query = query.replace(":rule IS NULL", "CAST(:rule AS text) IS NULL").replace(
            ":state IS NULL", "CAST(:state AS text) IS NULL"
        )
        with tenant_session(self.tenant_id) as session:
            given = {"rule": str(rule_id) if rule_id else None, "state": state}
            return list(session.connection().execute(text(query), given))


def expire(session: Session, moment: datetime) -> None:
    """What is of no use any more is over, and what goes on for a reason is looked at again."""
    while actions.expire_and_wake(session, now=moment).more:
        pass
    actions.recheck(session, known=catalogue(session), now=moment)


def rule_of(trigger: dict[str, Any], subject: str = "account", **changes: Any) -> dict[str, Any]:
    """A rule as its editor sends it."""
    body: dict[str, Any] = {
        "subject": subject, "trigger": trigger, "conditions": {"combinator": "and", "rules": []},
        "action": {
            "kind": "call", "title": "Call {{account.name}}", "reasons": ["Something happened"],
            "effort_minutes": 10, "due": {"hours": 24},
        },
        "expiry": {"days": 3}, "cooldown_days": 3, "cap": 5,
    }  # fmt: skip
    return {**body, **changes}
