"""What the board of deals shows, read in one transaction: columns with their totals, cards with how long they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from salescompass import crm
from salescompass.crm import RECORD_TYPES, BoardColumn, ListView, PipelineView, RecordView, StageView
from salescompass.identity import Actor
from salescompass.ui import routes
from salescompass.ui.condition_choices import offered
from salescompass.ui.money import money
from salescompass.ui.people import initials, tint
from salescompass.ui.records.filtering import Filter, read_filter
from salescompass.ui.records.kinds import BOARD
from salescompass.ui.records.narrowing import Lens, condition
from salescompass.ui.records.views import TeamChoice, my_teams
from salescompass.vocabulary import StageKind


@dataclass(frozen=True)
class CardLook:
    """A deal on the board. `rot` says by how much it stands too long."""

    id: str
    href: str
    name: str
    amount: str
    account: str
    account_href: str
    owner: str
    initials: str
    tint: str
    days: str
    rot: str
    version: int


@dataclass(frozen=True)
class ColumnLook:
    """A stage on the board. `sums` has a line a currency; `more` tells how many cards are not shown."""

    id: str
    name: str
    kind: str
    count: str
    sums: list[str] = field(default_factory=list)
    cards: list[CardLook] = field(default_factory=list)
    more: str = ""


@dataclass(frozen=True)
class BoardLook:
    """The board through the filters of its address."""

    columns: list[ColumnLook]
    pipeline: str
    pipelines: list[tuple[str, str]]
    empty: bool
    filter: Filter
    views: tuple[ListView, ...]
    offered: Mapping[str, object]
    teams: tuple[TeamChoice, ...] = ()


def board_look(
    session: Session,
    actor: Actor,
    *,
    lens: Lens,
    pipeline: UUID | None,
    sizes: Mapping[UUID, int],
    now: datetime,
    editing: bool = False,
    first: bool = False,
) -> BoardLook:
    """The board of a pipeline; of the usual one when the address names none that is there.

    `editing`: also what the editor of filters offers; `first`: also the teams that views can be shared with.
    """
    known = crm.pipelines(session)
    chosen = next((one for one in known if one.id == pipeline), known[0])
    found = read_filter(session, actor, of=BOARD, text=lens.where)
    # Every state has its column here.
    where = condition(BOARD, replace(lens, state=""), actor, also=found.where)
    order = {} if lens.sort == BOARD.order else {"sort": lens.sort}
    columns = crm.deal_board(session, pipeline=chosen, where=where, search=lens.q, sizes=sizes, **order)
    empty = not any(one.count for one in columns) and not crm.count_records(session, BOARD.kind)
    return BoardLook(
        [_column(one, chosen, now) for one in columns],
        str(chosen.id),
        [(str(one.id), one.name) for one in known],
        empty,
        # What is compared is the database's business: only words leave this transaction.
        replace(found, where=None),
        tuple(crm.saved_views(session, actor, kind=BOARD.kind)),
        offered(session, object_type=RECORD_TYPES[BOARD.kind].object_type) if editing else {},
        tuple(my_teams(session, actor)) if first else (),
    )


def _column(one: BoardColumn, pipeline: PipelineView, now: datetime) -> ColumnLook:
    hidden = one.count - len(one.deals)
    return ColumnLook(
        str(one.stage.id),
        one.stage.name,
        one.stage.kind,
        f"{one.count:,}",
        [_sum(total, one.stage) for total in one.totals],
        [_card(deal, one.stage, now) for deal in one.deals],
        f"{hidden:,} more" if hidden else "",
    )


def _sum(total: crm.Total, stage: StageView) -> str:
    whole = money(total.amount_minor, total.currency)
    if stage.kind != StageKind.OPEN:
        return whole
    return f"{whole} · {money(total.weighted_minor, total.currency)} weighted"


def _card(deal: RecordView, stage: StageView, now: datetime) -> CardLook:
    days = max(0, (now - deal["stage_entered_at"]).days)
    over = days - stage.rot_days if stage.rot_days is not None else 0
    owner = deal.names.get("owner_id", "")
    amount = deal["amount_minor"]
    return CardLook(
        str(deal.id),
        routes.deal(str(deal.id)),
        deal.name,
        money(amount, str(deal["currency"] or "")) if amount is not None else "No amount",
        deal.names.get("account_id", ""),
        routes.account(str(deal["account_id"])) if deal["account_id"] else "",
        owner,
        initials(owner),
        tint(str(deal["owner_id"])),
        _stood(days, open=stage.kind == StageKind.OPEN),
        f"{_days(over)} over" if over > 0 and stage.kind == StageKind.OPEN else "",
        deal.row_version,
    )


def _stood(days: int, *, open: bool) -> str:
    if not days:
        return "In stage since today" if open else "Today"
    return _days(days) + (" in stage" if open else " ago")


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days:,} days"
