"""What nobody touches moves on, in the working time of whoever has it, to the next of the ladder."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID

from salescompass import actions, assignment, identity
from salescompass.models import Action
from tests.assignment.conftest import NOON, House


def has(house: House, action_id: UUID) -> str | None:
    house.session.expire_all()
    row = house.session.get_one(Action, (house.actor.tenant_id, action_id))
    return house.who(row.assignee_id)


def idle_after(house: House, hours: int) -> None:
    assignment.set_assignment(house.session, house.actor, fallback_team_id=house.teams["North"], idle_hours=hours)


def test_what_nobody_touches_goes_to_the_next_and_says_why(house: House) -> None:
    house.account("Acme", owner="Anna")
    (action,) = house.actions(["Anna"], "Acme", days=2)
    assert assignment.move_idle(house.session, now=NOON) == 0, "nothing moves where no hours are set"
    idle_after(house, 24)
    assert assignment.move_idle(house.session, now=NOON) == 1
    first = has(house, action)
    assert first in ("Ben", "Carl")
    told = actions.get(house.session, house.actor, action_id=action)
    assert told.assigned_because[:2] == (
        "Nobody touched it for 24 working hours",
        "Anna owns the account, but did not touch it",
    )
    assert [move.reason for move in actions.history(house.session, house.actor, action_id=action)][-1:] == [
        "Nobody touched it for 24 working hours"
    ]
    assert assignment.move_idle(house.session, now=NOON + timedelta(hours=23)) == 0, "they have it anew"


def test_only_what_rules_made_and_nobody_accepted_moves(house: House) -> None:
    house.account("Acme")
    idle_after(house, 2)
    house.actions(["Anna"], "Acme", days=2, state="accepted")
    house.actions(["Anna"], "Acme", days=2, touched_at=NOON - timedelta(days=1))
    house.actions(["Anna"], "Acme", days=2, due_from=NOON + timedelta(days=1))
    assert assignment.move_idle(house.session, now=NOON) == 0


def test_nights_do_not_count_but_absence_does(house: House) -> None:
    house.account("Acme")
    idle_after(house, 10)
    for name in ("Anna", "Ben"):
        actor = identity.acting_member(house.session, house.ids[name])
        identity.set_hours(house.session, actor, work_from=time(9), work_to=time(17), work_days="12345")
    (slow,) = house.actions(["Anna"], "Acme", days=0.75)
    identity.set_out_of_office(house.session, house.actor, member_id=house.ids["Ben"], out_from=NOON.date())
    (away,) = house.actions(["Ben"], "Acme", days=0.75)
    assert assignment.move_idle(house.session, now=NOON) == 1
    assert has(house, slow) == "Anna"
    assert has(house, away) in ("Anna", "Carl")


def test_it_stays_where_nobody_else_can_take_it_and_does_not_wander_for_ever(house: House) -> None:
    house.account("Acme", owner="Dora")
    idle_after(house, 1)
    (hers,) = house.actions(["Dora"], "Acme", days=2)
    assert assignment.move_idle(house.session, now=NOON) == 0, "North may not see it"
    house.account("Free")
    (free,) = house.actions(["Anna"], "Free", days=2)
    moves = [assignment.move_idle(house.session, now=NOON + timedelta(hours=2 * n)) for n in range(6)]
    assert (moves, has(house, hers)) == ([1, 1, 1, 0, 0, 0], "Dora")
    assert has(house, free) is not None
