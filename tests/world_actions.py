"""What a tenant of the world has to do: actions in every state in which something can be done with them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass import actions, events, identity
from salescompass.actions import Act, NewAction
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.models import BulkEdit, BulkEditRow
from salescompass.vocabulary import ActionVerb, Source

_NOBODY = {"field": "name", "operator": "is", "value": "nobody is called so"}


def add_actions(session: Session, world: Any, actor: Actor) -> None:
    """Actions on the world's account and person; some are a colleague's, offered or taken over."""
    colleague = identity.acting_member(session, world.ids["colleague"])
    named = {"account_id": world.ids["account"], "person_id": world.ids["person"]}

    def made(by: Actor, name: str, title: str) -> Any:
        new = NewAction(f"{world.mark} {title}", "call", reasons=(f"{world.mark} reason",), **named)
        found = actions.create(session, by, new)
        world.ids[name] = found.action.id
        return found.action.id

    made(actor, "action", "call")
    moved = actions.dismiss(session, actor, action_id=made(actor, "action_gone", "slip"), reason="bad_timing")
    world.ids["action_move"] = moved.move_id
    proposed = NewAction(f"{world.mark} idea", dedupe_key=f"{world.mark} idea", **named)
    (found,) = actions.propose_many(session, actor, [proposed])
    assert found.action_id
    world.ids["action_proposed"] = found.action_id
    actions.delegate(session, actor, action_id=made(actor, "action_offered", "offer"), to_id=world.ids["colleague"])
    asked = actions.delegate(
        session, colleague, action_id=made(colleague, "action_asked", "favour"), to_id=world.ids["member"]
    )
    assert asked.action.offer_id
    world.ids["offer"] = asked.action.offer_id
    taken = actions.delegate(
        session, colleague, action_id=made(colleague, "action_taken", "gift"), to_id=world.ids["member"]
    )
    assert taken.action.offer_id
    actions.answer(session, actor, delegation_id=taken.action.offer_id, accept=True)
    session.connection().execute(text("UPDATE action SET snoozes = 9, due_to = :at WHERE id = :id"), _put_off(world))
    actions.assign_event(session, actor, event_id=world.ids["one"])
    watch = {"while": {"combinator": "and", "rules": [_NOBODY]}, "object": "account"}
    actions.propose_many(session, actor, [NewAction(f"{world.mark} watched", watch=watch, **named)])
    awaiting = made(actor, "action_awaiting", "wait")
    actions.snooze(session, actor, action_id=awaiting, until_event="page_viewed")
    body = {"type": "page_viewed", "contact": {"id": str(world.ids["person"])}, "properties": {"url": "/answer"}}
    told = events.record(session, events.read_event(body, now=clock.now()), source=Source.API)
    assert told.id
    world.ids["event_awaited"] = told.id
    _many(session, world, actor, made(actor, "action_in_bulk", "one of many"))


def _many(session: Session, world: Any, actor: Actor, action_id: UUID) -> None:
    """A step on many actions that is done, and one that a worker is in the middle of."""
    act = Act(ActionVerb.EDIT, changes={"title": f"{world.mark} renamed"})
    done = actions.bulk(session, actor, act=act, words=f"{world.mark} title", ids=[action_id])
    open_one = BulkEdit(
        member_id=world.ids["member"], kind="actions", act={"verb": "start"}, words=f"{world.mark} start", total=1
    )
    session.add(open_one)
    session.flush()
    session.add(BulkEditRow(bulk_edit_id=open_one.id, record_id=action_id))
    session.flush()
    world.ids |= {"bulk_action": done.id, "bulk_action_open": open_one.id}


def _put_off(world: Any) -> dict[str, Any]:
    """The action that lists show: due now, and put off again and again."""
    return {"id": world.ids["action"], "at": world.at}
