"""What conditions can look at in accounts, people, deals and products: what can be written on them, and some more.

A field of RECORD_TYPES that has a compared form is here by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Integer, Table, and_, cast, func, literal, or_, select
from sqlmodel import SQLModel, col

from salescompass.conditions import AsOf, Beside, Choice, Field, Kind, Link, ObjectType, Own, Relation
from salescompass.crm.names import domain_norm, email_norm, name_norm
from salescompass.crm.record_fields import RECORD_TYPES, Holds, RecordField
from salescompass.models import Opportunity, OpportunityPerson, RecordTag, Stage, TenantPublic
from salescompass.vocabulary import RecordKind

_KINDS = {
    Holds.TEXT: Kind.TEXT,
    Holds.KEY: Kind.TEXT,
    Holds.EMAIL: Kind.TEXT,
    Holds.DOMAIN: Kind.TEXT,
    Holds.INTEGER: Kind.NUMBER,
    Holds.MINOR: Kind.MONEY,
    Holds.DAY: Kind.DAY,
    Holds.MOMENT: Kind.MOMENT,
    Holds.CHOICE: Kind.CHOICE,
    Holds.BOOLEAN: Kind.BOOLEAN,
    Holds.REFERENCE: Kind.REFERENCE,
}
_NORMS: dict[Holds, Callable[[str], str | None]] = {
    Holds.TEXT: name_norm,
    Holds.EMAIL: lambda text: email_norm(text) or name_norm(text),
    Holds.DOMAIN: lambda text: domain_norm(text) or name_norm(text),
}
"""How a whole wanted text is compared; a piece of one as names are."""


def _choices(*values: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, value.replace("_", " ").capitalize()) for value in values)


def _written(field: RecordField) -> Field | None:
    """A field as conditions look at it; None for one that has no compared form."""
    kind = _KINDS.get(field.holds)
    if kind is None or (field.holds is Holds.TEXT and field.norm is None):
        return None
    column = field.norm or field.shown
    at = Own(column, field.shown if column != field.shown else None, "currency" if kind is Kind.MONEY else None)
    if field.holds is Holds.KEY or kind is not Kind.TEXT:
        choices = _choices(*field.choices)
        whole = field.holds is Holds.INTEGER
        return Field(field.key, field.label, kind, at, choices=choices, refers_to=field.refers_to, whole=whole)
    return Field(field.key, field.label, kind, at, norm=_NORMS[field.holds], part_norm=name_norm)


def _tags(object_type: str) -> Field:
    def rows(_: AsOf) -> Any:
        mine = col(RecordTag.object_type) == object_type
        return select(col(RecordTag.object_id).label("id"), col(RecordTag.tag_id).label("value")).where(mine)

    return Field("tags", "Tags", Kind.TAGS, Beside(rows, absent=frozenset()), refers_to="tag")


def _pipeline(_: AsOf) -> Any:
    """What an account's open deals are worth, those in the tenant's own currency."""
    of, tenants = col(Opportunity.account_id), select(col(TenantPublic.currency)).scalar_subquery()
    own = or_(col(Opportunity.currency).is_(None), col(Opportunity.currency) == tenants)
    worth = cast(func.sum(col(Opportunity.amount_minor)), BigInteger)
    query: Any = select(of.label("id"), worth.label("value")).where(
        of.is_not(None), col(Opportunity.state) == "open", col(Opportunity.deleted_at).is_(None), own
    )
    return query.group_by(of).having(worth.is_not(None))


def _days_over(as_of: AsOf) -> Any:
    """How many days longer a deal is in its stage than the pipeline allows; none where it may stay for ever."""
    seconds = func.extract("epoch", literal(as_of.now) - col(Opportunity.stage_entered_at))
    days = cast(func.floor(seconds / 86400), Integer)
    stage = and_(col(Stage.tenant_id) == col(Opportunity.tenant_id), col(Stage.id) == col(Opportunity.stage_id))
    value = (days - col(Stage.rot_days)).label("value")
    return select(col(Opportunity.id).label("id"), value).join_from(Opportunity, Stage, stage)


def _champion_of(_: AsOf) -> Any:
    """In how many open deals a person is the champion."""
    deal = and_(
        col(Opportunity.tenant_id) == col(OpportunityPerson.tenant_id),
        col(Opportunity.id) == col(OpportunityPerson.opportunity_id),
    )
    person = col(OpportunityPerson.person_id)
    return (
        select(person.label("id"), func.count().label("value"))
        .join_from(OpportunityPerson, Opportunity, deal)
        .where(col(OpportunityPerson.role) == "champion", col(Opportunity.state) == "open")
        .where(col(Opportunity.deleted_at).is_(None))
        .group_by(person)
    )


_CHANGED = Field("updated_at", "Changed", Kind.MOMENT, Own("updated_at"))
_MORE: dict[str, tuple[Field, ...]] = {
    "account": (
        Field("open_pipeline", "Open pipeline", Kind.MONEY, Beside(_pipeline, absent=0)),
        _CHANGED,
        _tags("account"),
    ),
    "person": (
        Field("kind", "Kind", Kind.CHOICE, Own("kind"), choices=_choices("lead", "contact")),
        Field("converted_at", "Converted", Kind.MOMENT, Own("converted_at")),
        Field("champion_of", "Champion of open deals", Kind.NUMBER, Beside(_champion_of, absent=0), whole=True),
        _CHANGED,
        _tags("person"),
    ),
    "opportunity": (
        Field("state", "State", Kind.CHOICE, Own("state"), choices=_choices("open", "won", "lost")),
        Field("probability", "Probability", Kind.NUMBER, Own("probability"), whole=True),
        Field("stage_entered_at", "In its stage since", Kind.MOMENT, Own("stage_entered_at")),
        Field("days_in_stage", "Days in stage", Kind.AGE, Own("stage_entered_at")),
        Field("days_over", "Days longer in stage than meant", Kind.NUMBER, Beside(_days_over), whole=True),
        _CHANGED,
        _tags("opportunity"),
    ),
    "product": (_CHANGED, _tags("product")),
}

_ACCOUNT = Relation("account", "Account", "account", "account_id", "id")
_PARTS: Table = SQLModel.metadata.tables["opportunity_person"]
_RELATIONS: dict[str, tuple[Relation, ...]] = {
    "account": (
        Relation("parent", "Parent company", "account", "parent_id", "id"),
        Relation("children", "Companies below", "account", "id", "parent_id", many=True),
        Relation("people", "People", "person", "id", "account_id", many=True),
        Relation("opportunities", "Deals", "opportunity", "id", "account_id", many=True),
    ),
    "person": (
        _ACCOUNT,
        Relation(
            "opportunities", "Deals", "opportunity", "id", "id", True, Link(_PARTS, "person_id", "opportunity_id")
        ),
    ),
    "opportunity": (
        _ACCOUNT,
        Relation("product", "Product", "product", "product_id", "id"),
        Relation("people", "People", "person", "id", "id", True, Link(_PARTS, "opportunity_id", "person_id")),
    ),
    "product": (Relation("opportunities", "Deals", "opportunity", "id", "product_id", many=True),),
}
# Leads and contacts are people: one type with the fields of both.
_TYPES = {
    "account": ("Account", "Accounts", RecordKind.ACCOUNTS),
    "person": ("Person", "People", RecordKind.CONTACTS),
    "opportunity": ("Deal", "Deals", RecordKind.OPPORTUNITIES),
    "product": ("Product", "Products", RecordKind.PRODUCTS),
}


def object_types() -> dict[str, ObjectType]:
    """Accounts, people, deals and products, with the fields that every tenant has."""
    found = {}
    for key, (label, plural, kind) in _TYPES.items():
        written = [field for one in RECORD_TYPES[kind].fields.values() if (field := _written(one))]
        relations = {relation.key: relation for relation in _RELATIONS[key]}
        fields = {field.key: field for field in (*written, *_MORE[key])}
        found[key] = ObjectType(key, label, plural, RECORD_TYPES[kind].table, fields, relations)
    return found
