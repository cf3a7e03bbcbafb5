"""Territories: which accounts a team looks after, in order; the first whose conditions hold decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, func, literal
from sqlmodel import Session, col, select

from salescompass import conditions, identity
from salescompass.catalogue import catalogue, names
from salescompass.conditions import Cancel, Catalogue, Tree, count
from salescompass.crm import name_norm, tidy
from salescompass.identity import Actor
from salescompass.kit.database import hold, session_tenant
from salescompass.kit.errors import Conflict, Exists, Invalid, NotFound
from salescompass.kit.ids import new_id
from salescompass.models import Account, Team, Territory

OBJECT = "account"
MOST = 200
_LONGEST_NAME, _LONGEST_WORDS = 80, 160


@dataclass(frozen=True)
class TerritoryView:
    """A territory; `words` tell its conditions, `problem` why they hold for nothing any more."""

    id: UUID
    name: str
    position: int
    team_id: UUID | None
    conditions: Mapping[str, Any]
    words: str
    problem: str = ""


@dataclass(frozen=True)
class _Read:
    row: Territory
    tree: Tree | None
    problem: str = ""


def territories(session: Session) -> list[TerritoryView]:
    """Every territory, in the order in which they are asked."""
    known = _catalogue(session)
    return [_view(session, known, one) for one in _read(session, known)]


def territory_sizes(session: Session, *, now: datetime) -> dict[UUID, int | None]:
    """How many accounts each territory takes in, without those of the territories before it; None: took too long."""
    known, table = _catalogue(session), Account.__table__  # type: ignore[attr-defined]
    found: dict[UUID, int | None] = {}
    before: list[Any] = []
    for one in _read(session, known):
        if one.tree is None:
            found[one.row.id] = 0
            continue
        try:
            found[one.row.id] = count(session, one.tree, catalogue=known, now=now, also=tuple(before))
        except conditions.TooSlow:
            found[one.row.id] = None
        mine = conditions.matching(one.tree, catalogue=known, now=now)
        before.append(table.c.id.not_in(mine))
    return found


def count_territory(
    session: Session, *, conditions: Mapping[str, Any], now: datetime, cancel: Cancel | None = None
) -> tuple[int, int]:
    """How many accounts these conditions take in, and how many there are. Raises Invalid, or TooSlow."""
    known = _catalogue(session)
    inside = count(session, _parse(conditions, known), catalogue=known, now=now, cancel=cancel)
    return inside, count(session, Tree(OBJECT), catalogue=known, now=now, cancel=cancel)


def save_territory(
    session: Session,
    actor: Actor,
    *,
    territory_id: UUID | None = None,
    name: str,
    conditions: Mapping[str, Any],
    team_id: UUID | None,
) -> TerritoryView:
    """A new territory, asked last, or a changed one. Raises Invalid for conditions that cannot be read."""
    hold(session, "territories")
    clean = tidy(name)
    if not clean or len(clean) > _LONGEST_NAME:
        raise Invalid(f"Enter a name of at most {_LONGEST_NAME} characters", field="name")
    known = _catalogue(session)
    tree = _parse(conditions, known)
    if team_id is None or session.exec(select(Team.id).where(Team.id == team_id)).first() is None:
        raise NotFound("Choose a team", field="team")
    row = _row(session, territory_id) if territory_id else _new(session)
    same = select(Territory.id).where(Territory.name_norm == name_norm(clean), Territory.id != row.id)
    if session.exec(same).first():
        raise Exists(f"There is a territory {clean} already", field="name")
    row.name, row.name_norm, row.team_id, row.conditions = clean, name_norm(clean), team_id, tree.to_json()
    session.add(row)
    session.flush()
    done = _view(session, known, _Read(row, tree))
    verb = "territory.changed" if territory_id else "territory.created"
    detail = {"name": clean, "conditions": done.words, "team": str(team_id)}
    identity.audit.record(session, actor, verb, object_type="territory", object_id=row.id, detail=detail)
    return done


def delete_territory(session: Session, actor: Actor, *, territory_id: UUID) -> None:
    """Take a territory away; its accounts are those of the next one that holds."""
    hold(session, "territories")
    row = _row(session, territory_id)
    detail = {"name": row.name}
    identity.audit.record(session, actor, "territory.deleted", object_type="territory", object_id=row.id, detail=detail)
    session.delete(row)
    session.flush()


def order_territories(session: Session, actor: Actor, *, territory_ids: Sequence[UUID]) -> list[TerritoryView]:
    """Ask them in this order from now on. Raises Conflict when they are not those that there are."""
    hold(session, "territories")
    rows = {row.id: row for row in session.exec(select(Territory))}
    if sorted(rows) != sorted(set(territory_ids)) or len(rows) != len(territory_ids):
        raise Conflict("The territories have changed meanwhile: look at them again")
    for position, one in enumerate(territory_ids):
        rows[one].position = position
        session.add(rows[one])
    session.flush()
    order = [rows[one].name for one in territory_ids]
    identity.audit.record(
        session, actor, "territory.ordered", object_type="territory", object_id=territory_ids[0],
        detail={"order": order},
    )  # fmt: skip
    return territories(session)


def accounts_in(session: Session, account_ids: Sequence[UUID], *, now: datetime) -> dict[UUID, TerritoryView]:
    """The territory of each of these accounts; whoever is in none is not named. Seen as the system sees them."""
    known, column = _catalogue(session), col(Account.id)
    found: dict[UUID, TerritoryView] = {}
    left = list(dict.fromkeys(account_ids))
    for one in _read(session, known) if left else ():
        if one.tree is None or not left:
            continue
        among = column == any_(literal(left, ARRAY(Uuid())))
        query = conditions.matching(one.tree, catalogue=known, now=now, also=(among,))
        inside = set(session.connection().execute(query).scalars())
        if inside:
            view = _view(session, known, one)
            found |= dict.fromkeys(inside, view)
            left = [account_id for account_id in left if account_id not in inside]
    return found


def _catalogue(session: Session) -> Catalogue:
    """Territories are what they are, whoever looks."""
    return catalogue(session, identity.system_actor(session_tenant(session)))


def _read(session: Session, known: Catalogue) -> list[_Read]:
    found = []
    for row in session.exec(select(Territory).order_by(col(Territory.position), col(Territory.id))):
        try:
            found.append(_Read(row, _parse(row.conditions, known)))
        except Invalid as error:
            found.append(_Read(row, None, error.message))
    return found


def _parse(body: Mapping[str, Any], known: Catalogue) -> Tree:
    return conditions.parse(body, known, object=OBJECT)


def _view(session: Session, known: Catalogue, one: _Read) -> TerritoryView:
    row, words = one.row, ""
    if one.tree is not None:
        words = conditions.explain(one.tree, catalogue=known, names=names(session, one.tree))
        words = words if len(words) <= _LONGEST_WORDS else words[: _LONGEST_WORDS - 1] + "…"
    return TerritoryView(row.id, row.name, row.position, row.team_id, row.conditions, words, one.problem)


def _row(session: Session, territory_id: UUID) -> Territory:
    row = session.exec(select(Territory).where(Territory.id == territory_id).with_for_update()).first()
    if row is None:
        raise NotFound("There is no such territory")
    return row


def _new(session: Session) -> Territory:
    many, last = session.exec(select(func.count(), func.max(Territory.position)).select_from(Territory)).one()
    if many >= MOST:
        raise Invalid(f"At most {MOST} territories", field="name")
    position = 0 if last is None else last + 1
    return Territory(tenant_id=session_tenant(session), id=new_id(), name="", name_norm="", position=position)
