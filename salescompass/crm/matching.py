"""Which record each row of a batch means: records loaded by the keys of the rows, and those that the batch makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from salescompass.crm.custom_values import CustomDefinition, from_row
from salescompass.crm.drafts import CUSTOM, Draft, Given, RowRefused
from salescompass.crm.lookups import look_up
from salescompass.crm.record_fields import RecordType
from salescompass.crm.storing import written_columns
from salescompass.crm.values import compared
from salescompass.kit.ids import new_id

ID = "id"


def key_column(of: RecordType, key: str) -> str:
    """The column by which a key finds records."""
    if key == ID:
        return ID
    found = of.fields[key]
    return found.norm or found.shown


def key_value(of: RecordType, key: str, given: Given, record_id: UUID | None, customs: Mapping[str, Any]) -> Any:
    """What a row says for a key, in its compared form."""
    if key == ID:
        return record_id
    if key.startswith(CUSTOM):
        value = given.customs.get(customs[key.removeprefix(CUSTOM)].id)
        return None if value is None else (value.text_norm or value.number or value.at)
    value = given.values.get(key)
    return compared(of.fields[key], value) if of.fields[key].norm else value


@dataclass
class Drafts:
    """The records of a batch by their ids and by their keys."""

    of: RecordType
    by_id: dict[UUID, Draft] = field(default_factory=dict)
    _by_key: dict[tuple[str, Any], list[Draft]] = field(default_factory=lambda: defaultdict(list))

    def add(self, draft: Draft, keys: Iterable[str]) -> None:
        """Make a record findable by these keys as it stands now."""
        self.by_id.setdefault(draft.id, draft)
        for key in keys:
            value = draft.id if key == ID else draft.now.get(key_column(self.of, key))
            if value is not None and all(one is not draft for one in self._by_key[key, value]):
                self._by_key[key, value].append(draft)

    def add_under(self, draft: Draft, key: str, value: Any) -> None:
        """Make a record findable by the value of a field of the tenant's own."""
        if value is not None and all(one is not draft for one in self._by_key[key, value]):
            self._by_key[key, value].append(draft)

    def find(self, key: str, value: Any, surer: Mapping[str, Any]) -> Draft | None:
        """The one record with this value, which holds no other value of a surer key, by column.

        What does not identify alone, such as a name, means records of the batch's own kind. Raises RowRefused when
        there are several.
        """
        found = self._by_key.get((key, value), [])
        if key != ID and not key.startswith(CUSTOM):
            column = key_column(self.of, key)
            found = [one for one in found if one.now.get(column) == value]
            if not self.of.fields[key].unique:
                found = [one for one in found if all(one.now[name] == wanted for name, wanted in self.of.fixed.items())]
        found = [one for one in found if all(one.now.get(name) in (None, told) for name, told in surer.items())]
        if len(found) > 1:
            label = "id" if key == ID else self.of.fields[key].label.lower() if key in self.of.fields else key
            raise RowRefused(f"Several {self.of.many} have this {label}: give another key", key)
        return found[0] if found else None

    def holder(self, key: str, value: Any, other: Draft) -> Draft | None:
        """Another record that has this value, which no two may share."""
        column = key_column(self.of, key)
        found = self._by_key.get((key, value), [])
        return next((one for one in found if one is not other and one.now.get(column) == value), None)

    def blank(self) -> Draft:
        """A record that is not there yet."""
        draft = Draft(self.of, new_id(), True, {})
        draft.now.update(self.of.fixed)
        return draft


def load(session: Session, of: RecordType, wanted: Mapping[str, Sequence[Any]], drafts: Drafts) -> None:
    """Read and lock the live records that have any of these values, in one order so that batches never block in a ring.

    Other kinds of the same table count as well: a lead and a contact never share an address.
    """
    columns = ("id", "row_version", *of.fixed, *written_columns(of))
    keys = [key for key, values in wanted.items() if values and not key.startswith(CUSTOM)]
    values: dict[str, set[Any]] = defaultdict(set)
    for key in keys:
        values[key_column(of, key)] |= set(wanted[key])
    ids = {row[0] for row in look_up(session, of.object_type, "id", values)}
    for row in look_up(session, of.object_type, ", ".join(columns), {ID: sorted(ids)}, lock=True):
        found = dict(zip(columns, row, strict=True))
        draft = drafts.by_id.get(row[0]) or Draft(of, found.pop("id"), False, found, found.pop("row_version"))
        drafts.add(draft, keys)


def load_customs(session: Session, customs: Mapping[UUID, CustomDefinition], drafts: Drafts) -> None:
    """The values of custom fields and the tags that these records have now."""
    ids = [draft.id for draft in drafts.by_id.values() if not draft.new]
    rows = session.connection().execute(
        text("SELECT field_id, object_id, text, number, at FROM custom_value WHERE object_id = ANY(:ids)"), {"ids": ids}
    )
    for field_id, object_id, words, number, at in rows:
        if field_id in customs:
            value = from_row(customs[field_id].kind, words, number, at)
            drafts.by_id[object_id].customs_before[field_id] = value
    tags = session.connection().execute(
        text(
            "SELECT record_tag.object_id, array_agg(tag.name ORDER BY tag.name_norm) FROM record_tag "
            "JOIN tag ON tag.id = record_tag.tag_id WHERE record_tag.object_type = :type "
            "AND record_tag.object_id = ANY(:ids) GROUP BY record_tag.object_id"
        ),
        {"type": drafts.of.object_type, "ids": ids},
    )
    for object_id, names in tags:
        drafts.by_id[object_id].tags_before = tuple(names)


def load_by_custom(session: Session, definition: CustomDefinition, values: Sequence[Any]) -> dict[UUID, Any]:
    """Records by the value of a field of the tenant's own."""
    column = {"number": "number", "date": "at"}.get(definition.kind, "text_norm")
    rows = session.connection().execute(
        text(f"SELECT object_id, {column} FROM custom_value WHERE field_id = :field AND {column} = ANY(:values)"),  # noqa: S608
        {"field": definition.id, "values": list(values)},
    )
    return {row[0]: row[1] for row in rows}
