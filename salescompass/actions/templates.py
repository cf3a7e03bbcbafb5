"""Templates of actions: what to say and how long it takes, with variables. Every change is a version of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from salescompass import crm, identity
from salescompass.actions.shapes import NewAction
from salescompass.actions.template_records import subjects
from salescompass.actions.template_texts import LONGEST_TEXT, LONGEST_TITLE, check_text, render, wrong
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.errors import Changed, Conflict, NotFound
from salescompass.models import ActionTemplate, ActionTemplateVersion, TenantPublic
from salescompass.vocabulary import ActionKind, Outcome

MANAGE_RULES = "rules.manage"
LONGEST_NAME, MOST_TEMPLATES = 80, 200
MOST_MINUTES, MOST_HOURS = 480, 24 * 90


@dataclass(frozen=True)
class TemplateFields:
    """A template as it shall be. `talk_track` is what to say; `outcomes` are those that make sense."""

    name: str
    kind: str
    title: str
    detail: str = ""
    message: str = ""
    talk_track: str = ""
    effort_minutes: int = 10
    due_hours: int = 24
    outcomes: tuple[str, ...] = tuple(Outcome)


@dataclass(frozen=True)
class TemplateView:
    """A template with the version in force, how often it was used, done, and with success."""

    id: UUID
    key: str | None
    name: str
    row_version: int
    version: int
    retired: bool
    kind: str
    title: str
    detail: str
    message: str
    talk_track: str
    effort_minutes: int
    due_hours: int
    outcomes: tuple[str, ...]
    used: int = 0
    done: int = 0
    succeeded: int = 0


@dataclass(frozen=True)
class TemplateVersionView:
    """What a template said in a version."""

    version: int
    content: Mapping[str, Any]
    created_by: UUID | None
    created_at: datetime


def templates(session: Session, *, retired: bool = False) -> tuple[TemplateView, ...]:
    """The templates by name, with their use; also those that are used no more if asked for."""
    rows = _rows(session, [] if retired else [col(ActionTemplate.retired_at).is_(None)])
    found = session.connection().execute(_USE, {"ids": [row.id for row, _ in rows]})
    use = {template_id: tuple(numbers) for template_id, *numbers in found}
    return tuple(_view(row, version, use.get(row.id, (0, 0, 0))) for row, version in rows)


def template(session: Session, *, template_id: UUID) -> TemplateView:
    """One template. Raises NotFound."""
    found = next((one for one in templates(session, retired=True) if one.id == template_id), None)
    if found is None:
        raise NotFound("there is no such template")
    return found


def live_template(session: Session, template_id: UUID | None) -> TemplateView | None:
    """A template as it is used now, without its numbers; None where there is none."""
    rows = _rows(session, [col(ActionTemplate.id) == template_id]) if template_id else []
    return _view(*rows[0], (0, 0, 0)) if rows else None


def template_versions(session: Session, *, template_id: UUID) -> tuple[TemplateVersionView, ...]:
    """The versions of a template, the newest first."""
    wanted = select(ActionTemplateVersion).where(col(ActionTemplateVersion.template_id) == template_id)
    rows = session.exec(wanted.order_by(col(ActionTemplateVersion.version).desc()))
    return tuple(TemplateVersionView(row.version, row.content, row.created_by, row.created_at) for row in rows)


def save_template(
    session: Session,
    actor: Actor,
    fields: TemplateFields,
    *,
    template_id: UUID | None = None,
    row_version: int | None = None,
) -> TemplateView:
    """Make a template, or a new version of one. Raises Invalid, NotFound; Changed when it is not the version given."""
    actor.must(MANAGE_RULES)
    checked = check_template(fields)
    row = _row(session, template_id, row_version) if template_id else _new(session, actor, checked.name)
    before = _content_of(session, row) if template_id else None
    content = {name: value for name, value in asdict(checked).items() if name != "name"}
    if row.name == checked.name and before == _plain(content):
        return template(session, template_id=row.id)
    row.name = checked.name
    if before is not None and before != _plain(content):
        row.version += 1
    if before is not None:
        row.row_version += 1
    session.add(row)
    session.flush()
    if before != _plain(content):
        session.add(
            ActionTemplateVersion(
                template_id=row.id, version=row.version, content=_plain(content), created_by=actor.member_id
            )
        )
        session.flush()
    _note(session, actor, "action_template.saved", row)
    return template(session, template_id=row.id)


def restore_template(session: Session, actor: Actor, *, template_id: UUID, version: int) -> TemplateView:
    """Go back to what a version said, as a new version."""
    actor.must(MANAGE_RULES)
    row = _row(session, template_id, None)
    found = next((one for one in template_versions(session, template_id=template_id) if one.version == version), None)
    if found is None:
        raise NotFound("there is no such version")
    content = {**found.content, "outcomes": tuple(found.content["outcomes"])}
    return save_template(session, actor, TemplateFields(name=row.name, **content), template_id=template_id)


def retire_template(session: Session, actor: Actor, *, template_id: UUID, back: bool = False) -> TemplateView:
    """Use a template no more, or again: what was made from it stays."""
    actor.must(MANAGE_RULES)
    row = _row(session, template_id, None)
    if (row.retired_at is None) is back:
        raise Conflict("it is in use" if back else "it is retired already")
    row.retired_at, row.row_version = None if back else clock.now(), row.row_version + 1
    session.add(row)
    session.flush()
    _note(session, actor, "action_template.restored" if back else "action_template.retired", row)
    return template(session, template_id=row.id)


def fill_template(
    session: Session,
    actor: Actor,
    *,
    template_id: UUID,
    account_id: UUID | None = None,
    person_id: UUID | None = None,
    opportunity_id: UUID | None = None,
    now: datetime | None = None,
) -> NewAction:
    """An action as a template has it for these records, to be made by hand. Raises NotFound for what is not seen."""
    actor.must("actions.write")
    one = live_template(session, template_id)
    if one is None:
        raise NotFound("there is no such template")
    now = now or clock.now()
    currency = session.exec(select(TenantPublic.currency)).one()
    values: dict[str, str] = {"member.first_name": actor.name.split(" ")[0]}
    for kind, given in (("account", account_id), ("person", person_id), ("opportunity", opportunity_id)):
        if given is None:
            continue
        found = subjects(session, kind, [given], currency=currency, at=now).get(given)
        if found is None or given in crm.Sight.of(session, kind, actor).hidden(session, [given]):
            raise NotFound("there is no such record")
        values = {**found.values, **values} if kind == "account" else {**values, **found.values}
    return NewAction(
        kind=one.kind, title=render(one.title, values)[:LONGEST_TITLE], detail=render(one.detail, values),
        message=render(one.message, values), account_id=account_id, person_id=person_id,
        opportunity_id=opportunity_id, effort_minutes=one.effort_minutes, due_to=now + timedelta(hours=one.due_hours),
        template_id=one.id, template_version=one.version,
    )  # fmt: skip


def check_template(fields: TemplateFields) -> TemplateFields:
    """A template with all its texts checked. Raises Invalid, naming the field."""
    name = " ".join(fields.name.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise wrong("name", f"give a name of 1 to {LONGEST_NAME} characters")
    if fields.kind not in list(ActionKind):
        raise wrong("kind", f"choose one of {', '.join(ActionKind)}")
    if not 1 <= fields.effort_minutes <= MOST_MINUTES:
        raise wrong("effort_minutes", f"give 1 to {MOST_MINUTES} minutes")
    if not 1 <= fields.due_hours <= MOST_HOURS:
        raise wrong("due_hours", f"give 1 to {MOST_HOURS} hours")
    if not fields.outcomes or any(one not in list(Outcome) for one in fields.outcomes):
        raise wrong("outcomes", f"choose from {', '.join(Outcome)}")
    return TemplateFields(
        name=name,
        kind=fields.kind,
        title=check_text(fields.title, field="title", most=LONGEST_TITLE, wanted=True),
        detail=check_text(fields.detail, field="detail", most=LONGEST_TEXT),
        message=check_text(fields.message, field="message", most=LONGEST_TEXT),
        talk_track=check_text(fields.talk_track, field="talk_track", most=LONGEST_TEXT),
        effort_minutes=fields.effort_minutes,
        due_hours=fields.due_hours,
        outcomes=tuple(dict.fromkeys(fields.outcomes)),
    )


_USE = text(
    "SELECT template_id, count(*), count(*) FILTER (WHERE state = 'done'), count(*) FILTER (WHERE success) "
    "FROM action WHERE template_id = ANY(:ids) GROUP BY template_id"
)


def _rows(session: Session, conditions: Sequence[Any]) -> list[tuple[ActionTemplate, ActionTemplateVersion]]:
    wanted = (
        select(ActionTemplate, ActionTemplateVersion)
        .join(ActionTemplateVersion, col(ActionTemplateVersion.template_id) == col(ActionTemplate.id))
        .where(col(ActionTemplateVersion.version) == col(ActionTemplate.version), *conditions)
        .order_by(col(ActionTemplate.name), col(ActionTemplate.id))
    )
    return list(session.exec(wanted))


def _view(row: ActionTemplate, version: ActionTemplateVersion, use: tuple[int, ...]) -> TemplateView:
    content: dict[str, Any] = {**version.content, "outcomes": tuple(version.content["outcomes"])}
    head = (row.id, row.key, row.name, row.row_version, row.version, row.retired_at is not None)
    return TemplateView(*head, **content, used=use[0], done=use[1], succeeded=use[2])


def _row(session: Session, template_id: UUID, row_version: int | None) -> ActionTemplate:
    wanted = select(ActionTemplate).where(col(ActionTemplate.id) == template_id)
    row = session.exec(wanted.with_for_update()).first()
    if row is None:
        raise NotFound("there is no such template")
    if row_version is not None and row.row_version != row_version:
        raise Changed("somebody changed this template since you read it: look at it again")
    return row


def _new(session: Session, actor: Actor, name: str) -> ActionTemplate:
    if len(session.exec(select(ActionTemplate.id)).all()) >= MOST_TEMPLATES:
        raise Conflict(f"there are {MOST_TEMPLATES} templates already")
    return ActionTemplate(name=name, created_by=actor.member_id)


def _content_of(session: Session, row: ActionTemplate) -> dict[str, Any]:
    wanted = select(ActionTemplateVersion.content).where(col(ActionTemplateVersion.template_id) == row.id)
    return dict(session.exec(wanted.where(col(ActionTemplateVersion.version) == row.version)).one())


def _plain(content: Mapping[str, Any]) -> dict[str, Any]:
    return {**content, "outcomes": list(content["outcomes"])}


def _note(session: Session, actor: Actor, act: str, row: ActionTemplate) -> None:
    detail = {"name": row.name, "version": row.version}
    identity.audit.record(session, actor, act, object_type="action_template", object_id=row.id, detail=detail)
