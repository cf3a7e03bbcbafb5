"""Headers of other programs' exports: a file that has the marks is understood without asking. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ready:
    """Columns of an export that tell it, and the field of each; names are as `mapping.plain` makes them."""

    marks: tuple[str, ...]
    columns: dict[str, str]


_HUBSPOT_PERSON = {
    "record id": "external_id",
    "first name": "first_name",
    "last name": "last_name",
    "email": "email",
    "phone number": "phone",
    "job title": "title",
    "contact owner": "owner",
    "associated company": "account",
    "country region": "country",
    "city": "city",
    "lead status": "lead_status",
    "original source": "source",
    "original traffic source": "source",
    "time zone": "zone",
    "preferred language": "language",
    "create date": "created_at",
}
_SALESFORCE_PERSON = {
    "first name": "first_name",
    "last name": "last_name",
    "email": "email",
    "phone": "phone",
    "title": "title",
    "lead source": "source",
    "created date": "created_at",
}
_PIPEDRIVE_PERSON = {
    "person id": "external_id",
    "person name": "name",
    "person first name": "first_name",
    "person last name": "last_name",
    "person email work": "email",
    "person email": "email",
    "person phone work": "phone",
    "person phone": "phone",
    "person organization": "account",
    "person owner": "owner",
    "person label": "tags",
    "person person created": "created_at",
}

READY: dict[str, dict[str, Ready]] = {
    "HubSpot": {
        "contacts": Ready(
            ("record id", "first name", "last name"), {k: v for k, v in _HUBSPOT_PERSON.items() if k != "lead status"}
        ),
        "leads": Ready(("record id", "first name", "last name"), _HUBSPOT_PERSON),
        "accounts": Ready(
            ("record id", "company name"),
            {
                "record id": "external_id",
                "company name": "name",
                "company domain name": "domain",
                "company owner": "owner",
                "industry": "industry",
                "number of employees": "size",
                "annual revenue": "revenue",
                "country region": "country",
                "state region": "region",
                "city": "city",
                "phone number": "phone",
                "lifecycle stage": "lifecycle",
                "year founded": "founded",
                "website url": "website",
                "description": "description",
                "parent company": "parent",
                "create date": "created_at",
            },
        ),
        "opportunities": Ready(
            ("record id", "deal name", "deal stage"),
            {
                "record id": "external_id",
                "deal name": "name",
                "deal stage": "stage",
                "pipeline": "pipeline",
                "close date": "close_date",
                "deal owner": "owner",
                "amount": "amount",
                "currency": "currency",
                "associated company": "account",
                "create date": "opened_on",
                "closed lost reason": "lost_reason",
            },
        ),
        "products": Ready(("record id", "sku"), {"name": "name", "sku": "sku", "unit price": "price"}),
    },
    "Salesforce": {
        "contacts": Ready(
            ("contact id",),
            {**_SALESFORCE_PERSON, "contact id": "external_id", "account name": "account", "mailing country": "country",
             "mailing city": "city", "contact owner": "owner", "account id": "account_external_id"},
        ),
        "leads": Ready(
            ("lead id",),
            {**_SALESFORCE_PERSON, "lead id": "external_id", "company account": "account", "company": "account",
             "country": "country", "city": "city", "lead owner": "owner", "lead status": "lead_status"},
        ),
        "accounts": Ready(
            ("account id", "account name"),
            {
                "account id": "external_id",
                "account name": "name",
                "account owner": "owner",
                "parent account": "parent",
                "industry": "industry",
                "employees": "size",
                "annual revenue": "revenue",
                "billing country": "country",
                "billing state province": "region",
                "billing city": "city",
                "phone": "phone",
                "website": "website",
                "account source": "source",
                "year started": "founded",
                "account description": "description",
                "created date": "created_at",
            },
        ),
        "opportunities": Ready(
            ("opportunity id", "opportunity name"),
            {
                "opportunity id": "external_id",
                "opportunity name": "name",
                "account name": "account",
                "account id": "account_external_id",
                "stage": "stage",
                "amount": "amount",
                "close date": "close_date",
                "created date": "opened_on",
                "opportunity owner": "owner",
                "lead source": "source",
                "amount currency": "currency",
                "loss reason": "lost_reason",
            },
        ),
        "products": Ready(
            ("product code", "product name"),
            {"product code": "sku", "product name": "name", "product family": "series", "active": "active",
             "list price": "price"},
        ),
    },
    "Pipedrive": {
        "contacts": Ready(("person id", "person name"), _PIPEDRIVE_PERSON),
        "leads": Ready(("person id", "person name"), _PIPEDRIVE_PERSON),
        "accounts": Ready(
            ("organization id", "organization name"),
            {
                "organization id": "external_id",
                "organization name": "name",
                "organization owner": "owner",
                "organization label": "tags",
                "organization country of address": "country",
                "organization city town village locality of address": "city",
                "organization industry": "industry",
                "organization number of employees": "size",
                "organization annual revenue": "revenue",
                "organization organization created": "created_at",
            },
        ),
        "opportunities": Ready(
            ("deal id", "deal title"),
            {
                "deal id": "external_id",
                "deal title": "name",
                "deal organization": "account",
                "deal value": "amount",
                "deal currency of value": "currency",
                "deal stage": "stage",
                "deal pipeline": "pipeline",
                "deal owner": "owner",
                "deal expected close date": "close_date",
                "deal deal created": "opened_on",
                "deal lost reason": "lost_reason",
            },
        ),
        "products": Ready(
            ("product id", "product name"),
            {"product code": "sku", "product name": "name", "product category": "series",
             "product unit prices": "price"},
        ),
    },
}  # fmt: skip
"""By program, then by kind."""
