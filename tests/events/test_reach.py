"""Events, scores and counts of records that are out of the reader's reach are nowhere."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from salescompass import crm, events, identity, reactions, scoring
from salescompass.events import EventBatch, Lens, read_event
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.database import owner_engine, tenant_session
from salescompass.kit.errors import NotFound
from salescompass.kit.pagination import Position
from salescompass.vocabulary import RecordKind, Source, SubjectKind

LONG_AGO = Position(datetime(2015, 1, 1, tzinfo=UTC), uuid4()).cursor()


@pytest.fixture
def ann(tenant: UUID) -> Actor:
    """A rep who sees her own records only."""
    boss = identity.system_actor(tenant)
    with tenant_session(tenant) as session:
        member = identity.create_user(session, email=f"ann-{uuid4().hex[:6]}@house.example", role="rep", name="Ann")
        levels = dict.fromkeys(("account", "person", "opportunity"), "own")
        identity.set_role_scope(session, boss, key="rep", levels=levels)
    return Actor(tenant, "Ann", "member", permissions=identity.BUILT_IN["rep"][1], member_id=member.id)


@pytest.fixture
def told(tenant: UUID, ann: Actor) -> dict[str, tuple[UUID, UUID, UUID]]:
    """An event at each of three accounts: Ann's, somebody else's, nobody's. Ids of account, person and event."""
    boss, found = identity.system_actor(tenant), {}
    with tenant_session(tenant) as session:
        other = identity.create_user(session, email=f"bob-{uuid4().hex[:6]}@house.example", role="rep", name="Bob")
        for name, owner in (("ann", ann.member_id), ("bob", other.id), ("free", None)):
            account = crm.create_record(session, boss, "accounts", {"name": f"{name}'s", "owner_id": owner})
            row = {"email": f"{name}@buyer.example", "account_id": account.id}
            person = crm.create_record(session, boss, "contacts", row)
            body = {"type": "proposal_viewed", "contact": {"id": str(person.id)}}
            done = events.record(session, read_event(body, now=clock.now()), source=Source.API)
            entry = events.event_by_id(session, done.id or uuid4())
            reactions.events_recorded(session, EventBatch((entry.id,), (entry.occurred_at,)))
            found[name] = (account.id, person.id, entry.id)
    return found


def test_the_ledger_shows_what_is_in_reach(tenant: UUID, ann: Actor, told: dict[str, tuple[UUID, UUID, UUID]]) -> None:
    with tenant_session(tenant) as everything:
        assert len(events.feed(everything).items) == 3
        hidden = events.event_by_id(everything, told["bob"][2])
    with tenant_session(tenant, reader=ann) as session:
        mine = {told["ann"][2], told["free"][2]}
        assert {one.id for one in events.feed(session).items} == mine
        assert {one.id for one in events.entries(session, Lens()).items} == mine
        assert events.newer_count(session, LONG_AGO) == 2
        assert events.newer_entries(session, Lens(), LONG_AGO) == 2
        assert events.lane_counts(session, Lens()).signals == 2
        assert events.events_at(session, [(hidden.id, hidden.occurred_at)]) == {}
        assert not events.concerns(session, Lens(), [hidden.id])
        assert events.feed(session, account_id=told["bob"][0]).items == ()
        with pytest.raises(NotFound):
            events.event_by_id(session, hidden.id)
        with pytest.raises(NotFound):
            events.event(session, hidden.id, hidden.occurred_at)


def test_an_event_of_a_deal_goes_with_the_deal(
    tenant: UUID, ann: Actor, told: dict[str, tuple[UUID, UUID, UUID]]
) -> None:
    boss = identity.system_actor(tenant)
    with tenant_session(tenant) as session:
        hers = crm.create_record(session, boss, "opportunities", {"name": "Hers", "owner_id": ann.member_id})
        bob = crm.get_record(session, "accounts", told["bob"][0])["owner_id"]
        his = crm.create_record(session, boss, "opportunities", {"name": "His", "owner_id": bob})
    with owner_engine().begin() as connection:
        for deal, event_id in ((hers.id, told["bob"][2]), (his.id, told["ann"][2])):
            connection.execute(
                text("UPDATE event SET opportunity_id = :deal WHERE id = :id"), {"deal": deal, "id": event_id}
            )
    with tenant_session(tenant, reader=ann) as session:
        found = {one.id: one for one in events.feed(session).items}
        assert set(found) == {told["bob"][2], told["free"][2]} == {e.id for e in events.entries(session, Lens()).items}
        entry = found[told["bob"][2]]
        assert (entry.account_id, entry.account_name, entry.person_id, entry.person_name) == (None, None, None, None)
        assert entry.opportunity_id == hers.id
        assert events.event_by_id(session, entry.id) == entry


def test_figures_of_a_day_count_what_is_in_reach(
    tenant: UUID, ann: Actor, told: dict[str, tuple[UUID, UUID, UUID]]
) -> None:
    day = clock.now().astimezone(UTC).date()
    with tenant_session(tenant) as everything:
        assert (events.people_active(everything, day), events.events_on(everything, day)) == (3, 3)
    with tenant_session(tenant, reader=ann) as session:
        assert (events.people_active(session, day), events.events_on(session, day)) == (2, 2)


def test_scores_are_told_of_what_is_in_reach(
    tenant: UUID, ann: Actor, told: dict[str, tuple[UUID, UUID, UUID]]
) -> None:
    with tenant_session(tenant, reader=ann) as session:
        accounts = {told["ann"][0], told["free"][0]}
        by_score = scoring.RANKINGS[RecordKind.ACCOUNTS]
        assert {
            one.id for one in crm.list_records(session, "accounts", sort="-score", rankings=by_score).items
        } == accounts
        assert crm.count_records(session, "accounts") == 2
        assert set(scoring.account_lives(session, [*accounts, told["bob"][0]])) == accounts
        subjects = {one.subject_id for one in scoring.crossings(session)}
        assert subjects
        assert not subjects & set(told["bob"])
        assert {one.name for one in crm.find(session, "bob")} == set()
        for kind, subject_id in ((SubjectKind.ACCOUNT, told["bob"][0]), (SubjectKind.PERSON, told["bob"][1])):
            with pytest.raises(NotFound):
                scoring.why(session, kind, subject_id)
        with pytest.raises(NotFound):
            crm.account(session, told["bob"][0])
        with pytest.raises(NotFound):
            crm.person(session, told["bob"][1])
        assert {one.id for one in crm.accounts(session).items} == accounts
        assert len(crm.people(session).items) == 2


def test_scores_follow_people_who_move_or_go(tenant: UUID, told: dict[str, tuple[UUID, UUID, UUID]]) -> None:
    from workers import drains

    boss = identity.system_actor(tenant)
    (from_id, person_id, _), (to_id, _, _) = told["ann"], told["free"]

    def score(account_id: UUID) -> float:
        drains.drain(str(tenant), "records.changed")
        with tenant_session(tenant) as session:
            scoring.verify(session)
            return scoring.scores(session, SubjectKind.ACCOUNT, [account_id])[account_id].score

    alone = score(to_id)
    with tenant_session(tenant) as session:
        crm.update_record(session, boss, "contacts", person_id, {"account_id": to_id})
    assert score(from_id) == 0
    both = score(to_id)
    assert both > alone
    with tenant_session(tenant) as session:
        crm.delete_records(session, boss, "contacts", [person_id])
    assert score(to_id) == pytest.approx(alone, abs=0.5)
    with tenant_session(tenant) as session:
        crm.restore_records(session, boss, "contacts", [person_id])
    assert score(to_id) == pytest.approx(both, abs=0.5)
