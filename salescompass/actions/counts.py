"""The numbers on the tabs of the worklist, in one statement; each is counted up to a thousand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, select
from sqlmodel import Session

from salescompass.actions.seeing import seen
from salescompass.actions.today import ASKED, counted, offered_to
from salescompass.actions.triage import stale_ones
from salescompass.actions.views import ACTION
from salescompass.actions.worklist import Query, Views, view_of
from salescompass.identity import Actor

_VIEWS = (Views.MY, Views.TEAM, Views.UNASSIGNED, Views.SNOOZED, Views.OVERDUE, Views.DELEGATED)


@dataclass(frozen=True)
class Counts:
    """How many actions each view holds; `offers` are those that the actor is asked to take over."""

    my: int
    team: int
    unassigned: int
    snoozed: int
    overdue: int
    delegated: int
    offers: int
    stale: int


def counts(session: Session, actor: Actor, *, at: datetime) -> Counts:
    """The badges of the actor's views, each up to a thousand."""
    actor.must("actions.read")
    visible = seen(session, actor)
    held = [and_(view_of(session, actor, Query(view=view), at), visible) for view in _VIEWS]
    offered = exists(select(ASKED.c.id).where(offered_to(actor, at)).correlate(ACTION))
    held += [and_(offered, visible), and_(stale_ones(session, actor, at), visible)]
    row = session.connection().execute(select(*(counted(which) for which in held))).one()
    return Counts(*(int(number) for number in row))
