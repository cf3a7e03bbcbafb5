"""Templates that come with the product. A tenant may change them; what it changed is never written over."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from salescompass.actions.templates import TemplateFields
from salescompass.kit.ids import new_id
from salescompass.models import ActionTemplate, ActionTemplateVersion
from salescompass.vocabulary import ActionKind

CALL, EMAIL, MEETING, TASK = ActionKind.CALL, ActionKind.EMAIL, ActionKind.MEETING, ActionKind.TASK

SHIPPED: dict[str, TemplateFields] = {
    "first_call": TemplateFields(
        "First call", CALL, "Call {{person.name}} at {{account.name}}",
        "Find out what they are looking for, and who decides.",
        talk_track="Hello {{person.first_name}}, this is {{member.first_name}}. You looked at us lately: what are you "
        "trying to solve? Who else should be there when we talk about it? May I show it to you this week?",
        effort_minutes=15, due_hours=24,
    ),
    "check_in": TemplateFields(
        "Check in", EMAIL, "Check in with {{account.name}}",
        "Ask how it goes, and offer one thing that is of use to them.",
        message="Hello {{person.first_name}},\n\nit has been a while. How are things going at {{account.name}}? "
        "If something holds you up, tell me and I will see to it.\n\n{{member.first_name}}",
        effort_minutes=10, due_hours=48,
    ),
    "after_proposal": TemplateFields(
        "Follow up a proposal", CALL, "Talk {{person.first_name}} through the proposal",
        "Go through it together, and agree on the next step with a date.",
        talk_track="What do you think of it so far? Is anything missing for a decision? Who else has to say yes? "
        "Shall we put a date to it?",
        effort_minutes=15, due_hours=4,
    ),
    "next_step": TemplateFields(
        "Agree on a next step", TASK, "Agree on the next step of {{deal.name}}",
        "A deal without a date for what comes next goes to sleep.", effort_minutes=5, due_hours=48,
    ),
    "review_renewal": TemplateFields(
        "Prepare a renewal", MEETING, "Prepare the renewal of {{account.name}}",
        "What did they reach with us? What do they want next? Who signs?",
        talk_track="What worked well this year? What would you change? What is planned for the next one?",
        effort_minutes=30, due_hours=120,
    ),
    "make_good": TemplateFields(
        "Make it good", CALL, "Call {{person.name}}: they are not content",
        "Listen first, promise one thing, and do it today.",
        talk_track="Thank you for being frank. What happened? What would make it right for you? I will come back to "
        "you by tomorrow.",
        effort_minutes=20, due_hours=8,
    ),
    "summary": TemplateFields(
        "Send a summary", EMAIL, "Send {{person.first_name}} what was agreed",
        message="Hello {{person.first_name}},\n\nthank you for your time. We agreed on:\n\n- \n\nNext we talk on \n\n"
        "{{member.first_name}}",
        effort_minutes=10, due_hours=24,
    ),
}  # fmt: skip


def install_templates(session: Session) -> int:
    """Give the tenant the templates it does not have yet. Returns how many."""
    there = set(session.exec(select(ActionTemplate.key)).all())
    made = 0
    for key, fields in SHIPPED.items():
        if key in there:
            continue
        values = {"id": new_id(), "key": key, "name": fields.name}
        statement = insert(ActionTemplate).values(**values).on_conflict_do_nothing().returning(col(ActionTemplate.id))
        template_id = session.connection().execute(statement).scalar()
        if template_id is not None:
            content = {name: value for name, value in asdict(fields).items() if name != "name"}
            content["outcomes"] = list(fields.outcomes)
            session.add(ActionTemplateVersion(template_id=template_id, version=1, content=content))
            made += 1
    session.flush()
    return made
