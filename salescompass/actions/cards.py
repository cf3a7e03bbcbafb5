"""A card: an action as lists show it, with whom it is about, how to reach them, and what is at stake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlmodel import Session

from salescompass.actions.past import Past
from salescompass.actions.ranking import Parts, stake_of, urgency_of
from salescompass.actions.shapes import ActionView
from salescompass.actions.views import ACCOUNT, ACTION, DEAL, statement, view
from salescompass.models import Score, Stage, TenantPublic
from salescompass.vocabulary import Band, SubjectKind

_STAGE: Any = Stage.__table__  # type: ignore[attr-defined]
_SCORE: Any = Score.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Card:
    """An action in a list. `score` and `band` are the person's, or the account's where no person is named.

    `phone`, `email` and `place` say how to do it; the action's reasons say why now, `why_rank` why here in the list;
    `explored` marks what is shown to be learnt from.
    """

    action: ActionView
    stage: str
    amount_minor: int | None
    currency: str
    phone: str
    email: str
    place: str
    score: float
    band: str
    why_rank: tuple[str, ...] = ()
    explored: bool = False


def currency_of(session: Session) -> str:
    """What the tenant counts in."""
    return str(session.connection().execute(select(TenantPublic.__table__.c.currency)).scalar_one())  # type: ignore[attr-defined]


_NAMED = (
    _STAGE.c.name.label("stage"), DEAL.c.amount_minor, DEAL.c.currency, ACCOUNT.c.phone.label("account_phone"),
    ACCOUNT.c.city, ACCOUNT.c.region, ACCOUNT.c.country, _SCORE.c.value.label("score"), _SCORE.c.band,
)  # fmt: skip


@cache
def _by_ids(*, ranked: bool) -> Select[Any]:
    """Rows of these ids, to be bound: made once, and planned once by the database, because both take their time."""
    subject = case((ACTION.c.person_id.is_not(None), SubjectKind.PERSON.value), else_=SubjectKind.ACCOUNT.value)
    scored = and_(
        _SCORE.c.subject_id == func.coalesce(ACTION.c.person_id, ACTION.c.account_id), _SCORE.c.subject_kind == subject
    )
    query = statement(*_NAMED, *(_stakes() if ranked else ()))
    query = query.outerjoin(_STAGE, _STAGE.c.id == DEAL.c.stage_id).outerjoin(_SCORE, scored)
    return query.where(ACTION.c.id == any_(bindparam("ids", type_=ARRAY(Uuid()))))


def rows_of(session: Session, ids: Sequence[UUID], *, currency: str | None = None) -> list[Any]:
    """Rows of these actions, for `card`, in the order of the ids; with a currency for `parts_of` as well.

    Lists find ids first, in a statement that says no more, and ask for the rest of the few that are shown.
    """
    if not ids:
        return []
    given = {"ids": list(ids)} | ({"currency": currency} if currency is not None else {})
    rows = session.connection().execute(_by_ids(ranked=currency is not None), given)
    found = {row.id: row for row in rows}
    return [found[one] for one in ids if one in found]


def card(row: Any, **more: Any) -> Card:
    """A row of `rows_of` as a card."""
    action = view(row)
    where = [one for one in (row.city, row.region, row.country) if one]
    return Card(
        action, row.stage or "", row.amount_minor, row.currency or "",
        phone=action.person_phone or row.account_phone or "", email=action.person_email,
        place=", ".join([action.account, *where]) if where else "", score=row.score or 0.0,
        band=row.band or Band.COLD.value, **more,
    )  # fmt: skip


def _stakes() -> tuple[Any, ...]:
    """What ranks a row besides the card: amounts in the tenant's currency only."""
    currency = bindparam("currency", type_=Text())

    def expected(deal: Any) -> Any:
        ours = or_(deal.c.currency == currency, deal.c.currency.is_(None))
        known = and_(deal.c.state == "open", deal.c.deleted_at.is_(None), ours)
        return case((known, cast(deal.c.amount_minor, BigInteger) * deal.c.probability / literal(100.0)))

    other = DEAL.element.alias("other_deal")
    best = select(func.max(expected(other))).where(other.c.account_id == ACTION.c.account_id).scalar_subquery()
    lifecycle, state = ACCOUNT.c.lifecycle, DEAL.c.state.label("deal_state")
    return lifecycle, state, expected(DEAL).label("expected"), best.label("best")


def parts_of(row: Any, known: Past, *, currency: str, at: datetime) -> Parts:
    """What makes the rank of a row of `rows_of` with a currency."""
    chance = known.chance(
        kind=row.kind, rule_id=row.rule_id, segment=row.lifecycle, member_id=row.assignee_id, given=row.chance
    )
    stake = stake_of(given=row.value_minor, deal=row.expected, account=row.best, currency=currency)
    urgency = urgency_of(at, due_from=row.due_from, due_to=row.due_to, evident_since=evident_since(row))
    return Parts(chance, stake, urgency, row.effort_minutes)


def evident_since(row: Any) -> datetime | None:
    """Since when the evidence is there: whoever made the action made it then."""
    return row.created_at if row.evidence else None
