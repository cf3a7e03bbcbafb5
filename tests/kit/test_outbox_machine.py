"""Every point at which a worker can die, in any order, with any other worker beside it: each effect happens once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlmodel import Session

from salescompass.kit import jobs
from salescompass.kit.database import tenant_session

TOPIC = "test.effects"


class Killed(BaseException):
    """A SIGKILL, as far as one transaction can tell: nothing after it runs, the connection is gone."""


def _effect(session: Session, rows: Sequence[jobs.Claimed]) -> None:
    for row in rows:
        session.connection().execute(
            text("INSERT INTO account (id, name, name_norm) VALUES (:id, :name, :name)"),
            {"id": uuid4(), "name": row.payload["item"]},
        )


def _killed_before(session: Session, rows: Sequence[jobs.Claimed]) -> None:
    raise Killed


def _killed_after(session: Session, rows: Sequence[jobs.Claimed]) -> None:
    _effect(session, rows)
    raise Killed


def _fails_after(session: Session, rows: Sequence[jobs.Claimed]) -> None:
    _effect(session, rows)
    raise ValueError("the reaction fails after its effect")


class OutboxMachine(RuleBasedStateMachine):
    """Writers put effects; workers claim, are killed, fail, come back late; leases end at any time."""

    tenant: UUID

    def __init__(self) -> None:
        super().__init__()
        self.put: set[str] = set()
        self.orphans: list[jobs.Claim] = []
        self._sql("DELETE FROM outbox")
        self._sql("DELETE FROM account")

    def _sql(self, statement: str) -> list[tuple[object, ...]]:
        with tenant_session(self.tenant) as session:
            found = session.connection().execute(text(statement))
            return [tuple(row) for row in found] if found.returns_rows else []

    @rule(n=st.integers(1, 5))
    def write(self, n: int) -> None:
        items = [uuid4().hex for _ in range(n)]
        with tenant_session(self.tenant) as session:
            jobs.put_many(session, TOPIC, [{"item": item} for item in items])
        self.put |= set(items)

    @rule(n=st.integers(1, 5))
    def writer_dies_before_its_commit(self, n: int) -> None:
        with suppress(Killed), tenant_session(self.tenant) as session:
            jobs.put_many(session, TOPIC, [{"item": uuid4().hex} for _ in range(n)])
            raise Killed

    @rule()
    def worker_does_its_work(self) -> None:
        jobs.drain(self.tenant, TOPIC, _effect)

    @rule(after=st.booleans())
    def worker_is_killed_in_its_transaction(self, after: bool) -> None:
        with suppress(Killed):
            jobs.drain(self.tenant, TOPIC, _killed_after if after else _killed_before)

    @rule()
    def reaction_fails(self) -> None:
        jobs.drain(self.tenant, TOPIC, _fails_after)

    @rule(n=st.integers(1, 4))
    def worker_stops_after_its_claim(self, n: int) -> None:
        claim = jobs._claim(self.tenant, TOPIC, n, alone=True)
        if claim.rows:
            self.orphans.append(claim)

    @precondition(lambda self: self.orphans)
    @rule()
    def orphan_goes_on(self) -> None:
        jobs._settle(self.orphans.pop(0), _effect)

    @precondition(lambda self: self.orphans)
    @rule()
    def orphan_fails_late(self) -> None:
        jobs._settle(self.orphans.pop(0), _fails_after)

    @rule()
    def leases_and_pauses_end(self) -> None:
        self._sql("UPDATE outbox SET lease_until = now() - interval '1 s' WHERE lease_until IS NOT NULL")
        self._sql("UPDATE outbox SET due_at = now() - interval '1 s'")

    @invariant()
    def nothing_happened_twice_and_nothing_is_lost(self) -> None:
        done = [name for (name,) in self._sql("SELECT name FROM account")]
        waiting = [item for (item,) in self._sql("SELECT payload ->> 'item' FROM outbox")]
        assert len(done) == len(set(done))
        assert set(done).isdisjoint(waiting)
        assert set(done) | set(waiting) == self.put

    def teardown(self) -> None:
        """In the end, with one worker that lives, all of it is done."""
        self._sql("UPDATE outbox SET dead_at = NULL, attempts = 0")
        self.leases_and_pauses_end()
        jobs.drain(self.tenant, TOPIC, _effect)
        assert {name for (name,) in self._sql("SELECT name FROM account")} == self.put
        assert self._sql("SELECT id FROM outbox") == []


def _run(tenant: UUID, examples: int) -> None:
    machine = type("Machine", (OutboxMachine,), {"tenant": tenant})
    run_state_machine_as_test(
        machine, settings=hypothesis_settings(max_examples=examples, stateful_step_count=20, deadline=None)
    )


def test_each_effect_happens_once_whoever_dies_when(tenant: UUID) -> None:
    _run(tenant, 30)


@pytest.mark.slow
def test_each_effect_happens_once_in_two_thousand_stories(tenant: UUID) -> None:
    _run(tenant, 2000)
