"""What the page of a record reads: one transaction of few statements, and one timeline page by page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import event
from sqlmodel import Session

from salescompass import crm, events, identity, together
from salescompass.events import Lens
from salescompass.ui.record.whole import whole_look
from salescompass.ui.record_story import Around, moment_lines, planned, story
from salescompass.vocabulary import Source, SubjectKind

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def _company(session: Session, tenant: UUID) -> tuple[UUID, UUID]:
    """An account with a person, and its deal: two events, a note, two stages."""
    boss = identity.system_actor(tenant, "Boss")
    account = crm.create_record(session, boss, "accounts", {"name": "Acme", "domain": "acme.example"})
    ada = {"name": "Ada", "email": "ada@acme.example", "account_id": account.id}
    person = crm.create_record(session, boss, "contacts", ada)
    fields = {"name": "Anvils", "account_id": account.id, "close_date": "2026-05-01", "opened_on": "2026-05-01"}
    deal = crm.create_record(session, boss, "opportunities", fields, now=NOW)
    stages = crm.pipelines(session)[0].stages
    crm.move_stage(session, boss, opportunity_id=deal.id, stage_id=stages[2].id, now=NOW)
    crm.set_deal_role(session, boss, opportunity_id=deal.id, person_id=person.id, role="champion")
    together.add_note(session, boss, object_type="person", object_id=person.id, body="They decide in March")
    for hours in (30, 60):
        body = {"type": "page_viewed", "contact": {"id": str(person.id)}, "properties": {"url": "/a"}}
        at = (NOW - timedelta(hours=hours)).isoformat()
        events.record(session, events.read_event({**body, "occurred_at": at}, now=NOW), source=Source.API)
    return account.id, person.id


def test_a_page_is_read_in_few_statements(session: Session, tenant: UUID) -> None:
    account, person = _company(session, tenant)
    boss = identity.system_actor(tenant, "Boss")
    counted: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        counted.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    try:
        for kind, one in ((SubjectKind.ACCOUNT, account), (SubjectKind.PERSON, person)):
            counted.clear()
            look = whole_look(session, boss, kind=kind, record_id=one, now=NOW)
            assert look.record.name in ("Acme", "Ada")
            assert len(counted) <= 45, "\n".join(counted)
    finally:
        event.remove(connection, "before_cursor_execute", note)


def test_the_timeline_is_one_stream_page_by_page(session: Session, tenant: UUID) -> None:
    account, _ = _company(session, tenant)
    boss = identity.system_actor(tenant, "Boss")
    look = whole_look(session, boss, kind=SubjectKind.ACCOUNT, record_id=account, now=NOW)
    lens = Lens(account_id=account)
    told: list[str] = []
    cursor = None
    for _page in range(10):
        page = story(session, lens=lens, around=look.around, cursor=cursor, limit=2)
        shown = [(one.occurred_at, one.type) for one in page.entries] + [(one.at, one.kind) for one in page.moments]
        assert len(shown) <= 2
        told += [name for _at, name in sorted(shown, reverse=True)]
        if (cursor := page.next_cursor) is None:
            break
    assert told == ["note", "stage", "page_viewed", "page_viewed", "stage"]
    assert [one.type for one in story(session, lens=lens, around=look.around, kind="events").entries] == [
        "page_viewed", "page_viewed",
    ]  # fmt: skip
    found = story(session, lens=lens, around=look.around)
    titles = [one.row.title for one in moment_lines(found.moments, ZoneInfo("UTC"), look.around)]
    assert titles == [
        "Somebody wrote a note on Ada", "Anvils moved from Prospecting to Proposal", "Anvils opened in Prospecting",
    ]  # fmt: skip
    assert [(row.when, row.title, row.late) for row in look.planned] == [
        ("Fri 1 May", "Anvils should have closed", True)
    ]
    assert planned([], today=NOW.date()) == []
    assert story(session, lens=lens, around=Around()).moments == ()
