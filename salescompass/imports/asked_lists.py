"""What a list shows, told so that it can be read again later: its condition, search, order and columns."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, Self

from sqlmodel import Session

from salescompass import conditions, crm
from salescompass.catalogue import catalogue
from salescompass.identity import Actor
from salescompass.imports.export_columns import Condition
from salescompass.kit.errors import Invalid
from salescompass.vocabulary import RecordKind

KINDS = (RecordKind.ACCOUNTS, RecordKind.CONTACTS, RecordKind.LEADS, RecordKind.OPPORTUNITIES, RecordKind.PRODUCTS)
FORMATS = ("csv", "xlsx")


@dataclass(frozen=True)
class AskedList:
    """A list to be written to a file. `where` is a condition tree as JSON; without `columns` every field is written."""

    kind: str
    format: Literal["csv", "xlsx"] = "csv"
    where: str = ""
    search: str = ""
    sort: str = "-created_at"
    columns: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        """As it was kept."""
        return cls(**{**kept, "columns": tuple(kept["columns"])})

    @property
    def record_kind(self) -> RecordKind:
        """The kind of its records. Raises Invalid for a list of something else."""
        if self.kind not in KINDS or self.format not in FORMATS:
            raise Invalid("There is no such list to export", field="kind")
        return RecordKind(self.kind)

    def condition(self, session: Session, actor: Actor, *, now: datetime) -> Condition:
        """Its condition on the records' table, None where it leaves nothing out. Raises Invalid for what is none."""
        if not self.where:
            return None
        known = catalogue(session)
        try:
            body = json.loads(self.where)
        except (ValueError, RecursionError) as error:
            raise Invalid("This is no filter", field="where") from error
        tree = conditions.parse(body, known, object=crm.RECORD_TYPES[self.record_kind].object_type)
        return None if tree.empty else conditions.where(tree, catalogue=known, now=now, me=actor.member_id)
