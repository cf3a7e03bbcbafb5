"""Which columns an export has, so that it is understood again by the import: headers are labels that import knows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from salescompass import crm, events, scoring
from salescompass.imports.importers import KINDS
from salescompass.imports.targets import KEYS, OUR_ID
from salescompass.kit.clock import rfc3339
from salescompass.kit.currencies import exponent
from salescompass.kit.errors import Invalid
from salescompass.kit.importing import Target, ValueKind
from salescompass.models import Account, Membership, Person, Pipeline, Product, Stage
from salescompass.vocabulary import RecordKind

PAGE = 1000
PLAIN_KINDS = frozenset(
    {ValueKind.NUMBER, ValueKind.DECIMAL, ValueKind.MONEY, ValueKind.DATE, ValueKind.MOMENT, ValueKind.PHONE}
)
"""Kinds whose cells begin with a sign by right and get no mark before it."""
_MONEY = {"price": "price_minor", "revenue": "revenue_minor", "amount": "amount_minor"}


@dataclass(frozen=True)
class OutColumn:
    """A column of an export: its header, what it holds, its value for a row."""

    header: str
    kind: ValueKind
    value: Callable[[Any], Any]


Condition = Any


def record_columns(session: Session, kind: RecordKind) -> list[OutColumn]:
    """The columns of records: every field that import knows, those of the tenant's own last."""
    targets = KINDS[kind].targets(session)
    labels = [target.label for target in targets]
    return [
        OutColumn(target.label if labels.count(target.label) == 1 else target.key, target.kind, _reader(target))
        for target in targets
    ]


def shown_columns(session: Session, kind: RecordKind, keys: Sequence[str]) -> list[OutColumn]:
    """The columns of a list as it is shown, after those by which its records are known again."""
    whole = {
        target.key: column
        for target, column in zip(KINDS[kind].targets(session), record_columns(session, kind), strict=True)
    }
    wanted: dict[str, OutColumn] = {key: whole[key] for key in KEYS[kind]}
    for key in keys:
        for one in _SHOWN_AS.get(key, (key,)):
            if one in whole:
                wanted[one] = whole[one]
            elif one in _ONLY_SHOWN and (kind is RecordKind.ACCOUNTS or key not in LIVELY):
                wanted[one] = OutColumn(*_ONLY_SHOWN[one])
            else:
                raise Invalid(f"{kind} have no column {key[:60]}", field="columns")
    return list(wanted.values())


LIVELY = frozenset({"score", "trend", "signal", "people"})
"""Columns of accounts that scores and events tell."""


_SHOWN_AS = {
    "owner_id": ("owner",),
    "account_id": ("account", "account_domain", "account_external_id"),
    "parent_id": ("parent",),
    "product_id": ("product",),
    "stage_id": ("pipeline", "stage"),
    "amount_minor": ("amount", "currency"),
    "revenue_minor": ("revenue", "currency"),
    "price_minor": ("price", "currency"),
    "source_latest": ("source",),
    "score": ("score", "band"),
    "signal": ("signal", "signal_at"),
}
"""What a column of a list is in a file: the fields that a reader of it understands without this tenant's ids."""
_ONLY_SHOWN: dict[str, tuple[str, ValueKind, Callable[[Any], Any]]] = {
    "state": ("Open, won or lost", ValueKind.TEXT, lambda row: row.record.values.get("state")),
    "closed_at": ("Moment of closing", ValueKind.MOMENT, lambda row: row.record.values.get("closed_at")),
    "updated_at": ("Last changed here", ValueKind.MOMENT, lambda row: row.record.updated_at),
    "score": ("Score", ValueKind.NUMBER, lambda row: round(row.life.score, 1)),
    "band": ("Band of the score", ValueKind.TEXT, lambda row: row.life.band),
    "trend": ("Score gained in 7 days", ValueKind.NUMBER, lambda row: round(row.life.score - row.life.trend[-8], 1)),
    "signal": ("Latest signal", ValueKind.TEXT, lambda row: row.life.last_type),
    "signal_at": ("Moment of the latest signal", ValueKind.MOMENT, lambda row: row.life.last_at),
    "people": ("People known", ValueKind.NUMBER, lambda row: row.life.people),
}
"""Columns of a list that no import takes. Their headers are like those of no field."""


def _reader(target: Target) -> Callable[[Any], Any]:
    key = target.key
    if key == OUR_ID:
        return lambda row: str(row.record.id)
    if key.startswith("custom."):
        return lambda row: row.record.custom.get(key.removeprefix("custom."))
    if key in _MONEY:
        return lambda row: _amount(row.record.values.get(_MONEY[key]), row.record.values.get("currency"))
    if key == "tags":
        return lambda row: _joined(row.record.tags)
    if key == "source":
        return lambda row: row.record.values.get("source_latest", row.record.values.get("source"))
    if key == "created_at":
        return lambda row: row.record.created_at
    if key in _BY_REFERENCE:
        name, part = _BY_REFERENCE[key]
        return lambda row: row.names(name, part)
    return lambda row: row.record.values.get(key)


_BY_REFERENCE = {
    "owner": ("owner_id", 0),
    "account": ("account_id", 0),
    "account_domain": ("account_id", 1),
    "account_external_id": ("account_id", 2),
    "parent": ("parent_id", 0),
    "product": ("product_id", 0),
    "pipeline": ("pipeline_id", 0),
    "stage": ("stage_id", 0),
}
"""Fields that name another thing: which reference, and which part of what names it."""


@dataclass(frozen=True)
class OutRow:
    """A record, what its references are called, and how warm it is if that is asked for."""

    record: crm.RecordView
    called: Mapping[UUID, tuple[str | None, ...]]
    life: scoring.AccountLife = scoring.AccountLife()  # noqa: RUF009 - a frozen value

    def names(self, reference: str, part: int) -> str | None:
        """A part of what the thing referred to is called."""
        found = self.called.get(self.record.values.get(reference))  # type: ignore[arg-type]
        return found[part] if found else None


def record_rows(
    session: Session,
    kind: RecordKind,
    *,
    where: Condition = None,
    search: str = "",
    sort: str = "created_at",
    lively: bool = False,
) -> Iterator[OutRow]:
    """The records of a list, page by page; of accounts with their scores if `lively`."""
    cursor: str | None = None
    while True:
        page = crm.list_records(
            session, kind, where=where, search=search, sort=sort, cursor=cursor, limit=PAGE,
            rankings=scoring.RANKINGS.get(kind),
        )  # fmt: skip
        called = _called(session, page.items)
        lives = scoring.account_lives(session, [one.id for one in page.items]) if lively else {}
        for record in page.items:
            yield OutRow(record, called, lives.get(record.id, scoring.AccountLife()))
        cursor = page.next_cursor
        if cursor is None:
            return


def _called(session: Session, records: Sequence[crm.RecordView]) -> dict[UUID, tuple[str | None, ...]]:
    ids: dict[str, set[UUID]] = {}
    for record in records:
        for name in ("owner_id", "account_id", "parent_id", "product_id", "pipeline_id", "stage_id"):
            if one := record.values.get(name):
                ids.setdefault(name, set()).add(one)
    found: dict[UUID, tuple[str | None, ...]] = {}
    if wanted := ids.get("owner_id"):
        rows = session.exec(
            select(Membership.id, Membership.email, Membership.name).where(col(Membership.id).in_(wanted))
        )
        found |= {one: (email or name,) for one, email, name in rows}
    if wanted := ids.get("account_id", set()) | ids.get("parent_id", set()):
        accounts = session.exec(
            select(Account.id, Account.name, Account.domain_norm, Account.external_id).where(
                col(Account.id).in_(wanted)
            )
        )
        hidden = crm.Sight.of(session, "account").hidden(session, wanted)
        found |= {one: (name, domain, external) for one, name, domain, external in accounts if one not in hidden}
    for name, table in (("product_id", Product), ("pipeline_id", Pipeline), ("stage_id", Stage)):
        if wanted := ids.get(name):
            named = session.exec(select(table.id, table.name).where(col(table.id).in_(wanted)))
            found |= {one: (called,) for one, called in named}
    return found


def _amount(minor: int | None, currency: str | None) -> Decimal | None:
    return None if minor is None else Decimal(minor).scaleb(-exponent(currency or "USD"))


def _joined(tags: Sequence[str]) -> str | None:
    """Tags in one cell: by semicolons, or by bars where a tag has a semicolon."""
    if any(";" in tag for tag in tags):
        return "|".join(tag.replace("|", " ") for tag in tags) + "|"
    return "; ".join(tags) or None


EVENT_COLUMNS: tuple[OutColumn, ...] = (
    OutColumn("event_id", ValueKind.TEXT, lambda row: str(row[0].id)),
    OutColumn("occurred_at", ValueKind.MOMENT, lambda row: row[0].occurred_at),
    OutColumn("type", ValueKind.TEXT, lambda row: row[0].type),
    OutColumn("person_external_id", ValueKind.TEXT, lambda row: row[1][0]),
    OutColumn("person_email", ValueKind.EMAIL, lambda row: row[1][1]),
    OutColumn("person_name", ValueKind.TEXT, lambda row: row[1][2]),
    OutColumn("company_external_id", ValueKind.TEXT, lambda row: row[2][0]),
    OutColumn("company_domain", ValueKind.TEXT, lambda row: row[2][1]),
    OutColumn("company_name", ValueKind.TEXT, lambda row: row[2][2]),
    OutColumn("actor", ValueKind.TEXT, lambda row: row[0].actor),
    OutColumn("properties", ValueKind.TEXT, lambda row: json.dumps(row[0].properties) if row[0].properties else None),
)


def event_rows(session: Session) -> Iterator[Any]:
    """Every event, newest first, with what names its person and its company."""
    nobody = (None, None, None)
    cursor: str | None = None
    while True:
        page = events.feed(session, cursor=cursor, limit=PAGE)
        people = {one.person_id for one in page.items if one.person_id}
        firms = {one.account_id for one in page.items if one.account_id}
        who = {
            one[0]: tuple(one[1:])
            for one in session.exec(
                select(Person.id, Person.external_id, Person.email, Person.name).where(col(Person.id).in_(people))
            )
        }
        where = {
            one[0]: tuple(one[1:])
            for one in session.exec(
                select(Account.id, Account.external_id, Account.domain_norm, Account.name).where(
                    col(Account.id).in_(firms)
                )
            )
        }
        for entry in page.items:
            yield entry, who.get(entry.person_id, nobody), where.get(entry.account_id, nobody)  # type: ignore[arg-type]
        cursor = page.next_cursor
        if cursor is None:
            return


def as_cell(value: Any) -> str:
    """A value as a CSV file holds it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
