"""The `filter` of a list: a condition tree as JSON in the query, read as screens read theirs."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import Query
from sqlalchemy import ColumnElement
from sqlmodel import Session

from salescompass import conditions, crm
from salescompass.catalogue import catalogue
from salescompass.identity import Actor
from salescompass.kit import clock
from salescompass.kit.errors import FieldError, Invalid
from salescompass.vocabulary import RecordKind

LONGEST = 8000
_ABOUT = (
    'Conditions as JSON: `{"combinator": "and", "rules": [{"field", "operator", "value"}, ...]}`; a rule may be a '
    "group itself. What is wrong is told with `parameter` filter and a JSON pointer into it."
)  # fmt: skip
Filter = Annotated[str | None, Query(alias="filter", max_length=LONGEST, description=_ABOUT)]


def condition(session: Session, actor: Actor, kind: RecordKind, text: str) -> ColumnElement[bool]:
    """What the filter asks of records of this kind. Raises Invalid, pointing into the filter."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid("This filter is no JSON", errors=(FieldError("this is no JSON", "filter", ""),)) from error
    known = catalogue(session)
    try:
        tree = conditions.parse(body, known, object=crm.RECORD_TYPES[kind].object_type)
    except Invalid as error:
        errors = tuple(FieldError(one.message, "filter", one.pointer or "") for one in error.errors)
        raise Invalid(error.message, errors=errors) from error
    return conditions.where(tree, catalogue=known, now=clock.now(), me=actor.member_id)
