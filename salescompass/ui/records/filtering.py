"""The condition tree of a list's address: read, told in words, counted, and what its editor offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from sqlalchemy import ColumnElement
from sqlmodel import Session

from salescompass import conditions, crm
from salescompass.catalogue import catalogue, names
from salescompass.conditions import Cancel, Catalogue, Tree
from salescompass.crm import RECORD_TYPES
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.errors import Invalid
from salescompass.kit.ids import parse_id
from salescompass.ui.condition_choices import read_json
from salescompass.ui.records.kinds import ListKind
from salescompass.ui.records.narrowing import LONGEST_FILTER, Lens, condition
from salescompass.vocabulary import RecordKind

_OFFERED = 8


@dataclass(frozen=True)
class Filter:
    """What an address asks for: a condition on the records' table and its words, or why it cannot be read.

    `named` are the names of the ids in it.
    """

    where: ColumnElement[bool] | None = None
    words: str = ""
    problem: str = ""
    named: Mapping[str, str] = field(default_factory=dict)


class AccountOption(TypedDict):
    """An account as the editor offers it: its id, its name, its domain."""

    name: str
    label: str
    detail: str


def read_filter(session: Session, actor: Actor, *, of: ListKind, text: str) -> Filter:
    """The filter of an address; one that makes no sense says so and leaves nothing out."""
    if not text:
        return Filter()
    try:
        known = catalogue(session)
        tree = _tree(of, known, text)
    except Invalid as error:
        return Filter(problem=error.message)
    if tree.empty:
        return Filter()
    where = conditions.where(tree, catalogue=known, now=clock.now(), me=actor.member_id)
    called = names(session, tree)
    words = conditions.explain(tree, catalogue=known, names=called | {"me": "me"})
    return Filter(where, words, named={key: name for key, name in called.items() if parse_id(key)})


def counted(session: Session, actor: Actor, *, of: ListKind, lens: Lens, text: str, cancel: Cancel) -> str:
    """How many records of a list a filter keeps, in words. Raises Invalid, or TooSlow when it is ended."""
    known = catalogue(session)
    tree = _tree(of, known, text)
    kind = RECORD_TYPES[of.kind]
    narrowed = condition(of, lens, actor)
    also = [kind.table.c[name] == value for name, value in kind.fixed.items()]
    found = conditions.count(
        session, tree, catalogue=known, now=clock.now(), me=actor.member_id, cancel=cancel, most=crm.MOST_COUNTED + 1,
        also=(*also, narrowed) if narrowed is not None else tuple(also),
    )  # fmt: skip
    if found > crm.MOST_COUNTED:
        return f"More than {crm.MOST_COUNTED:,}"
    whole = crm.count_records(session, of.kind, where=narrowed)
    many = f"more than {whole:,}" if whole >= crm.MOST_COUNTED else f"{whole:,}"
    return f"{found:,} of {many}"


def accounts_found(session: Session, *, text: str) -> list[AccountOption]:
    """Accounts whose names begin so, as a condition may name them."""
    if not text:
        return []
    found = crm.list_records(session, RecordKind.ACCOUNTS, search=text, sort="name", limit=_OFFERED).items
    return [AccountOption(name=str(one.id), label=one.name, detail=one["domain"] or "") for one in found]


def _tree(of: ListKind, known: Catalogue, text: str) -> Tree:
    return conditions.parse(read_json(text, LONGEST_FILTER), known, object=RECORD_TYPES[of.kind].object_type)
