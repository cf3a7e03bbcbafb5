"""From a decision to an action: texts filled in, when it is due, and when it is of no use any more. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from salescompass.actions import LONGEST_REASON, LONGEST_TITLE, NewAction, Subject, TemplateView, render
from salescompass.rules.deciding import Decision
from salescompass.rules.definition import ActionPlan, Definition

_WORK_ENDS = time(17)
_WORK_DAYS = 5


def action_of(
    decision: Decision,
    definition: Definition,
    subject: Subject,
    *,
    rule_id: UUID,
    version: int,
    template: TemplateView | None,
    member_name: str,
    zone: ZoneInfo,
) -> NewAction:
    """The action that a rule makes."""
    plan, now, candidate = definition.action, decision.candidate.at, decision.candidate
    first_name = {"member.first_name": member_name.split(" ")[0]} if member_name else {}
    values = {**subject.values, **dict(candidate.said), **first_name}
    return NewAction(
        **_texts(plan, template, values),
        account_id=subject.account_id,
        person_id=subject.person_id,
        opportunity_id=subject.opportunity_id,
        assignee_id=decision.whose.member_id,
        assigned_because=decision.whose.because,
        due_from=now,
        due_to=due(plan, now, zone),
        expires_at=now + timedelta(days=definition.expiry.days),
        value_minor=subject.stake if plan.value == "deal" else None,
        source="rule",
        rule_id=rule_id,
        rule_version=version,
        reasons=tuple(render(one, values)[:LONGEST_REASON] for one in plan.reasons),
        evidence=candidate.pattern.evidence,
        watch=definition.expiry.watch(),
        dedupe_key=f"rule:{rule_id}:{candidate.subject_id}",
    )


def due(plan: ActionPlan, now: datetime, zone: ZoneInfo) -> datetime:
    """When it is due: after hours, or at the end of a business day; a day that is over does not count."""
    if plan.due_hours is not None:
        return now + timedelta(hours=plan.due_hours)
    local = now.astimezone(zone)
    day, left = local.date(), plan.due_business_days or 0
    while day.weekday() >= _WORK_DAYS or (day == local.date() and local.time() >= _WORK_ENDS):
        day += timedelta(days=1)
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _WORK_DAYS
    return datetime.combine(day, _WORK_ENDS, zone)


def _texts(plan: ActionPlan, template: TemplateView | None, values: Mapping[str, str]) -> dict[str, Any]:
    """What it says: the rule's own texts, else the template's."""
    title = plan.title or (template.title if template else "")
    detail = plan.detail or (template.detail if template else "")
    message = plan.message or (template.message if template else "")
    return {
        "kind": template.kind if template and not plan.title else plan.kind,
        "title": render(title, values)[:LONGEST_TITLE],
        "detail": render(detail, values),
        "message": render(message, values),
        "effort_minutes": template.effort_minutes if template and not plan.title else plan.effort_minutes,
        "template_id": template.id if template else None,
        "template_version": template.version if template else None,
    }
