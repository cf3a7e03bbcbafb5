"""The worklist: actions by whose they are and how they stand, narrowed, in an order, page by page, never by offset."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Double, and_, exists, literal, or_, select
from sqlmodel import Session

from salescompass import crm
from salescompass.actions.cards import Card, card, rows_of
from salescompass.actions.seeing import seen
from salescompass.actions.today import AWAKE
from salescompass.actions.views import ACCOUNT, ACTION
from salescompass.actions.whose import assigned
from salescompass.identity import Actor
from salescompass.kit.errors import Invalid
from salescompass.kit.ids import parse_id
from salescompass.kit.pagination import Page
from salescompass.models import Account, Delegation, Opportunity, Person
from salescompass.vocabulary import OPEN_ACTION_STATES, ActionState, DelegationState

_NAMED: dict[str, Any] = {
    "account_id": Account.__table__.alias("a_named"),  # type: ignore[attr-defined]
    "person_id": Person.__table__.alias("p_named"),  # type: ignore[attr-defined]
    "opportunity_id": Opportunity.__table__.alias("o_named"),  # type: ignore[attr-defined]
}
_ASKED: Any = Delegation.__table__  # type: ignore[attr-defined]
_MOST = 200


class Views(StrEnum):
    """The lists there are: `my` and `team` are awake and open; the rest are the actor's, or with `team` the team's."""

    MY = "my"
    TEAM = "team"
    UNASSIGNED = "unassigned"
    SNOOZED = "snoozed"
    OVERDUE = "overdue"
    DISMISSED = "dismissed"
    DONE = "done"
    DELEGATED = "delegated"


class Sorts(StrEnum):
    """The orders: what a minute brings and what is new from the most on, dues and accounts from the first on."""

    WORTH = "worth"
    DUE = "due"
    CREATED = "created"
    ACCOUNT = "account"
    CLOSED = "closed"


@dataclass(frozen=True)
class Query:
    """What is asked of the worklist. `team` widens a view to the team's, `assignee_id` narrows it to one of them."""

    view: Views = Views.MY
    team: bool = False
    sort: Sorts | None = None
    search: str = ""
    assignee_id: UUID | None = None
    kind: str | None = None
    rule_id: UUID | None = None
    account_id: UUID | None = None
    person_id: UUID | None = None
    opportunity_id: UUID | None = None
    due_after: datetime | None = None
    due_before: datetime | None = None

    @property
    def order(self) -> Sorts:
        """The order that is asked for, or the view's own."""
        closed = self.view in (Views.DISMISSED, Views.DONE)
        return self.sort or (Sorts.CLOSED if closed else Sorts.WORTH)


def worklist(
    session: Session, actor: Actor, *, query: Query, at: datetime, cursor: str | None = None, limit: int = 50
) -> Page[Card]:
    """A page of the worklist. Raises Invalid for a cursor of another order."""
    actor.must("actions.read")
    limit = max(1, min(limit, _MOST))
    order = query.order
    column, down = _ORDERS[order]
    asked = select(ACTION.c.id, column.label("place")).where(narrowed(session, actor, query, at))
    if order is Sorts.ACCOUNT:
        asked = asked.outerjoin_from(ACTION, ACCOUNT, ACCOUNT.c.id == ACTION.c.account_id)
    if order is Sorts.WORTH:
        asked = asked.where(ACTION.c.worth >= 0.0)  # so that its index is entered at a place, also for the first page
    if cursor:
        asked = asked.where(_beyond(order, *_read(cursor, order)))
    row_id = ACTION.c.id
    by = (column.desc(), row_id.desc()) if down else (column.asc().nulls_last(), row_id.asc())
    found = session.connection().execute(asked.order_by(*by).limit(limit + 1)).all()
    more = _cursor(found[limit - 1], order) if len(found) > limit else None
    return Page(tuple(card(row) for row in rows_of(session, [one.id for one in found[:limit]])), more)


def narrowed(session: Session, actor: Actor, query: Query, at: datetime) -> ColumnElement[bool]:
    """Which actions such a query asks for, as far as the actor sees."""
    return and_(view_of(session, actor, query, at), *wanted(query), seen(session, actor))


def wanted(query: Query) -> list[ColumnElement[bool]]:
    """What a query narrows besides its view: fields, dues, words."""
    a = ACTION.c
    fields = ("kind", "rule_id", "account_id", "person_id", "opportunity_id")
    found: list[ColumnElement[bool]] = [
        a[name] == value for name in fields if (value := getattr(query, name)) is not None
    ]
    if query.due_after is not None:
        found.append(a.due_to >= query.due_after)
    if query.due_before is not None:
        found.append(a.due_to < query.due_before)
    return found + [_found(piece) for piece in crm.name_norm(query.search).split()[:8]]


def view_of(session: Session, actor: Actor, query: Query, at: datetime) -> ColumnElement[bool]:
    """Which actions a view holds, whoever sees them."""
    a, view = ACTION.c, query.view
    whose = assigned(session, actor, team=query.team or view is Views.TEAM, assignee_id=query.assignee_id)
    awake = and_(a.state.in_(AWAKE), or_(a.expires_at.is_(None), a.expires_at > at))
    held: dict[Views, ColumnElement[bool]] = {
        Views.UNASSIGNED: and_(a.assignee_id.is_(None), awake),
        Views.SNOOZED: and_(whose, a.state == ActionState.SNOOZED),
        Views.OVERDUE: and_(whose, awake, a.due_to < at),
        Views.DISMISSED: and_(whose, a.state == ActionState.DISMISSED),
        Views.DONE: and_(whose, a.state == ActionState.DONE),
        Views.DELEGATED: and_(a.state.in_(OPEN_ACTION_STATES), _given_away(actor)),
    }
    return held.get(view, and_(whose, awake))


def _given_away(actor: Actor) -> ColumnElement[bool]:
    """What the actor offered to somebody who has not answered yet, or has taken it over."""
    living = (DelegationState.OFFERED, DelegationState.ACCEPTED)
    return exists().where(
        _ASKED.c.action_id == ACTION.c.id, _ASKED.c.from_id == actor.member_id, _ASKED.c.state.in_(living)
    )


def _found(piece: str) -> ColumnElement[bool]:
    """Actions with a piece of a search in their title, or in a name of whom they are about."""
    names = (
        exists().where(table.c.id == ACTION.c[column], table.c.name_norm.contains(piece[:80], autoescape=True))
        for column, table in _NAMED.items()
    )
    return or_(ACTION.c.title.icontains(piece[:80], autoescape=True), *names)


_ORDERS: dict[Sorts, tuple[Any, bool]] = {
    Sorts.WORTH: (ACTION.c.worth, True),
    Sorts.DUE: (ACTION.c.due_to, False),
    Sorts.CREATED: (ACTION.c.created_at, True),
    Sorts.ACCOUNT: (ACCOUNT.c.name_norm, False),
    Sorts.CLOSED: (ACTION.c.closed_at, True),
}
"""What each order goes by, and whether from the most on; what has none comes last."""


def _beyond(order: Sorts, value: Any, last: UUID) -> ColumnElement[bool]:
    """What comes after a place."""
    (column, down), row_id = _ORDERS[order], ACTION.c.id
    if value is None:
        return and_(column.is_(None), row_id > last)
    place = literal(value, column.type)
    if down:
        return and_(column <= place, or_(column < place, row_id < last))
    return or_(column > place, and_(column == place, row_id > last), column.is_(None))


def _cursor(row: Any, order: Sorts) -> str:
    value = row.place.isoformat() if isinstance(row.place, datetime) else row.place
    said = json.dumps([order.value, value, str(row.id)])
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def _read(cursor: str, order: Sorts) -> tuple[Any, UUID]:
    try:
        name, value, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        found, kind = parse_id(row_id), _ORDERS[order][0].type
        if name != order or found is None:
            raise ValueError(cursor)
        if value is None and order in (Sorts.DUE, Sorts.ACCOUNT):
            return None, found
        if isinstance(kind, DateTime):
            return datetime.fromisoformat(value), found
        wanted: type = float if isinstance(kind, Double) else str
        if not isinstance(value, wanted):
            raise ValueError(value)
        return value, found
    except (ValueError, TypeError) as error:
        raise Invalid("This cursor is none of ours: start again without it", field="cursor") from error
