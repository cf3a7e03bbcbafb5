"""A demo in the ledger: all of it once, whatever happens on the way; scored, owned, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from salescompass import crm, demo, events, identity, scoring
from salescompass.demo import writing
from salescompass.identity import TenantView
from salescompass.kit.clock import now
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Invalid
from tests.demo.conftest import UNTIL

SIZE = {"accounts": 12, "events": 1_500, "seed": 5}


def _ask(tenant_id: UUID, query: str) -> list[Any]:
    with tenant_session(tenant_id) as session:
        return [tuple(row) for row in session.connection().execute(text(query))]


@pytest.fixture
def view(tenant: UUID) -> TenantView:
    """The tenant by the name that a demo is made for."""
    return TenantView(tenant, "acme", "Acme")


def _ledger(tenant_id: UUID) -> list[Any]:
    return _ask(
        tenant_id,
        "SELECT id, occurred_at, received_at, type, direction, channel, account_id, person_id, verdict, "
        "verdict_reasons::text, actor, source, duplicate_of, properties::text FROM event ORDER BY id",
    )


def _records(tenant_id: UUID) -> list[Any]:
    accounts = "SELECT id, name, domain_norm, created_at FROM account ORDER BY id"
    people = "SELECT id, kind, account_id, name, email, created_at FROM person ORDER BY id"
    deals = (
        "SELECT o.id, o.name, account_id, amount_minor, stage.name, stage_entered_at, lost_reason, close_date, "
        "(SELECT string_agg(person_id::text || role, ' ' ORDER BY person_id, role) FROM opportunity_person "
        "WHERE opportunity_id = o.id) FROM opportunity o JOIN stage ON stage.id = stage_id ORDER BY o.id"
    )
    return [*_ask(tenant_id, accounts), *_ask(tenant_id, people), *_ask(tenant_id, deals)]


def test_all_of_it_is_there_scored_and_counted(view: TenantView) -> None:
    said: list[str] = []
    report = demo.bring_in(view, **SIZE, until=UNTIL, progress=said.append)
    assert (report.created, report.skipped, report.events) == (1_500, 0, 1_500)
    assert report.accounts_created == report.accounts == 12
    assert report.contacts_created == report.contacts == _ask(view.tenant_id, "SELECT count(*) FROM person")[0][0]
    assert len(_ledger(view.tenant_id)) == 1_500
    assert said
    with tenant_session(view.tenant_id) as session:
        checked = scoring.verify(session)
    assert checked.ok
    assert checked.subjects >= report.contacts
    counting = (
        "SELECT count(*) FROM event WHERE direction = 'in' AND verdict IN ('human', 'unknown') AND duplicate_of IS NULL"
    )
    assert _ask(view.tenant_id, "SELECT sum(n) FROM event_bucket") == _ask(view.tenant_id, counting)
    of_people = "SELECT count(*) FROM event WHERE person_id IS NOT NULL"
    assert _ask(view.tenant_id, "SELECT sum(n) FROM person_day") == _ask(view.tenant_id, of_people)


def test_deals_have_stood_in_their_stages_without_a_gap(view: TenantView) -> None:
    """The year that events tell of is the one that deals show."""
    report = demo.bring_in(view, accounts=24, events=4_000, seed=5, until=UNTIL)
    assert report.deals == report.deals_created == _ask(view.tenant_id, "SELECT count(*) FROM opportunity")[0][0]
    assert {state for (state,) in _ask(view.tenant_id, "SELECT DISTINCT state FROM opportunity")} == {
        "open", "won", "lost",
    }  # fmt: skip
    torn = (
        "SELECT opportunity_id FROM (SELECT *, lead(entered_at) OVER (PARTITION BY opportunity_id ORDER BY entered_at, "
        "left_at) AS next FROM stage_history) s WHERE left_at IS DISTINCT FROM next OR left_at < entered_at"
    )
    assert _ask(view.tenant_id, torn) == []
    standing = (
        "SELECT o.id FROM opportunity o JOIN stage_history h ON h.opportunity_id = o.id AND h.left_at IS NULL "
        "JOIN stage s ON s.id = o.stage_id WHERE h.stage_id <> o.stage_id OR h.entered_at <> o.stage_entered_at "
        "OR o.state <> s.kind OR (o.state = 'open') <> (o.closed_at IS NULL)"
    )
    assert _ask(view.tenant_id, standing) == []
    told = _ask(view.tenant_id, "SELECT count(*) FROM event WHERE type = 'opportunity_won'")
    won = (
        "SELECT count(*) FROM opportunity o JOIN event e ON e.account_id = o.account_id "
        "AND e.type = 'opportunity_won' AND e.occurred_at = o.closed_at WHERE o.state = 'won'"
    )
    assert _ask(view.tenant_id, won) == told != [(0,)]
    strangers = (
        "SELECT p.person_id FROM opportunity_person p JOIN opportunity o ON o.id = p.opportunity_id "
        "JOIN person ON person.id = p.person_id WHERE person.account_id <> o.account_id"
    )
    assert _ask(view.tenant_id, strangers) == []
    with tenant_session(view.tenant_id) as session:
        assert {one.object_type for one in crm.search_records(session, words="renewal")} == {"opportunity"}


def test_the_past_has_its_scores(view: TenantView) -> None:
    demo.bring_in(view, **SIZE, until=now() - timedelta(days=1))
    ((days, first),) = _ask(
        view.tenant_id, "SELECT count(DISTINCT day), min(day) FROM score_snapshot WHERE subject_kind = 'account'"
    )
    assert days > 300
    assert first < now().date() - timedelta(days=300)
    with tenant_session(view.tenant_id) as session:
        assert scoring.write_snapshots(session) == 0


def test_the_same_demo_is_the_same_byte_for_byte(view: TenantView, make_tenant: Callable[[], UUID]) -> None:
    """On another installation, where the tenant has the same short name."""
    elsewhere = TenantView(make_tenant(), view.slug, view.name)
    for tenant in (view, elsewhere):
        demo.bring_in(tenant, **SIZE, until=UNTIL)
    assert _ledger(view.tenant_id) == _ledger(elsewhere.tenant_id)
    assert _records(view.tenant_id) == _records(elsewhere.tenant_id)


def test_again_adds_nothing_and_says_so(view: TenantView) -> None:
    demo.bring_in(view, **SIZE, until=UNTIL)
    before = (_ledger(view.tenant_id), _records(view.tenant_id), _ask(view.tenant_id, "SELECT * FROM event_bucket"))
    again = demo.bring_in(view, **SIZE, until=UNTIL)
    assert (again.created, again.skipped) == (0, 1_500)
    assert (again.accounts_created, again.contacts_created, again.deals_created) == (0, 0, 0)
    assert again.deals > 0
    assert before == (
        _ledger(view.tenant_id),
        _records(view.tenant_id),
        _ask(view.tenant_id, "SELECT * FROM event_bucket"),
    )


def test_without_a_date_it_ends_now_and_again_where_it_ended(view: TenantView) -> None:
    first = demo.bring_in(view, **SIZE)
    newest = _ask(view.tenant_id, "SELECT max(occurred_at) FROM event")[0][0]
    assert now() - timedelta(days=12) < newest <= now()
    again = demo.bring_in(view, **SIZE)
    assert (again.until, again.created) == (first.until, 0)


def test_one_that_was_interrupted_is_completed(view: TenantView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PART", 300)
    told = 0

    def stop(_: str) -> None:
        nonlocal told
        told += 1
        if told == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.bring_in(view, **SIZE, progress=stop)
    partly = len(_ledger(view.tenant_id))
    assert 0 < partly < 1_500
    assert demo.is_due(view.tenant_id)
    done = demo.bring_in(view, **SIZE)
    assert (done.created, done.skipped) == (1_500 - partly, partly)
    assert not demo.is_due(view.tenant_id)
    with tenant_session(view.tenant_id) as session:
        assert scoring.verify(session).ok


def test_one_that_was_stopped_before_it_was_scored_is_scored(view: TenantView, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(line: str) -> None:
        if line.endswith("scores"):
            raise KeyboardInterrupt

    monkeypatch.setattr(writing, "SCORED", 3)
    with pytest.raises(KeyboardInterrupt):
        demo.bring_in(view, **SIZE, until=UNTIL, progress=stop)
    done = demo.bring_in(view, **SIZE, until=UNTIL)
    assert done.created == 0
    assert done.scored >= 12
    with tenant_session(view.tenant_id) as session:
        assert scoring.verify(session).ok


def test_accounts_are_owned_by_those_who_sell(view: TenantView) -> None:
    with tenant_session(view.tenant_id) as session:
        reps = {
            identity.create_user(session, email=f"{name}@{view.tenant_id}.example", role=role, name=name).id
            for name, role in (("rosa", "rep"), ("max", "manager"))
        }
        identity.create_user(session, email=f"mira@{view.tenant_id}.example", role="marketer", name="mira")
    demo.bring_in(view, **SIZE, until=UNTIL)
    for table in ("account", "opportunity"):
        assert {owner for (owner,) in _ask(view.tenant_id, f"SELECT DISTINCT owner_id FROM {table}")} == reps  # noqa: S608


def test_what_was_there_stays(view: TenantView) -> None:
    """A company with the same domain is the same company; another demo comes beside the first."""
    demo.bring_in(view, **SIZE, until=UNTIL)
    before = set(_ledger(view.tenant_id))
    other = demo.bring_in(view, **{**SIZE, "events": 1_000}, until=UNTIL)
    assert (other.created, other.accounts_created, other.contacts_created) == (1_000, 0, 0)
    assert before < set(_ledger(view.tenant_id))
    with tenant_session(view.tenant_id) as session:
        assert scoring.verify(session).ok


def test_another_tenant_sees_nothing_of_it(view: TenantView, make_tenant: Callable[[], UUID]) -> None:
    neighbour = make_tenant()
    demo.bring_in(view, **SIZE, until=UNTIL)
    for table in (
        "account",
        "person",
        "event",
        "event_key",
        "event_bucket",
        "score",
        "score_snapshot",
        "person_day",
        "opportunity",
        "stage_history",
    ):
        assert _ask(neighbour, f"SELECT count(*) FROM {table}") == [(0,)], table  # noqa: S608
    with tenant_session(neighbour) as session:
        assert events.feed(session).items == ()


def test_it_waits_for_nobody(view: TenantView) -> None:
    """Scores are there when it ends: nothing is left to the workers."""
    demo.bring_in(view, **SIZE, until=UNTIL)
    assert _ask(view.tenant_id, "SELECT count(*) FROM outbox") == [(0,)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"accounts": 0}, "accounts"),
        ({"accounts": 100_001}, "accounts"),
        ({"events": 0}, "events"),
        ({"accounts": 1, "events": 20_001}, "events"),
        ({"until": now() + timedelta(days=2)}, "until"),
        ({"until": UNTIL.replace(year=2011)}, "until"),
    ],
)
def test_what_cannot_be_is_refused(view: TenantView, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        demo.bring_in(view, **{**SIZE, "until": UNTIL, **wrong})
    assert refused.value.field == field
    assert _ledger(view.tenant_id) == []
