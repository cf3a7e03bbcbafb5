"""Deals, as events: from the first interest to the signature, or to silence. Pure."""

from __future__ import annotations

from salescompass.demo.kinds import Doer
from salescompass.demo.material import LEFT_BECAUSE, LOST_BECAUSE, PLANS, SOURCES, STAGES, Properties
from salescompass.demo.rhythm import DAYS
from salescompass.demo.stage import HOUR, MINUTE, NOBODY, Stage
from salescompass.demo.visits import fill_in

LENGTH = 95
"""Days from the first interest to the decision, about."""


def first_contact(stage: Stage, day: int) -> None:
    """Somebody turns up."""
    source = {"name": stage.company.name, "source": stage.pick(SOURCES)}
    stage.add(stage.at(day), "lead_created", 0, source)


def rush(stage: Stage, since: int) -> None:
    """All of a sudden everybody there looks at prices, and somebody asks for a demo."""
    for person in range(min(4, len(stage.people))):
        day = since + stage.rng.random() * (DAYS - since)
        stage.add(_on(stage, day, person), "pricing_viewed", person, stage.shelf.pricing)
        fill_in(stage, _on(stage, day, person), person)
    stage.add(_on(stage, (since + DAYS) / 2, 0), "demo_requested", 0, {"name": "Demo request"}, Doer.HUMAN)


def deal(stage: Stage, decided: int, *, won: bool) -> None:
    """The story of a deal that is decided on that day; what lies ahead has not happened."""
    plan, price = stage.pick(PLANS)
    amount = int(price * stage.rng.uniform(0.7, 2.2)) // 10_000 * 10_000
    about: Properties = {"name": f"{stage.company.name}: {plan}", "amount": amount, "currency": "USD"}
    start = max(1, decided - LENGTH - int(stage.rng.random() * 20))
    span = decided - start
    _interest(stage, start, span, about)
    _proposal(stage, start, span, about)
    if won:
        _signed(stage, decided, about)
    else:
        _lost(stage, decided, about)


def _on(stage: Stage, day: float, person: int) -> int:
    return stage.at(stage.calendar.working_day(max(int(day), 0)), person)


def _interest(stage: Stage, start: int, span: int, about: Properties) -> None:
    champion = 0
    stage.add(_on(stage, start, champion), "demo_requested", champion, {"name": "Demo request"}, Doer.HUMAN)
    stage.add(_on(stage, start + 1, NOBODY), "lead_qualified", champion, {"name": stage.company.name})
    stage.add(_on(stage, start + 2, champion), "meeting_scheduled", champion, {"title": "Product demo"}, Doer.HUMAN)
    at = _on(stage, start + 0.08 * span, champion)
    for person in range(min(3, len(stage.people))):
        stage.add(at + person * MINUTE, "demo_completed", person, {"title": "Product demo", "minutes": 45}, Doer.HUMAN)
    stage.add(at + 2 * HOUR, "lead_converted", champion, {"name": stage.company.name})
    stage.add(at + 2 * HOUR + MINUTE, "opportunity_created", NOBODY, {**about, "stage": STAGES[0]})
    _stage(stage, start + 0.25 * span, about, 1)
    for part in (0.3, 0.45):
        person = stage.who(int(start + part * span))
        at = _on(stage, start + part * span, person)
        stage.add(at, "meeting_held", person, {"title": "Discovery workshop", "minutes": 60}, Doer.HUMAN)


def _proposal(stage: Stage, start: int, span: int, about: Properties) -> None:
    _stage(stage, start + 0.6 * span, about, 2)
    paper: Properties = {
        "document": f"Proposal for {stage.company.name}",
        "document_id": f"P-{stage.rng.getrandbits(24):06x}",
        "amount": about["amount"],
        "currency": "USD",
    }
    at = _on(stage, start + 0.62 * span, 0)
    stage.add(at, "proposal_sent", 0, paper)
    for person in range(min(5, len(stage.people))):
        day = start + (0.64 + 0.06 * person) * span
        viewed = stage.add(_on(stage, day, person), "proposal_viewed", person, paper, Doer.HUMAN)
        if stage.chance(0.3):
            stage.again(viewed, 25 * MINUTE)
        if stage.chance(0.5):
            stage.add(_on(stage, day + 2, person), "pricing_viewed", person, stage.shelf.pricing)
    _stage(stage, start + 0.85 * span, about, 3)
    person = min(1, len(stage.people) - 1)
    title: Properties = {"title": "Contract review", "minutes": 30}
    stage.add(_on(stage, start + 0.9 * span, person), "meeting_held", person, title, Doer.HUMAN)


def _stage(stage: Stage, day: float, about: Properties, place: int) -> None:
    moved = {**about, "stage": STAGES[place], "from": STAGES[place - 1]}
    stage.add(_on(stage, day, NOBODY), "opportunity_stage_changed", NOBODY, moved)


def _signed(stage: Stage, day: int, about: Properties) -> None:
    person = min(1, len(stage.people) - 1)
    at = _on(stage, day, person)
    paper = {"document": f"Proposal for {stage.company.name}", "amount": about["amount"], "currency": "USD"}
    stage.add(at, "proposal_accepted", person, paper, Doer.HUMAN)
    stage.add(at + 20 * MINUTE, "opportunity_won", NOBODY, about)
    stage.add(at + 3 * HOUR, "signed_up", 0, {"name": about["name"]}, Doer.HUMAN)
    pay(stage, day + 14, int(str(about["amount"])))


def _lost(stage: Stage, day: int, about: Properties) -> None:
    person = min(1, len(stage.people) - 1)
    at = _on(stage, day, person)
    reason = stage.pick(LOST_BECAUSE)
    paper = {"document": f"Proposal for {stage.company.name}", "note": reason}
    stage.add(at, "proposal_rejected", person, paper, Doer.HUMAN)
    stage.add(at + 40 * MINUTE, "opportunity_lost", NOBODY, {**about, "note": reason})


def pay(stage: Stage, day: int, amount: int) -> None:
    """A bill is paid."""
    bill = {"name": f"Invoice {20_000 + stage.rng.getrandbits(15)}", "amount": amount, "currency": "USD"}
    stage.add(_on(stage, day, NOBODY), "payment_received", NOBODY, bill)


def membership(stage: Stage) -> None:
    """A customer's year: quarterly bills and a renewal."""
    plan, price = stage.pick(PLANS)
    amount = int(price * stage.rng.uniform(0.7, 2.2)) // 40_000 * 10_000
    start = int(stage.rng.random() * 80)
    for day in range(start, DAYS, 91):
        pay(stage, day, amount)
    renewal = {"name": f"{stage.company.name}: {plan}", "amount": amount * 4, "currency": "USD"}
    stage.add(_on(stage, start + 240, NOBODY), "renewal_due", NOBODY, renewal)


def goodbye(stage: Stage, day: int) -> None:
    """The contract is cancelled."""
    stage.add(_on(stage, day, 0), "contract_cancelled", 0, {"note": stage.pick(LEFT_BECAUSE)}, Doer.HUMAN)
