"""Who sees an action: whoever sees every record it names; one that names none, those who have to do with it.

Those are whom it was given to and who made it, and who manages actions and sees everybody's records.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import Session

from salescompass import crm
from salescompass.identity import Actor
from salescompass.models import Action

_ACTION: Any = Action.__table__  # type: ignore[attr-defined]
_NAMED = {"account": "account_id", "person": "person_id", "opportunity": "opportunity_id"}
MANAGE = "actions.manage"


def seen(session: Session, actor: Actor, table: Any = None) -> ColumnElement[bool]:
    """Which rows of the table of actions, or of an alias of it, the actor sees."""
    rows = (_ACTION if table is None else table).c
    sights = {column: crm.Sight.of(session, kind, actor) for kind, column in _NAMED.items()}
    everything = all(sight.owners is None for sight in sights.values())
    if everything and actor.may(MANAGE):
        return true()
    names_one = or_(*(rows[column].is_not(None) for column in _NAMED.values()))
    me = actor.member_id
    mine = or_(rows.assignee_id == me, rows.created_by == me) if me else false()
    records = (sight.reference(rows[column]) for column, sight in sights.items())
    return and_(or_(names_one, mine), *records)
