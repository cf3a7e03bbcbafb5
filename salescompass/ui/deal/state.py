"""What the page of a deal knows and does: moving it through its stages, its facts, people and notes."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from salescompass import crm
from salescompass.identity import Actor
from salescompass.kit.clock import now
from salescompass.kit.errors import Invalid, NotFound
from salescompass.kit.ids import parse_id
from salescompass.ui.arguments import Id, Search, Text
from salescompass.ui.deal.timeline import DealTimeline
from salescompass.ui.deal.view import DealLook, WholeDeal, whole_deal
from salescompass.ui.event_list import echo_of
from salescompass.ui.guard import guarded
from salescompass.ui.losing import LostForm
from salescompass.ui.outcome import done, form_outcome
from salescompass.vocabulary import RecordKind, StageKind

_NOWHERE = UUID(int=0)
_MOST_FOUND = 20


class PartForm(TypedDict):
    """Somebody's part in the deal."""

    person: Id
    role: Annotated[str, Text(20)]


def lost_deal(session: Session, actor: Actor, *, deal_id: UUID, stage: str, reason: str) -> None:
    """Close a deal as lost: in the stage that was chosen, else in the first that is for lost ones."""
    deal = crm.get_record(session, RecordKind.OPPORTUNITIES, deal_id)
    stages = [two for one in crm.pipelines(session) if one.id == deal["pipeline_id"] for two in one.stages]
    lost = [one.id for one in stages if one.kind == StageKind.LOST]
    wanted = parse_id(stage)
    chosen = wanted if wanted in lost else next(iter(lost), None)
    if chosen is None:
        raise Invalid("This pipeline has no stage for lost deals: an administrator can add one")
    crm.move_stage(session, actor, opportunity_id=deal_id, stage_id=chosen, lost_reason=reason)


def people_like(session: Session, *, text: str) -> list[tuple[str, str]]:
    """People in reach who are found so, each with where they are from."""
    found = crm.search_records(session, text, limit=_MOST_FOUND)
    people = [one for one in found if one.object_type == "person"]
    return [(str(one.id), f"{one.name}, {one.detail}" if one.detail else one.name) for one in people]


class DealState(DealTimeline, rx.State):
    """A deal; which one is in the path."""

    deal: DealLook = DealLook()
    people_found: list[tuple[str, str]] = []
    people_sought: bool = False
    lost_to: str = ""
    echo: str = ""
    loaded: bool = False
    missing: bool = False

    @guarded("records.read", track=False)
    async def load(self) -> None:
        """The deal that the address names."""
        self.loaded, self.gone = self.loaded and self.deal.id == str(self._deal_id), False
        await self._read()
        self.echo = echo_of(self)

    @guarded("records.write")
    async def move(self, stage: Id) -> Any:
        """Put the deal into another stage; a lost one is asked why first."""
        before = self.deal
        if any(one.id == stage and one.place == "lost" for one in before.steps):
            self.lost_to = stage
            return rx.call_script("location.hash = 'lost'")
        return await self._moved(UUID(stage))

    @guarded("records.write")
    async def lose(self, form: LostForm) -> Any:
        """Close the deal as lost, with the reason."""
        doing = self._do("records.write", lost_deal, deal_id=self._deal_id, stage=self.lost_to, reason=form["reason"])
        made, answer = await form_outcome("lost", doing)
        if made is not None:
            await self._reread()
        return answer

    @guarded("records.write", track=False)
    async def find_people(self, text: Search) -> None:
        """Anybody in reach by their name or address; without one the people of the account."""
        self.people_sought = bool(text.strip())
        self.people_found = await self._do("records.read", people_like, text=text.strip())

    @guarded("records.write")
    async def give_part(self, form: PartForm) -> Any:
        """Give a person a part in the deal."""
        doing = self._part(form["person"], form["role"], present=True)
        made, answer = await form_outcome("part", doing)
        if made is not None:
            await self._reread()
        return answer

    @guarded("records.write")
    async def take_part(self, person: Id, role: Annotated[str, Text(20)]) -> Any:
        """Take a part away."""
        await self._part(person, role, present=False)
        await self._read()
        return done("The person has no part in this deal any more", undo=DealState.return_part(person, role))

    @guarded("records.write")
    async def return_part(self, person: Id, role: Annotated[str, Text(20)]) -> None:
        """Undo of taking a part away."""
        await self._part(person, role, present=True)
        await self._read()

    @property
    def _deal_id(self) -> UUID:
        last = (self.router.url.path or "").rstrip("/").rpartition("/")[2]
        return parse_id(last[:36]) or _NOWHERE

    async def _part(self, person: str, role: str, *, present: bool) -> None:
        await self._do(
            "records.write",
            crm.set_deal_role,
            opportunity_id=self._deal_id,
            person_id=UUID(person),
            role=role,
            present=present,
        )

    async def _moved(self, stage: UUID) -> Any:
        before = next((one for one in self.deal.steps if one.place.startswith("current")), None)
        await self._do("records.write", crm.move_stage, opportunity_id=self._deal_id, stage_id=stage)
        await self._read()
        back = DealState.move(before.id) if before is not None and not before.place.endswith("lost") else None
        return done(f"The deal is in {self.deal.stage} now", undo=back)

    def _about(self) -> tuple[RecordKind, UUID]:
        return RecordKind.OPPORTUNITIES, self._deal_id

    async def _reread(self) -> None:
        await self._read()

    async def _read(self) -> None:
        try:
            found: WholeDeal = await self._do("records.read", whole_deal, deal_id=self._deal_id, now=now())
        except NotFound:
            self.deal, self.missing = DealLook(), True
        else:
            self.deal, self.missing, self._account = found.deal, False, found.account_id
            self._tell_beside(found.beside, found.changes)
            if self._actor.may("feed.read"):
                await self._tell_story()
        self.loaded = True
