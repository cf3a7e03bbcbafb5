"""The company: name, time zone, and the currency that amounts are compared in."""

from __future__ import annotations

import reflex as rx

from salescompass.kit.clock import usual_zones
from salescompass.kit.currencies import CURRENCIES
from salescompass.ui import routes
from salescompass.ui.admin_company.state import CompanyState
from salescompass.ui.components import field, form, loading, note, submit_button
from salescompass.ui.shell import page_head, screen


@screen(routes.COMPANY, title="Company", place="company", on_load=CompanyState.load)
def company_page() -> rx.Component:
    """For administrators."""
    return rx.fragment(
        page_head(
            "Company",
            lead="For administrators: how your company is called, where its days begin, and what it counts in.",
        ),
        rx.el.div(
            rx.cond(CompanyState.loaded, _about(), loading(4)),
            class_name="stack-lg reading-wide",
        ),
    )


def _about() -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2("For everybody here"), class_name="card-head"),
        rx.el.div(
            form(
                "company",
                field(
                    "company", "name", "Name", default_value=CompanyState.name, required=True, max_length=120,
                    auto_complete="organization",
                ),
                field(
                    "company", "zone", "Time zone", default_value=CompanyState.zone, required=True, max_length=60,
                    list="zones", auto_complete="off",
                    help_text="Days in filters and lists begin at midnight there. What was recorded keeps its "
                    "time; members see times in their own zone.",
                ),
                field(
                    "company", "currency", "Currency", default_value=CompanyState.currency, required=True,
                    max_length=3, list="currencies", auto_complete="off",
                    help_text="Three letters of ISO 4217, such as EUR. New amounts without a currency are in it.",
                ),
                note(
                    "Amounts that are there keep the currency they were given in: nothing is converted. Filters "
                    "compare amounts of this currency only; an amount in another one counts as missing in them, and "
                    "sums are told for each currency.",
                    "info",
                ),
                rx.el.datalist(*[rx.el.option(value=zone) for zone in usual_zones()], id="zones"),
                rx.el.datalist(*[rx.el.option(value=one) for one in sorted(CURRENCIES)], id="currencies"),
                submit_button("Save company", cancel=False),
                on_submit=CompanyState.save,
                # What was typed is written otherwise once it is kept: EUR for eur.
                draft=False,
                key=CompanyState.name + CompanyState.zone + CompanyState.currency,
            ),
            class_name="card-body",
        ),
        class_name="card",
    )  # fmt: skip
