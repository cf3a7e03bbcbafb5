"""The deals of a pipeline by stage: counted and summed whatever is shown of them, as far as one sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session

from salescompass import crm, identity
from salescompass.crm import PipelineView, RecordView, Total
from salescompass.identity import Actor
from salescompass.kit.database import tenant_session

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def _usual(session: Session) -> PipelineView:
    return crm.pipelines(session)[0]


def _deal(session: Session, boss: Actor, name: str, stage: UUID, **fields: object) -> RecordView:
    return crm.create_record(session, boss, "opportunities", {"name": name, "stage_id": stage, **fields}, now=NOW)


def test_columns_count_and_sum_by_currency_all_that_match(session: Session, boss: Actor) -> None:
    usual = _usual(session)
    first, second = usual.stages[0].id, usual.stages[1].id
    for number in range(3):
        _deal(session, boss, f"Spring {number}", first, amount_minor=1_000, currency="EUR")
    _deal(session, boss, "Autumn", first, amount_minor=5_050, currency="USD")
    _deal(session, boss, "Without amount", second)
    board = crm.deal_board(session, pipeline=usual, sizes={first: 2})
    assert [one.stage.name for one in board] == [one.name for one in usual.stages]
    assert [one.count for one in board] == [4, 1, 0, 0, 0, 0]
    assert board[0].totals == (Total("USD", 5_050, 505), Total("EUR", 3_000, 300))
    assert (len(board[0].deals), board[1].totals) == (2, ())
    found = crm.deal_board(session, pipeline=usual, search="spring", sort="name")
    assert [deal.name for deal in found[0].deals] == ["Spring 0", "Spring 1", "Spring 2"]
    assert found[0].totals == (Total("EUR", 3_000, 300),)


def test_what_is_out_of_reach_is_neither_shown_nor_summed(
    session: Session, boss: Actor, tenant: UUID, hire: Callable[..., Actor]
) -> None:
    rosa, max_ = hire("Rosa"), hire("Max")
    identity.set_role_scope(session, boss, key="rep", levels={"opportunity": "own", "account": "own"})
    usual = _usual(session)
    for name, owner in (("Rosas", rosa), ("Maxs", max_)):
        _deal(session, boss, name, usual.stages[0].id, owner_id=str(owner.member_id), amount_minor=700, currency="EUR")
    session.commit()
    with tenant_session(tenant, reader=rosa) as hers:
        (column,) = [one for one in crm.deal_board(hers, pipeline=usual) if one.count]
    assert [deal.name for deal in column.deals] == ["Rosas"]
    assert column.totals == (Total("EUR", 700, 70),)


def test_a_move_that_is_undone_never_happened(session: Session, boss: Actor) -> None:
    usual = _usual(session)
    deal = _deal(session, boss, "Spring", usual.stages[1].id, opened_on="2026-04-01")
    batch, later = uuid4(), NOW + timedelta(days=2)
    won = usual.stages[4].id
    moved = crm.move_stage(session, boss, opportunity_id=deal.id, stage_id=won, batch_id=batch, now=later)
    assert (moved["state"], moved["stage_entered_at"]) == ("won", later)
    assert crm.undo_batch(session, boss, batch_id=batch, now=later).undone == 1
    back = crm.get_record(session, "opportunities", deal.id)
    assert (back["state"], back["closed_at"], back["stage_entered_at"]) == ("open", None, deal["stage_entered_at"])
    stays = crm.stage_stays(session, opportunity_id=deal.id, now=later)
    assert [(one.stage_id, one.left_at) for one in stays] == [(usual.stages[1].id, None)]


def test_deals_are_told_from_other_records(session: Session, boss: Actor) -> None:
    deal = _deal(session, boss, "Spring", _usual(session).stages[0].id)
    account = crm.create_record(session, boss, "accounts", {"name": "Acme"})
    assert crm.holds_deals(session, ids=[account.id, deal.id])
    assert not crm.holds_deals(session, ids=[account.id])
