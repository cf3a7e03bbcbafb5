"""The simulation: the last actions given anew by today's ladder, and how fair that is."""

from __future__ import annotations

from datetime import timedelta

from salescompass import assignment, identity
from tests.assignment.conftest import NOON, House


def test_it_deals_the_last_actions_by_weight_and_writes_nothing(house: House) -> None:
    house.territory("All", "North")
    identity.set_capacity(house.session, house.actor, member_id=house.ids["Anna"], weight=2)
    for n in range(41):
        house.account(f"A{n}")
        house.actions(["Dora"], f"A{n}", days=50 - n)
    found = assignment.simulate(house.session, now=NOON, n=40)
    assert (found.actions, found.rungs, found.elsewhere) == (40, {"territory": 40}, 40)
    assert {one.name: (one.got, one.due) for one in found.shares} == {
        "Anna": (20, 20.0), "Ben": (10, 10.0), "Carl": (10, 10.0),
    }  # fmt: skip
    assert found.unfair == 0
    assert found.since == NOON - timedelta(days=49)
    again = assignment.simulate(house.session, now=NOON, n=40)
    assert again == found


def test_room_is_taken_until_an_action_was_closed(house: House) -> None:
    house.territory("All", "South")
    identity.set_capacity(house.session, house.actor, member_id=house.ids["Dora"], weight=1, max_open=2)
    house.actions(["Dora"], days=30, state="done", closed_at=NOON - timedelta(days=15))
    for n in range(6):
        house.account(f"A{n}")
        closed = {"state": "done", "closed_at": NOON - timedelta(days=12)} if n == 0 else {}
        house.actions(["Ben"], f"A{n}", days=20 - 2 * n, **closed)
    found = assignment.simulate(house.session, now=NOON, n=6)
    # Days 20 (room for one), 18 and 16 (none), 14 (the old one is closed), 12 and 10: the first of them is closed.
    assert found.rungs == {"territory": 3, "nobody": 3}
    assert [(one.name, one.got, one.most_open, one.max_open) for one in found.shares] == [("Dora", 3, 2, 2)]


def test_who_was_away_then_gets_nothing_of_then(house: House) -> None:
    house.account("Acme", owner="Anna")
    house.actions(["Anna"] * 3, "Acme", days=9)
    house.actions(["Anna"] * 2, "Acme", days=1)
    identity.set_out_of_office(
        house.session, house.actor, member_id=house.ids["Anna"], out_from=(NOON - timedelta(days=2)).date(),
        delegate_id=house.ids["Ben"],
    )  # fmt: skip
    found = assignment.simulate(house.session, now=NOON)
    assert found.rungs == {"owner": 3, "delegate": 2}
    assert (found.elsewhere, {one.name: one.got for one in found.shares}) == (2, {"Anna": 3, "Ben": 2})


def test_without_actions_there_is_nothing_to_tell(house: House) -> None:
    assert assignment.simulate(house.session, now=NOON).shares == ()
