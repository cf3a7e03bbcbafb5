"""Whatever is done to an action, in any order: nothing illegal happens, every step is logged, undo restores all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from salescompass import actions, crm, identity
from salescompass.actions import Act, NewAction, NextStep
from salescompass.actions.acting import act_on
from salescompass.actions.lifecycle import BEGINNINGS, CLOSED, MOVES, TAKEN_BACK, next_state
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.database import tenant_session
from salescompass.kit.errors import Conflict
from salescompass.vocabulary import OPEN_ACTION_STATES, ActionState, ActionVerb
from tests.actions.test_steps import row_of

BY_HAND = (
    ActionVerb.ACCEPT, ActionVerb.START, ActionVerb.COMPLETE, ActionVerb.SNOOZE, ActionVerb.DISMISS, ActionVerb.EDIT,
    ActionVerb.ASSIGN,
)  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(BY_HAND), st.booleans()), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def house(servers: dict[str, str]) -> tuple[UUID, Actor, UUID, list[UUID]]:
    """A tenant, who acts in it, an account, and two members."""
    slug = f"t{uuid4().hex[:10]}"
    tenant = identity.create_tenant(
        name=slug, slug=slug, admin_email=f"a@{slug}.example", admin_password=f"pass phrase {slug}"
    ).tenant_id
    with tenant_session(tenant) as session:
        made = [
            identity.create_user(session, email=f"{name}@{slug}.example", role="manager", name=name).id
            for name in ("ann", "ben")
        ]
        boss = identity.system_actor(tenant)
        acme = crm.create_record(session, boss, "accounts", {"name": "Acme", "domain": "acme.example"}).id
        return tenant, identity.acting_member(session, made[0]), acme, made


def act_of(verb: ActionVerb, turn: int, members: list[UUID], assignee: UUID | None) -> Act:
    """A step with something new to say."""
    other = next(one for one in members if one != assignee)
    told: dict[ActionVerb, dict[str, Any]] = {
        ActionVerb.COMPLETE: {"outcome": "positive", "next": NextStep("More") if turn % 2 else None},
        ActionVerb.SNOOZE: {"until": clock.now() + timedelta(days=1 + turn)},
        ActionVerb.DISMISS: {"reason": "bad_timing"},
        ActionVerb.EDIT: {"changes": {"title": f"Title {turn}", "effort_minutes": 5 + turn}},
        ActionVerb.ASSIGN: {"member_id": other},
    }
    return Act(verb, **told.get(verb, {}))


def moves_of(session: Session, actor: Actor, action_id: UUID) -> int:
    """How long the log is."""
    return len(actions.history(session, actor, action_id=action_id))


@settings(max_examples=40)
@given(steps=STEPS, proposed=st.booleans())
def test_no_step_is_illegal_each_is_logged_and_undo_restores_the_row(
    house: tuple[UUID, Actor, UUID, list[UUID]], steps: list[tuple[ActionVerb, bool]], proposed: bool
) -> None:
    tenant, ann, acme, members = house
    new = NewAction("Call", account_id=acme, dedupe_key=uuid4().hex)
    with tenant_session(tenant) as session:
        made = actions.propose_many(session, ann, [new])[0].action_id if proposed else None
        action_id = made or actions.create(session, ann, new).action.id
        logged = 1
        for turn, (verb, undone) in enumerate(steps):
            before = row_of(session, action_id)
            assignee = UUID(before["assignee_id"]) if before["assignee_id"] else None
            act = act_of(verb, turn, members, assignee)
            if before["state"] not in MOVES[verb]:
                with pytest.raises(Conflict):
                    act_on(session, ann, action_id, act)
                assert row_of(session, action_id) == before
                assert moves_of(session, ann, action_id) == logged
                continue
            moved = act_on(session, ann, action_id, act)
            logged += 1
            assert moved.action.state == next_state(verb, before["state"])
            assert (moved.action.closed_at is not None) == (moved.action.state in CLOSED)
            if undone:
                actions.undo(session, ann, move_id=moved.move_id)
                logged += 1
                assert without_worth(row_of(session, action_id)) == without_worth(before)
            assert moves_of(session, ann, action_id) == logged


def without_worth(row: dict[str, Any]) -> dict[str, Any]:
    """An action without its rank, which is worked out from the rest and from the moment."""
    return {name: value for name, value in row.items() if name != "worth"}


def test_the_table_of_moves_is_whole() -> None:
    assert set(MOVES) | set(BEGINNINGS) | {ActionVerb.UNDO} == set(ActionVerb)
    for verb, ways in MOVES.items():
        if verb is not ActionVerb.COMMENT:
            assert set(ways) <= set(OPEN_ACTION_STATES), verb
    assert set(CLOSED) | set(OPEN_ACTION_STATES) == set(ActionState)
    assert set(BY_HAND) <= set(TAKEN_BACK)
