"""A card: an action as lists show it, with whom it is about, how to reach them, and what is at stake. One statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, func, literal, or_, select
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


def card_query(*more: Any) -> Select[Any]:
    """The columns that `card` takes, from the action and the records it names."""
    subject = case((ACTION.c.person_id.is_not(None), SubjectKind.PERSON.value), else_=SubjectKind.ACCOUNT.value)
    scored = and_(
        _SCORE.c.subject_id == func.coalesce(ACTION.c.person_id, ACTION.c.account_id), _SCORE.c.subject_kind == subject
    )
    return statement(*_NAMED, *more).outerjoin(_STAGE, _STAGE.c.id == DEAL.c.stage_id).outerjoin(_SCORE, scored)


def card(row: Any, **more: Any) -> Card:
    """A row of `card_query` as a card."""
    action = view(row)
    where = [one for one in (row.city, row.region, row.country) if one]
    return Card(
        action, row.stage or "", row.amount_minor, row.currency or "",
        phone=action.person_phone or row.account_phone or "", email=action.person_email,
        place=", ".join([action.account, *where]) if where else "", score=row.score or 0.0,
        band=row.band or Band.COLD.value, **more,
    )  # fmt: skip


def stakes(currency: str) -> tuple[ColumnElement[Any], ...]:
    """More columns for `card_query`: what ranks it besides the card, amounts in this currency only."""

    def expected(deal: Any) -> Any:
        known = and_(
            deal.c.state == "open",
            deal.c.deleted_at.is_(None),
            or_(deal.c.currency == currency, deal.c.currency.is_(None)),
        )
        return case((known, cast(deal.c.amount_minor, BigInteger) * deal.c.probability / literal(100.0)))

    other = DEAL.alias()
    best = select(func.max(expected(other))).where(other.c.account_id == ACTION.c.account_id).scalar_subquery()
    return (
        ACCOUNT.c.lifecycle, expected(DEAL).label("expected"),
        best.label("best"),
    )  # fmt: skip


def parts_of(row: Any, known: Past, *, currency: str, at: datetime) -> Parts:
    """What makes the rank of a row of `card_query` with `stakes`."""
    chance = known.chance(
        kind=row.kind, rule_id=row.rule_id, segment=row.lifecycle, member_id=row.assignee_id, given=row.chance
    )
    stake = stake_of(given=row.value_minor, deal=row.expected, account=row.best, currency=currency)
    urgency = urgency_of(at, due_from=row.due_from, due_to=row.due_to, evident_since=evident_since(row))
    return Parts(chance, stake, urgency, row.effort_minutes)


def evident_since(row: Any) -> datetime | None:
    """Since when the evidence is there: whoever made the action made it then."""
    return row.created_at if row.evidence else None


def rows_of(session: Session, query: Select[Any]) -> Sequence[Any]:
    """What such a query finds."""
    return session.connection().execute(query).all()


def deal_state() -> Any:
    """One more column for `card_query`: how the deal stands."""
    return DEAL.c.state.label("deal_state")
