"""What is made from a record's page: a person, a deal, a contact out of a lead."""

from __future__ import annotations

import reflex as rx

from salescompass.ui.components import dialog, field, form, hidden, select_field, submit_button
from salescompass.ui.components.facts import FOUND
from salescompass.ui.deal_words import ROLES
from salescompass.ui.record.state import RecordState

R = RecordState.record
_ID = RecordState.beside.id


def account_dialogs() -> rx.Component:
    """Those of an account."""
    return rx.fragment(_person(), _deal(of_person=False))


def person_dialogs() -> rx.Component:
    """Those of a person."""
    return rx.fragment(_deal(of_person=True), rx.cond(R.lead, _convert()))


def _person() -> rx.Component:
    name = "person"
    return dialog(
        name,
        "Add a person",
        form(
            name,
            field(name, "name", "Name", required=True, max_length=200, auto_complete="off"),
            field(name, "title", "Job title (optional)", max_length=120, auto_complete="off"),
            field(name, "email", "Email (optional)", type="email", max_length=320, auto_complete="off"),
            field(name, "phone", "Phone (optional)", type="tel", max_length=40, auto_complete="off"),
            submit_button("Add person"),
            on_submit=RecordState.add_person,
            draft_of=_ID,
            class_name="form",
        ),
    )


def _amount(name: str) -> rx.Component:
    return field(
        name,
        "amount",
        "Amount (optional)",
        input_mode="decimal",
        max_length=20,
        auto_complete="off",
        help_text="A number, like 1250.50",
    )


def _deal(*, of_person: bool) -> rx.Component:
    name = "new-deal"
    roles = [(role.value, words) for role, words in ROLES.items()]
    part = select_field(name, "role", "Their part in it", roles) if of_person else hidden("role", "")
    return dialog(
        name,
        "Add a deal",
        form(
            name,
            field(name, "name", "Name", required=True, max_length=200, auto_complete="off"),
            _amount(name),
            field(name, "close_date", "Close date (optional)", type="date"),
            part,
            submit_button("Add deal"),
            on_submit=RecordState.add_deal,
            draft_of=_ID,
            class_name="form",
        ),
    )


def _convert() -> rx.Component:
    name = "convert"
    return dialog(
        name,
        "Make a contact of this lead",
        form(
            name,
            field(
                name,
                "account",
                "Account (optional)",
                default_value=R.account,
                max_length=200,
                auto_complete="off",
                list=FOUND,
                on_change=RecordState.find_names("account_id").debounce(200),
                help_text="One that is there already, or the name of a new one",
            ),
            field(name, "deal", "Deal to open (optional)", max_length=200, auto_complete="off"),
            _amount(name),
            submit_button("Convert"),
            on_submit=RecordState.convert,
            draft_of=_ID,
            class_name="form",
        ),
        lead="It stays the same record: facts, notes, tags, events and the original source are kept. "
        "A contact does not become a lead again.",
    )
