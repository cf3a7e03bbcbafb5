"""New actions: proposed by rules, many at a time, or made by hand. Each once, however many ask for it at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from salescompass.actions import reading, seeing
from salescompass.actions.lifecycle import BEGINNINGS
from salescompass.actions.moves import plain, tell
from salescompass.actions.ranks import rank
from salescompass.actions.shapes import Moved, NewAction, Proposed
from salescompass.actions.views import ACTION, get, get_many
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.errors import Conflict, Invalid
from salescompass.kit.ids import new_id
from salescompass.models import ActionMove, Opportunity, Person
from salescompass.vocabulary import OPEN_ACTION_STATES, ActionVerb

MOST_AT_ONCE = 500
RECHECKED_AFTER = timedelta(hours=1)
_TRIES = 3
_MOVE: Any = ActionMove.__table__  # type: ignore[attr-defined]
_PERSON: Any = Person.__table__  # type: ignore[attr-defined]
_DEAL: Any = Opportunity.__table__  # type: ignore[attr-defined]


def propose_many(
    session: Session, actor: Actor, news: Sequence[NewAction], *, now: datetime | None = None
) -> tuple[Proposed, ...]:
    """Propose actions, one answer each. What is open under the same key, or came under the same reference, stays.

    Whoever proposes sees to it that assignees see the records. A record that is gone or out of the actor's sight
    refuses its proposal and no other. Raises Invalid for a proposal that could never be one.
    """
    actor.must("actions.write")
    now = now or clock.now()
    done: list[Proposed] = []
    for start in range(0, len(news), MOST_AT_ONCE):
        done += make(session, actor, news[start : start + MOST_AT_ONCE], ActionVerb.PROPOSE, now=now)
    return tuple(done)


def create(
    session: Session, actor: Actor, new: NewAction, *, client_ref: str | None = None, now: datetime | None = None
) -> Moved:
    """Make an action by hand: accepted, one's own unless it says whose. With a reference that was used before, that
    one. Raises Conflict when the same is to be done already.
    """
    actor.must("actions.write")
    now = now or clock.now()
    new = replace(new, client_ref=client_ref or new.client_ref, assignee_id=new.assignee_id or actor.member_id)
    new = replace(new, account_id=new.account_id or _account_of(session, actor, new))
    if new.assignee_id and new.assignee_id != actor.member_id:
        theirs = seeing.member_of(session, new.assignee_id, "assignee_id")
        for why in seeing.blind_to(session, theirs, [_Row({**asdict(new), "id": None})]).values():
            raise Invalid(why, field="assignee_id")
    (made,) = make(session, actor, [new], ActionVerb.CREATE, now=now)
    if made.action_id is None:
        raise Invalid(made.reason, field="account_id")
    found = get_many(session, actor, ids=[made.action_id]).get(made.action_id)
    if made.status == "duplicate" and not (found and new.client_ref and _came_so(session, made.action_id, new)):
        raise Conflict("The same is to be done already", action=str(made.action_id) if found else "")
    return Moved(get(session, actor, action_id=made.action_id), _first_move(session, made.action_id))


def _account_of(session: Session, actor: Actor, new: NewAction) -> UUID | None:
    """The account of the deal or person that an action names, if whoever gets the action sees it."""
    found: UUID | None = None
    for table, record_id in ((_DEAL, new.opportunity_id), (_PERSON, new.person_id)):
        if found is None and record_id is not None:
            found = session.connection().execute(select(table.c.account_id).where(table.c.id == record_id)).scalar()
    if found is None or seeing.out_of_sight(session, actor, "account", [found]):
        return None
    if new.assignee_id and new.assignee_id != actor.member_id:
        theirs = seeing.member_of(session, new.assignee_id, "assignee_id")
        if seeing.out_of_sight(session, theirs, "account", [found]):
            return None
    return found


def make(
    session: Session, actor: Actor, news: Sequence[NewAction], verb: ActionVerb, *, now: datetime
) -> list[Proposed]:
    """Write new actions in the state that the verb begins with, each with its first line of the log."""
    rows = [reading.columns_of(new) for new in news]
    answers = _refused(session, actor, rows)
    left = [place for place in range(len(rows)) if place not in answers]
    for _ in range(_TRIES):
        # In one order for everybody, so that two who propose the same wait for each other and never in a circle.
        left.sort(key=lambda place: (rows[place]["dedupe_key"] or "", rows[place]["client_ref"] or "", place))
        answers |= _insert(session, actor, {place: rows[place] for place in left}, verb, now)
        left = [place for place in left if place not in answers]
        answers |= _there(session, {place: rows[place] for place in left})
        left = [place for place in left if place not in answers]
        if not left:
            break
    busy = Proposed("refused", None, "Others are making it this moment")
    return [answers.get(place, busy) for place in range(len(rows))]


def _refused(session: Session, actor: Actor, rows: Sequence[dict[str, Any]]) -> dict[int, Proposed]:
    found: dict[int, Proposed] = {}
    for kind, column in seeing.NAMED.items():
        hidden = seeing.out_of_sight(session, actor, kind, reading.ids_of(list(rows), column))
        found |= {
            place: Proposed("refused", None, f"There is no such {seeing.CALLED[kind]}")
            for place, row in enumerate(rows)
            if row[column] in hidden
        }
    return found


def _insert(
    session: Session, actor: Actor, rows: dict[int, dict[str, Any]], verb: ActionVerb, now: datetime
) -> dict[int, Proposed]:
    """Write those that nobody else has written."""
    if not rows:
        return {}
    ids = {place: new_id() for place in rows}
    state = BEGINNINGS[verb]
    full = [
        {
            **row, "id": ids[place], "state": state.value, "created_by": actor.actor_id, "created_at": now,
            "updated_at": now, "recheck_at": now + RECHECKED_AFTER if "while" in row["watch"] else None,
        }
        for place, row in rows.items()
    ]  # fmt: skip
    statement = insert(ACTION).values(full).on_conflict_do_nothing().returning(ACTION.c.id)
    written = set(session.connection().execute(statement).scalars())
    made = [row for row in full if row["id"] in written]
    if made:
        session.connection().execute(_MOVE.insert(), [_first_line(actor, row, verb, now) for row in made])
        rank(session, [row["id"] for row in made], at=now)
        tell(session, [_Row(row) for row in made])
    return {place: Proposed("created", one) for place, one in ids.items() if one in written}


class _Row:
    """A row that was just written, by its columns."""

    def __init__(self, columns: dict[str, Any]) -> None:
        self.__dict__.update(columns)


def _first_line(actor: Actor, row: dict[str, Any], verb: ActionVerb, now: datetime) -> dict[str, Any]:
    kept = ("title", "assignee_id", "due_to", "rule_id", "rule_version")
    told = {name: plain(row[name]) for name in kept if row[name] is not None}
    return {
        "id": new_id(), "action_id": row["id"], "at": now, "verb": verb.value, "from_state": None,
        "to_state": row["state"], "actor_kind": actor.kind, "actor_id": actor.actor_id, "before": {},
        "after": {**told, "row_version": 1}, "client_ref": row["client_ref"],
    }  # fmt: skip


def _there(session: Session, rows: dict[int, dict[str, Any]]) -> dict[int, Proposed]:
    """Those that are there already: open under the same key, or made under the same reference."""
    keys = {row["dedupe_key"] for row in rows.values() if row["dedupe_key"]}
    refs = {row["client_ref"] for row in rows.values() if row["client_ref"]}
    by_key = _ids(session, "dedupe_key", keys, ACTION.c.state.in_(OPEN_ACTION_STATES))
    by_ref = _ids(session, "client_ref", refs)
    return {
        place: Proposed("duplicate", found)
        for place, row in rows.items()
        if (found := by_ref.get(row["client_ref"]) or by_key.get(row["dedupe_key"]))
    }


def _ids(session: Session, column: str, values: set[str], *also: Any) -> dict[str, UUID]:
    if not values:
        return {}
    query = select(ACTION.c[column], ACTION.c.id).where(ACTION.c[column].in_(values), *also)
    return {row[0]: row[1] for row in session.connection().execute(query)}


def _came_so(session: Session, action_id: UUID, new: NewAction) -> bool:
    query = select(ACTION.c.client_ref).where(ACTION.c.id == action_id)
    return session.connection().execute(query).scalar() == new.client_ref


def _first_move(session: Session, action_id: UUID) -> UUID:
    query = select(_MOVE.c.id).where(_MOVE.c.action_id == action_id).order_by(_MOVE.c.at, _MOVE.c.id).limit(1)
    found: UUID = session.connection().execute(query).scalar_one()
    return found
