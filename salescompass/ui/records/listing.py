"""What a list reads of the database: a page of records, some of them again, and a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlmodel import Session

from salescompass import crm, scoring
from salescompass.catalogue import catalogue
from salescompass.crm import RECORD_TYPES, RecordView
from salescompass.identity import Actor
from salescompass.ui.condition_choices import offered
from salescompass.ui.records.asked import fields_of
from salescompass.ui.records.cells import ListRow, href_of, list_row
from salescompass.ui.records.editors import editors
from salescompass.ui.records.filtering import Filter, read_filter
from salescompass.ui.records.kinds import ListKind
from salescompass.ui.records.lives import LifeLook, life_looks
from salescompass.ui.records.narrowing import Lens, condition
from salescompass.ui.records.views import TeamChoice, my_teams

_PAGE = 50


@dataclass(frozen=True)
class Listed:
    """A page of a list, read in one transaction."""

    rows: list[ListRow] = field(default_factory=list)
    next_cursor: str | None = None
    count: int = 0
    whole: int = 0
    filter: Filter = field(default_factory=Filter)
    views: tuple[crm.ListView, ...] = ()
    lives: dict[str, LifeLook] = field(default_factory=dict)
    offered: dict[str, Any] = field(default_factory=dict)
    editors: list[dict[str, Any]] = field(default_factory=list)
    teams: list[TeamChoice] = field(default_factory=list)


def listed(
    session: Session,
    actor: Actor,
    *,
    of: ListKind,
    lens: Lens,
    cursor: str | None,
    editing: bool = False,
    first: bool = False,
) -> Listed:
    """A page of records; that of the beginning also tells how many there are, the filter in words, and the saved views.

    `editing`: also what the editor of filters offers; `first`: also how fields can be changed, by whoever may.
    """
    found = read_filter(session, actor, of=of, text=lens.where)
    where = condition(of, lens, actor, also=found.where)
    page = crm.list_records(
        session, of.kind, where=where, search=lens.q, sort=lens.sort, cursor=cursor, limit=_PAGE,
        rankings=scoring.RANKINGS.get(of.kind),
    )  # fmt: skip
    rows, lives = _drawn(session, page.items, of, lens)
    if cursor is not None:
        return Listed(rows, page.next_cursor, lives=lives)
    whole = crm.count_records(session, of.kind)
    count = crm.count_records(session, of.kind, where=where, search=lens.q) if lens.narrowed else whole
    views = (*crm.shipped_views(of.kind), *crm.saved_views(session, actor, kind=of.kind))
    # What is compared is the database's business: only words leave this transaction.
    told = replace(found, where=None)
    offer = offered(session, object_type=RECORD_TYPES[of.kind].object_type) if editing else {}
    teams = my_teams(session, actor) if first else []
    ways = editors(session, of=of) if first and actor.may("records.write") else []
    return Listed(rows, page.next_cursor, count, whole, told, views, lives, offer, ways, teams)


def shown_again(session: Session, *, of: ListKind, lens: Lens, ids: Sequence[UUID]) -> Listed:
    """Some records of a list as they are now: those that are still there, in any order."""
    found = crm.get_records(session, RECORD_TYPES[of.kind].object_type, ids)
    rows, lives = _drawn(session, tuple(found.values()), of, lens)
    return Listed(rows, lives=lives)


def _drawn(
    session: Session, records: Sequence[RecordView], of: ListKind, lens: Lens
) -> tuple[list[ListRow], dict[str, LifeLook]]:
    rows = [list_row(one, of, lens.columns) for one in records]
    return rows, life_looks(session, [one.id for one in records]) if of.lively and records else {}


def created(session: Session, actor: Actor, *, of: ListKind, form: Mapping[str, str]) -> str:
    """Make a record of what was typed; the address of its page."""
    made = crm.create_record(session, actor, of.kind, fields_of(of, form, catalogue(session).currency))
    return href_of(made.kind, made.id)
