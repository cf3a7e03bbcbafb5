"""Rules that come with the product: patterns that usually call for somebody. A tenant reads and changes them.

They are written as a tenant would write them, and read by the same reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from salescompass.events import BUILT_IN
from salescompass.vocabulary import Direction

_NO_SIGN = {
    "email_bounced", "email_unsubscribed", "email_complained", "meeting_missed", "webinar_missed", "contract_cancelled",
    "payment_received", "email_opened",
}  # fmt: skip
SIGNS = sorted(one.key for one in BUILT_IN.values() if one.direction is Direction.IN and one.key not in _NO_SIGN)
"""What a customer does of their own accord. An opened email is too often a machine's."""
TALKS = ["call_completed", "demo_completed", "email_replied", "meeting_held", "meeting_scheduled", "message_received"]
_OPEN = {"field": "state", "operator": "is", "value": "open"}
_NOTHING_TO_DO = {"field": "open_actions", "operator": "is", "value": 0}
_NO_TALKS = {
    "field": "events", "operator": "at_most", "value": {"count": 0, "types": TALKS, "who": "human", "days": 14},
}  # fmt: skip


@dataclass(frozen=True)
class Shipped:
    """A rule of the product."""

    name: str
    about: str
    definition: Mapping[str, Any]


def _all(*conditions: Mapping[str, Any]) -> dict[str, Any]:
    return {"combinator": "and", "rules": list(conditions)}


def _some(path: str, *conditions: Mapping[str, Any]) -> dict[str, Any]:
    return {"field": path, "operator": "=", "match": {"mode": "some"}, "value": _all(*conditions)}


def _action(
    kind: str, title: str, detail: str, *reasons: str, minutes: int = 10, message: str = "", **due: int
) -> dict[str, Any]:
    return {
        "kind": kind, "title": title, "detail": detail, "message": message, "reasons": list(reasons),
        "effort_minutes": minutes, "due": due, "value": "deal", "template": None,
    }  # fmt: skip


def _rule(
    subject: str,
    trigger: Mapping[str, Any],
    conditions: Mapping[str, Any],
    action: Mapping[str, Any],
    *,
    cooldown: int,
    cap: int,
    expires: int,
    priority: int,
    until: list[str] | None = None,
    holding: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    return {
        "subject": subject, "trigger": trigger, "conditions": conditions, "action": action,
        "expiry": {"days": expires, "until_event": until or [], "while": holding},
        "cooldown_days": cooldown, "cap": cap, "teams": [], "priority": priority,
    }  # fmt: skip


SHIPPED: Mapping[str, Shipped] = {
    "hot_crossing": Shipped(
        "An account turns hot",
        "The score of an account goes up into the hot band: call while they are at it.",
        _rule(
            "account", {"kind": "crossing", "direction": "up", "to": ["hot"]}, _all(),
            _action(
                "call", "Call {{account.name}}: they are hot", "Ask what they are after, and offer the next step.",
                "Went from {{trigger.from_band}} to {{trigger.to_band}}; the score is {{account.score}}",
                minutes=15, hours=24,
            ),
            cooldown=7, cap=5, expires=5, priority=90, until=["meeting_scheduled", "call_completed", "demo_requested"],
        ),
    ),
    "proposal_viewed": Shipped(
        "A proposal is read",
        "Somebody reads a proposal: talk to them while it is in their head.",
        _rule(
            "person", {"kind": "event", "types": ["proposal_viewed"], "within_hours": 24}, _all(),
            _action(
                "call", "Talk {{person.first_name}} through the proposal",
                "Go through it together, and agree on the next step with a date.",
                "{{person.name}} has the proposal open", minutes=15, hours=4,
            ),
            cooldown=3, cap=5, expires=3, priority=85,
            until=[*TALKS, "proposal_accepted", "proposal_rejected"],
        ),
    ),
    "detractor": Shipped(
        "Somebody is not content",
        "A survey comes back with 6 or less of 10: listen before they leave.",
        _rule(
            "person",
            {
                "kind": "event", "types": ["survey_answered"],
                "where": [{"property": "score", "operator": "lte", "value": 6}],
            },
            _all(),
            _action(
                "call", "Call {{person.name}}: they are not content", "Listen first, promise one thing, do it today.",
                "{{person.name}} gave {{trigger.value}} in a survey", minutes=20, hours=8,
            ),
            cooldown=14, cap=5, expires=7, priority=80, until=TALKS,
        ),
    ),
    "new_stakeholder": Shipped(
        "Somebody new at an account with an open deal",
        "A person is seen for the first time while a deal is open: find out what part they have in it.",
        _rule(
            "person", {"kind": "event", "types": SIGNS, "first": True},
            _all(_some("account.opportunities", _OPEN)),
            _action(
                "message", "Get to know {{person.name}} of {{account.name}}",
                "Ask your contact what part they have in the decision.",
                "{{person.name}} is new: {{trigger.event}} is their first sign, and a deal is open",
                minutes=10, business_days=2,
            ),
            cooldown=30, cap=5, expires=10, priority=65,
        ),
    ),
    "surge": Shipped(
        "Much more happens than usual",
        "Within two days three times as much as usual: something is going on at this account.",
        _rule(
            "account",
            {"kind": "event", "types": SIGNS, "at_least": 6, "within_hours": 48, "times_usual": 3.0}, _all(),
            _action(
                "call", "Ask {{account.name}} what is going on", "They are busy with us: find out why, and help.",
                "{{trigger.count}} signs within {{trigger.hours}} hours, three times what is usual or more",
                minutes=15, hours=24,
            ),
            cooldown=10, cap=4, expires=4, priority=70, until=["meeting_scheduled", "call_completed"],
        ),
    ),
    "champion_silent": Shipped(
        "The champion of a deal is silent",
        "Whoever stands up for us in an open deal has not been heard of for two weeks.",
        _rule(
            "person", {"kind": "absence", "types": SIGNS, "days": 14, "until_days": 60, "hour": 6},
            _all({"field": "champion_of", "operator": "gte", "value": 1}),
            _action(
                "call", "Call {{person.name}}: our champion is silent",
                "Ask how the deal is seen inside, and what would help.",
                "No sign of {{person.name}} for {{trigger.days}} days, and a deal depends on them",
                minutes=15, business_days=1,
            ),
            cooldown=14, cap=3, expires=7, priority=75, until=SIGNS,
        ),
    ),
    "going_silent": Shipped(
        "An account falls silent",
        "Silent for longer than nine of ten of its own pauses: each account is measured by its own rhythm.",
        _rule(
            "account",
            {"kind": "absence", "types": SIGNS, "days": 5, "until_days": 120, "rhythm": True, "hour": 6}, _all(),
            _action(
                "email", "Check in with {{account.name}}", "Ask how it goes, and offer one thing of use to them.",
                "No sign for {{trigger.days}} days; usually there is one at least every {{trigger.usual_days}}",
                minutes=10, business_days=2,
                message="Hello,\n\nit has been a while. How are things going at {{account.name}}? If something holds "
                "you up, tell me and I will see to it.\n\n{{member.first_name}}",
            ),
            cooldown=21, cap=3, expires=7, priority=60, until=SIGNS,
        ),
    ),
    "deal_active": Shipped(
        "A customer with an open deal is active",
        "Three signs within a week while a deal is open and nobody has talked to them: now is a good moment.",
        _rule(
            "account", {"kind": "event", "types": SIGNS, "at_least": 3, "within_hours": 168},
            _all(_some("opportunities", _OPEN), _NO_TALKS),
            _action(
                "call", "Call {{account.name}} while they are at it", "They are busy with us, and a deal is open.",
                "{{trigger.count}} signs within a week, an open deal, and no talk for two weeks", minutes=15, hours=48,
            ),
            cooldown=10, cap=3, expires=5, priority=62, until=TALKS,
        ),
    ),
    "deal_silent": Shipped(
        "Nobody at an account with an open deal is heard of",
        "Three weeks without any sign while a deal is open: find out whether it is still alive.",
        _rule(
            "account", {"kind": "absence", "types": SIGNS, "days": 21, "until_days": 180, "hour": 6},
            _all(_some("opportunities", _OPEN), _NOTHING_TO_DO),
            _action(
                "email", "Ask {{account.name}} whether the deal is still alive",
                "Say what has changed since, and ask for one thing that is easy to answer.",
                "No sign for {{trigger.days}} days while a deal is open", minutes=10, business_days=3,
            ),
            cooldown=30, cap=2, expires=7, priority=50, until=SIGNS,
        ),
    ),
    "renewal_window": Shipped(
        "A renewal comes near",
        "A renewal is due within 60 days: prepare it while there is time.",
        _rule(
            "opportunity", {"kind": "schedule", "hour": 6},
            _all(
                _OPEN, {"field": "type", "operator": "is", "value": "renewal"},
                {"field": "close_date", "operator": "in_next", "value": 60},
            ),
            _action(
                "meeting", "Prepare the renewal of {{account.name}}",
                "What did they reach with us? What do they want next? Who signs?",
                "{{deal.name}} renews on {{deal.close_date}}", minutes=30, business_days=5,
            ),
            cooldown=30, cap=3, expires=21, priority=70, holding=_all(_OPEN),
        ),
    ),
    "no_next_step": Shipped(
        "An open deal without a next step",
        "Nothing is planned and nobody talked for two weeks: agree on what comes next.",
        _rule(
            "opportunity", {"kind": "schedule", "hour": 6},
            _all(
                _OPEN, _NOTHING_TO_DO,
                {**_NO_TALKS, "field": "account.events"},
            ),
            _action(
                "task", "Agree on the next step of {{deal.name}}",
                "A deal without a date for what comes next goes to sleep.",
                "Nothing is planned, and nobody has talked to {{account.name}} for two weeks", minutes=5,
                business_days=2,
            ),
            cooldown=7, cap=2, expires=3, priority=40, holding=_all(_OPEN), until=["meeting_scheduled"],
        ),
    ),
    "stage_rot": Shipped(
        "A deal stays too long in its stage",
        "Longer in its stage than the pipeline allows: move it, or let it go.",
        _rule(
            "opportunity", {"kind": "schedule", "hour": 6},
            _all(_OPEN, {"field": "days_over", "operator": "gt", "value": 0}),
            _action(
                "task", "Move {{deal.name}} on, or let it go",
                "What would bring it to the next stage? If nothing, close it.",
                "{{deal.days_in_stage}} days in {{deal.stage}}: too long for this stage", minutes=10, business_days=3,
            ),
            cooldown=14, cap=1, expires=3, priority=30,
            holding=_all(_OPEN, {"field": "days_over", "operator": "gt", "value": 0}),
        ),
    ),
}  # fmt: skip
