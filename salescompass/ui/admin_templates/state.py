"""What the page of templates knows and does; the address names the template that the dialog is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypedDict
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from salescompass import actions
from salescompass.actions import TemplateFields, TemplateVersionView, TemplateView
from salescompass.identity import Actor
from salescompass.kit.ids import parse_id
from salescompass.ui import routes
from salescompass.ui.action_words import KINDS
from salescompass.ui.arguments import Id, Line, Note, Number, Text
from salescompass.ui.guard import guarded
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.session import Screen
from salescompass.vocabulary import ActionKind

_MANAGE = "rules.manage"
_FEW = 5


class TemplateForm(TypedDict):
    """A template, new where `template` is empty."""

    template: Annotated[str, Text(36)]
    row: Annotated[int, Number(0, 10**9)]
    name: Line
    kind: Literal["call", "email", "meeting", "message", "task"]
    title: Line
    detail: Note
    message: Note
    talk_track: Note
    effort: Annotated[int, Number(1, 480)]
    due: Annotated[int, Number(1, 24 * 90)]


@dataclass(frozen=True)
class TemplateRow:
    """A template in the list, and the values of its form."""

    id: str = ""
    row: int = 0
    name: str = ""
    kind: str = "call"
    kind_words: str = ""
    version: str = ""
    title: str = ""
    detail: str = ""
    message: str = ""
    talk_track: str = ""
    effort: str = "10"
    due: str = "24"
    used: str = "0"
    success: str = ""
    retired: bool = False
    href: str = ""


@dataclass(frozen=True)
class VersionRow:
    """What a template said."""

    version: int
    at: str
    title: str
    now: bool


@dataclass(frozen=True)
class TemplatesView:
    """The page's facts."""

    rows: list[TemplateRow]
    one: TemplateRow
    versions: list[VersionRow]


def templates_view(session: Session, actor: Actor, *, wanted: UUID | None) -> TemplatesView:
    """All templates, those that are used no more last, and the one that the address names."""
    found = sorted(actions.templates(session, retired=True), key=lambda one: (one.retired, one.name.casefold()))
    rows = [_row(one) for one in found]
    one = next((row for row in rows if row.id == str(wanted)), TemplateRow())
    versions = actions.template_versions(session, template_id=UUID(one.id)) if one.id else ()
    return TemplatesView(rows, one, _versions(versions))


def saved(session: Session, actor: Actor, *, form: TemplateForm) -> TemplateView:
    """Make a template, or a new version of one."""
    template_id = parse_id(form["template"])
    before = actions.template(session, template_id=template_id) if template_id else None
    fields = TemplateFields(
        name=form["name"], kind=form["kind"], title=form["title"], detail=form["detail"], message=form["message"],
        talk_track=form["talk_track"], effort_minutes=form["effort"], due_hours=form["due"],
        **({"outcomes": before.outcomes} if before else {}),
    )  # fmt: skip
    row_version = form["row"] if template_id else None
    return actions.save_template(session, actor, fields, template_id=template_id, row_version=row_version)


def _row(one: TemplateView) -> TemplateRow:
    success = f"{one.succeeded / one.done:.0%} of {one.done:,}" if one.done >= _FEW else "Too few to tell"
    return TemplateRow(
        id=str(one.id), row=one.row_version, name=one.name, kind=one.kind, kind_words=KINDS[ActionKind(one.kind)],
        version=str(one.version), title=one.title, detail=one.detail, message=one.message, talk_track=one.talk_track,
        effort=str(one.effort_minutes), due=str(one.due_hours), used=f"{one.used:,}", success=success,
        retired=one.retired, href=routes.templates(str(one.id), "template"),
    )  # fmt: skip


def _versions(found: Sequence[TemplateVersionView]) -> list[VersionRow]:
    return [
        VersionRow(one.version, one.created_at.isoformat(), str(one.content["title"]), place == 0)
        for place, one in enumerate(found)
    ]


class TemplatesState(Screen, rx.State):
    """Templates of actions."""

    rows: list[TemplateRow] = []
    one: TemplateRow = TemplateRow()
    versions: list[VersionRow] = []
    loaded: bool = False

    @guarded(_MANAGE, track=False)
    async def load(self) -> None:
        """All templates, and the one that the address names."""
        await self._read()

    @guarded(_MANAGE, form="texts")
    async def save(self, form: TemplateForm) -> Any:
        """Make a template, or a new version of one."""
        made, answer = await form_outcome("texts", self._do(_MANAGE, saved, form=form))
        yield answer  # before the form begins anew with what was kept
        if made is not None:
            await self._read()
            yield done(f"{made.name} is saved")

    @guarded(_MANAGE)
    async def retire(self, template: Id, back: bool) -> Any:
        """Use it no more, or again."""
        await self._do(_MANAGE, actions.retire_template, template_id=UUID(template), back=back)
        await self._read()
        undo = None if back else TemplatesState.retire(template, True)
        return done("It is in use again" if back else "It is used no more; what was made from it stays", undo=undo)

    @guarded(_MANAGE)
    async def restore(self, template: Id, version: Annotated[int, Number(1, 10**6)]) -> Any:
        """Go back to what a version said."""
        await self._do(_MANAGE, actions.restore_template, template_id=UUID(template), version=version)
        await self._read()
        return done(f"It says again what version {version} said")

    async def _read(self) -> None:
        wanted = parse_id(str(self.router.url.query_parameters.get("template", ""))[:36])
        found: TemplatesView = await self._do(_MANAGE, templates_view, wanted=wanted)
        self.rows, self.one, self.versions, self.loaded = found.rows, found.one, found.versions, True
