"""What can be written on each kind of record: one table that the verbs, the API, imports and lists read. Pure.

A field is named as in the API. `column` holds what people see, `norm` the form that is compared, where the two differ.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from salescompass.models import Account, Opportunity, Person, Product
from salescompass.vocabulary import DealType, Lifecycle, PersonStatus, RecordKind


class Holds(StrEnum):
    """What a field holds; it decides how a given value is read."""

    TEXT = "text"
    LINES = "lines"
    KEY = "key"
    EMAIL = "email"
    DOMAIN = "domain"
    URL = "url"
    PHONE = "phone"
    INTEGER = "integer"
    MINOR = "minor"
    CURRENCY = "currency"
    DAY = "day"
    MOMENT = "moment"
    CHOICE = "choice"
    ZONE = "zone"
    BOOLEAN = "boolean"
    REFERENCE = "reference"


@dataclass(frozen=True)
class RecordField:
    """A field of a kind of records. `refers_to` is the table that a reference points at; `once` is never changed."""

    key: str
    label: str
    holds: Holds = Holds.TEXT
    column: str = ""
    norm: str | None = None
    most: int = 255
    low: int = 0
    high: int = 10**15
    choices: tuple[str, ...] = ()
    refers_to: str = ""
    unique: bool = False
    once: bool = False
    required: bool = False

    @property
    def shown(self) -> str:
        """The column that people see."""
        return self.column or self.key


@dataclass(frozen=True)
class RecordType:
    """A kind of records: its table, how people call one, its fields. `fixed` are columns that the kind decides."""

    kind: RecordKind
    object_type: str
    table: Any
    one: str
    many: str
    fields: dict[str, RecordField]
    fixed: dict[str, str] = field(default_factory=dict)

    @property
    def sharing(self) -> str:
        """Whom no two of may share a key: contacts and leads are people alike."""
        return "person" if self.object_type == "person" else self.one

    @cached_property
    def needed(self) -> tuple[RecordField, ...]:
        """The fields that no record is without."""
        return tuple(one for one in self.fields.values() if one.required)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every column that holds a field or its compared form."""
        found = [name for one in self.fields.values() for name in (one.shown, one.norm) if name]
        return tuple(dict.fromkeys(found))

    @cached_property
    def uniques(self) -> tuple[RecordField, ...]:
        """The fields that no two live records share."""
        return tuple(one for one in self.fields.values() if one.unique)


def _text(key: str, label: str, most: int = 120) -> RecordField:
    return RecordField(key, label, norm=f"{key}_norm", most=most)


_NAME = RecordField("name", "Name", norm="name_norm", most=200, required=True)
_EXTERNAL = RecordField("external_id", "External id", Holds.KEY, norm="external_id", unique=True)
_OWNER = RecordField("owner_id", "Owner", Holds.REFERENCE, refers_to="membership")
_CURRENCY = RecordField("currency", "Currency", Holds.CURRENCY)
_PHONE = RecordField("phone", "Phone", Holds.PHONE, most=40)
_SOURCES = (
    RecordField("source_original", "Original source", norm="source_original_norm", most=120, once=True),
    RecordField("source_latest", "Latest source", norm="source_latest_norm", most=120),
)
_CREATED = RecordField("created_at", "Created", Holds.MOMENT, once=True)


def _table(*fields: RecordField) -> dict[str, RecordField]:
    return {one.key: one for one in fields}


_ACCOUNT = _table(
    _NAME,
    RecordField("domain", "Domain", Holds.DOMAIN, column="domain_norm", unique=True),
    _EXTERNAL,
    _OWNER,
    RecordField("parent_id", "Parent company", Holds.REFERENCE, refers_to="account"),
    _text("industry", "Industry"),
    RecordField("size", "Employees", Holds.INTEGER),
    RecordField("revenue_minor", "Annual revenue", Holds.MINOR),
    _CURRENCY,
    _text("country", "Country"),
    _text("region", "Region"),
    _text("city", "City"),
    RecordField("lifecycle", "Lifecycle", Holds.CHOICE, choices=tuple(Lifecycle)),
    RecordField("founded", "Founded in", Holds.INTEGER, low=500, high=2200),
    _PHONE,
    RecordField("website", "Website", Holds.URL, most=500),
    RecordField("description", "Description", Holds.LINES, most=10_000),
    *_SOURCES,
    _CREATED,
)
_PERSON = _table(
    _NAME,
    RecordField("first_name", "First name", most=100),
    RecordField("last_name", "Last name", most=100),
    RecordField("email", "Email", Holds.EMAIL, norm="email_norm", unique=True),
    _EXTERNAL,
    RecordField("account_id", "Account", Holds.REFERENCE, refers_to="account"),
    _OWNER,
    _PHONE,
    _text("title", "Job title"),
    _text("persona", "Persona"),
    _text("seniority", "Seniority"),
    _text("country", "Country"),
    _text("city", "City"),
    RecordField("zone", "Time zone", Holds.ZONE),
    RecordField("language", "Language", most=35),
    RecordField("status", "Status", Holds.CHOICE, choices=tuple(PersonStatus)),
    _text("lead_status", "Lead status"),
    *_SOURCES,
    _CREATED,
)
_OPPORTUNITY = _table(
    _NAME,
    _EXTERNAL,
    RecordField("account_id", "Account", Holds.REFERENCE, refers_to="account"),
    RecordField("pipeline_id", "Pipeline", Holds.REFERENCE, refers_to="pipeline"),
    RecordField("stage_id", "Stage", Holds.REFERENCE, refers_to="stage"),
    RecordField("product_id", "Product", Holds.REFERENCE, refers_to="product"),
    RecordField("amount_minor", "Amount", Holds.MINOR),
    _CURRENCY,
    RecordField("opened_on", "Opened on", Holds.DAY),
    RecordField("close_date", "Close date", Holds.DAY),
    RecordField("closed_at", "Closed", Holds.MOMENT),
    _OWNER,
    _text("source", "Source"),
    RecordField("type", "Type", Holds.CHOICE, choices=tuple(DealType)),
    _text("lost_reason", "Reason lost", 500),
    _CREATED,
)
_PRODUCT = _table(
    RecordField("name", "Name", norm="name_norm", most=200, required=True, unique=True),
    RecordField("sku", "SKU", norm="sku_norm", unique=True),
    _text("series", "Series"),
    RecordField("price_minor", "Price", Holds.MINOR),
    _CURRENCY,
    RecordField("active", "Active", Holds.BOOLEAN),
    _CREATED,
)


def _described(called: RecordKind, model: Any, one: str, fields: dict[str, RecordField], **fixed: str) -> RecordType:
    return RecordType(called, model.__tablename__, model.__table__, one, called.value, fields, fixed)


RECORD_TYPES: dict[RecordKind, RecordType] = {
    found.kind: found
    for found in (
        _described(RecordKind.ACCOUNTS, Account, "account", _ACCOUNT),
        _described(RecordKind.CONTACTS, Person, "contact", _PERSON, kind="contact"),
        _described(RecordKind.LEADS, Person, "lead", _PERSON, kind="lead"),
        _described(RecordKind.OPPORTUNITIES, Opportunity, "opportunity", _OPPORTUNITY),
        _described(RecordKind.PRODUCTS, Product, "product", _PRODUCT),
    )
}
"""By the word that paths, files and lists use."""
