"""A dry run tells what the rule then does when the same history is played, for every kind of trigger."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from salescompass import identity, rules
from salescompass.kit.database import tenant_session
from tests.rules.telling import TODAY, Happens, House, rule_of

SIGNS = ["page_viewed", "pricing_viewed", "link_clicked", "proposal_viewed", "call_completed", "survey_answered"]
BEGINS = (TODAY - timedelta(days=24)).replace(hour=0)


def history(seed: int) -> list[Happens]:
    """Some weeks of four companies: busy ones, and one that ends."""
    dice, happened = random.Random(seed), []
    for company, people, many, last in (
        ("acme", ("ada", "abe"), 32, 24), ("blue", ("bea",), 10, 24), ("coral", ("cid", "cleo"), 24, 12),
        ("delta", ("dan",), 5, 23),
    ):  # fmt: skip
        for _ in range(many):
            at = BEGINS + timedelta(seconds=dice.randrange(last * 86400))
            kind = dice.choice(SIGNS)
            said = {"score": dice.randrange(11)} if kind == "survey_answered" else {"url": f"/{dice.randrange(10**6)}"}
            happened.append(Happens(at, kind, dice.choice(people), company, said))
        happened.append(
            Happens(BEGINS + timedelta(days=last / 2), "pricing_viewed", people[0], company, actor="machine")
        )
    # A burst, so that something turns hot and something is more than usual.
    for minute in range(9):
        at = BEGINS + timedelta(days=8, minutes=7 * minute)
        happened.append(Happens(at, "pricing_viewed", "bea", "blue", {"url": f"/burst/{minute}"}))
    return sorted(happened, key=lambda one: one.at)


RULES: dict[str, dict[str, Any]] = {
    "an event": rule_of({"kind": "event", "types": ["proposal_viewed"]}, "person"),
    "an event with a property": rule_of(
        {
            "kind": "event", "types": ["survey_answered"],
            "where": [{"property": "score", "operator": "lte", "value": 6}],
        },
        "person",
    ),
    "many events": rule_of({"kind": "event", "types": SIGNS, "at_least": 4, "within_hours": 48}, cooldown_days=5),
    "more than usual": rule_of(
        {"kind": "event", "types": SIGNS, "at_least": 4, "within_hours": 24, "times_usual": 3.0}, cooldown_days=5
    ),
    "the first": rule_of({"kind": "event", "types": SIGNS, "first": True}, "person", cooldown_days=30),
    "an event with conditions": rule_of(
        {"kind": "event", "types": SIGNS},
        conditions={
            "combinator": "and",
            "rules": [
                {"field": "band", "operator": "in", "value": ["warm", "hot"]},
                {
                    "field": "events", "operator": "at_least",
                    "value": {"count": 3, "types": SIGNS, "who": "human", "days": 5},
                },
            ],
        },
    ),
    "up": rule_of({"kind": "crossing", "direction": "up", "to": ["warm", "hot"]}),
    "down": rule_of({"kind": "crossing", "direction": "down", "to": ["warm", "cool", "cold"]}, "person"),
    "every day": rule_of(
        {"kind": "schedule", "hour": 7},
        conditions={
            "combinator": "and",
            "rules": [
                {
                    "field": "events", "operator": "at_most",
                    "value": {"count": 2, "types": SIGNS, "who": "human", "days": 7},
                },
            ],
        },
        cap=1,
    ),
    "every day, by stages": rule_of(
        {"kind": "schedule", "hour": 6}, "opportunity",
        conditions={
            "combinator": "and",
            "rules": [
                {"field": "state", "operator": "is", "value": "open"},
                {"field": "days_over", "operator": "gt", "value": 0},
            ],
        },
    ),
    "silence": rule_of({"kind": "absence", "types": SIGNS, "days": 4, "until_days": 20, "hour": 6}),
    "silence by its own rhythm": rule_of(
        {"kind": "absence", "types": SIGNS, "days": 2, "until_days": 30, "rhythm": True, "hour": 18}
    ),
}  # fmt: skip


def settle(house: House) -> None:
    """Two members, four companies that are theirs, deals in stages."""
    house.hire("Robin")
    house.hire("Kim")
    for company, owner in (("acme", "Robin"), ("blue", "Kim"), ("coral", None), ("delta", "Robin")):
        house.now = BEGINS - timedelta(hours=2)
        account_id = house.account(company, owner)
        if company in ("acme", "blue"):
            house.deal(f"Deal of {company}", account_id, since=BEGINS - timedelta(days=3))


def by_names(house: House, found: list[tuple[datetime, Any, Any, list[Any]]]) -> list[tuple[Any, ...]]:
    """What fired, told so that two tenants can be compared."""
    names: dict[Any, str] = {member_id: name for name, member_id in house.members.items()}
    with tenant_session(house.tenant_id) as session:
        rows = session.connection().execute(text("SELECT id, type || ' ' || occurred_at AS words FROM event"))
        told = {row.id: row.words for row in rows}
    return sorted(
        (at, subject, names.get(member_id, "nobody"), [told[one] for one in evidence])
        for at, subject, member_id, evidence in found
    )


@pytest.fixture(scope="module")
def houses(servers: dict[str, str]) -> Iterator[tuple[House, House, dict[str, UUID]]]:
    """Two tenants with one history: in the first nothing is made of it, in the second all rules are in force."""
    patch = pytest.MonkeyPatch()
    happened = history(11)
    tried, played = (House(new_tenant(), patch) for _ in range(2))
    for house in (tried, played):
        house.quiet()
        settle(house)
    made = {name: played.publish(body, at=BEGINS - timedelta(hours=1)).id for name, body in RULES.items()}
    for house in (tried, played):
        house.replay(happened, begins=BEGINS, until=TODAY)
    yield tried, played, made
    patch.undo()


def new_tenant() -> UUID:
    slug = f"t{uuid4().hex[:10]}"
    made = identity.create_tenant(
        name=f"Tenant {slug}", slug=slug, admin_email=f"admin@{slug}.example", admin_password=f"pass phrase {slug}"
    )
    return made.tenant_id


@pytest.mark.parametrize("name", RULES)
def test_a_dry_run_tells_what_the_rule_then_does(name: str, houses: tuple[House, House, dict[str, UUID]]) -> None:
    tried, played, made = houses
    with tried.at(TODAY) as session:
        told = rules.dry_run(session, tried.boss, definition=RULES[name], days=60)
    assert told.complete
    assert told.count == len(told.would)
    with played.at(TODAY) as session:
        page = rules.runs(session, rule_id=made[name], result="fired", limit=200)
    would = by_names(tried, [(one.at, one.subject_name, one.member_id, list(one.evidence)) for one in told.would])
    did = by_names(played, [(one.at, one.subject_name, one.member_id, list(one.evidence)) for one in page.items])
    assert would == did
    assert did, "nothing to compare"
    assert len(played.actions(made[name])) == len(did)
