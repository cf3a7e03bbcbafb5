"""Reading the ledger: newest first, page by page, by position and never by offset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Select, and_, func, literal, or_, tuple_
from sqlmodel import Session, col, select

from salescompass.crm import Sight
from salescompass.events.batch import EventBatch
from salescompass.events.catalog import BUILT_IN
from salescompass.events.staging import Row
from salescompass.kit.database import fetch
from salescompass.kit.errors import NotFound
from salescompass.kit.live import MOST_IDS
from salescompass.kit.pagination import Page, Position, at_most, position
from salescompass.models import Account, Event, Person

MOST_NEWER = 100


@dataclass(frozen=True)
class FeedEntry:
    """An event as feed, account page and API show it."""

    id: UUID
    type: str
    occurred_at: datetime
    received_at: datetime
    account_id: UUID | None
    person_id: UUID | None
    opportunity_id: UUID | None
    direction: str
    channel: str
    verdict: str
    verdict_reasons: tuple[str, ...]
    actor: str | None
    source: str
    duplicate_of: UUID | None
    merged_into: UUID | None
    properties: dict[str, Any]
    account_name: str | None
    person_name: str | None

    @property
    def label(self) -> str:
        """The type in words."""
        known = BUILT_IN.get(self.type)
        return known.label if known else self.type

    @property
    def cursor(self) -> str:
        """Where this entry stands: for `newer_count` and `feed(newer_than=...)`."""
        return Position(self.occurred_at, self.id).cursor()


_COLUMNS = (
    Event.id, Event.type, Event.occurred_at, Event.received_at, Event.account_id, Event.person_id,
    Event.opportunity_id, Event.direction, Event.channel, Event.verdict, Event.verdict_reasons, Event.actor,
    Event.source, Event.duplicate_of, Event.merged_into, Event.properties,
)  # fmt: skip


_RECORDS: dict[str, Any] = {
    "account": col(Event.account_id), "person": col(Event.person_id), "opportunity": col(Event.opportunity_id),
}  # fmt: skip


def feed(
    session: Session,
    *,
    cursor: str | None = None,
    newer_than: str | None = None,
    limit: int = 50,
    type: str | None = None,
    account_id: UUID | None = None,
    person_id: UUID | None = None,
) -> Page[FeedEntry]:
    """A page of events, newest first: those after `cursor`, or those newer than `newer_than`."""
    conditions: list[ColumnElement[bool]] = []
    for column, wanted in ((Event.type, type), (Event.account_id, account_id), (Event.person_id, person_id)):
        if wanted is not None:
            conditions.append(col(column) == wanted)
    conditions += in_reach(session)
    after, before = position(cursor), position(newer_than)
    if after:
        conditions += below(after)
    if before:
        conditions += above(before)
    found = told(session, _run(session, feed_statement(conditions, limit + 1)).all())
    more = len(found) > limit
    return Page(tuple(found[:limit]), found[limit - 1].cursor if more else None)


def in_reach(session: Session) -> list[ColumnElement[bool]]:
    """Events that the reader sees; nothing for a reader who sees all.

    An event about a deal goes with the deal, whosever the account; any other is seen by who sees all its records.
    """
    sights = {name: Sight.of(session, name) for name in _RECORDS}
    if all(sight.owners is None for sight in sights.values()):
        return []
    deal = col(Event.opportunity_id)
    others = [sights[name].reference(_RECORDS[name]) for name in ("account", "person")]
    of_deal = and_(deal.is_not(None), sights["opportunity"].reference(deal))
    return [or_(of_deal, and_(deal.is_(None), *others))]


def told(session: Session, rows: Sequence[Sequence[Any]]) -> list[FeedEntry]:
    """Rows of `feed_statement` as entries. The event of a deal does not name an account or person out of reach."""
    entries = [_entry(row) for row in rows]
    of_deals = [one for one in entries if one.opportunity_id is not None]
    for name in ("account", "person"):
        ids = {found for one in of_deals if (found := getattr(one, f"{name}_id")) is not None}
        hidden = Sight.of(session, name).hidden(session, ids)
        veil: dict[str, Any] = {f"{name}_id": None, f"{name}_name": None}
        entries = [replace(one, **veil) if getattr(one, f"{name}_id") in hidden else one for one in entries]
    return entries


def feed_statement(conditions: list[ColumnElement[bool]], limit: int) -> Select[Any]:
    """The statement behind every list of events."""
    return (
        select(*_COLUMNS, Account.name, Person.name)  # type: ignore[call-overload]
        .select_from(Event)
        .outerjoin(Account, col(Account.id) == col(Event.account_id))
        .outerjoin(Person, col(Person.id) == col(Event.person_id))
        .where(and_(True, *conditions))
        .order_by(col(Event.occurred_at).desc(), col(Event.id).desc())
        .limit(at_most(limit))
    )


def newer_count(session: Session, cursor: str | None) -> int:
    """How many events stand above a position, counted up to 100: for the "n new" pill.

    An event that is told late stands where it happened, below; the page shows it when it fetches.
    """
    place = position(cursor)
    newer = select(literal(1)).select_from(Event).where(and_(True, *in_reach(session)))
    if place:
        newer = newer.where(*above(place))
    return int(session.exec(select(func.count()).select_from(newer.limit(at_most(MOST_NEWER)).subquery())).one())


def event(session: Session, event_id: UUID, occurred_at: datetime) -> FeedEntry:
    """One event; its time leads to its month. Raises NotFound, also for another tenant's."""
    this = [col(Event.occurred_at) == occurred_at, col(Event.id) == event_id]
    statement = feed_statement([*this, *in_reach(session)], 1)
    row = session.connection().execute(statement).first()
    if row is None:
        raise NotFound("no such event")
    return told(session, [row])[0]


def entry_of(row: Row) -> FeedEntry:
    """An event that was written just now, without the names of its records."""
    return FeedEntry(
        **{name: value for name, value in row._asdict().items() if name not in ("key", "body_hash", "rule")},
        opportunity_id=None,
        merged_into=None,
        account_name=None,
        person_name=None,
    )


def events_at(session: Session, places: Sequence[tuple[UUID, datetime]]) -> dict[UUID, FeedEntry]:
    """Several events, by their ids; their times lead to their months. Those that are not there are left out."""
    if not places:
        return {}
    times = [at for _, at in places]
    of_months = col(Event.occurred_at).between(min(times), max(times))
    named = col(Event.id).in_([event_id for event_id, _ in places])
    statement = feed_statement([of_months, named, *in_reach(session)], len(places))
    return {entry.id: entry for entry in told(session, _run(session, statement.order_by(None)).all())}


@dataclass(frozen=True)
class Glance:
    """What a few events are about: their accounts and people, and their types."""

    records: frozenset[UUID]
    types: frozenset[str]


def glance(session: Session, batch: EventBatch) -> Glance | None:
    """What recorded events are about; None for more of them than a note can name."""
    if not 0 < len(batch.ids) <= MOST_IDS:
        return None
    found = fetch(
        session,
        "SELECT account_id, person_id, type FROM event WHERE occurred_at BETWEEN %s AND %s AND id = ANY(%s)",
        (min(batch.times), max(batch.times), list(batch.ids)),
    )
    records = (one for account_id, person_id, _ in found for one in (account_id, person_id) if one)
    return Glance(frozenset(records), frozenset(kind for *_, kind in found))


def event_by_id(session: Session, event_id: UUID) -> FeedEntry:
    """One event by its id alone: every month is asked, each by its index. Raises NotFound."""
    row = _run(session, feed_statement([col(Event.id) == event_id, *in_reach(session)], 1).order_by(None)).first()
    if row is None:
        raise NotFound("no such event")
    return told(session, [row])[0]


def _run(session: Session, statement: Select[Any]) -> CursorResult[Any]:
    return session.connection().execute(statement)


def above(place: Position) -> list[ColumnElement[bool]]:
    """Events newer than a position. The time by itself is what leads to the months that are opened."""
    return [col(Event.occurred_at) >= place.at, tuple_(literal(place.at), literal(place.id)) < _PLACE]


def below(place: Position) -> list[ColumnElement[bool]]:
    """Events older than a position."""
    return [col(Event.occurred_at) <= place.at, tuple_(literal(place.at), literal(place.id)) > _PLACE]


_PLACE: ColumnElement[Any] = tuple_(col(Event.occurred_at), col(Event.id))


def _entry(row: Sequence[Any]) -> FeedEntry:
    values = list(row)
    values[10] = tuple(values[10])
    return FeedEntry(*values)
