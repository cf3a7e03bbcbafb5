"""Rules turn patterns into actions: what sets them off, what they see, what they make, and why or why not."""

from salescompass.rules.carrying import Ran
from salescompass.rules.deciding import Candidate, Decision
from salescompass.rules.definition import (
    AbsenceTrigger,
    ActionPlan,
    CrossingTrigger,
    Definition,
    EventTrigger,
    Expiry,
    ScheduleTrigger,
)
from salescompass.rules.dry_run import DryRun, WouldFire, dry_run
from salescompass.rules.engine import react, react_to_crossings, run_due, run_pass
from salescompass.rules.installing import install
from salescompass.rules.reading import read_definition
from salescompass.rules.service import (
    create_rule,
    discard_draft,
    pause_rule,
    publish_rule,
    resume_rule,
    roll_back_rule,
    save_draft,
)
from salescompass.rules.shipped import SHIPPED
from salescompass.rules.store import forget_runs
from salescompass.rules.views import (
    PassView,
    RuleVersionView,
    RuleView,
    RunView,
    passes,
    rule,
    rule_versions,
    rules,
    runs,
)
from salescompass.rules.why import WhyAction, WhyNot, trigger_words, why, why_not

__all__ = [
    "SHIPPED",
    "AbsenceTrigger",
    "ActionPlan",
    "Candidate",
    "CrossingTrigger",
    "Decision",
    "Definition",
    "DryRun",
    "EventTrigger",
    "Expiry",
    "PassView",
    "Ran",
    "RuleVersionView",
    "RuleView",
    "RunView",
    "ScheduleTrigger",
    "WhyAction",
    "WhyNot",
    "WouldFire",
    "create_rule",
    "discard_draft",
    "dry_run",
    "forget_runs",
    "install",
    "passes",
    "pause_rule",
    "publish_rule",
    "react",
    "react_to_crossings",
    "read_definition",
    "resume_rule",
    "roll_back_rule",
    "rule",
    "rule_versions",
    "rules",
    "run_due",
    "run_pass",
    "runs",
    "save_draft",
    "trigger_words",
    "why",
    "why_not",
]
