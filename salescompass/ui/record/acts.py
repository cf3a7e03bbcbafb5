"""What is made from the page of an account or a person: another person, a deal, a contact out of a lead."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from salescompass import crm
from salescompass.catalogue import catalogue
from salescompass.crm import Converted, RecordView
from salescompass.identity import Actor
from salescompass.kit.errors import Invalid
from salescompass.ui import routes
from salescompass.ui.arguments import Email, Line, Name, Text
from salescompass.ui.guard import guarded
from salescompass.ui.money import minor
from salescompass.ui.outcome import done, form_outcome
from salescompass.ui.record_acts import RecordActs
from salescompass.ui.record_facts import account_called
from salescompass.vocabulary import RecordKind

Role = Annotated[str, Text(20)]


class PersonForm(TypedDict):
    """A new contact of the account."""

    name: Name
    title: Line
    email: Email
    phone: Line


class DealForm(TypedDict):
    """A new deal of the account, or of the person's account with the person's part in it."""

    name: Name
    amount: Line
    close_date: Line
    role: Role


class ConvertForm(TypedDict):
    """What becomes of a lead: a contact, at an account if one is named, with a deal if one is."""

    account: Name
    deal: Name
    amount: Line


def person_added(session: Session, actor: Actor, *, account_id: UUID, form: PersonForm) -> RecordView:
    """A new contact at an account."""
    crm.get_record(session, RecordKind.ACCOUNTS, account_id)
    given = {key: value for key, value in form.items() if str(value).strip()}
    return crm.create_record(session, actor, RecordKind.CONTACTS, {**given, "account_id": account_id})


def deal_added(session: Session, actor: Actor, *, kind: RecordKind, record_id: UUID, form: DealForm) -> UUID:
    """A new deal, owned by whoever makes it; the first stage is its own."""
    record = crm.get_record(session, kind, record_id)
    account_id = record.id if kind is RecordKind.ACCOUNTS else record["account_id"]
    fields: dict[str, Any] = {"name": form["name"], "account_id": account_id, "close_date": form["close_date"] or None}
    fields |= {"owner_id": actor.member_id, **_amount(session, form["amount"])}
    made = crm.create_record(session, actor, RecordKind.OPPORTUNITIES, fields)
    if kind is not RecordKind.ACCOUNTS:
        crm.set_deal_role(session, actor, opportunity_id=made.id, person_id=record_id, role=form["role"])
    return made.id


def converted(session: Session, actor: Actor, *, person_id: UUID, form: ConvertForm) -> Converted:
    """Make a contact of a lead; an account whose name nobody has is made, and a deal when one is named."""
    at = form["account"].strip()
    account_id, account = None, None
    if at:
        try:
            account_id = account_called(session, at)
        except Invalid as problem:
            if problem.code == "several":
                raise Invalid(problem.message, field="account") from problem
            account = {"name": at}
    deal = None
    if form["deal"].strip():
        deal = {"name": form["deal"], **_amount(session, form["amount"])}
    elif form["amount"].strip():
        raise Invalid("Name the deal that has this amount", field="deal")
    return crm.convert_lead(
        session, actor, person_id=person_id, account_id=account_id, account=account, opportunity=deal
    )  # fmt: skip


def _amount(session: Session, typed: str) -> dict[str, Any]:
    if not typed.strip():
        return {}
    currency = catalogue(session).currency
    return {"amount_minor": minor(typed, currency, field="amount"), "currency": currency}


class NewBeside(RecordActs, mixin=True):
    """Makes records that belong to the one of the page."""

    @guarded("records.write")
    async def add_person(self, form: PersonForm) -> Any:
        """A new contact at the account of the page."""
        doing = self._do("records.write", person_added, account_id=self._about()[1], form=form)
        made, answer = await form_outcome("person", doing)
        if made is None:
            return answer
        await self._reread()
        return [answer, done(f"{made.name} is here now")]

    @guarded("records.write")
    async def add_deal(self, form: DealForm) -> Any:
        """A new deal; its page opens."""
        kind, record_id = self._about()
        doing = self._do("records.write", deal_added, kind=kind, record_id=record_id, form=form)
        made, answer = await form_outcome("new-deal", doing)
        return answer if made is None else [answer, rx.redirect(routes.deal(str(made)))]

    @guarded("records.write")
    async def convert(self, form: ConvertForm) -> Any:
        """Make a contact of the lead of the page."""
        doing = self._do("records.write", converted, person_id=self._about()[1], form=form)
        made, answer = await form_outcome("convert", doing)
        if made is None:
            return answer
        await self._reread()
        return [answer, done(f"{made.contact.name} is a contact now")]
