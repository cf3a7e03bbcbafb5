"""Who could take an action over: active members who see every record that it names, with what they have to do."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from salescompass import crm, identity
from salescompass.actions.seeing import NAMED
from salescompass.actions.views import ACTION, get
from salescompass.identity import Actor
from salescompass.vocabulary import OPEN_ACTION_STATES


@dataclass(frozen=True)
class Taker:
    """A member who could be given an action, and how many open ones they have."""

    member_id: UUID
    name: str
    open: int


def takers(session: Session, actor: Actor, *, action_id: UUID) -> list[Taker]:
    """Those who could be given this action, who has least to do first. Whoever has it is not among them."""
    found = get(session, actor, action_id=action_id)
    owned = [
        (kind, whose)
        for kind, column in NAMED.items()
        if (record_id := getattr(found, column))
        for whose in crm.ownerships(session, kind, [record_id]).values()
    ]
    able = [
        one
        for one in identity.colleagues(session)
        if one.id != found.assignee_id
        and "actions.write" in one.permissions
        and all(crm.Sight(kind, one.reach.owners(kind)).takes_in(whose) for kind, whose in owned)
    ]
    held = (
        select(ACTION.c.assignee_id, func.count())
        .where(ACTION.c.state.in_(OPEN_ACTION_STATES), ACTION.c.assignee_id.in_([one.id for one in able]))
        .group_by(ACTION.c.assignee_id)
    )
    load: dict[UUID, int] = {row[0]: row[1] for row in session.connection().execute(held)}
    return sorted(
        (Taker(one.id, one.name, load.get(one.id, 0)) for one in able),
        key=lambda one: (one.open, one.name.casefold(), one.member_id),
    )
