"""Finding records of every kind by words of their names, addresses and keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlmodel import Session

from salescompass.crm.lists import found_by
from salescompass.crm.names import name_norm
from salescompass.crm.seeing import Sight
from salescompass.crm.views import type_of
from salescompass.models import Account, Opportunity, Person
from salescompass.vocabulary import SubjectKind

_ACCOUNT: Any = Account.__table__  # type: ignore[attr-defined]
_PERSON: Any = Person.__table__  # type: ignore[attr-defined]
_DEAL: Any = Opportunity.__table__  # type: ignore[attr-defined]
_ABOVE = _ACCOUNT.alias()
_FEW = 2
"""A word of so few letters begins too many names: it is looked for at the beginning of whole names only."""


@dataclass(frozen=True)
class Match:
    """A record that was found. `detail` tells it from others of the same name."""

    kind: SubjectKind
    id: UUID
    name: str
    detail: str


@dataclass(frozen=True)
class Found:
    """A record of any kind that was found: an account, a person or an opportunity."""

    object_type: str
    id: UUID
    name: str
    detail: str


def find(session: Session, beginning: str, *, limit: int = 6) -> list[Match]:
    """Accounts, then people, so many of each at most; none for an empty text."""
    wanted = name_norm(beginning)
    found = [one for name in SubjectKind for one in _of_kind(session, name.value, wanted, limit)] if wanted else []
    order = [SubjectKind.ACCOUNT, SubjectKind.PERSON]
    matches = [Match(SubjectKind(one.object_type), one.id, one.name, one.detail) for one in found]
    return sorted(matches, key=lambda one: order.index(one.kind))


def search_records(session: Session, words: str, *, limit: int = 6) -> list[Found]:
    """Accounts, people and deals, so many of each at most; none for an empty text."""
    wanted = name_norm(words)
    kinds = ("account", "person", "opportunity")
    return [one for name in kinds for one in _of_kind(session, name, wanted, limit)] if wanted else []


def _of_kind(session: Session, object_type: str, wanted: str, limit: int) -> list[Found]:
    of = type_of(object_type)
    rows = of.table.c
    query = _described(session, object_type).where(
        rows.deleted_at.is_(None), Sight.of(session, object_type).condition(of.table)
    )
    if len(wanted) <= _FEW:
        query = query.where(rows.name_norm >= wanted, rows.name_norm < wanted + "\U0010ffff")
    else:
        for piece in wanted.split()[:8]:
            query = query.where(found_by(of, piece))
    query = query.order_by(rows.name_norm, rows.id).limit(max(1, min(limit, 50)))
    return [Found(object_type, *row) for row in session.connection().execute(query)]


def _described(session: Session, object_type: str) -> Select[Any]:
    if object_type == "account":
        return select(_ACCOUNT.c.id, _ACCOUNT.c.name, func.coalesce(_ACCOUNT.c.domain_norm, ""))
    table = _PERSON if object_type == "person" else _DEAL
    above = _ABOVE
    seen = Sight.of(session, "account").condition(above)
    joined = table.outerjoin(above, and_(above.c.id == table.c.account_id, above.c.deleted_at.is_(None), seen))
    beside = (_PERSON.c.email,) if object_type == "person" else ()
    return select(table.c.id, table.c.name, func.coalesce(above.c.name, *beside, "")).select_from(joined)
