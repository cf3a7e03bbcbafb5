"""What is shown of a deal: its stages and how long it stood in each, the people in it, and what every record has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from salescompass import crm, events
from salescompass.crm import DealPerson, PipelineView, RecordView, StageView, Stay
from salescompass.events import Touches
from salescompass.identity import Actor
from salescompass.kit.errors import NotFound
from salescompass.kit.pagination import Page
from salescompass.ui import routes
from salescompass.ui.components.notes import ChangeLook
from salescompass.ui.deal.journey import TOUCHED_DAYS, SimilarLook, similar_look, touch_words, uncovered
from salescompass.ui.deal_words import ROLES, TONES
from salescompass.ui.money import money
from salescompass.ui.people import initials, tint
from salescompass.ui.record_beside import BesideLook, beside_of
from salescompass.vocabulary import DealRole, RecordKind

_MOST_PEOPLE = 100


@dataclass(frozen=True)
class StepLook:
    """A stage of the pipeline, as a step: done, current or ahead."""

    id: str = ""
    name: str = ""
    place: str = ""
    about: str = ""
    stay: str = ""


@dataclass(frozen=True)
class PartLook:
    """A person's part in the deal, and how they were touched lately."""

    person: str
    name: str
    initials: str
    tint: str
    title: str
    role: str
    said: str
    href: str
    touched: str
    touched_at: str


@dataclass(frozen=True)
class DealLook:
    """A deal."""

    id: str = ""
    name: str = ""
    amount: str = ""
    closes: str = ""
    state: str = ""
    tone: str = ""
    stage: str = ""
    standing: str = ""
    rots: bool = False
    next_id: str = ""
    next: str = ""
    account: str = ""
    account_href: str = ""
    steps: list[StepLook] = field(default_factory=list)
    people: list[PartLook] = field(default_factory=list)
    known: list[tuple[str, str]] = field(default_factory=list)
    uncovered: str = ""
    similar: SimilarLook = field(default_factory=SimilarLook)


@dataclass(frozen=True)
class WholeDeal:
    """Everything about a deal."""

    deal: DealLook
    beside: BesideLook
    changes: Page[ChangeLook]
    account_id: UUID | None = None


def whole_deal(session: Session, actor: Actor, *, deal_id: UUID, now: datetime) -> WholeDeal:
    """Everything about a deal, read in one transaction. Raises NotFound, also for one out of reach."""
    deal = crm.get_record(session, RecordKind.OPPORTUNITIES, deal_id)
    return WholeDeal(_deal_look(session, deal, now), *beside_of(session, actor, deal), deal["account_id"])


def _deal_look(session: Session, deal: RecordView, now: datetime) -> DealLook:
    pipeline = next((one for one in crm.pipelines(session) if one.id == deal["pipeline_id"]), None)
    if pipeline is None:
        raise NotFound("no such pipeline")
    stage = next(one for one in pipeline.stages if one.id == deal["stage_id"])
    days = max(0, (now - deal["stage_entered_at"]).days)
    ahead = _ahead(pipeline, stage)
    currency = str(deal["currency"] or "")
    people = crm.deal_people(session, opportunity_id=deal.id)
    since = now - timedelta(days=TOUCHED_DAYS)
    touched = events.touches(session, person_ids=[one.person_id for one in people], since=since)
    parts = [_part(one, touched.get(one.person_id)) for one in people]
    return DealLook(
        id=str(deal.id),
        name=deal.name,
        amount=money(deal["amount_minor"], currency) if deal["amount_minor"] is not None else "No amount yet",
        closes=_closes(deal),
        state=str(deal["state"]).capitalize(),
        tone=TONES[str(deal["state"])],
        stage=stage.name,
        standing=_standing(deal, stage, days),
        rots=_rots(stage, days),
        next_id=str(ahead.id) if ahead else "",
        next=ahead.name if ahead else "",
        account=deal.names.get("account_id", ""),
        account_href=routes.account(str(deal["account_id"])) if deal["account_id"] else "",
        steps=steps(pipeline, stage, crm.stage_stays(session, opportunity_id=deal.id, now=now)),
        people=parts,
        known=_known(session, deal),
        uncovered=uncovered([one.role for one in parts]) if deal["state"] == "open" else "",
        similar=similar_look(crm.similar_deals(session, opportunity_id=deal.id)),
    )


def steps(pipeline: PipelineView, stage: StageView, stays: Sequence[Stay]) -> list[StepLook]:
    """The stages as steps, with the days in each; those a closed deal went by or never reached are told apart."""
    return [
        StepLook(
            str(one.id), one.name, _place(one, stage), f"{one.name}, {one.probability} % likely",
            _stay([stay for stay in stays if stay.stage_id == one.id]) if one.kind == "open" else "",
        )
        for one in pipeline.stages
    ]  # fmt: skip


def _stay(stays: Sequence[Stay]) -> str:
    """`9 days, usually 7`: all stays in a stage together, beside the median of other deals."""
    if not stays:
        return ""
    days, usual = round(sum(one.days for one in stays)), stays[-1].median_days
    told = {0: "under a day", 1: "1 day"}.get(days, f"{days} days")
    return told if usual is None else f"{told}, usually {round(usual)}"


def _place(one: StageView, stage: StageView) -> str:
    if one.id == stage.id:
        return f"current {one.kind}"
    return "done" if one.kind == "open" and (one.position < stage.position or stage.kind == "won") else one.kind


def _rots(stage: StageView, days: int) -> bool:
    return stage.rot_days is not None and days > stage.rot_days


def _standing(deal: RecordView, stage: StageView, days: int) -> str:
    if stage.kind != "open":
        return f"{stage.name}, {days} days ago" if days else f"{stage.name} today"
    if not days:
        return f"In {stage.name} since today"
    told = f"{days} days in {stage.name}" if days != 1 else f"1 day in {stage.name}"
    if _rots(stage, days):
        return f"{told}: more than the {stage.rot_days} days that deals should stay here"
    return told


def _ahead(pipeline: PipelineView, stage: StageView) -> StageView | None:
    """The stage that comes next, up to the one that is won; none for a deal that is closed."""
    if stage.kind != "open":
        return None
    later = [one for one in pipeline.stages if one.position > stage.position and one.kind == "open"]
    return next(iter(later), next((one for one in pipeline.stages if one.kind == "won"), None))


def _closes(deal: RecordView) -> str:
    day = deal["close_date"]
    if deal["state"] != "open" or day is None:
        return ""
    return f"closes {day.day} {day:%b %Y}"


def _part(one: DealPerson, touched: Touches | None) -> PartLook:
    words, at = touch_words(touched)
    return PartLook(
        str(one.person_id), one.name, initials(one.name), tint(str(one.person_id)), one.title or "", one.role,
        ROLES[DealRole(one.role)], routes.contact(str(one.person_id)), words, at,
    )  # fmt: skip


def _known(session: Session, deal: RecordView) -> list[tuple[str, str]]:
    """The people of the deal's account, who may be given a part."""
    if not deal["account_id"]:
        return []
    page = crm.people(session, account_id=deal["account_id"], limit=_MOST_PEOPLE)
    return sorted(((str(one.id), one.name) for one in page.items), key=lambda pair: pair[1].casefold())
