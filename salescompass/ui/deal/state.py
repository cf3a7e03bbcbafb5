"""What the page of a deal knows and does: moving it through its stages, its facts, people and notes."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from salescompass import crm
from salescompass.catalogue import catalogue
from salescompass.identity import Actor
from salescompass.kit.clock import now
from salescompass.kit.errors import Invalid, NotFound
from salescompass.kit.ids import parse_id
from salescompass.ui.arguments import Id, Line, Name, Note, Number, Text
from salescompass.ui.deal.view import DealLook, deal_look
from salescompass.ui.event_list import echo_of
from salescompass.ui.guard import guarded
from salescompass.ui.money import minor
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.session import Screen
from salescompass.vocabulary import RecordKind, StageKind

_NOWHERE = UUID(int=0)


class DealForm(TypedDict):
    """The facts that people change by hand. `version` is the one they looked at."""

    name: Name
    amount: Line
    close_date: Line
    source: Line
    version: Annotated[int, Number(0, 10**9)]


class PartForm(TypedDict):
    """Somebody's part in the deal."""

    person: Id
    role: Annotated[str, Text(20)]


class NoteForm(TypedDict):
    """A note."""

    body: Note


class LostForm(TypedDict):
    """Why a deal was lost."""

    reason: Line


def changed_deal(session: Session, actor: Actor, *, deal_id: UUID, form: DealForm) -> None:
    """Change what people change by hand. Raises Changed when somebody else did meanwhile."""
    currency = str(crm.get_record(session, RecordKind.OPPORTUNITIES, deal_id)["currency"] or "")
    currency = currency or catalogue(session).currency
    amount = form["amount"].strip()
    fields: dict[str, Any] = {
        "name": form["name"],
        "amount_minor": minor(amount, currency, field="amount") if amount else None,
        "close_date": form["close_date"] or None,
        "source": form["source"] or None,
    }
    if amount:
        fields["currency"] = currency
    crm.update_record(session, actor, RecordKind.OPPORTUNITIES, deal_id, fields, version=form["version"])


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


class DealState(Screen, rx.State):
    """A deal; which one is in the path."""

    deal: DealLook = DealLook()
    lost_to: str = ""
    echo: str = ""
    loaded: bool = False
    missing: bool = False

    @guarded("records.read", track=False)
    async def load(self) -> None:
        """The deal that the address names."""
        self.loaded = self.loaded and self.deal.id == str(self._deal_id)
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
            await self._read()
        return answer

    @guarded("records.write")
    async def save(self, form: DealForm) -> Any:
        """Change the deal's facts."""
        doing = self._do("records.write", changed_deal, deal_id=self._deal_id, form=form)
        made, answer = await form_outcome("deal", doing)
        if made is not None:
            await self._read()
        return answer

    @guarded("records.write")
    async def give_part(self, form: PartForm) -> Any:
        """Give a person of the account a part in the deal."""
        doing = self._part(form["person"], form["role"], present=True)
        made, answer = await form_outcome("part", doing)
        if made is not None:
            await self._read()
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

    @guarded("records.write")
    async def write_note(self, form: NoteForm) -> Any:
        """Write a note on the deal."""
        doing = self._do(
            "records.write", crm.add_note, object_type="opportunity", object_id=self._deal_id, body=form["body"]
        )
        made, answer = await form_outcome("note", doing)
        if made is not None:
            await self._read()
        return answer

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

    async def _read(self) -> None:
        try:
            self.deal = await self._do("records.read", deal_look, deal_id=self._deal_id, now=now())
        except NotFound:
            self.deal, self.missing = DealLook(), True
        else:
            self.missing = False
        self.loaded = True
