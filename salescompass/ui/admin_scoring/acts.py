"""What the page of scoring reads and does, each in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session

from salescompass import crm, events, scoring
from salescompass.identity import Actor
from salescompass.kit.errors import FieldError, Invalid, NotFound
from salescompass.scoring import Config
from salescompass.ui.admin_scoring.content import Content
from salescompass.ui.admin_scoring.rows import (
    GroupRow,
    PreviewLook,
    RuleRow,
    VersionRow,
    example,
    group_rows,
    preview_look,
    rule_rows,
    version_row,
)
from salescompass.vocabulary import RecordKind

_NAMED = 5


@dataclass(frozen=True)
class ScoringLook:
    """The configuration as the page shows it: the draft's, when there is one."""

    live: int = 1
    version: int = 1
    drafting: bool = False
    publishing: bool = False
    note: str = ""
    k: str = "40"
    cool: str = "15"
    warm: str = "40"
    hot: str = "70"
    groups: list[GroupRow] = field(default_factory=list)
    rules: list[RuleRow] = field(default_factory=list)
    versions: list[VersionRow] = field(default_factory=list)
    types: list[tuple[str, str]] = field(default_factory=list)
    example: dict[str, Any] = field(default_factory=dict)


def scoring_look(session: Session) -> ScoringLook:
    """Everything but the effect of the draft."""
    known, draft = events.types(session), scoring.draft(session)
    live = scoring.live_config(session)
    versions = scoring.versions(session)
    shown = draft or _live_as_written(session)
    state = next((view for view in versions if view.version == shown.version), None)
    return ScoringLook(
        live=live.version,
        version=shown.version,
        drafting=draft is not None and state is not None and state.state == "draft",
        publishing=any(view.state == "publishing" for view in versions),
        note=state.note if state and draft else "",
        k=f"{shown.k:g}",
        cool=f"{shown.edges[0]:g}",
        warm=f"{shown.edges[1]:g}",
        hot=f"{shown.edges[2]:g}",
        groups=group_rows(shown),
        rules=rule_rows(shown, known),
        versions=[version_row(view) for view in versions],
        types=sorted(((key, one.label) for key, one in known.items()), key=lambda one: one[1].casefold()),
        example=example(shown, known),
    )


def change_draft(
    session: Session, actor: Actor, *, change: Callable[[Content], Content], note: str | None = None
) -> Config:
    """Change the draft; begins one when there is none. What is wrong is told by the fields of the forms."""
    draft = scoring.draft(session, holding=True) or scoring.start_draft(session, actor)
    kept = next((view.note for view in scoring.versions(session) if view.version == draft.version), "")
    content = change(scoring.to_json(draft))
    try:
        return scoring.save_draft(session, actor, content=content, note=kept if note is None else note)
    except Invalid as error:
        raise Invalid(error.message, errors=tuple(_of_form(one) for one in error.errors)) from None


def publish_draft(session: Session, actor: Actor, *, note: str) -> bool:
    """Make the draft live, with a note when there is one. Raises NotFound when somebody else took the draft."""
    if scoring.draft(session, holding=True) is None:
        raise NotFound("there is no draft: somebody else has published or discarded it")
    if note.strip():
        change_draft(session, actor, change=dict, note=note)
    scoring.publish(session, actor)
    return True


def preview_draft(session: Session, *, accounts: Sequence[UUID]) -> PreviewLook:
    """The effect of the draft on everybody, and on named accounts: the warmest, when none are named."""
    named = list(accounts) or _warmest(session)
    return preview_look(scoring.preview(session, accounts=named))


def _warmest(session: Session) -> list[UUID]:
    by_score = scoring.RANKINGS[RecordKind.ACCOUNTS]
    page = crm.list_records(session, RecordKind.ACCOUNTS, sort="-score", limit=_NAMED, rankings=by_score)
    return [one.id for one in page.items]


def _live_as_written(session: Session) -> Config:
    """The live version without what the registry adds; the page tells the two apart."""
    live = scoring.live_config(session)
    known = events.types(session)
    set_here = tuple(
        rule for rule in live.rules if rule.narrows or rule.type not in known or rule != _of_registry(known[rule.type])
    )
    return Config(live.version, live.k, live.groups, live.edges, set_here)


def _of_registry(known: events.EventType) -> scoring.Rule:
    return scoring.Rule(known.key, known.key, float(known.points), str(known.group))


def _of_form(error: FieldError) -> FieldError:
    """The problem by the name of the form's field: `groups.1.cap` is `cap_1`, `rules.4.points` is `points`."""
    parts = (error.field or "").split(".")
    name = parts[-1]
    if parts[0] == "groups" and len(parts) == 3:
        name = f"{parts[2]}_{parts[1]}"
    elif parts[0] == "edges":
        name = "cool"
    elif name == "conditions":
        name = "property_0"
    elif name == "key":
        name = "name"
    return FieldError(error.message, field=name)
