"""What is shown of a deal: its stages and how long it stands, its facts, the people in it, notes and changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from salescompass import crm
from salescompass.crm import ChangeView, DealPerson, PipelineView, RecordView, StageView
from salescompass.kit.errors import NotFound
from salescompass.ui import routes
from salescompass.ui.money import money, typed
from salescompass.ui.people import initials, tint
from salescompass.ui.record_words import said
from salescompass.vocabulary import DealRole, RecordKind

_FACTS = (
    "account_id",
    "product_id",
    "owner_id",
    "close_date",
    "opened_on",
    "closed_at",
    "type",
    "source",
    "lost_reason",
)
_MOST_PEOPLE = 100
_TONES = {
    "open": "info",
    "won": "success",
    "lost": "danger",
}


@dataclass(frozen=True)
class StepLook:
    """A stage of the pipeline, as a step: done, current or ahead."""

    id: str = ""
    name: str = ""
    place: str = ""
    about: str = ""


@dataclass(frozen=True)
class FactLook:
    """A fact, and where it leads."""

    label: str
    value: str
    href: str = ""


@dataclass(frozen=True)
class PartLook:
    """A person's part in the deal."""

    person: str
    name: str
    initials: str
    tint: str
    title: str
    role: str
    said: str
    href: str


@dataclass(frozen=True)
class NoteLook:
    """A note."""

    id: str
    author: str
    body: str
    at: str
    edited: bool


@dataclass(frozen=True)
class ChangeLook:
    """A change: who made it, and what it was."""

    who: str
    what: str
    at: str


@dataclass(frozen=True)
class DealLook:
    """A deal."""

    id: str = ""
    name: str = ""
    amount: str = ""
    amount_typed: str = ""
    currency: str = ""
    close_date: str = ""
    source: str = ""
    state: str = ""
    tone: str = ""
    stage: str = ""
    standing: str = ""
    rots: bool = False
    version: int = 0
    account: str = ""
    account_href: str = ""
    steps: list[StepLook] = field(default_factory=list)
    facts: list[FactLook] = field(default_factory=list)
    people: list[PartLook] = field(default_factory=list)
    notes: list[NoteLook] = field(default_factory=list)
    changes: list[ChangeLook] = field(default_factory=list)
    known: list[tuple[str, str]] = field(default_factory=list)


def deal_look(session: Session, *, deal_id: UUID, now: datetime) -> DealLook:
    """Everything about a deal. Raises NotFound, also for one out of reach."""
    deal = crm.get_record(session, RecordKind.OPPORTUNITIES, deal_id)
    pipeline = next((one for one in crm.pipelines(session) if one.id == deal["pipeline_id"]), None)
    if pipeline is None:
        raise NotFound("no such pipeline")
    stage = next(one for one in pipeline.stages if one.id == deal["stage_id"])
    days = max(0, (now - deal["stage_entered_at"]).days)
    currency = str(deal["currency"] or "")
    return DealLook(
        id=str(deal.id),
        name=deal.name,
        amount=money(deal["amount_minor"], currency) if deal["amount_minor"] is not None else "No amount yet",
        amount_typed=typed(deal["amount_minor"], currency),
        currency=currency,
        close_date=deal["close_date"].isoformat() if deal["close_date"] else "",
        source=deal["source"] or "",
        state=str(deal["state"]).capitalize(),
        tone=_TONES[str(deal["state"])],
        stage=stage.name,
        standing=_standing(deal, stage, days),
        rots=_rots(stage, days),
        version=deal.row_version,
        account=deal.names.get("account_id", ""),
        account_href=routes.account(str(deal["account_id"])) if deal["account_id"] else "",
        steps=steps(pipeline, stage),
        facts=_facts(deal),
        people=[_part(one) for one in crm.deal_people(session, opportunity_id=deal_id)],
        notes=[
            NoteLook(str(one.id), one.author or "Somebody", one.body, one.created_at.isoformat(), bool(one.edited_at))
            for one in crm.notes(session, object_type="opportunity", object_id=deal_id)
        ],
        changes=[
            _change(one)
            for one in crm.record_changes(session, object_type="opportunity", object_id=deal_id, limit=30).items
        ],
        known=_known(session, deal),
    )


def steps(pipeline: PipelineView, stage: StageView) -> list[StepLook]:
    """The stages as steps; those a closed deal went by or never reached are told apart."""
    return [
        StepLook(str(one.id), one.name, _place(one, stage), f"{one.name}, {one.probability} % likely")
        for one in pipeline.stages
    ]


def _place(one: StageView, stage: StageView) -> str:
    if one.id == stage.id:
        return f"current {one.kind}"
    return "done" if one.kind == "open" and (one.position < stage.position or stage.kind == "won") else one.kind


def _rots(stage: StageView, days: int) -> bool:
    return stage.rot_days is not None and days > stage.rot_days


def _standing(deal: RecordView, stage: StageView, days: int) -> str:
    if stage.kind != "open":
        return f"{stage.name}, {days} days ago" if days else f"{stage.name} today"
    told = f"{days} days in {stage.name}" if days != 1 else f"1 day in {stage.name}"
    if _rots(stage, days):
        return f"{told}: more than the {stage.rot_days} days that deals should stay here"
    return told


def _facts(deal: RecordView) -> list[FactLook]:
    fields = crm.RECORD_TYPES[RecordKind.OPPORTUNITIES].fields
    found = []
    for key in _FACTS:
        value = deal.values.get(key)
        if value is None:
            continue
        href = routes.account(str(value)) if key == "account_id" else ""
        words = deal.names.get(key) or said(value, fields[key].holds, deal.values)
        found.append(FactLook(fields[key].label, words[:200], href))
    if deal.tags:
        found.append(FactLook("Tags", ", ".join(deal.tags)))
    return found


def _part(one: DealPerson) -> PartLook:
    return PartLook(
        str(one.person_id), one.name, initials(one.name), tint(str(one.person_id)), one.title or "", one.role,
        ROLES[one.role], routes.contact(str(one.person_id)),
    )  # fmt: skip


def _known(session: Session, deal: RecordView) -> list[tuple[str, str]]:
    """The people of the deal's account, who may be given a part."""
    if not deal["account_id"]:
        return []
    page = crm.people(session, account_id=deal["account_id"], limit=_MOST_PEOPLE)
    return sorted(((str(one.id), one.name) for one in page.items), key=lambda pair: pair[1].casefold())


def _change(one: ChangeView) -> ChangeLook:
    if one.act != "changed":
        what = {"created": "made this deal", "deleted": "put it into the trash", "restored": "brought it back"}
        return ChangeLook(one.actor or "Somebody", what.get(one.act, one.act), one.at.isoformat())
    return ChangeLook(one.actor or "Somebody", "; ".join(_told(one)) or "changed it", one.at.isoformat())


def _told(one: ChangeView) -> Sequence[str]:
    fields = crm.RECORD_TYPES[RecordKind.OPPORTUNITIES].fields
    labels = {"people": "People", "state": "State", "amount_minor": "Amount"} | {
        key: about.label for key, about in fields.items()
    }
    return [
        f"{labels[name]}: {_was(one.names, before)} to {_was(one.names, after)}"
        for name, (before, after) in one.changes.items()
        if name in labels and not name.endswith("_norm")
    ][:5]


def _was(names: Mapping[str, str], value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    return names.get(str(value), str(value))[:80]


ROLES = {
    DealRole.CHAMPION: "Champion",
    DealRole.ECONOMIC: "Decides on money",
    DealRole.TECHNICAL: "Technical judge",
    DealRole.USER: "User",
    DealRole.BLOCKER: "Against it",
}
"""The parts people play, as they are called."""
