"""A record as it is and as it shall be, and the given row that changes it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from salescompass.crm.custom_values import CustomDefinition, Typed, typed
from salescompass.crm.names import name_norm, tidy
from salescompass.crm.record_fields import RecordField, RecordType
from salescompass.crm.values import Refused, compared, stored
from salescompass.kit.clock import rfc3339
from salescompass.kit.errors import FieldError

Status = Literal["created", "updated", "skipped", "failed"]
CUSTOM = "custom."
_MOST_TAGS = 50


@dataclass(frozen=True)
class RowOutcome:
    """What became of a row. A failed one names the field, as the API calls it, and why.

    `taken`: another record has its key.
    """

    status: Status
    id: UUID | None = None
    reason: str = ""
    field: str | None = None
    errors: tuple[FieldError, ...] = ()
    taken: bool = False


class RowRefused(Exception):
    """A row that cannot be brought in."""

    def __init__(
        self, reason: str, field: str | None = None, errors: tuple[FieldError, ...] = (), *, taken: bool = False
    ) -> None:
        super().__init__(reason)
        self.outcome = RowOutcome("failed", None, reason, field, errors or _error(reason, field), taken)


def _error(reason: str, name: str | None) -> tuple[FieldError, ...]:
    return (FieldError(reason, field=name, pointer="" if name is None else pointer(name)),)


def pointer(name: str) -> str:
    """Where a field stands in the body of a request."""
    whole = f"custom/{name.removeprefix(CUSTOM)}" if name.startswith(CUSTOM) else name
    return f"/{whole}"


@dataclass(frozen=True)
class Given:
    """A row whose values were read: fields by key, custom fields by id, tags by their names."""

    values: dict[str, Any]
    customs: dict[UUID, Typed | None]
    tags: tuple[str, ...] | None = None


def read_row(of: RecordType, row: Mapping[str, Any], customs: Mapping[str, CustomDefinition]) -> Given:
    """The row with its values as they are stored. Raises RowRefused with every wrong field."""
    values: dict[str, Any] = {}
    own: dict[UUID, Typed | None] = {}
    tags: tuple[str, ...] | None = None
    errors: list[FieldError] = []
    for name, given in _flat(row):
        try:
            if name in of.fields:
                values[name] = stored(of.fields[name], given)
            elif name == "source" and "source_latest" in of.fields:
                values["source_latest"] = stored(of.fields["source_latest"], given)
            elif name == "tags":
                tags = _tags(given)
            elif name.removeprefix(CUSTOM) in customs and name.startswith(CUSTOM):
                definition = customs[name.removeprefix(CUSTOM)]
                own[definition.id] = typed(definition, given)
            else:
                raise Refused("no such field")
        except Refused as refused:
            errors.append(FieldError(str(refused), field=name, pointer=pointer(name)))
    if errors:
        first = errors[0]
        raise RowRefused(f"{_label(of, first.field or '')}: {first.message}", first.field, tuple(errors))
    return Given(values, own, tags)


def _flat(row: Mapping[str, Any]) -> list[tuple[str, Any]]:
    found = [(name, value) for name, value in row.items() if name != "custom"]
    nested = row.get("custom")
    if nested is None:
        return found
    if not isinstance(nested, Mapping):
        raise RowRefused("Give custom fields as an object, by their keys", "custom")
    return [*found, *((CUSTOM + str(name), value) for name, value in nested.items())]


def _label(of: RecordType, name: str) -> str:
    return of.fields[name].label if name in of.fields else name[:80]


def _tags(given: Any) -> tuple[str, ...]:
    if given is None:
        return ()
    if isinstance(given, str) or not isinstance(given, Sequence) or not all(isinstance(one, str) for one in given):
        raise Refused("give a list of texts")
    names = {name_norm(one): tidy(one)[:60] for one in given if tidy(one)}
    if len(names) > _MOST_TAGS:
        raise Refused(f"give at most {_MOST_TAGS} tags")
    return tuple(names.values())


@dataclass
class Draft:
    """A record that a batch touches: its columns before and after, and what each row that means it has changed."""

    of: RecordType
    id: UUID
    new: bool
    before: dict[str, Any]
    row_version: int = 0
    now: dict[str, Any] = field(default_factory=dict)
    customs_before: dict[UUID, Typed] = field(default_factory=dict)
    customs: dict[UUID, Typed | None] = field(default_factory=dict)
    tags_before: tuple[str, ...] = ()
    tags: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        self.now = dict(self.before)

    def set(self, name: str, value: Any) -> None:
        """Give a field a stored value, and its compared form."""
        one = self.of.fields[name]
        self.now[one.shown] = value
        if one.norm and one.norm != one.shown:
            self.now[one.norm] = compared(one, value)

    def get(self, name: str) -> Any:
        """The value a field has now."""
        return self.now.get(self.of.fields[name].shown)

    def changes(self, customs: Mapping[UUID, CustomDefinition]) -> dict[str, list[Any]]:
        """What differs: the values before and after, by field."""
        found = {}
        for name, one in self.of.fields.items():
            was, is_now = self.before.get(one.shown), self.now.get(one.shown)
            if was != is_now:
                found[name] = [plain(was), plain(is_now)]
        for field_id, value in self.customs.items():
            before = self.customs_before.get(field_id)
            if before != value:
                key = CUSTOM + customs[field_id].key
                found[key] = [before.plain if before else None, value.plain if value else None]
        if self.moved and not self.new:
            found["stage_entered_at"] = [plain(self.before["stage_entered_at"]), plain(self.now["stage_entered_at"])]
        if self.tags is not None and _norms(self.tags) != _norms(self.tags_before):
            found["tags"] = [sorted(self.tags_before), sorted(self.tags)]
        return found

    @property
    def moved(self) -> bool:
        """True when a deal is in another stage than before, or new."""
        return "stage_id" in self.of.fields and self.before.get("stage_id") != self.now.get("stage_id")


def _norms(names: Sequence[str]) -> set[str]:
    return {name_norm(one) for one in names}


def plain(value: Any) -> Any:
    """A stored value as JSON holds it, and as the API gives it."""
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def give(draft: Draft, given: Given, *, exactly: bool = False) -> None:
    """Let a row change a record. Raises RowRefused where it must not; `exactly` is for the way back."""
    for name, value in given.values.items():
        one = draft.of.fields[name]
        if one.once and not draft.new and not exactly:
            _once(draft, one, value)
            continue
        if value is None and one.required and not draft.new:
            raise RowRefused(f"{one.label} cannot be empty", name)
        draft.set(name, value)
    if given.values.get("source_latest") and draft.get("source_original") is None and not exactly:
        draft.set("source_original", given.values["source_latest"])
    draft.customs.update(given.customs)
    if given.tags is not None:
        draft.tags = given.tags


def _once(draft: Draft, one: RecordField, value: Any) -> None:
    """What is given once stays: the time of creation silently, since files repeat it; a source by a refusal."""
    before = draft.get(one.key)
    if before is None:
        draft.set(one.key, value)
    elif one.key != "created_at" and value is not None and compared(one, value) != compared(one, before):
        raise RowRefused(f"{one.label} stays what it was at first: {before}", one.key)
