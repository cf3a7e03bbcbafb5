"""A card: an action as lists show it, with whom it is about, how to reach them, and what is at stake. One statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, func, literal, or_, select
from sqlmodel import Session

from salescompass.actions.past import Past
from salescompass.actions.ranking import Parts, stake_of, urgency_of
from salescompass.models import Account, Action, Membership, Opportunity, Person, Score, Stage, TenantPublic
from salescompass.vocabulary import Band, SubjectKind

ACTION: Any = Action.__table__  # type: ignore[attr-defined]
_ACCOUNT: Any = Account.__table__  # type: ignore[attr-defined]
_PERSON: Any = Person.__table__  # type: ignore[attr-defined]
_DEAL: Any = Opportunity.__table__  # type: ignore[attr-defined]
_STAGE: Any = Stage.__table__  # type: ignore[attr-defined]
_MEMBER: Any = Membership.__table__  # type: ignore[attr-defined]
_SCORE: Any = Score.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Offer:
    """Somebody asks whether one takes an action over."""

    id: UUID
    from_id: UUID
    from_name: str
    note: str
    expires_at: datetime


@dataclass(frozen=True)
class Card:
    """An action in a list. `score` and `band` are the person's, or the account's where no person is named.

    `reasons` say why now, `why_rank` why here in the list; `explored` marks what is shown to be learnt from.
    """

    id: UUID
    row_version: int
    kind: str
    title: str
    detail: str
    state: str
    account_id: UUID | None
    account: str
    person_id: UUID | None
    person: str
    opportunity_id: UUID | None
    deal: str
    stage: str
    amount_minor: int | None
    currency: str
    assignee_id: UUID | None
    assignee: str
    assigned_because: tuple[str, ...]
    source: str
    rule_id: UUID | None
    rule_version: int | None
    reasons: tuple[str, ...]
    evidence: tuple[str, ...]
    due_from: datetime | None
    due_to: datetime | None
    effort_minutes: int
    snoozed_until: datetime | None
    snoozed_for: str | None
    snoozes: int
    created_at: datetime
    closed_at: datetime | None
    outcome: str | None
    success: bool | None
    dismissed_for: str | None
    phone: str
    email: str
    place: str
    score: float
    band: str
    worth: float
    why_rank: tuple[str, ...] = ()
    explored: bool = False
    offer: Offer | None = None


def currency_of(session: Session) -> str:
    """What the tenant counts in."""
    return str(session.connection().execute(select(TenantPublic.__table__.c.currency)).scalar_one())  # type: ignore[attr-defined]


def card_query(*more: Any) -> Select[Any]:
    """The columns that `card` takes, from the action and the records it names."""
    scored = and_(
        _SCORE.c.subject_id == func.coalesce(ACTION.c.person_id, ACTION.c.account_id),
        _SCORE.c.subject_kind
        == case((ACTION.c.person_id.is_not(None), SubjectKind.PERSON.value), else_=SubjectKind.ACCOUNT.value),
    )
    joined = (
        ACTION.outerjoin(_ACCOUNT, _ACCOUNT.c.id == ACTION.c.account_id)
        .outerjoin(_PERSON, _PERSON.c.id == ACTION.c.person_id)
        .outerjoin(_DEAL, _DEAL.c.id == ACTION.c.opportunity_id)
        .outerjoin(_STAGE, _STAGE.c.id == _DEAL.c.stage_id)
        .outerjoin(_MEMBER, _MEMBER.c.id == ACTION.c.assignee_id)
        .outerjoin(_SCORE, scored)
    )
    named = (
        _ACCOUNT.c.name.label("account"), _PERSON.c.name.label("person"), _DEAL.c.name.label("deal"),
        _STAGE.c.name.label("stage"), _DEAL.c.amount_minor, _DEAL.c.currency, _MEMBER.c.name.label("assignee"),
        func.coalesce(_PERSON.c.phone, _ACCOUNT.c.phone).label("phone"), _PERSON.c.email,
        _ACCOUNT.c.city, _ACCOUNT.c.region, _ACCOUNT.c.country, _SCORE.c.value.label("score"), _SCORE.c.band,
    )  # fmt: skip
    return select(*(ACTION.c[name] for name in _OWN), *named, *more).select_from(joined)


_OWN = (
    "id", "row_version", "kind", "title", "detail", "state", "account_id", "person_id", "opportunity_id", "assignee_id",
    "assigned_because", "source", "rule_id", "rule_version", "reasons", "evidence", "due_from", "due_to",
    "effort_minutes", "snoozed_until", "snoozed_for", "snoozes", "created_at", "closed_at", "outcome", "success",
    "dismissed_for", "worth",
)  # fmt: skip
_LISTS = ("assigned_because", "reasons", "evidence")


def card(row: Any, **more: Any) -> Card:
    """A row of `card_query` as a card."""
    held: dict[str, Any] = {name: getattr(row, name) for name in _OWN if name not in _LISTS}
    held |= {name: tuple(getattr(row, name)) for name in _LISTS}
    named: dict[str, Any] = {
        name: getattr(row, name) or ""
        for name in ("account", "person", "deal", "stage", "currency", "assignee", "phone", "email")
    }
    return Card(
        **held, **named, amount_minor=row.amount_minor, place=_place(row), score=row.score or 0.0,
        band=row.band or Band.COLD.value, **more,
    )  # fmt: skip


def _place(row: Any) -> str:
    """What a map is asked for."""
    known = [one for one in (row.city, row.region, row.country) if one]
    return ", ".join([row.account, *known]) if known else ""


def stakes(currency: str) -> tuple[ColumnElement[Any], ...]:
    """More columns for `card_query`: what ranks it besides the card, amounts in this currency only."""

    def expected(deal: Any) -> Any:
        known = and_(
            deal.c.state == "open",
            deal.c.deleted_at.is_(None),
            or_(deal.c.currency == currency, deal.c.currency.is_(None)),
        )
        return case((known, cast(deal.c.amount_minor, BigInteger) * deal.c.probability / literal(100.0)))

    other = _DEAL.alias()
    best = select(func.max(expected(other))).where(other.c.account_id == ACTION.c.account_id).scalar_subquery()
    return (
        ACTION.c.value_minor, ACTION.c.chance, _ACCOUNT.c.lifecycle, expected(_DEAL).label("expected"),
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
    return _DEAL.c.state.label("deal_state")
